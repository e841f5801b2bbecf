// The server of bench/gate.ts in a process of its own, as on a production machine: only the api, rates lifted. It tells its address, and
// when asked, how long its decisions took inside and how fast the bare script runs from here.

import { randomUUID } from 'node:crypto';
import { authenticate } from '../../src/accounts/authenticate.ts';
import { readConfig } from '../../src/config.ts';
import { decodeId } from '../../src/domain/public-id.ts';
import { checkIn } from '../../src/gate/check-in.ts';
import { checkOut } from '../../src/gate/check-out.ts';
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

type Order =
  | 'decisions'
  | 'floor'
  | 'cpu'
  | { readonly verb: readonly { key: string; body: string }[] }
  | { readonly calm: { readonly perSecond: number; readonly seconds: number } };

process.on('message', (order: Order) => void answer(order).then((result) => process.send?.(result)));

async function answer(order: Order): Promise<object> {
  if (typeof order === 'object') return 'verb' in order ? verbAlone(order.verb) : calmFloor(order.calm);
  if (order === 'cpu') return { cpuMs: cpuMs() };
  if (order === 'floor') return floor();
  const taken = decisionsMs;
  decisionsMs = [];
  return { decisionsMs: taken };
}
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

/** The same script at an even pace: what a decision cannot be faster than when nobody hurries. */
async function calmFloor({ perSecond, seconds }: { perSecond: number; seconds: number }): Promise<{ ms: number[] }> {
  const ms: number[] = [];
  const text = 'x'.repeat(700);
  const underWay: Promise<void>[] = [];
  const startedAt = performance.now();
  const once = async () => {
    const began = performance.now();
    await BARE.run(platform.redis, `{bench}:${randomUUID()}`, [text]);
    ms.push(performance.now() - began);
  };
  for (let sent = 0; sent < perSecond * seconds; sent++) {
    const waitMs = startedAt + (sent * 1000) / perSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    underWay.push(once());
  }
  await Promise.all(underWay);
  return { ms };
}

/** The scans as the resolver gives them to the verbs, with the device's login, 64 at a time. */
async function verbAlone(
  questions: readonly { key: string; body: string }[],
): Promise<{ perSecond: number; cpuMs: number }> {
  const scans = questions.map(({ key, body }) => {
    const { query, variables } = JSON.parse(body) as { query: string; variables: { input: VerbInput } };
    return { key, isEntry: query.includes('checkIn'), input: variables.input };
  });
  const left = [...scans];
  const [startedAt, cpuBefore] = [performance.now(), cpuMs()];
  const loop = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const viewer = await authenticate(platform, `Bearer ${next.key}`);
      const gate = decodeId('gat', next.input.gateId);
      const input = { ...next.input, lotId: gate?.lotId ?? '', gateId: gate?.id ?? '' };
      const { answer: given } = await (next.isEntry ? checkIn : checkOut)(platform, input, viewer);
      if (given.action !== 'OPEN') throw new Error(`a vehicle was not let through: ${given.reason}`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, loop));
  return {
    perSecond: (scans.length * 1000) / (performance.now() - startedAt),
    cpuMs: (cpuMs() - cpuBefore) / scans.length,
  };
}

type VerbInput = Omit<Parameters<typeof checkIn>[1], 'lotId'>;
