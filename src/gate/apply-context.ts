import type { IncidentKind } from '../domain/incident.ts';
import type { Lot } from '../entities/lot.ts';
import type { Reservation } from '../entities/reservation.ts';
import type { Stay } from '../entities/stay.ts';
import { raiseIncident } from '../incidents/raise-incident.ts';
import type { Transaction } from '../platform/db.ts';
import { topic } from '../platform/topics.ts';
import type { JournalEntry } from './journal-entry.ts';

/** An entry and its place in the stream. */
export interface PlacedEntry {
  readonly streamId: string;
  readonly entry: JournalEntry;
}

/** The rows of a batch, locked in the order of the house: pools, reservations, stays. */
export interface BatchRows {
  readonly lots: ReadonlyMap<string, Lot>;
  readonly reservations: ReadonlyMap<string, Reservation>;
  /** Grows with the batch's own entries. */
  readonly stays: Map<string, Stay>;
}

/** What a change to rows belongs to. */
export interface Applied {
  readonly rows: BatchRows;
  readonly lot: Lot;
  readonly entry: JournalEntry;
}

/** An entry whose effect the rows do not allow. It is parked for a person; trying again would not help. */
export class PoisonEntry extends Error {
  override readonly name = 'PoisonEntry';
}

/** By which the incident of a vehicle that nobody knew is found again, once a lane tells who it was. */
export function unknownStayKey(scanId: string): string {
  return `unknown-stay/${scanId}`;
}

/** Something a person should look at; what is kept of it names no plate. */
export async function writeIncident(
  tx: Transaction,
  { answer }: JournalEntry,
  { kind, note }: { kind: IncidentKind; note: string | null },
): Promise<void> {
  const { lotId, gateId, scanId, stayId, reservationId } = answer;
  const onceKey = kind === 'UNKNOWN_STAY' ? { onceKey: unknownStayKey(scanId) } : {};
  await raiseIncident(tx, { lotId, kind, gateId, scanId, stayId, reservationId, note, ...onceKey });
}

/** Tells the board, whoever watches the reservation, and the outside. */
export function tellOfMove(tx: Transaction, lot: Lot, reservation: Reservation): void {
  const { id: reservationId, revision, state } = reservation;
  tx.publish(topic.reservation(reservationId), { lotId: lot.id, reservationId });
  tx.announce({
    lotId: lot.id,
    type: `reservation.${state.toLowerCase()}`,
    aggregateId: reservationId,
    payload: { reservationId, revision },
  });
}
