/** "350 m", "1.2 km": as far as it matters to somebody who drives. */
export function distanceText(meters: number, locale: string): string {
  const isNear = meters < 1000;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: isNear ? 'meter' : 'kilometer',
    unitDisplay: 'short',
    maximumFractionDigits: isNear || meters > 10_000 ? 0 : 1,
  }).format(isNear ? Math.round(meters / 10) * 10 : meters / 1000);
}
