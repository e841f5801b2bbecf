const FORM = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
} as const;

/** A time on the lot's own clock ("2026-11-21T02:00:00", of no zone) as a reader of `locale` writes it. */
export function localWhen(local: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, FORM).format(Date.parse(`${local}Z`));
}

/** From one to another; what both have in common is said once. */
export function localSpan(from: string, to: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, FORM).formatRange(Date.parse(`${from}Z`), Date.parse(`${to}Z`));
}
