import { useKiosk } from '../kiosk-context.ts';

/** Where the car stands. */
export type Car = 'AWAY' | 'WAITING' | 'THROUGH';

const CAR_AT: Readonly<Record<Car, number>> = { AWAY: -150, WAITING: 60, THROUGH: 300 };

/** The lane from the side: camera, loop, arm and car. */
export function Drawing({ of: { car, isUp, plate } }: { of: { car: Car; isUp: boolean; plate: string } }) {
  const { say } = useKiosk();
  return (
    <svg class="drawing" viewBox="0 0 420 180" role="img" aria-label={say(isUp ? 'armUp' : 'armDown')}>
      <path class="road" d="M0 150h420v20H0z" />
      <path class="loop" d="M215 152h80" />
      <path class="post" d="M20 150V50h14" />
      <path class="lens" d="M28 42h30v18H28z" />
      <path class="post thick" d="M206 150V90" />
      <path class={isUp ? 'arm up' : 'arm'} d={isUp ? 'M206 92 222 8' : 'M206 92h130'} />
      <g class="car" transform={`translate(${CAR_AT[car]} 0)`}>
        <path d="M4 140v-26l22-6 20-24h52l20 26 16 6v24z" />
        <circle cx="34" cy="142" r="12" />
        <circle cx="106" cy="142" r="12" />
        <text x="70" y="128" text-anchor="middle">
          {plate.toUpperCase().slice(0, 9)}
        </text>
      </g>
    </svg>
  );
}
