import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

interface Props {
  /** Dates, "2026-11-20", and a value for each; null: not known. */
  readonly days: readonly string[];
  readonly values: readonly (number | null)[];
  readonly locale: string;
  readonly kind: 'LINE' | 'BARS';
  /** Whether there is nothing between two whole numbers. */
  readonly isCount?: boolean;
  readonly shown: (value: number) => string;
}

const HEIGHT = 220;
const DAY_MS = 86_400_000;
const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** A value over days. */
export function Curve(props: Props) {
  const { days, values, locale, kind } = props;
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const data: UPlot.AlignedData = [days.map((day) => Date.parse(day) / DAY_MS), [...values]];
    const plot = new UPlot(optionsOf(props, element), data, element);
    const fit = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    fit.observe(element);
    // Light, dark or paper: the colours are those of the moment.
    const looks = ['(prefers-color-scheme: dark)', 'print'].map((query) => matchMedia(query));
    const redraw = () => plot.redraw();
    for (const look of looks) look.addEventListener('change', redraw);
    return () => {
      for (const look of looks) look.removeEventListener('change', redraw);
      fit.disconnect();
      plot.destroy();
    };
  }, [days.join(), values.join(), locale, kind]);
  return <div ref={host} class="curve" />;
}

function optionsOf({ days, locale, kind, isCount = false, shown }: Props, element: HTMLElement): UPlot.Options {
  const { ink, line, brand, veil, font } = looksOf(element);
  const dayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const axis = { stroke: ink, font, ticks: { show: false } };
  const bars = kind === 'BARS' ? UPlot.paths.bars?.({ size: [0.7, 40] }) : undefined;
  const [first, last] = [days[0], days.at(-1)].map((day) => Date.parse(day ?? '') / DAY_MS);
  // Half a day more on either side, so that the first and the last bar are whole.
  const range: [number, number] = [(first ?? 0) - 0.5, (last ?? 0) + 0.5];
  return {
    ...{ width: element.clientWidth, height: HEIGHT, legend: { show: false }, cursor: { show: false } },
    padding: [12, 12, 0, 0],
    scales: { x: { time: false, range }, y: { range: (_, __, most) => [0, most <= 0 ? 1 : most * 1.08] } },
    axes: [
      {
        ...{ ...axis, grid: { show: false }, size: 32, space: 70 },
        values: (_, splits) => splits.map((at) => dayFormat.format(at * DAY_MS)),
        incrs: [1, 2, 7, 14, 28],
      },
      {
        ...{ ...axis, grid: { stroke: line, width: 1 }, size: 64, values: (_, splits) => splits.map(shown) },
        ...(isCount ? { incrs: WHOLE_STEPS } : {}),
      },
    ],
    series: [
      {},
      {
        ...{ stroke: brand, points: { show: false } },
        ...(bars ? { paths: bars, fill: brand, width: 0 } : { width: 2.5, fill: veil }),
      },
    ],
  };
}

/** The colours of the page as they are when something is drawn. */
function looksOf(element: HTMLElement) {
  const brand = () => getComputedStyle(element).color;
  return {
    brand,
    ink: () => getComputedStyle(element.parentElement ?? element).color,
    line: () => getComputedStyle(element).borderTopColor,
    veil: () => brand().replace(/^rgb\((.*)\)$/, 'rgba($1, 0.12)'),
    font: `13px ${getComputedStyle(element).fontFamily}`,
  };
}
