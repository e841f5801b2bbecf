import { useConsole } from '../frame/console-context.ts';
import { percent } from './figures.tsx';

interface Counted {
  readonly total: number;
  readonly free?: number | null;
}

/** How much of something is taken, as a bar with its words. */
export function Occupancy({ name, total, free }: Counted & { name: string }) {
  const { say, locale } = useConsole();
  const taken = total - (free ?? 0);
  const share = total === 0 ? 0 : taken / total;
  return (
    <div class="occupancy">
      <span class="occupancy-name">{name}</span>
      <svg class="bar" width="100%" height="10" aria-hidden="true">
        <rect class="bar-all" width="100%" height="10" rx="5" />
        <rect
          class={`bar-taken ${share >= 0.95 ? 'full' : ''}`}
          width={`${Math.round(share * 1000) / 10}%`}
          height="10"
          rx="5"
        />
      </svg>
      <span class="occupancy-count">
        <span class="heard">{say('takenOf', { taken, total })}, </span>
        <span aria-hidden="true">
          {taken}/{total}
        </span>
        <strong>{percent(taken, total, locale)}</strong>
      </span>
    </div>
  );
}

/** The bars of each type of spot, the busiest first. */
export function ByType({ counts }: { counts: readonly (Counted & { readonly spotType: string })[] }) {
  const { say } = useConsole();
  const share = ({ total, free }: Counted) => (total === 0 ? 0 : 1 - (free ?? 0) / total);
  return (
    <div class="by-type">
      {counts
        .toSorted((a, b) => share(b) - share(a))
        .map(({ spotType, total, free }) => (
          <Occupancy key={spotType} name={say(`spot_${spotType as 'STANDARD'}`)} {...{ total, free: free ?? null }} />
        ))}
    </div>
  );
}
