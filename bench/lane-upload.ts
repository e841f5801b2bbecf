// What a lane that was alone for a day hands over: walk-ins and guests in and out, uploaded over HTTP in requests of sixty entries, checked
// against their chain, merged into stays, priced and told to the gates. Beside it the same entries only written down.

import { randomUUID } from 'node:crypto';
import { addMinutes } from '../src/domain/period.ts';
import { Stay } from '../src/entities/stay.ts';
import { makeJournal, type Entry, type TestJournal } from '../test/support/lane-journal.ts';
import { startSystem, type TestSystem } from '../test/support/system.ts';
import { makeLot } from '../test/support/world.ts';
import { atLeastPerMinute, type BenchResult } from './result.ts';

const SCANS = Number(process.env['BENCH_SCANS'] ?? 4000);
const PER_REQUEST = 60;
const GOAL_PER_MINUTE = 10_000;
const DAY_MINUTES = 24 * 60;

export async function run(): Promise<BenchResult[]> {
  const system = await startSystem({ roles: ['api'] });
  try {
    const lot = await makeLot(system, { spots: { STANDARD: 500 } });
    const journal = await makeJournal(system, lot);
    const began = addMinutes(system.clock.now(), -DAY_MINUTES);
    for (let vehicle = 0; vehicle < SCANS / 2; vehicle++) {
      const plate = `B${String(vehicle).padStart(6, '0')}`;
      const enteredAt = addMinutes(began, (vehicle * (DAY_MINUTES - 120)) / (SCANS / 2));
      journal.passed(lot.entry, { plate }, enteredAt);
      journal.passed(lot.exit, { plate }, addMinutes(enteredAt, 90));
    }
    const floor = await perMinute(SCANS, () => writeDown(system, journal));
    const value = await perMinute(SCANS, () => uploadAll(journal));
    const stays = await system.platform.orm.em.fork().count(Stay, { lotId: lot.id, state: 'LEFT' });
    if (stays !== SCANS / 2) throw new Error(`${stays} visits came of ${SCANS} scans`);
    return [
      atLeastPerMinute(GOAL_PER_MINUTE, {
        name: 'a lane’s scans, uploaded and applied',
        unit: 'scans/min',
        value,
        floorName: 'the same, only written down',
        floor,
      }),
    ];
  } finally {
    await system.stop();
  }
}

async function uploadAll(journal: TestJournal): Promise<void> {
  for (const entries of pieces(journal.entries)) {
    const { userErrors, broken } = await journal.upload(entries);
    if (userErrors.length + (broken?.length ?? 0) > 0) throw new Error(JSON.stringify({ userErrors, broken }));
  }
}

/** One row an entry, one statement a request, into a table that nothing reads. */
async function writeDown({ platform }: TestSystem, journal: TestJournal): Promise<void> {
  const em = platform.orm.em.fork();
  await em.execute('CREATE TABLE IF NOT EXISTS bench_lane (id uuid PRIMARY KEY, seq bigint, body text, chain text)');
  for (const entries of pieces(journal.entries)) {
    const rows = entries.flatMap(({ seq, body, chain }) => [randomUUID(), seq, body, chain]);
    await em.execute(`INSERT INTO bench_lane VALUES ${entries.map(() => '(?, ?, ?, ?)').join(', ')}`, rows);
  }
}

function pieces(entries: readonly Entry[]): Entry[][] {
  const count = Math.ceil(entries.length / PER_REQUEST);
  return Array.from({ length: count }, (_, index) => entries.slice(index * PER_REQUEST, (index + 1) * PER_REQUEST));
}

async function perMinute(count: number, work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (count * 60_000) / (performance.now() - startedMs);
}
