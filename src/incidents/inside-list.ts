import type { EntityManager } from '@mikro-orm/postgresql';
import { addMinutes } from '../domain/period.ts';
import { AuditEntry } from '../entities/audit-entry.ts';
import { Lot } from '../entities/lot.ts';
import { Reservation } from '../entities/reservation.ts';
import { Spot } from '../entities/spot.ts';
import { Stay } from '../entities/stay.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { recordAct } from './audit.ts';
import { readReason, servedLot, type StaffViewer } from './served-lot.ts';

/** How long the address of a list shows it: it is for printing, not for keeping. */
const SHOWN_MINUTES = 15;
/** Whoever comes while there is no power is on the paper, too. */
const DUE_HOURS = 12;
/** More fit no paper. */
const MOST_ROWS = 10_000;

/** A vehicle on the list; the plate in clear, because a person has to find it. */
export interface ListedVehicle {
  /** Null: nobody knows where it stands. */
  readonly spotLabel: string | null;
  /** Null: it could not be read. */
  readonly plate: string | null;
  /** Of the reservation, or of the ticket. */
  readonly code: string | null;
  readonly vehicleClass: string;
  readonly kind: 'RESERVED' | 'WALK_IN';
  /** When it came in, or is to come. */
  readonly from: Date;
  /** When its reservation ends; null for a walk-in. */
  readonly until: Date | null;
}

export interface InsideList {
  readonly lot: Lot;
  readonly asOf: Date;
  readonly inside: readonly ListedVehicle[];
  readonly due: readonly ListedVehicle[];
}

/**
 * Lets a member of staff print who should be inside, for when there is no power. That they did, and why, is kept; the row is what the
 * list's address stands for, which shows it for a quarter of an hour. Refuses with REASON_REQUIRED, LOT_NOT_FOUND.
 */
export async function grantInsideList(
  platform: Platform,
  { lotId, reason: words }: { readonly lotId: string; readonly reason: string },
  staff: StaffViewer,
): Promise<{ lotId: string; id: string; expiresAt: Date }> {
  const reason = readReason(words);
  return inTransaction(platform, async (tx) => {
    await servedLot(tx.em, lotId, staff);
    const id = recordAct(tx, { lotId, staffId: staff.staffId, act: 'INSIDE_LIST_PRINTED', reason });
    return { lotId, id, expiresAt: addMinutes(tx.now, SHOWN_MINUTES) };
  });
}

/** The list that was granted, as it is now: by spot. Undefined when the grant is not there or its time is over. */
export async function readInsideList(
  platform: Platform,
  grant: { readonly lotId: string; readonly id: string },
): Promise<InsideList | undefined> {
  const em = platform.orm.em.fork();
  const asOf = platform.clock.now();
  const granted = await em.findOne(AuditEntry, { ...grant, act: 'INSIDE_LIST_PRINTED' });
  if (!granted || addMinutes(granted.createdAt, SHOWN_MINUTES) <= asOf) return undefined;
  const lot = await em.findOneOrFail(Lot, { id: grant.lotId });
  const open = (plateCipher: string | null | undefined) =>
    plateCipher == null ? null : platform.plates.open(plateCipher);
  return { lot, asOf, inside: await insideOf(em, lot.id, open), due: await dueAt(em, { lotId: lot.id, asOf }, open) };
}

type Open = (plateCipher: string | null | undefined) => string | null;

async function insideOf(em: EntityManager, lotId: string, open: Open): Promise<ListedVehicle[]> {
  const orderBy = { enteredAt: 'asc', id: 'asc' } as const;
  const stays = await em.find(Stay, { lotId, state: 'INSIDE' }, { orderBy, limit: MOST_ROWS });
  const reservationIds = stays.flatMap(({ reservationId }) => reservationId ?? []);
  const reservations =
    reservationIds.length === 0 ? [] : await em.find(Reservation, { lotId, id: { $in: reservationIds } });
  const ofStay = new Map(reservations.map((reservation) => [reservation.id, reservation]));
  const labels = await labelsOf(em, lotId, stays);
  const rows = stays.map(({ spotId, plateCipher, code, vehicleClass, kind, enteredAt, reservationId }) => {
    const reservation = ofStay.get(reservationId ?? '');
    return {
      ...{ spotLabel: labels.get(spotId ?? '') ?? null, plate: open(plateCipher), vehicleClass, kind },
      ...{ code: code ?? reservation?.code ?? null, from: enteredAt, until: reservation?.endsAt ?? null },
    };
  });
  return rows.toSorted(bySpot);
}

async function dueAt(
  em: EntityManager,
  { lotId, asOf }: { lotId: string; asOf: Date },
  open: Open,
): Promise<ListedVehicle[]> {
  const soon = { startsAt: { $lte: addMinutes(asOf, DUE_HOURS * 60) }, endsAt: { $gt: asOf } };
  const orderBy = { startsAt: 'asc', id: 'asc' } as const;
  const due = await em.find(Reservation, { lotId, state: 'CONFIRMED', ...soon }, { orderBy, limit: MOST_ROWS });
  const labels = await labelsOf(em, lotId, due);
  return due.map(({ spotId, plateCipher, code, vehicleClass, startsAt, endsAt }) => ({
    ...{ spotLabel: labels.get(spotId) ?? null, plate: open(plateCipher), code, vehicleClass },
    ...{ kind: 'RESERVED' as const, from: startsAt, until: endsAt },
  }));
}

async function labelsOf(
  em: EntityManager,
  lotId: string,
  rows: readonly { readonly spotId?: string | null | undefined }[],
): Promise<Map<string, string>> {
  const ids = [...new Set(rows.flatMap(({ spotId }) => spotId ?? []))];
  const spots = ids.length === 0 ? [] : await em.find(Spot, { lotId, id: { $in: ids } }, { fields: ['label'] });
  return new Map(spots.map(({ id, label }) => [id, label]));
}

function bySpot(a: ListedVehicle, b: ListedVehicle): number {
  return (a.spotLabel ?? '~').localeCompare(b.spotLabel ?? '~', 'en', { numeric: true });
}
