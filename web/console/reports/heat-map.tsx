import type { ReportFactsFragment } from '../../generated/graphql.ts';
import { percentOf, shortHour } from './told.ts';
import { weekdayName } from './weekday.ts';

const HIGH = 24;
const WIDE_PERCENT = 100 / 24;

/** The week by its hours: the fuller, the stronger the colour. */
export function HeatMap({ hours, locale }: { hours: ReportFactsFragment['hours']; locale: string }) {
  const most = Math.max(0, ...hours.map(({ occupancyPercent }) => occupancyPercent ?? 0));
  const strength = (percent: number) => 0.05 + (0.95 * percent) / (most || 1);
  return (
    <div class="heat">
      <div class="heat-hours">
        {[0, 6, 12, 18].map((hour) => (
          <span key={hour}>{shortHour(hour, locale)}</span>
        ))}
      </div>
      <div class="heat-days">
        {[1, 2, 3, 4, 5, 6, 7].map((weekday) => (
          <span key={weekday}>{weekdayName(weekday, locale, 'short')}</span>
        ))}
      </div>
      <svg class="heat-cells">
        {hours.map(({ weekday, hour, occupancyPercent }) => (
          <rect
            key={`${weekday}-${hour}`}
            x={`${hour * WIDE_PERCENT + 0.2}%`}
            y={(weekday - 1) * HIGH + 1}
            width={`${WIDE_PERCENT - 0.4}%`}
            height={HIGH - 2}
            rx="3"
            fill-opacity={strength(occupancyPercent ?? 0)}
          />
        ))}
      </svg>
      <div class="heat-scale">
        <span>{percentOf(0, locale)}</span>
        <svg>
          {[0, 1, 2, 3, 4, 5].map((step) => (
            <rect
              key={step}
              x={`${(step * 100) / 6}%`}
              width={`${100 / 6}%`}
              height="12"
              fill-opacity={strength((most * step) / 5)}
            />
          ))}
        </svg>
        <span>{percentOf(most, locale)}</span>
      </div>
    </div>
  );
}
