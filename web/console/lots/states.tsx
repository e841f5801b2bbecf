import type { SpotState } from '../../generated/graphql.ts';

/** In the order of the legend. */
export const STATES = ['FREE', 'RESERVED', 'OCCUPIED', 'OUT_OF_SERVICE'] as const satisfies readonly SpotState[];

/** What tells the states apart without colour: nothing, stripes, a filled vehicle, a cross. */
export function StateMark({ state, width, height }: { state: SpotState; width: number; height: number }) {
  if (state === 'RESERVED') {
    const steps = [0.2, 0.5, 0.8];
    return (
      <g class="mark">
        {steps.map((step) => (
          <path key={step} d={`M${width * step - 7} ${height - 4}L${width * step + 7} ${height - 14}`} />
        ))}
      </g>
    );
  }
  if (state === 'OUT_OF_SERVICE')
    return <path class="mark" d={`M6 6L${width - 6} ${height - 6}M${width - 6} 6L6 ${height - 6}`} />;
  if (state === 'OCCUPIED')
    return <rect class="vehicle" x={width * 0.24} y={height - 20} width={width * 0.52} height={15} rx="5" />;
  return null;
}

export function Swatch({ state }: { state: SpotState }) {
  return (
    <svg class={`spot ${state}`} width="34" height="26" viewBox="0 0 34 26" aria-hidden="true">
      <rect class="ground" x="1" y="1" width="32" height="24" rx="4" />
      <StateMark state={state} width={34} height={26} />
    </svg>
  );
}

/** What else is shown of a spot. */
export const MARKS = ['overridden', 'sensorSilent'] as const;
export type Mark = (typeof MARKS)[number];

export function MarkSwatch({ mark }: { mark: Mark }) {
  return (
    <svg class="spot OUT_OF_SERVICE" width="34" height="26" viewBox="0 0 34 26" aria-hidden="true">
      <rect class="ground" x="1" y="1" width="32" height="24" rx="4" />
      {mark === 'overridden' ? (
        <path class="said" d="M19 1h10a4 4 0 0 1 4 4v10z" />
      ) : (
        <circle class="silent" cx="10" cy="16" r="4" />
      )}
    </svg>
  );
}
