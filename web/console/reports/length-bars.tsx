interface Bar {
  readonly name: string;
  readonly value: number;
}

/** Bars with their names beside, for a handful of values. */
export function LengthBars({ bars, locale }: { bars: readonly Bar[]; locale: string }) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <div class="length-bars">
      {bars.map(({ name, value }) => (
        <div key={name}>
          <span>{name}</span>
          <svg width="100%" height="16">
            <rect class="bar-all" width="100%" height="16" rx="4" />
            <rect class="bar-taken" width={`${(value * 100) / most}%`} height="16" rx="4" />
          </svg>
          <span>{value.toLocaleString(locale)}</span>
        </div>
      ))}
    </div>
  );
}
