import type { EntityManager } from '@mikro-orm/postgresql';
import type { Presence } from '../../domain/admission.ts';
import type { BundleRight, BundleStay } from '../../domain/lane-bundle.ts';
import { DAY_MS } from '../../domain/period.ts';
import { Reservation } from '../../entities/reservation.ts';
import { Spot } from '../../entities/spot.ts';
import { Stay } from '../../entities/stay.ts';
import type { Transaction } from '../../platform/db.ts';
import type { Platform } from '../../platform/platform.ts';
import { remember } from '../../platform/remember.ts';
import { rightOf } from '../project-right.ts';
import { stayRecord } from '../project-stay.ts';

/** A bundle is good for a day and may be stretched for another: so far ahead a lane must know who will come. */
export const AHEAD_MS = 2 * DAY_MS;

interface Kept<T> {
  /** Of the rows that it was made from: another one is another item. */
  readonly version: string;
  readonly item: T;
}
interface Vehicles {
  rights: ReadonlyMap<string, Kept<BundleRight>>;
  stays: ReadonlyMap<string, Kept<BundleStay>>;
}

const LOTS_REMEMBERED = 500;
const kept = new WeakMap<Platform, Map<string, Vehicles>>();

/** Forgets what was made of a lot's rows: labels of spots are read afresh. */
export function forgetVehicles(platform: Platform, lotId: string): void {
  kept.get(platform)?.delete(lotId);
}

/**
 * The rights that are due and the walk-ins that are inside, in the order of their ids. A large lot changes by the second and nearly all of
 * it stays as it was: only rows that have changed are read whole, and what is as it was is the same object.
 */
export async function bundleVehicles(
  platform: Platform,
  { em, now }: Pick<Transaction, 'em' | 'now'>,
  lotId: string,
): Promise<{ rights: BundleRight[]; stays: BundleStay[] }> {
  const lots = kept.get(platform) ?? new Map<string, Vehicles>();
  kept.set(platform, lots);
  const before = lots.get(lotId) ?? { rights: new Map(), stays: new Map() };
  const inside = await em.execute<InsideRow[]>(INSIDE, [lotId]);
  const rights = await rightsOf(em, { lotId, now, inside, before });
  const stays = await staysOf(em, { lotId, inside, before });
  remember(lots, { key: lotId, value: { rights, stays }, limit: LOTS_REMEMBERED });
  return { rights: [...rights.values()].map(({ item }) => item), stays: [...stays.values()].map(({ item }) => item) };
}

interface InsideRow {
  readonly id: string;
  readonly version: string;
  readonly reservation_id: string | null;
  readonly entered_at: number;
}
/** A row's version is the transaction that wrote it. */
const INSIDE = `SELECT id, xmin::text AS version, reservation_id, (extract(epoch FROM entered_at) * 1000)::float8 AS entered_at
  FROM stay WHERE lot_id = ? AND state = 'INSIDE' ORDER BY id`;
const DUE = `SELECT id, xmin::text AS version FROM reservation
    WHERE lot_id = ? AND state IN ('CONFIRMED', 'CHECKED_IN') AND (state = 'CHECKED_IN' OR (starts_at < ? AND ends_at > ?))
  UNION SELECT reservation.id, reservation.xmin::text FROM stay
    JOIN reservation ON reservation.lot_id = stay.lot_id AND reservation.id = stay.reservation_id
    WHERE stay.lot_id = ? AND stay.state = 'INSIDE'
  ORDER BY id`;

interface Asked {
  readonly lotId: string;
  readonly inside: readonly InsideRow[];
  readonly before: Vehicles;
}

async function rightsOf(
  em: EntityManager,
  { lotId, now, inside, before }: Asked & { now: Date },
): Promise<Map<string, Kept<BundleRight>>> {
  const soon = new Date(now.getTime() + AHEAD_MS);
  const due = await em.execute<{ id: string; version: string }[]>(DUE, [lotId, soon, now, lotId]);
  const insideOf = new Map(
    inside.flatMap((stay) => (stay.reservation_id === null ? [] : [[stay.reservation_id, stay]])),
  );
  const versions = due.map(({ id, version }) => ({ id, version: `${version} ${insideOf.get(id)?.version ?? ''}` }));
  const changed = versions.filter(({ id, version }) => before.rights.get(id)?.version !== version);
  const ids = changed.map(({ id }) => id);
  const rows = await em.find(Reservation, { lotId, id: { $in: ids } }, { disableIdentityMap: true });
  const spots = await spotsOf(em, lotId, rows);
  const made = new Map(
    rows.map((row) => {
      const { plateCipher: _sealed, ...right } = rightOf(row, spots.get(row.spotId) ?? null);
      return [row.id, { ...right, plateCountry: row.plateCountry ?? null, presence: presenceOf(insideOf.get(row.id)) }];
    }),
  );
  return together(versions, before.rights, made);
}

function presenceOf(stay: InsideRow | undefined): Presence {
  return stay === undefined ? { at: 'OUTSIDE' } : { at: 'INSIDE', stayId: stay.id, enteredAt: stay.entered_at };
}

async function staysOf(em: EntityManager, { lotId, inside, before }: Asked): Promise<Map<string, Kept<BundleStay>>> {
  const walkIns = inside.filter((stay) => stay.reservation_id === null);
  const changed = walkIns.filter(({ id, version }) => before.stays.get(id)?.version !== version);
  const ids = changed.map(({ id }) => id);
  const rows = await em.find(Stay, { lotId, id: { $in: ids } }, { disableIdentityMap: true });
  const spots = await spotsOf(em, lotId, rows);
  const made = new Map(
    rows.map((row) => {
      const { plateCipher: _sealed, leftAt: _left, ...record } = stayRecord(row, spots.get(row.spotId ?? '') ?? null);
      return [row.id, { ...record, vehicleClass: record.vehicleClass ?? 'CAR' }];
    }),
  );
  return together(walkIns, before.stays, made);
}

function together<T>(
  versions: readonly { id: string; version: string }[],
  before: ReadonlyMap<string, Kept<T>>,
  made: ReadonlyMap<string, T>,
): Map<string, Kept<T>> {
  return new Map(
    versions.flatMap(({ id, version }) => {
      const item = made.get(id);
      const same = item === undefined ? before.get(id) : { version, item };
      return same === undefined ? [] : [[id, same] as const];
    }),
  );
}

type SpotNames = Pick<Spot, 'id' | 'label' | 'directions'>;

async function spotsOf(
  em: EntityManager,
  lotId: string,
  rows: readonly { spotId?: string | null | undefined }[],
): Promise<Map<string, SpotNames>> {
  const ids = [...new Set(rows.flatMap(({ spotId }) => spotId ?? []))];
  if (ids.length === 0) return new Map();
  const spots = await em.find(
    Spot,
    { lotId, id: { $in: ids } },
    { fields: ['id', 'label', 'directions'], disableIdentityMap: true },
  );
  return new Map(spots.map((spot) => [spot.id, spot]));
}
