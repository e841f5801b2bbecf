import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expectBooksBalanced } from '../support/books.ts';
import { eventually, eventuallyTrue } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { startLaneProcess, untilAlone, untilUploaded, type LaneProcess } from './lane-process.ts';

const IS_FULL = process.env['PARKWELL_FULL'] === '1';
/** Each comes in and goes out: 10,000 scans in the full size. */
const VEHICLES = IS_FULL ? 5000 : 60;
const KILLS = IS_FULL ? 5 : 1;
const FLAPS = IS_FULL ? 20 : 2;
const TOGETHER = 10;
const HOURS_OFFLINE = 24;
const HOUR_MS = 3_600_000;
const SOON_MS = 600_000;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

interface AnsweredScan {
  readonly scanId: string;
  readonly by: string;
}

interface Rows {
  scan_id: string;
  seq: string;
}

/** What is missing or double in PostgreSQL; nothing, if all is well. */
async function whatIsWrong(lot: TestLot, lane: LaneProcess, scans: readonly AnsweredScan[]): Promise<string[]> {
  const em = system.platform.orm.em.fork();
  const written = await em.execute<Rows[]>(
    'SELECT scan_id, seq FROM lane_scan WHERE lot_id = ? AND agent_id = ? ORDER BY seq',
    [lot.id, lane.deviceId],
  );
  const decided = await em.execute<{ scan_id: string }[]>('SELECT scan_id FROM gate_event WHERE lot_id = ?', [lot.id]);
  const wrong: string[] = [];
  const times = Map.groupBy(written, ({ scan_id }) => scan_id);
  for (const [scanId, rows] of times) if (rows.length > 1) wrong.push(`${scanId} stands there ${rows.length} times`);
  const inCloud = new Set(decided.map(({ scan_id }) => scan_id));
  for (const { scanId, by } of scans) {
    const isThere = by === 'LANE' ? times.has(scanId) : inCloud.has(scanId) || times.has(scanId);
    if (!isThere) wrong.push(`${scanId}, decided by ${by}, is missing`);
  }
  const holes = written.filter(({ seq }, index) => Number(seq) !== index + 1);
  if (holes.length > 0) wrong.push(`the journal has a hole before ${holes[0]!.seq}`);
  return wrong;
}

test('a day offline with kills and a flapping link: of all scans none is lost and none is doubled', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 4 * TOGETHER } });
  const lane = await startLaneProcess(system, lot);
  try {
    lane.cable.cut();
    await untilAlone(lane);
    const scans: AnsweredScan[] = [];
    const groups = VEHICLES / TOGETHER;
    const isDue = (group: number, times: number) => group % Math.ceil(groups / times) === 1;
    const send = async (out: boolean, group: number) => {
      const gate = out ? lot.exit : lot.entry;
      const plates = Array.from({ length: TOGETHER }, (_, index) => `L${group * TOGETHER + index + 10_000}X`);
      const asked = plates.map((text) => lane.askUntilAnswered(gate, { plate: { text } }));
      if (!out && isDue(group, KILLS)) {
        // In the middle of them: some are answered, some are just being.
        await Promise.race(asked);
        await lane.kill();
        await lane.start();
      }
      for (const { scanId, decision } of await Promise.all(asked)) {
        expect(decision.action).toBe('OPEN');
        scans.push({ scanId, by: decision.decidedBy });
      }
    };
    for (let group = 0; group < groups; group++) {
      await send(false, group);
      if (isDue(group, FLAPS)) {
        lane.cable.mend();
        await new Promise((resolve) => setTimeout(resolve, 50 * (1 + (group % 7))));
        lane.cable.cut();
      }
      const step = (HOURS_OFFLINE * HOUR_MS) / groups;
      system.clock.advance(step);
      lane.advance(step);
      await send(true, group);
    }
    expect(scans).toHaveLength(2 * VEHICLES);
    expect(scans.filter(({ by }) => by === 'LANE').length).toBeGreaterThan(VEHICLES);
    lane.cable.mend();
    await untilUploaded(lane, SOON_MS);
    await eventuallyTrue(async () => (await whatIsWrong(lot, lane, scans)).length === 0, 10_000).catch(() => undefined);
    expect(await whatIsWrong(lot, lane, scans)).toEqual([]);
    await eachVehicleOnce(lot);
    await expectBooksBalanced(system.platform);
  } finally {
    await lane.stop();
  }
}, 3_600_000);

/** Every vehicle has been here once, and has left. */
async function eachVehicleOnce(lot: TestLot): Promise<void> {
  const stays = await eventually(
    () =>
      system.platform.orm.em
        .fork()
        .execute<{ state: string; count: string }[]>(
          'SELECT state, count(*) FROM stay WHERE lot_id = ? GROUP BY state',
          [lot.id],
        ),
    (rows) => rows.length === 1 && rows[0]!.state === 'LEFT' && Number(rows[0]!.count) === VEHICLES,
  ).catch((error: unknown) => error);
  expect(stays).toEqual([{ state: 'LEFT', count: String(VEHICLES) }]);
}

test('the twin: an entry that is taken out of the journal is found missing, and one that is written over has no effect; the lane goes on', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 10 } });
  const lane = await startLaneProcess(system, lot);
  try {
    lane.cable.cut();
    await untilAlone(lane);
    const scans: AnsweredScan[] = [];
    for (let index = 0; index < 6; index++) {
      const { scanId, decision } = await lane.askUntilAnswered(lot.entry, { plate: { text: `TWIN${index}X` } });
      scans.push({ scanId, by: decision.decidedBy });
    }
    await lane.kill();
    tamperWith(join(lane.dataFolder, 'lane.sqlite'));
    await lane.start();
    lane.cable.mend();
    await untilUploaded(lane);
    expect(await whatIsWrong(lot, lane, scans)).toEqual([
      `${scans[1]!.scanId}, decided by LANE, is missing`,
      'the journal has a hole before 3',
    ]);
    const kinds = async () =>
      (
        await system.platform.orm.em
          .fork()
          .execute<{ kind: string }[]>('SELECT kind FROM incident WHERE lot_id = ? ORDER BY kind', [lot.id])
      ).map(({ kind }) => kind);
    await eventually(kinds, (found) => found.includes('JOURNAL_FORGED') && found.includes('JOURNAL_HOLE'));
    expect((await lane.state()).journal.broken).toEqual(expect.arrayContaining([expect.stringContaining('4 FORGED')]));
    const { decision } = await lane.askUntilAnswered(lot.entry, { plate: { text: 'AFTER1' } });
    expect(decision.action).toBe('OPEN');
  } finally {
    await lane.stop();
  }
}, 120_000);

/** Takes the second entry out, and lets the fourth have happened an hour earlier. */
function tamperWith(file: string): void {
  const database = new DatabaseSync(file);
  database.exec('DROP TRIGGER entry_is_kept; DROP TRIGGER entry_is_written_once;');
  database.exec('DELETE FROM entry WHERE seq = 2');
  const { body } = database.prepare('SELECT body FROM entry WHERE seq = 4').get() as { body: string };
  const scan = JSON.parse(body) as { observedAt: number };
  const other = JSON.stringify({ ...scan, observedAt: scan.observedAt - HOUR_MS });
  database.prepare('UPDATE entry SET body = ? WHERE seq = 4').run(other);
  database.close();
}
