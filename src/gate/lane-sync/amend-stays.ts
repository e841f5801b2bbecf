import { LockMode } from '@mikro-orm/postgresql';
import { releaseAllocation } from '../../allocation/claim.ts';
import { lockPools } from '../../allocation/pools.ts';
import { SPOT_TYPES } from '../../domain/spot-type.ts';
import { Debt } from '../../entities/debt.ts';
import { Lot } from '../../entities/lot.ts';
import { Payment } from '../../entities/payment.ts';
import { Reservation } from '../../entities/reservation.ts';
import { Stay } from '../../entities/stay.ts';
import { raiseIncident } from '../../incidents/raise-incident.ts';
import type { Transaction } from '../../platform/db.ts';
import { topic } from '../../platform/topics.ts';
import { chargeAgain } from './charge-again.ts';
import type { Amendment, Changes } from './plan-changes.ts';

/**
 * Corrects stays whose entry or exit was another one than was believed when they were written: the times and gates, and what they cost. A
 * stay of an entry that was no visit of its own goes, unless money hangs on it: then a person settles it. Locks the lot's pools, the
 * reservations and the stays.
 */
export async function amendStays(
  tx: Transaction,
  lotId: string,
  { amendments, surplus }: Pick<Changes, 'amendments' | 'surplus'>,
): Promise<void> {
  if (amendments.length + surplus.length === 0) return;
  await lockPools(tx, lotId, SPOT_TYPES);
  const touched = [...amendments.map(({ stay }) => stay), ...surplus];
  const lockMode = LockMode.PESSIMISTIC_WRITE;
  const reservationIds = touched.flatMap(({ reservationId }) => reservationId ?? []);
  const reservations = await tx.em.find(
    Reservation,
    { lotId, id: { $in: reservationIds } },
    { lockMode, orderBy: { id: 'asc' } },
  );
  const byId = new Map(reservations.map((reservation) => [reservation.id, reservation]));
  await tx.em.find(
    Stay,
    { lotId, id: { $in: touched.map(({ id }) => id) } },
    { lockMode, orderBy: { id: 'asc' }, refresh: true },
  );
  const lot = await tx.em.findOneOrFail(Lot, { id: lotId });
  for (const stay of surplus) await dropStay(tx, stay);
  for (const amendment of amendments)
    await amend(tx, { lot, reservation: byId.get(amendment.stay.reservationId ?? ''), ...amendment });
  tx.publish(topic.lotChanged(lot.partition), { lotId });
}

async function dropStay(tx: Transaction, stay: Stay): Promise<void> {
  const { lotId, id: stayId, reservationId } = stay;
  const money = (await tx.em.count(Payment, { lotId, stayId })) + (await tx.em.count(Debt, { lotId, stayId }));
  if (money > 0) {
    await raiseIncident(tx, {
      ...{ lotId, stayId, kind: 'ENTERED_TWICE', gateId: stay.entryGateId, scanId: stay.entryScanId },
      note: 'It is a part of another visit, and was charged on its own. A person has to settle that.',
      onceKey: `merge/charged/${stayId}`,
    });
    return;
  }
  if (reservationId == null) await releaseAllocation(tx, { lotId, stayId });
  tx.em.remove(stay);
  await tx.em.flush();
}

async function amend(
  tx: Transaction,
  { lot, reservation, stay, visit, entry, exit }: Amendment & { lot: Lot; reservation: Reservation | undefined },
): Promise<void> {
  if (stay.entryScanId !== entry.scanId) {
    stay.enteredAt = new Date(entry.at);
    stay.entryScanId = entry.scanId;
    stay.entryGateId = entry.gateId;
    if (reservation?.checkedInAt != null) reservation.checkedInAt = stay.enteredAt;
  }
  if (stay.state === 'INSIDE') return;
  if (exit === undefined) {
    await raiseIncident(tx, {
      ...{ lotId: lot.id, stayId: stay.id, kind: 'ENTERED_TWICE', gateId: entry.gateId, scanId: entry.scanId },
      note: 'It was written down as gone, and may be inside: what it owes was settled for the shorter stay.',
      onceKey: `merge/inside/${stay.id}`,
    });
    return;
  }
  stay.leftAt = new Date(visit.leftAt ?? exit.at);
  stay.exitScanId = exit.scanId;
  stay.exitGateId = exit.gateId;
  await chargeAgain(tx, { lot, stay, reservation });
}
