import { useApp } from '../frame/app-context.ts';
import { addressOf } from '../frame/router.ts';
import type { FoundLot } from './search.tsx';

const WIDTH = 640;
const HEIGHT = 360;
const EDGE = 44;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Props {
  readonly lots: readonly FoundLot[];
  readonly near: { readonly latitude: number; readonly longitude: number } | undefined;
}

/** Where the lots lie to each other, north above. A sketch: no street of anybody's map server is asked for. */
export function LotMap({ lots, near }: Props) {
  const { say } = useApp();
  const places = [...lots.map(({ node }) => node.location), ...(near ? [near] : [])];
  const toPoint = projection(places);
  const own = near && toPoint(near);
  return (
    <div class="card map">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={say('mapLabel')}>
        <path class="grid" d={GRID} />
        <path class="north" d={`M${WIDTH - 22} 34V14m-6 7 6-7 6 7`} />
        {own && <circle class="own" cx={own.x} cy={own.y} r="8" />}
        {lots.map(({ node, spotsFree }) => {
          const { x, y } = toPoint(node.location);
          const isLeft = x > WIDTH * 0.6;
          return (
            <a key={node.id} href={addressOf('lots', node.code)}>
              <circle class={spotsFree === 0 ? 'dot none' : 'dot'} cx={x} cy={y} r="15" />
              <text class="dot-text" x={x} y={y + 5} text-anchor="middle">
                {spotsFree ?? '?'}
              </text>
              <text class="dot-name" x={isLeft ? x - 21 : x + 21} y={y + 5} text-anchor={isLeft ? 'end' : 'start'}>
                {node.name}
              </text>
            </a>
          );
        })}
      </svg>
      <p class="quiet small">{say('mapHint')}</p>
    </div>
  );
}

const GRID = [1, 2, 3, 4, 5, 6, 7]
  .map((step) => `M${step * 80} 0V${HEIGHT}${step * 80 < HEIGHT ? `M0 ${step * 80}H${WIDTH}` : ''}`)
  .join('');

/** All places in one frame, at one scale both ways; a degree of longitude is as long as it is in their middle. */
function projection(
  places: readonly { latitude: number; longitude: number }[],
): (of: { latitude: number; longitude: number }) => Point {
  const latitudes = places.map(({ latitude }) => latitude);
  const longitudes = places.map(({ longitude }) => longitude);
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
  const narrowing = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(
    (WIDTH - 2 * EDGE) / Math.max((east - west) * narrowing, 0.004),
    (HEIGHT - 2 * EDGE) / Math.max(north - south, 0.004),
  );
  return ({ latitude, longitude }) => ({
    x: WIDTH / 2 + (longitude - (west + east) / 2) * narrowing * scale,
    y: HEIGHT / 2 - (latitude - (south + north) / 2) * scale,
  });
}
