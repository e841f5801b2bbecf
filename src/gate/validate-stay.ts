import { LockMode } from '@mikro-orm/postgresql';
import { giveValidation, type ValidatedRow } from '../discounts/give-validation.ts';
import type { MerchantKey } from '../discounts/merchant-month.ts';
import type { DiscountValue } from '../domain/discount-value.ts';
import { DAY_MS } from '../domain/period.ts';
import { Refusal } from '../domain/refusal.ts';
import { actorKey, mayServeLot, type Viewer } from '../domain/viewer.ts';
import { Device } from '../entities/device.ts';
import { Lot } from '../entities/lot.ts';
import { Reservation } from '../entities/reservation.ts';
import { Stay } from '../entities/stay.ts';
import { Validation } from '../entities/validation.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { claimKey } from '../platform/idempotency.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { topic } from '../platform/topics.ts';
import { readCredential, type Credential, type CredentialInput } from './credential.ts';
import { stayNotFound } from './find-stay.ts';
import { projectRight } from './project-right.ts';
import { projectStay } from './project-stay.ts';

export interface ValidateStayInput {
  readonly idempotencyKey: string;
  /** Named by staff, who act for a merchant; a merchant's own till acts for itself. */
  readonly merchant?: MerchantKey | undefined;
  readonly credential: CredentialInput;
  readonly value: DiscountValue;
}

/** What was validated: the rows as they are now. */
export interface ValidatedStay {
  readonly validation: Validation;
  readonly replayed: boolean;
}

/**
 * A merchant takes over a part of what a guest's stay costs: of a vehicle that is inside, or of a reservation that is paid. The guest is
 * named by plate, pass or code. The gates know of it at once; a till that cannot be heard is no reason to keep anybody, so a copy that
 * is lost is made again. A repeated key gives the first answer.
 *
 * Open to the merchant's own till and to the staff of its lot. Locks the reservation or the stay, then the merchant. Refuses with
 * INVALID_INPUT, IDEMPOTENCY_KEY_REUSED, MERCHANT_NOT_FOUND, STAY_NOT_FOUND, VALIDATION_LIMIT and BUDGET_USED_UP. Publishes that the
 * reservation changed; announces `stay.validated` or `reservation.validated`.
 */
export async function validateStay(
  platform: Platform,
  input: ValidateStayInput,
  viewer: Viewer | undefined,
): Promise<ValidatedStay> {
  const merchant = await merchantOf(platform, input, viewer);
  const { lotId } = merchant;
  const now = platform.clock.now();
  const credential = readCredential(platform, { lotId, now, observedAt: now }, input.credential);
  const { id, replayed } = await inTransaction(platform, async (tx) => {
    const { value } = input;
    const keyed = {
      ...{ actor: actorKey(viewer), key: input.idempotencyKey, operation: 'validateStay' },
      ...{ input: { merchant, credential: credential.key, value }, result: { id: newId(tx.now) } },
    };
    const { replayed: isAgain, result } = await claimKey(tx, keyed);
    if (!isAgain) await validate(tx, platform, { merchant, credential, value, id: result.id, givenBy: keyed.actor });
    return { ...result, replayed: isAgain };
  });
  return { validation: await platform.orm.em.fork().findOneOrFail(Validation, { lotId, id }), replayed };
}

/** Refuses with MERCHANT_NOT_FOUND: whose merchant exists is not told. */
async function merchantOf(
  platform: Platform,
  { merchant }: ValidateStayInput,
  viewer: Viewer | undefined,
): Promise<MerchantKey> {
  const em = platform.orm.em.fork();
  if (viewer?.kind === 'DEVICE' && viewer.role === 'MERCHANT') {
    const { lotId, deviceId: id } = viewer;
    const merchantId = (await em.findOne(Device, { lotId, id, revokedAt: null }))?.merchantId;
    const isOwn = merchant === undefined || (merchant.lotId === lotId && merchant.merchantId === merchantId);
    if (merchantId != null && isOwn) return { lotId, merchantId };
  } else if (merchant !== undefined) {
    const lot = await em.findOne(Lot, { id: merchant.lotId });
    if (lot && viewer?.kind === 'STAFF' && mayServeLot(viewer, lot)) return merchant;
  }
  throw new Refusal('MERCHANT_NOT_FOUND', 'There is no such merchant among those you act for.', {
    field: ['merchantId'],
  });
}

interface Asked {
  readonly id: string;
  readonly merchant: MerchantKey;
  readonly credential: Credential;
  readonly value: DiscountValue;
  readonly givenBy: string;
}

async function validate(tx: Transaction, platform: Platform, asked: Asked): Promise<void> {
  const { merchant, credential, value, id, givenBy } = asked;
  const { lotId } = merchant;
  const row = await lockValidated(tx, platform, { lotId, credential });
  const { timeZone } = await tx.em.findOneOrFail(Lot, { id: lotId });
  const { currency, reservationId, stayId } = row;
  const concessions = await giveValidation(tx, { ...merchant, id, value, row, currency, timeZone, givenBy });
  row.keep(concessions);
  const announced = { lotId, payload: { validationId: id, stayId, reservationId } };
  if (reservationId === null) tx.announce({ ...announced, type: 'stay.validated', aggregateId: stayId ?? id });
  else {
    tx.announce({ ...announced, type: 'reservation.validated', aggregateId: reservationId });
    tx.publish(topic.reservation(reservationId), { lotId, reservationId });
  }
  tx.afterCommit(() =>
    reservationId === null
      ? projectStay(platform, { lotId, stayId: stayId ?? '' })
      : projectRight(platform, { lotId, reservationId }),
  );
}

interface LockedRow extends ValidatedRow {
  readonly currency: string;
  readonly keep: (concessions: NonNullable<ValidatedRow['concessions']>) => void;
}

/** The reservation or the walk-in that is meant, locked and looked at again. Refuses with STAY_NOT_FOUND. */
async function lockValidated(
  tx: Transaction,
  platform: Platform,
  asked: { lotId: string; credential: Credential },
): Promise<LockedRow> {
  const { lotId } = asked;
  const lockMode = LockMode.PESSIMISTIC_WRITE;
  const { stayId, reservationId } = await findValidated(tx, platform, asked);
  if (reservationId !== null) {
    const reservation = await tx.em.findOne(Reservation, { lotId, id: reservationId }, { lockMode });
    if (reservation?.state !== 'CONFIRMED' && reservation?.state !== 'CHECKED_IN') throw stayNotFound();
    const { concessions, currency } = reservation;
    const keep: LockedRow['keep'] = (kept) =>
      Object.assign(reservation, { concessions: kept, revision: reservation.revision + 1 });
    return { stayId: null, reservationId, concessions, currency, keep };
  }
  const stay = stayId === null ? null : await tx.em.findOne(Stay, { lotId, id: stayId }, { lockMode });
  if (stay?.state !== 'INSIDE') throw stayNotFound();
  const { concessions, currency } = stay;
  return { stayId, reservationId, concessions, currency, keep: (kept) => Object.assign(stay, { concessions: kept }) };
}

type Found =
  { readonly stayId: string; readonly reservationId: null } | { readonly stayId: null; readonly reservationId: string };

async function findValidated(
  tx: Transaction,
  platform: Platform,
  { lotId, credential }: { lotId: string; credential: Credential },
): Promise<Found> {
  if (credential.kind === 'PASS') return { stayId: null, reservationId: credential.reservationId };
  const isCode = credential.kind === 'CODE';
  if (!isCode && credential.kind !== 'PLATE') throw stayNotFound();
  const name = isCode
    ? { code: credential.code }
    : { plateIndex: platform.plates.exactIndex(lotId, credential.plates[0]) };
  const unlocked = { disableIdentityMap: true };
  const stay = await tx.em.findOne(Stay, { lotId, ...name, state: 'INSIDE' }, unlocked);
  if (stay) return stay.reservationId == null ? ofStay(stay.id) : ofReservation(stay.reservationId);
  const current = {
    endsAt: { $gt: new Date(tx.now.getTime() - DAY_MS) },
    startsAt: { $lt: new Date(tx.now.getTime() + DAY_MS) },
  };
  const reservation = await tx.em.findOne(
    Reservation,
    { lotId, ...name, ...(isCode ? {} : current), state: { $in: ['CONFIRMED', 'CHECKED_IN'] } },
    { ...unlocked, orderBy: { startsAt: 'asc' } },
  );
  if (!reservation) throw stayNotFound();
  return ofReservation(reservation.id);
}

const ofStay = (stayId: string): Found => ({ stayId, reservationId: null });
const ofReservation = (reservationId: string): Found => ({ stayId: null, reservationId });
