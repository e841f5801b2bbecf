import type { Platform } from '../platform/platform.ts';

const SHARE = 0.95;

/**
 * In how many milliseconds 95 % of the gate decisions of this process were taken, at most: the upper edge of the bucket in which the
 * share is reached. Undefined while it has taken none, and when the slowest were slower than the last bucket knows.
 */
export async function gateP95Ms({ metrics }: Platform): Promise<number | undefined> {
  const { values } = await metrics.gateDecisionSeconds.get();
  const byEdge = new Map<number, number>();
  for (const { metricName, labels, value } of values) {
    if (metricName?.endsWith('_bucket') !== true) continue;
    const edge = Number(
      String(Object.entries(labels).find(([name]) => name === 'le')?.[1]).replace('+Inf', 'Infinity'),
    );
    byEdge.set(edge, (byEdge.get(edge) ?? 0) + value);
  }
  const all = byEdge.get(Number.POSITIVE_INFINITY) ?? 0;
  const edges = [...byEdge].toSorted(([a], [b]) => a - b);
  const reached = all === 0 ? undefined : edges.find(([, count]) => count >= all * SHARE)?.[0];
  return reached === undefined || reached === Number.POSITIVE_INFINITY ? undefined : Math.ceil(reached * 1000);
}
