import type { EntityManager } from '@mikro-orm/postgresql';
import { currentTariffs } from '../availability/current-tariff.ts';
import { DAY_MS } from '../domain/period.ts';
import { Device } from '../entities/device.ts';
import { Gate } from '../entities/gate.ts';
import { Lot } from '../entities/lot.ts';
import { MonthlyPassPlate } from '../entities/monthly-pass-plate.ts';
import { MonthlyPass } from '../entities/monthly-pass.ts';
import { Reservation } from '../entities/reservation.ts';
import { Spot } from '../entities/spot.ts';
import { Stay } from '../entities/stay.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { drainJournal } from './apply-journal.ts';
import { lockCursor } from './journal-cursor.ts';
import { partitionKeys, REBUILT_KINDS } from './index-keys.ts';
import { placeLots } from './lots-around.ts';
import { lotRecords, projectDevices } from './project-lot.ts';
import { writeMonthlyPass } from './project-monthly-pass.ts';
import { writeRight } from './project-right.ts';
import { writeStay } from './project-stay.ts';
import { makeReadyMarker } from './ready-marker.ts';
import { redisScript } from './redis-script.ts';
import { nextStreamId } from './stream-id.ts';

const underWay = new WeakMap<Platform, Map<number, Promise<void>>>();

/**
 * Makes a partition's index whole again from PostgreSQL: lots, gates, devices, open rights, who is inside, monthly passes. Does nothing when it is whole. Within a
 * process one rebuild at a time, and among processes the journal's cursor row decides: it is locked, so no entry is applied while rows
 * are copied. What the journal holds is applied before; new entries get ids above all that were ever applied.
 */
export function rebuildPartition(platform: Platform, partition: number): Promise<void> {
  const mine = underWay.get(platform) ?? new Map<number, Promise<void>>();
  underWay.set(platform, mine);
  const running = mine.get(partition);
  if (running) return running;
  const work = rebuild(platform, partition).finally(() => mine.delete(partition));
  mine.set(partition, work);
  return work;
}

/** Declares a partition's index broken, so that no decision is made from it, and rebuilds it. */
export async function rebuildBrokenPartition(platform: Platform, partition: number): Promise<void> {
  await platform.redis.del(partitionKeys(partition).ready);
  await rebuildPartition(platform, partition);
}

async function rebuild(platform: Platform, partition: number): Promise<void> {
  const keys = partitionKeys(partition);
  // Without the marker nothing is journalled any more: what is in the stream now is all there is.
  await drainJournal(platform, partition);
  const rebuilt = await inTransaction(platform, async (tx) => {
    const cursor = await lockCursor(tx, partition);
    // Redis is spoken to inside this one transaction: the row lock is what keeps the journal's reader away meanwhile.
    if ((await platform.redis.exists(keys.ready)) === 1) return false;
    const marker = makeReadyMarker({ rebuiltAtMs: tx.now.getTime(), hadEvents: await hasRecentEvents(tx, partition) });
    await platform.redis.set(keys.rebuilding, marker);
    await clear(platform, partition);
    const lots = await tx.em.find(Lot, { partition });
    for (const group of chunks(lots, LOTS_AT_ONCE)) await copyLots(platform, tx.em, group);
    await continueJournal(platform, { partition, lastStreamId: cursor.lastStreamId });
    if ((await FINISH.run(platform.redis, keys.ready, [keys.rebuilding, marker])) !== 1)
      throw new Error('Redis was emptied again during the rebuild');
    return true;
  });
  if (!rebuilt) return;
  platform.metrics.indexRebuilt.inc();
  platform.log.info({ partition }, 'the gate index of a partition was rebuilt');
}

/** Whole only if nothing was lost since the rebuild began. */
const FINISH = redisScript(`
if redis.call('GET', ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('DEL', ARGV[1])
redis.call('SET', KEYS[1], ARGV[2])
return 1
`);

const LOTS_AT_ONCE = 20;
const SCAN_COUNT = 1000;

/** Copies that may be older than PostgreSQL go; answers of scans and the journal stay. */
async function clear(platform: Platform, partition: number): Promise<void> {
  const { tag, applied } = partitionKeys(partition);
  // Nothing of this partition is left in an emptied Redis: no need to walk through the others.
  if ((await platform.redis.exists(applied)) === 0) return;
  const isCopy = (key: string) => REBUILT_KINDS.some((kind) => key.startsWith(`${tag}:${kind}:`));
  let cursor = '0';
  do {
    const [next, found] = await platform.redis.scan(cursor, 'MATCH', `${tag}:*`, 'COUNT', SCAN_COUNT);
    const copies = found.filter(isCopy);
    if (copies.length > 0) await platform.redis.unlink(...copies);
    cursor = next;
  } while (cursor !== '0');
}

async function copyLots(platform: Platform, em: EntityManager, lots: readonly Lot[]): Promise<void> {
  const lotId = { $in: lots.map(({ id }) => id) };
  const tariffs = await currentTariffs(em, lotId.$in);
  const gates = Map.groupBy(await em.find(Gate, { lotId }), (gate) => gate.lotId);
  const records = lots.flatMap((lot) => {
    const tariff = tariffs.get(lot.id);
    return tariff ? lotRecords({ lot, tariff, gates: gates.get(lot.id) ?? [] }) : [];
  });
  await Promise.all(records.map(([key, value]) => platform.redis.set(key, value)));
  await projectDevices(platform, await em.find(Device, { lotId, revokedAt: null }));
  await placeLots(platform, lots);
  const stays = await em.find(Stay, { lotId, state: 'INSIDE' });
  const reservations = await em.find(Reservation, { lotId, state: { $in: ['HELD', 'CONFIRMED', 'CHECKED_IN'] } });
  const spots = await spotsOf(em, [...stays, ...reservations]);
  const stayOf = new Map(
    stays.flatMap((stay) => (stay.reservationId == null ? [] : [[stay.reservationId, stay] as const])),
  );
  for (const group of chunks(reservations, ROWS_AT_ONCE)) {
    await Promise.all(
      group.map((reservation) =>
        writeRight(platform, {
          reservation,
          spot: spots.get(reservation.spotId) ?? null,
          stay: stayOf.get(reservation.id) ?? null,
        }),
      ),
    );
  }
  await copyMonthlyPasses(platform, em, lotId);
  const walkIns = stays.filter(({ reservationId }) => reservationId == null);
  for (const group of chunks(walkIns, ROWS_AT_ONCE)) {
    await Promise.all(group.map((stay) => writeStay(platform, { stay, spot: spots.get(stay.spotId ?? '') ?? null })));
  }
}

async function copyMonthlyPasses(platform: Platform, em: EntityManager, lotId: { $in: string[] }): Promise<void> {
  const now = platform.clock.now();
  const passes = await em.find(MonthlyPass, { lotId, state: 'ACTIVE', endsAt: { $gt: now } });
  if (passes.length === 0) return;
  const plates = await em.find(MonthlyPassPlate, { lotId, monthlyPassId: { $in: passes.map(({ id }) => id) } });
  const platesOf = Map.groupBy(plates, ({ monthlyPassId }) => monthlyPassId);
  for (const group of chunks(passes, ROWS_AT_ONCE)) {
    await Promise.all(group.map((pass) => writeMonthlyPass(platform, { pass, plates: platesOf.get(pass.id) ?? [] })));
  }
}

const ROWS_AT_ONCE = 500;

async function spotsOf(
  em: EntityManager,
  rows: readonly { lotId: string; spotId?: string | null | undefined }[],
): Promise<Map<string, Spot>> {
  const ids = [...new Set(rows.flatMap(({ spotId }) => spotId ?? []))];
  const lotIds = [...new Set(rows.map(({ lotId }) => lotId))];
  if (ids.length === 0) return new Map();
  const spots = await em.find(Spot, { lotId: { $in: lotIds }, id: { $in: ids } });
  return new Map(spots.map((spot) => [spot.id, spot]));
}

/** An emptied Redis would count entries from its clock again; the first entry is put above everything that was applied. */
const CONTINUE = redisScript(`
local last = '0-0'
if redis.call('EXISTS', KEYS[1]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for i = 1, #info, 2 do if info[i] == 'last-generated-id' then last = info[i + 1] end end
end
local function parts(id) local ms, sequence = string.match(id, '(%d+)-(%d+)'); return tonumber(ms), tonumber(sequence) end
local lastMs, lastSequence = parts(last)
local ms, sequence = parts(ARGV[2])
if lastMs < ms or (lastMs == ms and lastSequence < sequence) then redis.call('XADD', KEYS[1], ARGV[2], 'rebuilt', '1') end
redis.call('SET', ARGV[3], ARGV[1])
return 1
`);

async function continueJournal(
  platform: Platform,
  { partition, lastStreamId }: { partition: number; lastStreamId: string },
): Promise<void> {
  const keys = partitionKeys(partition);
  await CONTINUE.run(platform.redis, keys.journal, [lastStreamId, nextStreamId(lastStreamId), keys.applied]);
}

/** Whether a scan that is not known may have been applied in the last day. */
async function hasRecentEvents(tx: Transaction, partition: number): Promise<boolean> {
  const [row] = await tx.em.execute<{ found: boolean }[]>(
    `SELECT EXISTS (SELECT 1 FROM gate_event JOIN lot ON lot.id = gate_event.lot_id WHERE lot.partition = ? AND decided_at > ?) AS found`,
    [partition, new Date(tx.now.getTime() - DAY_MS)],
  );
  return row?.found ?? false;
}

function chunks<T>(rows: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}
