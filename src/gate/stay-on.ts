import { LockMode } from '@mikro-orm/postgresql';
import { extendAllocation } from '../allocation/claim.ts';
import { lockPools, lockPoolsToBook } from '../allocation/pools.ts';
import { reseatConflicts } from '../allocation/reseat.ts';
import { addMinutes } from '../domain/period.ts';
import { SPOT_TYPES, type SpotType } from '../domain/spot-type.ts';
import { Allocation } from '../entities/allocation.ts';
import { Lot } from '../entities/lot.ts';
import { Reservation } from '../entities/reservation.ts';
import { Stay } from '../entities/stay.ts';
import { inTransaction, TryAgain, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { topic } from '../platform/topics.ts';
import { tellOfMove } from './apply-context.ts';
import { whileHeld } from './hold-rights.ts';
import { projectRight } from './project-right.ts';
import { strand } from './strand.ts';

export const EXTEND_BY_MINUTES = 30;

/** The claim of a vehicle that is inside, about to end or over. */
export interface EndingClaim {
  readonly lotId: string;
  readonly id: string;
  readonly spotId: string;
  readonly spotType: SpotType;
  readonly endsAt: Date;
  /** Whether others have claimed the spot within the next half an hour. */
  readonly isBlocked: boolean;
}

/**
 * Lengthens the claim of a vehicle that stays on, by half an hour from now. Whoever has the spot next is given another before they notice, and the one
 * who stays on pays for it what the tariff says (`displacedAt`), also when the next one's time has come and there is none. For whom there is none, a person is told, and they get back what their
 * policy says; the claim then goes as far as it can, and the rest of the overstay stands on the stay alone. True: it was lengthened.
 * Locks the pool (all pools where somebody has to move), then reservations, then the stay. Publishes lotChanged, reservation, alerts.
 */
export async function stayOn(platform: Platform, ending: EndingClaim): Promise<boolean> {
  if (!ending.isBlocked) return inTransaction(platform, (tx) => lengthen(tx, ending));
  const { lotId, spotId, endsAt } = ending;
  const period = { startsAt: endsAt, endsAt: addMinutes(platform.clock.now(), EXTEND_BY_MINUTES) };
  return whileHeld(platform, { lotId, spotId, period }, (came) =>
    inTransaction(platform, (tx) => clearAndLengthen(tx, ending, came)),
  );
}

/** Read under the lock, whoever is gone by then has given the rest of the claim back and keeps it so. */
async function lengthen(tx: Transaction, { lotId, id, spotType }: EndingClaim): Promise<boolean> {
  await lockPools(tx, lotId, [spotType]);
  const claim = await tx.em.findOne(Allocation, { lotId, id });
  if (!claim || !(await lockStayOf(tx, claim))) return false;
  return extendBy(tx, claim, addMinutes(tx.now, EXTEND_BY_MINUTES));
}

async function clearAndLengthen(tx: Transaction, ending: EndingClaim, came: readonly string[]): Promise<boolean> {
  const { lotId, id } = ending;
  await lockPoolsToBook(tx, lotId, SPOT_TYPES);
  const claim = await tx.em.findOne(Allocation, { lotId, id });
  if (!claim || !(await tx.em.findOne(Stay, stayOf(claim), { disableIdentityMap: true }))) return false;
  const { spotId, reservationId } = claim;
  const target = addMinutes(tx.now, EXTEND_BY_MINUTES);
  const period = { startsAt: claim.endsAt, endsAt: target };
  const keep = reservationId == null ? came : [...came, reservationId];
  const reseated = await reseatConflicts(tx, { lotId, spotId, period, reason: 'OVERSTAY', keep });
  const lot = await tx.em.findOneOrFail(Lot, { id: lotId });
  const note = 'The vehicle before stays on.';
  // Who is stranded before their time may still find the spot free.
  let isDisplaced = reseated.movedReservationIds.length > 0;
  for (const stranded of reseated.stranded)
    if (await strand(tx, { lot, reservationId: stranded, spotId, note, told: 'IN_TURN' })) isDisplaced = true;
  if (reservationId != null && isDisplaced) await noteDisplaced(tx, { lot, reservationId });
  if (!(await lockStayOf(tx, claim))) throw new TryAgain();
  return (await extendBy(tx, claim, target)) || extendToNext(tx, claim);
}

/** Until whoever comes next, so that nobody is sent there in between. */
async function extendToNext(tx: Transaction, claim: Allocation): Promise<boolean> {
  const { lotId, spotId, endsAt } = claim;
  const [next] = await tx.em.find(
    Allocation,
    { lotId, spotId, startsAt: { $gt: endsAt } },
    { orderBy: { startsAt: 'asc' }, limit: 1 },
  );
  return next !== undefined && extendBy(tx, claim, next.startsAt);
}

async function noteDisplaced(tx: Transaction, { lot, reservationId }: { lot: Lot; reservationId: string }) {
  const lockMode = LockMode.PESSIMISTIC_WRITE;
  const reservation = await tx.em.findOneOrFail(Reservation, { lotId: lot.id, id: reservationId }, { lockMode });
  if (reservation.displacedAt != null) return;
  reservation.displacedAt = tx.now;
  reservation.revision += 1;
  tellOfMove(tx, lot, reservation);
  // It may be on its way to the exit.
  tx.afterCommit((platform) => projectRight(platform, { lotId: lot.id, reservationId }));
}

async function extendBy(tx: Transaction, claim: Allocation, endsAt: Date): Promise<boolean> {
  const { lotId, reservationId, stayId } = claim;
  const isExtended =
    reservationId != null
      ? await extendAllocation(tx, { lotId, reservationId, endsAt })
      : stayId != null && (await extendAllocation(tx, { lotId, stayId, endsAt }));
  if (!isExtended) return false;
  const { partition } = await tx.em.findOneOrFail(Lot, { id: lotId });
  tx.publish(topic.lotChanged(partition), { lotId });
  return true;
}

function stayOf({ lotId, reservationId, stayId }: Allocation) {
  const whose = reservationId != null ? { reservationId } : { id: stayId ?? null };
  return { lotId, state: 'INSIDE' as const, ...whose };
}

async function lockStayOf(tx: Transaction, claim: Allocation): Promise<Stay | null> {
  if (claim.reservationId == null && claim.stayId == null) return null;
  return tx.em.findOne(Stay, stayOf(claim), { lockMode: LockMode.PESSIMISTIC_WRITE });
}
