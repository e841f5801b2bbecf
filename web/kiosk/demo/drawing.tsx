import { useKiosk } from '../kiosk-context.ts';

/** Where the car stands. */
export type Car = 'AWAY' | 'WAITING' | 'THROUGH';

/** The lane from the side: camera, a loop on each side of the arm, and the car. How they move is in the style sheet. */
export function Drawing({ of: { car, isUp, plate } }: { of: { car: Car; isUp: boolean; plate: string } }) {
  const { say } = useKiosk();
  return (
    <svg class="drawing" viewBox="0 0 480 180" role="img" aria-label={say(isUp ? 'armUp' : 'armDown')}>
      <path class="road" d="M0 150h480v20H0z" />
      <path class={`loop ${car === 'WAITING' ? 'feels' : ''}`} d="M66 158h130" />
      <path class={`loop ${car === 'THROUGH' ? 'feels' : ''}`} d="M270 158h130" />
      <path class="post" d="M20 150V50h14" />
      <path class="lens" d="M28 42h30v18H28z" />
      {car === 'WAITING' && <path class="sight" d="M58 52 168 118M58 52l40 66" />}
      <g class={`car at-${car.toLowerCase()}`}>
        <path d="M4 140v-26l22-6 20-24h52l20 26 16 6v24z" />
        <circle cx="34" cy="142" r="12" />
        <circle cx="106" cy="142" r="12" />
        <text x="70" y="130" text-anchor="middle">
          {plate.toUpperCase().slice(0, 9)}
        </text>
      </g>
      <path class="post thick" d="M216 150V92" />
      <path class={`arm ${isUp ? 'up' : ''}`} d="M216 94h132" />
    </svg>
  );
}
