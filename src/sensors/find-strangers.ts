import { reseatConflicts, type Reseated } from '../allocation/reseat.ts';
import { lockPoolsToBook } from '../allocation/pools.ts';
import { addMinutes, type Period } from '../domain/period.ts';
import { SPOT_TYPES } from '../domain/spot-type.ts';
import { raiseIncident } from '../incidents/raise-incident.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { eachFound } from '../platform/each-found.ts';
import type { Platform } from '../platform/platform.ts';

/** Longer than a scan is on its way to its row, and than a driver looks for the right spot. */
const PARKED_MINUTES = 2;
/** Whose time begins so soon has to be told of another spot before they are there. */
const NEXT_DRIVER_MINUTES = 30;
/** From the barrier to a spot. */
const WAY_MINUTES = 20;
/** Whoever came in later than that was seen on the spot is not who was seen. */
const CLOCKS_AGREE_MINUTES = 5;
const BATCH = 100;

/** A spot on which a vehicle is sensed that nobody can be who belongs there. */
interface Stranger {
  readonly lotId: string;
  readonly spotId: string;
  readonly label: string;
  /** In ms since 1970, as a text. */
  readonly since: string;
  readonly onceKey: string;
  /** The walk-in that was sent there; null: none. */
  readonly stayId: string | null;
  /** Who has claimed the spot now, or will soon; null: nobody. */
  readonly reservationId: string | null;
  /** In ms since 1970, as a text. */
  readonly claimEndsAt: string | null;
}

/** Runs `work` while no gate sends anybody to the spot; gives it who has come already. The gates' own is `whileHeld`. */
export type HoldGates = <T>(
  spot: { lotId: string; spotId: string; period: Period },
  work: (came: readonly string[]) => Promise<T>,
) => Promise<T>;

const holdNone: HoldGates = (_spot, work) => work([]);

/**
 * Finds vehicles that stand where nobody expected them: the driver whose spot it is, or will be within half an hour, is seated elsewhere,
 * and staff are told, once for each vehicle and driver. A spot of which a person has spoken is left alone. Gives how many.
 * Locks the pools of a lot, then reservations; publishes alerts and what moving a claim does.
 */
export async function findStrangers(platform: Platform, holdGates: HoldGates = holdNone): Promise<number> {
  const now = platform.clock.now();
  const strangers = await platform.orm.em
    .fork()
    .execute<Stranger[]>(STRANGERS, [addMinutes(now, NEXT_DRIVER_MINUTES), now, addMinutes(now, -PARKED_MINUTES), now]);
  return eachFound(platform, strangers, (stranger) => report(platform, stranger, holdGates));
}

const msOf = (instant: string) => `(extract(epoch FROM ${instant}) * 1000)::bigint::text`;

/**
 * A walk-in's own claim comes before its stay: its vehicle is no stranger. Where somebody was let in while nobody could say where to, any
 * free spot is as good as another; such spots are left out here, or they would stand before all others in every batch.
 */
const STRANGERS = `
SELECT found.* FROM (
  SELECT spot.lot_id AS "lotId", spot.id AS "spotId", spot.label, ${msOf('spot.sensed_at')} AS since, claim.reservation_id AS "reservationId",
    spot.sensed_at AS "sensedAt", ${msOf('claim.ends_at')} AS "claimEndsAt", claim.id AS "claimId", claim.stay_id AS "stayId",
    'stranger:' || spot.id || ':' || ${msOf('spot.sensed_at')} || ':' || coalesce(claim.id::text, '-') AS "onceKey"
  FROM spot
  LEFT JOIN LATERAL (
    SELECT * FROM allocation next WHERE next.lot_id = spot.lot_id AND next.spot_id = spot.id AND next.starts_at <= ? AND next.ends_at > ?
    ORDER BY next.starts_at LIMIT 1
  ) claim ON true
  WHERE spot.sensed_occupied AND spot.sensed_at <= ? AND spot.in_service
    AND NOT EXISTS (
      SELECT 1 FROM stay WHERE stay.lot_id = spot.lot_id AND stay.spot_id = spot.id AND stay.state = 'INSIDE'
        AND stay.entered_at <= spot.sensed_at + interval '${CLOCKS_AGREE_MINUTES} minutes'
    )
    AND NOT EXISTS (
      SELECT 1 FROM spot_override said WHERE said.lot_id = spot.lot_id AND said.spot_id = spot.id AND said.expires_at > ?
    )
) found
WHERE (found."claimId" IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM stay WHERE stay.lot_id = found."lotId" AND stay.spot_id IS NULL AND stay.state = 'INSIDE'
  ))
  AND (found."stayId" IS NULL OR EXISTS (SELECT 1 FROM stay WHERE stay.lot_id = found."lotId" AND stay.id = found."stayId"))
  AND NOT EXISTS (
    SELECT 1 FROM incident WHERE incident.lot_id = found."lotId" AND (
      incident.once_key = found."onceKey"
      OR (found."claimId" IS NULL AND incident.spot_id = found."spotId" AND incident.created_at >= found."sensedAt"
        AND incident.kind IN ('SPOT_TAKEN', 'WRONG_SPOT', 'VEHICLE_WITHOUT_RIGHT'))
    )
  )
ORDER BY found."sensedAt" LIMIT ${BATCH}`;

async function report(platform: Platform, stranger: Stranger, holdGates: HoldGates): Promise<boolean> {
  const { lotId, spotId, reservationId, claimEndsAt, stayId } = stranger;
  if (reservationId !== null && claimEndsAt !== null) {
    const period = { startsAt: platform.clock.now(), endsAt: new Date(Number(claimEndsAt)) };
    const claimed = { ...stranger, reservationId, claimEndsAt };
    return holdGates({ lotId, spotId, period }, (came) =>
      inTransaction(platform, async (tx) => (await reportOnClaimed(tx, claimed, came)) !== undefined),
    );
  }
  return inTransaction(platform, async (tx) => {
    return (
      (await (stayId === null ? reportOnFree(tx, stranger) : reportConflict(tx, { ...stranger, stayId }))) !== undefined
    );
  });
}

/** The pools are locked before anything is looked at, as everywhere. */
async function reportOnClaimed(
  tx: Transaction,
  stranger: Stranger & { readonly reservationId: string; readonly claimEndsAt: string },
  came: readonly string[],
): Promise<string | undefined> {
  const { lotId, spotId, label, onceKey, reservationId } = stranger;
  await lockPoolsToBook(tx, lotId, SPOT_TYPES);
  const period = { startsAt: tx.now, endsAt: new Date(Number(stranger.claimEndsAt)) };
  const reseated = await reseatConflicts(tx, { lotId, spotId, period, reason: 'WRONG_PARKER', keep: came });
  const who = await likelyStay(tx, stranger);
  for (const stranded of reseated.stranded) {
    await raiseIncident(tx, {
      ...{ lotId, kind: 'NEXT_DRIVER_STRANDED', spotId, reservationId: stranded },
      note: `Somebody else stands on spot ${label}, and nothing else that fits is free.`,
      onceKey: `stranded:${onceKey}:${stranded}`,
    });
  }
  const note = `Spot ${label}. ${outcomeOf(reseated)}${who.note}`;
  return raiseIncident(tx, { lotId, kind: 'SPOT_TAKEN', spotId, reservationId, stayId: who.stayId, note, onceKey });
}

function outcomeOf({ movedReservationIds, stranded }: Reseated): string {
  if (stranded.length > 0) return 'No other spot was found for its driver.';
  return movedReservationIds.length > 0
    ? 'Its driver has another spot now.'
    : 'Its driver is on the way in or inside, and was not moved.';
}

/** A walk-in was sent to a spot on which somebody stood already. */
async function reportConflict(
  tx: Transaction,
  { lotId, spotId, label, onceKey, stayId }: Stranger & { readonly stayId: string },
): Promise<string | undefined> {
  const note = `Spot ${label} was taken when the vehicle that was sent there came in.`;
  return raiseIncident(tx, { lotId, kind: 'SPOT_TAKEN', spotId, stayId, note, onceKey });
}

async function reportOnFree(tx: Transaction, stranger: Stranger): Promise<string | undefined> {
  const { lotId, spotId, label, onceKey } = stranger;
  const who = await likelyStay(tx, stranger);
  const kind = who.stayId === null ? 'VEHICLE_WITHOUT_RIGHT' : 'WRONG_SPOT';
  return raiseIncident(tx, {
    ...{ lotId, kind, spotId, stayId: who.stayId },
    note: `Spot ${label}.${who.note}`,
    onceKey,
  });
}

/** The one visit that came in shortly before and whose own spot is seen to be empty: perhaps it stands here. Never charged for it. */
async function likelyStay(
  tx: Transaction,
  { lotId, since }: Stranger,
): Promise<{ stayId: string | null; note: string }> {
  const parkedAt = new Date(Number(since));
  const candidates = await tx.em.execute<{ id: string; label: string }[]>(
    `SELECT stay.id, own.label FROM stay JOIN spot own ON own.lot_id = stay.lot_id AND own.id = stay.spot_id
     WHERE stay.lot_id = ? AND stay.state = 'INSIDE' AND stay.entered_at BETWEEN ? AND ? AND own.sensed_occupied = false LIMIT 2`,
    [lotId, addMinutes(parkedAt, -WAY_MINUTES), parkedAt],
  );
  const [only, another] = candidates;
  if (!only || another) return { stayId: null, note: '' };
  const note = ` Perhaps the vehicle that was sent to spot ${only.label}, which is empty.`;
  return { stayId: only.id, note };
}

/** A spot is left, and its vehicle is through the exit, within so long. */
const LEAVING_MINUTES = 15;

/**
 * Compares what is sensed with who is inside: a lot with more occupied spots than stays has somebody inside whom no gate let in. Told
 * once a day for each number. Gives how many lots.
 */
export async function compareCounts(platform: Platform): Promise<number> {
  const now = platform.clock.now();
  const found = await platform.orm.em.fork().execute<{ lotId: string; occupied: number; inside: number }[]>(
    `SELECT seen.lot_id AS "lotId", seen.occupied, coalesce(counted.inside, 0)::int AS inside FROM (
       SELECT lot_id, count(*)::int AS occupied FROM spot WHERE sensed_occupied AND sensed_at <= ? GROUP BY lot_id
     ) seen
     LEFT JOIN (SELECT lot_id, count(*) AS inside FROM stay WHERE state = 'INSIDE' GROUP BY lot_id) counted USING (lot_id)
     WHERE seen.occupied > coalesce(counted.inside, 0)`,
    [addMinutes(now, -LEAVING_MINUTES)],
  );
  return eachFound(platform, found, ({ lotId, occupied, inside }) =>
    inTransaction(platform, async (tx) => {
      const note = `${occupied} spots are occupied, ${inside} vehicles have come in and not left.`;
      const onceKey = `more-vehicles:${tx.now.toISOString().slice(0, 10)}:${occupied - inside}`;
      return (await raiseIncident(tx, { lotId, kind: 'MORE_VEHICLES_THAN_STAYS', note, onceKey })) !== undefined;
    }),
  );
}
