import type { GateDecision } from './cloud-link.ts';

const BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 300, 1000] as const;

/** What the lane counts, in Prometheus' text. */
export class LaneMetrics {
  private readonly decisions = new Map<string, number>();
  private readonly buckets = new Map<string, number[]>();
  private readonly counters = new Map<string, number>();

  decided({ action, decidedBy }: GateDecision, tookMs: number): void {
    add(this.decisions, `action="${action}",by="${decidedBy}"`);
    const buckets = this.buckets.get(decidedBy) ?? Array.from({ length: BOUNDS_MS.length + 1 }, () => 0);
    this.buckets.set(decidedBy, buckets);
    const bound = BOUNDS_MS.findIndex((limitMs) => tookMs <= limitMs);
    const bucket = bound === -1 ? BOUNDS_MS.length : bound;
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }

  count(name: string): void {
    add(this.counters, name);
  }

  /** `gauges` are read now. */
  text(gauges: Readonly<Record<string, number>>): string {
    const lines = Object.entries(gauges).map(([name, value]) => `parkwell_lane_${name} ${value}`);
    for (const [labels, count] of this.decisions) lines.push(`parkwell_lane_decisions_total{${labels}} ${count}`);
    for (const [name, count] of this.counters) lines.push(`parkwell_lane_${name}_total ${count}`);
    for (const [by, buckets] of this.buckets) {
      let sum = 0;
      buckets.forEach((count, index) => {
        sum += count;
        const le = BOUNDS_MS[index] === undefined ? '+Inf' : String((BOUNDS_MS[index] ?? 0) / 1000);
        lines.push(`parkwell_lane_decision_seconds_bucket{by="${by}",le="${le}"} ${sum}`);
      });
      lines.push(`parkwell_lane_decision_seconds_count{by="${by}"} ${sum}`);
    }
    return `${lines.join('\n')}\n`;
  }
}

function add(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
