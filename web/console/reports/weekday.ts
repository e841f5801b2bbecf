/** The name of a day of the week, 1 being Monday. */
export function weekdayName(weekday: number, locale: string, length: 'short' | 'long'): string {
  // The first of January 2024 was a Monday.
  return new Intl.DateTimeFormat(locale, { weekday: length, timeZone: 'UTC' }).format(Date.UTC(2024, 0, weekday));
}
