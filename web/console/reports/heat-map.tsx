import type { ReportFactsFragment } from '../../generated/graphql.ts';
import { weekdayName } from './weekday.ts';

const [LEFT, TOP, WIDE, HIGH] = [44, 18, 24, 22];

/** The week by its hours: the fuller, the darker. */
export function HeatMap({ hours, locale }: { hours: ReportFactsFragment['hours']; locale: string }) {
  const most = Math.max(1, ...hours.map(({ occupancyPercent }) => occupancyPercent ?? 0));
  return (
    <div class="table-frame">
      <svg class="heat-map" viewBox={`0 0 ${LEFT + 24 * WIDE} ${TOP + 7 * HIGH}`} role="presentation">
        {[0, 6, 12, 18].map((hour) => (
          <text key={hour} x={LEFT + hour * WIDE} y={TOP - 6}>
            {hour}:00
          </text>
        ))}
        {[1, 2, 3, 4, 5, 6, 7].map((weekday) => (
          <text key={weekday} x={0} y={TOP + (weekday - 1) * HIGH + 15}>
            {weekdayName(weekday, locale, 'short')}
          </text>
        ))}
        {hours.map(({ weekday, hour, occupancyPercent }) => (
          <rect
            key={`${weekday}-${hour}`}
            x={LEFT + hour * WIDE + 1}
            y={TOP + (weekday - 1) * HIGH + 1}
            width={WIDE - 2}
            height={HIGH - 2}
            rx="3"
            fill-opacity={0.06 + (0.94 * (occupancyPercent ?? 0)) / most}
          />
        ))}
      </svg>
    </div>
  );
}
