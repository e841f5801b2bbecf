// What a lane decides from, for a lot of 5,000 spots of which each has a reservation, half of them with the vehicle inside: made from the
// rows, signed, checked and indexed as the agent does, and its size. Then how long a cancelled pass takes until it is denied at the lane.

import { randomUUID } from 'node:crypto';
import type { LaneBundle } from '../src/domain/lane-bundle.ts';
import { DEFAULT_LOT_POLICY } from '../src/domain/policies.ts';
import { Reservation } from '../src/entities/reservation.ts';
import { takeBundle } from '../src/gate/lane/bundle-codec.ts';
import { LotIndex } from '../src/gate/lane/lot-index.ts';
import { currentBundle } from '../src/gate/lane-sync/bundle-versions.ts';
import { newId } from '../src/platform/ids.ts';
import { topic } from '../src/platform/topics.ts';
import { makeJournal } from '../test/support/lane-journal.ts';
import { startSystem, type TestSystem } from '../test/support/system.ts';
import { makeLot, type TestLot } from '../test/support/world.ts';
import { underLimit, type BenchResult } from './result.ts';

const SPOTS = Number(process.env['BENCH_SPOTS'] ?? 5000);
const MOST_KB = 500;
const MOST_DELTA_MS = 5000;
const MOST_BUILD_MS = 2000;
const MOST_INDEX_MS = 1000;

export async function run(): Promise<BenchResult[]> {
  const system = await startSystem({ roles: ['api'] });
  try {
    const lot = await makeLot(system, { spots: { STANDARD: SPOTS } });
    await fill(system, lot);
    const { deviceKey } = await makeJournal(system, lot);
    const [empty] = await timed(() => ask(system, deviceKey, 'ping'));
    await currentBundle(system.platform, lot.id);
    const [buildMs] = await timed(() => currentBundle(system.platform, lot.id));
    const [fullMs, full] = await timed(() => ask(system, deviceKey, 'bundle'));
    const of = { lotId: lot.id, publicKey: full.key };
    const [indexMs, bundle] = await timed(async () => indexed(takeBundle(undefined, full.bytes, of)));
    const [deltaMs, delta] = await afterCancelling(system, { lot, deviceKey, bundle });
    if (!('bundle' in takeBundle(bundle, delta.bytes, of))) throw new Error('the difference was not taken');
    const beside = { unit: 'ms', floorName: 'a ping', floor: empty };
    return [
      underLimit(MOST_KB, {
        ...{ name: `a full bundle for ${SPOTS} spots`, unit: 'KB', value: full.bytes.length / 1000 },
        ...{ floorName: 'its rights as plain JSON', floor: JSON.stringify(bundle.rights).length / 1000 },
      }),
      underLimit(MOST_BUILD_MS, { name: 'made from the rows', value: buildMs, ...beside }),
      underLimit(MOST_BUILD_MS, { name: 'asked for over HTTP, signed', value: fullMs, ...beside }),
      underLimit(MOST_INDEX_MS, { name: 'checked and indexed at the lane', value: indexMs, ...beside }),
      underLimit(MOST_DELTA_MS, { name: 'a cancelled pass is denied at the lane after', value: deltaMs, ...beside }),
    ];
  } finally {
    await system.stop();
  }
}

function indexed(taken: ReturnType<typeof takeBundle>): LaneBundle {
  if (!('bundle' in taken)) throw new Error(`not taken: ${taken.refused}`);
  return new LotIndex(taken.bundle).bundle;
}

async function afterCancelling(
  system: TestSystem,
  { lot, deviceKey, bundle }: { lot: TestLot; deviceKey: string; bundle: LaneBundle },
): Promise<[number, Awaited<ReturnType<typeof ask>>]> {
  const id = bundle.rights[0]?.reservationId ?? '';
  const waiting = ask(system, deviceKey, `bundle?have=${bundle.version}&waitSeconds=20`);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return timed(async () => {
    await system.platform.orm.em.fork().nativeUpdate(Reservation, { lotId: lot.id, id }, { state: 'CANCELLED' });
    system.platform.topics.publish(topic.rightsChanged(lot.id), { lotId: lot.id });
    return waiting;
  });
}

async function ask(system: TestSystem, deviceKey: string, path: string): Promise<{ bytes: Uint8Array; key: string }> {
  const headers = { authorization: `Bearer ${deviceKey}` };
  const response = await fetch(`${system.url}/lane/v1/${path}`, { headers });
  return { bytes: new Uint8Array(await response.arrayBuffer()), key: response.headers.get('parkwell-key') ?? '' };
}

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const startedMs = performance.now();
  const result = await work();
  return [performance.now() - startedMs, result];
}

/** A reservation on each spot, due now; every other one has its vehicle inside. */
async function fill({ platform, clock }: TestSystem, lot: TestLot): Promise<void> {
  const em = platform.orm.em.fork();
  const guests = lot.spots.map((spot, index) => {
    const sealed = platform.plates.seal(lot.id, `BEN${String(index).padStart(5, '0')}`);
    return { id: newId(clock.now()), spotId: spot.id, code: randomUUID().slice(0, 8).toUpperCase(), ...sealed };
  });
  await em.execute(
    `INSERT INTO reservation (lot_id, id, code, driver_id, state, spot_type, priced_spot_type, spot_id, pinned, vehicle_class, plate_cipher, plate_index,
       plate_skeleton_index, starts_at, ends_at, hold_expires_at, grace_ends_at, price, total_minor, currency, tariff_id, multiplier_percent, policy, revision,
       paid_minor, refunded_minor, fee_minor, created_at, confirmed_at)
     SELECT ?, guest.id, guest.code, gen_random_uuid(), 'CONFIRMED', 'STANDARD', 'STANDARD', guest.spot, false, 'CAR', guest.cipher, guest.exact, guest.skeleton,
       now() - random() * interval '1 hour', now() + interval '4 hours', now(), now() + interval '30 minutes', '{"totalMinor":800,"currency":"EUR","lines":[]}', 800, 'EUR', ?, 100, ?::jsonb, 2,
       800, 0, 0, now(), now()
     FROM unnest(ARRAY[?]::uuid[], ARRAY[?]::text[], ARRAY[?]::uuid[], ARRAY[?]::text[], ARRAY[?]::text[], ARRAY[?]::text[]) AS guest (id, code, spot, cipher, exact, skeleton)`,
    [
      ...[lot.id, lot.tariffId, JSON.stringify(DEFAULT_LOT_POLICY)],
      ...[guests.map(({ id }) => id), guests.map(({ code }) => code), guests.map(({ spotId }) => spotId)],
      ...[guests.map(({ plateCipher }) => plateCipher), guests.map(({ plateIndex }) => plateIndex)],
      guests.map(({ plateSkeletonIndex }) => plateSkeletonIndex),
    ],
  );
  await em.execute(
    `INSERT INTO stay (lot_id, id, kind, state, reservation_id, spot_id, spot_type, vehicle_class, tariff_id, multiplier_percent, currency, entered_at,
       entry_gate_id, entry_scan_id, paid_minor)
     SELECT lot_id, gen_random_uuid(), 'RESERVED', 'INSIDE', id, spot_id, spot_type, vehicle_class, tariff_id, 100, 'EUR', starts_at, ?, gen_random_uuid(), 0
     FROM (SELECT *, row_number() OVER (ORDER BY id) AS place FROM reservation WHERE lot_id = ?) numbered WHERE place % 2 = 0`,
    [lot.entry.id, lot.id],
  );
  await em.execute('ANALYZE reservation, stay, spot');
}
