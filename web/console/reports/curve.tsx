import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

interface Props {
  /** Dates, "2026-11-20", and a value for each; null: not known. */
  readonly days: readonly string[];
  readonly values: readonly (number | null)[];
  readonly locale: string;
  readonly kind: 'LINE' | 'BARS';
  readonly shown: (value: number) => string;
}

const HEIGHT = 220;

/** A value over days. */
export function Curve({ days, values, locale, kind, shown }: Props) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const ink = () => getComputedStyle(element.parentElement ?? element).color;
    const brand = () => getComputedStyle(element).color;
    const dayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
    const axis = { stroke: ink, grid: { stroke: 'rgba(128, 128, 128, 0.25)' }, ticks: { show: false } };
    const bars = kind === 'BARS' ? UPlot.paths.bars?.({ size: [0.7, 40] }) : undefined;
    const plot = new UPlot(
      {
        ...{ width: element.clientWidth, height: HEIGHT, legend: { show: false }, cursor: { show: false } },
        scales: { x: { time: false }, y: { range: (_, __, most) => [0, most <= 0 ? 1 : most * 1.08] } },
        axes: [
          {
            ...axis,
            space: 70,
            values: (_, splits) => splits.map((at) => dayFormat.format(at * DAY_MS)),
            incrs: [1, 2, 7, 14, 28],
          },
          { ...axis, size: 72, values: (_, splits) => splits.map(shown) },
        ],
        series: [
          {},
          {
            ...{ stroke: brand, width: 2 },
            ...(bars ? { paths: bars, fill: brand, points: { show: false } } : {}),
          },
        ],
      },
      [days.map((day) => Date.parse(day) / DAY_MS), [...values]],
      element,
    );
    const fit = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    fit.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => plot.redraw();
    scheme.addEventListener('change', redraw);
    return () => {
      scheme.removeEventListener('change', redraw);
      fit.disconnect();
      plot.destroy();
    };
  }, [days.join(), values.join(), locale, kind]);
  return <div ref={host} class="curve" />;
}

const DAY_MS = 86_400_000;
