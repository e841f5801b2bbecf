// The server of bench/gate.ts in a process of its own, as on a production machine: only the api, rates lifted. It tells its address, and
// when asked, how long its decisions took inside and how fast the bare script runs from here.

import { randomUUID } from 'node:crypto';
import { readConfig } from '../../src/config.ts';
import { redisScript } from '../../src/gate/redis-script.ts';
import { createApp } from '../../src/http/app.ts';
import { openPlatform } from '../../src/platform/platform.ts';
import { LIFTED_LIMITS } from '../../test/support/system.ts';

const IN_FLIGHT = 64;
const FLOOR_MS = 3000;

/** What a gate's commit can't do without: look, remember, journal. */
const BARE = redisScript(`
if redis.call('GET', KEYS[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', 3600)
return redis.call('XADD', '{bench}:journal', 'MAXLEN', '~', 100000, '*', 'entry', ARGV[1])
`);

const platform = await openPlatform(readConfig(), {});
const app = await createApp(platform, { roles: new Set(['api']), limits: LIFTED_LIMITS });
let decisionsMs: number[] = [];
const { gateDecisionSeconds } = platform.metrics;
const observe = gateDecisionSeconds.observe.bind(gateDecisionSeconds) as (labels: object, seconds: number) => void;
gateDecisionSeconds.observe = ((labels: object, seconds: number) => {
  decisionsMs.push(seconds * 1000);
  observe(labels, seconds);
}) as typeof gateDecisionSeconds.observe;

process.on('message', (order: 'decisions' | 'floor' | 'cpu') => {
  if (order === 'cpu') return void process.send?.({ cpuMs: cpuMs() });
  if (order === 'floor') void floor().then((result) => process.send?.(result));
  else {
    process.send?.({ decisionsMs });
    decisionsMs = [];
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: await app.listen() });

/** What this process has computed since it began. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function floor(): Promise<{ perSecond: number; ms: number[] }> {
  const ms: number[] = [];
  const text = 'x'.repeat(700);
  const startedAt = performance.now();
  const loop = async () => {
    while (performance.now() - startedAt < FLOOR_MS) {
      const began = performance.now();
      await BARE.run(platform.redis, `{bench}:${randomUUID()}`, [text]);
      ms.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, loop));
  return { perSecond: (ms.length * 1000) / (performance.now() - startedAt), ms };
}
