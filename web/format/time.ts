/** How instants are told at a place: in its own zone, in the reader's language. */
export interface Place {
  readonly locale: string;
  readonly timeZone: string;
}

/** "14:30" */
export function formatClock(instant: string | Date, { locale, timeZone }: Place): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }).format(new Date(instant));
}

/** "Fri 20 Nov, 14:30" */
export function formatDayAndClock(instant: string | Date, { locale, timeZone }: Place): string {
  return new Intl.DateTimeFormat(locale, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', timeZone },
  }).format(new Date(instant));
}

/** "Fri 20 Nov, 14:30 – 18:00": what both ends have in common is said once. */
export function formatPeriod(startsAt: string | Date, endsAt: string | Date, { locale, timeZone }: Place): string {
  return new Intl.DateTimeFormat(locale, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', timeZone },
  }).formatRange(new Date(startsAt), new Date(endsAt));
}

/** "2 hr 5 min"; to the minute. */
export function formatDuration(ms: number, locale: string): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const parts = { days: Math.floor(minutes / 1440), hours: Math.floor((minutes % 1440) / 60), minutes: minutes % 60 };
  const units = (['days', 'hours', 'minutes'] as const).filter((unit) => parts[unit] > 0);
  const shown = units.length === 0 ? (['minutes'] as const) : units;
  const texts = shown.map((unit) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: unit.slice(0, -1),
      unitDisplay: 'short',
    }).format(parts[unit]),
  );
  return new Intl.ListFormat(locale, { style: 'narrow', type: 'unit' }).format(texts);
}

/** What a `datetime-local` field of the place shows for an instant: "2026-11-20T14:30". */
export function toLocalField(instant: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(instant);
  return parts.replace(' ', 'T');
}

/** The instant that a `datetime-local` field of the place means; of an hour that there is twice the first, of one that is skipped the next. */
export function fromLocalField(text: string, timeZone: string): Date | undefined {
  const wall = Date.parse(`${text}Z`);
  if (Number.isNaN(wall)) return undefined;
  const offsetAt = (ms: number) =>
    Date.parse(`${toLocalField(new Date(ms), timeZone)}Z`) - Math.floor(ms / 60_000) * 60_000;
  const candidates = [wall - offsetAt(wall - 86_400_000), wall - offsetAt(wall + 86_400_000)].sort((a, b) => a - b);
  const exact = candidates.find((ms) => toLocalField(new Date(ms), timeZone) === text.slice(0, 16));
  return new Date(exact ?? Math.max(...candidates));
}
