import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Repricing } from '../../src/entities/repricing.ts';
import type { TariffDocument } from '../../src/domain/tariff/document.ts';
import type { Viewer } from '../../src/domain/viewer.ts';
import { cancelRepricing } from '../../src/insight/cancel-repricing.ts';
import { repriceChunk, type RepricingKey } from '../../src/insight/reprice-chunk.ts';
import { repriceStays } from '../../src/insight/reprice-stays.ts';
import { runRepricing } from '../../src/insight/run-repricing.ts';
import { makePastStays } from '../journeys/tariff-steps.ts';
import { forgetLocks } from '../support/forget-locks.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { plainTariff } from '../support/tariffs.ts';
import { makeLot } from '../support/world.ts';

const ADMIN: Viewer = { kind: 'STAFF', role: 'ADMIN', staffId: randomUUID(), operatorId: null, lotIds: 'ALL' };
const STAYS = 4500;
const DAY_MS = 86_400_000;
const DEARER: TariffDocument = plainTariff({ blockMinutes: 60, minor: 250 });

/** No worker: the test's own calls are the workers. */
let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
});
afterAll(() => system?.stop());

/** 4,500 stays of two hours that cost 4.00, to be priced at 2.50 an hour. */
async function begun(): Promise<RepricingKey> {
  const lot = await makeLot(system);
  const now = system.clock.now();
  await makePastStays(system, lot, { count: STAYS, until: new Date(now.getTime() - DAY_MS), totalMinor: 400 });
  const wish = { idempotencyKey: randomUUID(), lotId: lot.id, fromAt: new Date(now.getTime() - 9 * DAY_MS) };
  const { repricing } = await repriceStays(system.platform, { ...wish, untilAt: now, document: DEARER }, ADMIN);
  return { lotId: lot.id, repricingId: repricing.id };
}

async function outcomeOf({ lotId, repricingId }: RepricingKey) {
  const em = system.platform.orm.em.fork();
  const { state, staysDone, staysChanged, newTotalMinor } = await em.findOneOrFail(Repricing, {
    lotId,
    id: repricingId,
  });
  const [listed] = await em.execute<{ rows: number; minor: number }[]>(
    `SELECT count(*)::int AS rows, coalesce(sum(new_minor), 0)::int AS minor FROM repriced_stay WHERE lot_id = ? AND repricing_id = ?`,
    [lotId, repricingId],
  );
  return { state, staysDone, staysChanged, newTotalMinor, listed };
}

const ONCE = {
  ...{ state: 'DONE', staysDone: STAYS, staysChanged: STAYS, newTotalMinor: STAYS * 500 },
  listed: { rows: STAYS, minor: STAYS * 500 },
};

describe('workers at one repricing', () => {
  test('three of them do every chunk once between them', async () => {
    const key = await begun();
    await Promise.all([1, 2, 3].map(() => runRepricing(system.platform, key)));
    expect(await outcomeOf(key)).toEqual(ONCE);
  });

  test('when it is called off, finish the chunk that is under way and begin no other; what was found stands', async () => {
    const key = await begun();
    expect(await repriceChunk(system.platform, key)).toBe('MORE');
    const [, cancelled] = await Promise.all([
      repriceChunk(system.platform, key),
      cancelRepricing(system.platform, key, ADMIN),
    ]);
    expect(cancelled.state).toBe('CANCELLED');
    const { staysDone } = await outcomeOf(key);
    expect(await repriceChunk(system.platform, key)).toBe('ENDED');
    expect([1000, 2000]).toContain(staysDone);
    expect(await outcomeOf(key)).toMatchObject({
      ...{ state: 'CANCELLED', staysDone, staysChanged: staysDone, listed: { rows: staysDone } },
    });
  });

  test('a chunk that fails leaves nothing behind and is done by whoever comes next', async () => {
    const key = await begun();
    await repriceChunk(system.platform, key);
    const before = await outcomeOf(key);
    const em = system.platform.orm.em.fork();
    await em.execute(`ALTER TABLE repriced_stay ADD CONSTRAINT refused CHECK (new_minor < 0) NOT VALID`);
    await expect(repriceChunk(system.platform, key)).rejects.toThrow('refused');
    await em.execute('ALTER TABLE repriced_stay DROP CONSTRAINT refused');
    expect(await outcomeOf(key)).toEqual(before);
    await runRepricing(system.platform, key);
    expect(await outcomeOf(key)).toEqual(ONCE);
  });

  test('without the lock on its row two do the same chunk, and only the table’s key keeps its stays from standing there twice', async () => {
    await forgetLocks(system);
    let refused = 0;
    for (let round = 0; round < 10 && refused === 0; round++) {
      const key = await begun();
      const ends = await Promise.allSettled(Array.from({ length: 6 }, () => repriceChunk(system.platform, key)));
      refused = ends.filter(({ status }) => status === 'rejected').length;
    }
    expect(refused).toBeGreaterThan(0);
  });
});
