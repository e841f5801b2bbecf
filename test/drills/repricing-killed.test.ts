import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Repricing } from '../../src/entities/repricing.ts';
import { runRepricing } from '../../src/insight/run-repricing.ts';
import { decodeId } from '../../src/domain/public-id.ts';
import { ask, makePastStays, READ_REPRICING, REPRICE } from '../journeys/tariff-steps.ts';
import { eventually } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { plainRates } from '../support/tariffs.ts';
import { makeLot } from '../support/world.ts';

const STAYS = 40_000;
const READY_MS = 60_000;
const DAY_MS = 86_400_000;

let system: TestSystem;
const workers = new Set<ChildProcess>();
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await system?.stop();
});

/** A worker process of its own on the same installation; resolves when it is ready. */
async function startWorker(): Promise<ChildProcess> {
  const env = { ...process.env, ...system.env, ROLES: 'worker', PORT: '0', LOG_LEVEL: 'info' };
  const args = ['--import', 'tsx', 'src/main.ts'];
  const worker = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  workers.add(worker);
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the worker did not start in time')), READY_MS);
    worker.stdout.on('data', (text: Buffer) => {
      if (!text.toString().includes('"msg":"ready"')) return;
      clearTimeout(late);
      resolve();
    });
  });
  return worker;
}

test('a worker is killed in the middle of a repricing, and another does the rest: every stay is priced once', async () => {
  const lot = await makeLot(system);
  const operator = await lot.staffToken('OPERATOR');
  const now = system.clock.now();
  await makePastStays(system, lot, { count: STAYS, until: new Date(now.getTime() - DAY_MS), totalMinor: 400 });
  const worker = await startWorker();
  const period = { startsAt: new Date(now.getTime() - 60 * DAY_MS).toISOString(), endsAt: now.toISOString() };
  const document = plainRates({ blockMinutes: 60, minor: 250 });
  const wish = { idempotencyKey: randomUUID(), lotId: lot.publicId, period, document };
  const { repricing } = await ask(system, operator, [REPRICE, { input: wish }]);
  const read = () => ask(system, operator, [READ_REPRICING, { id: repricing.id, first: 1 }]);

  const seen = await eventually(read, ({ staysDone }) => staysDone > 0);
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.kill('SIGKILL');
  await ended;
  workers.delete(worker);
  expect(seen.progressPercent).toBeLessThan(100);

  const { lotId, id: repricingId } = decodeId('rpr', repricing.id)!;
  const key = { lotId: lotId!, repricingId };
  // What the sweep of the next worker does, without waiting for its minute.
  while ((await runRepricing(system.platform, key)) === 'MORE');
  const em = system.platform.orm.em.fork();
  const row = await em.findOneOrFail(Repricing, { lotId: key.lotId, id: repricingId });
  expect(row).toMatchObject({
    ...{ state: 'DONE', staysDone: STAYS, staysChanged: STAYS },
    ...{ oldTotalMinor: STAYS * 400, newTotalMinor: STAYS * 500, additionalMinor: STAYS * 100 },
  });
  const listed = await em.execute('SELECT count(*)::int AS rows FROM repriced_stay WHERE repricing_id = ?', [
    repricingId,
  ]);
  expect(listed).toEqual([{ rows: STAYS }]);
});
