import { fits } from '../domain/fit.ts';
import { Refusal } from '../domain/refusal.ts';
import { holdLapsed } from '../domain/reservation.ts';
import { actorKey, type Viewer } from '../domain/viewer.ts';
import type { Lot } from '../entities/lot.ts';
import { Reservation } from '../entities/reservation.ts';
import { Tariff } from '../entities/tariff.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { claimKey } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { priceIf } from './change-reservation.ts';
import { lockReservation, reservationNotFound, tellOfChange, type ReservationKey } from './move.ts';
import { vehicleOfRequest, type BookedVehicle, type VehicleRef } from './vehicle-of-request.ts';

export interface ChangeVehicleInput extends ReservationKey {
  readonly idempotencyKey: string;
  /** A plate without a class stands for a vehicle of the class that was reserved for. */
  readonly vehicle: VehicleRef;
}

type Driver = Extract<Viewer, { kind: 'DRIVER' }>;

/**
 * Another vehicle comes in the place of the one that was told: from now on its plate opens the gates, and the old one does not. Spot and
 * price stay as they were promised, so a vehicle that does not fit the spot or costs more there is refused. A vehicle that came in at
 * this very moment goes out with its pass or code.
 *
 * Locks the pool, then the row. Refuses with IDEMPOTENCY_KEY_REUSED, RESERVATION_NOT_FOUND (also somebody else's), VEHICLE_NOT_FOUND,
 * PLATE_INVALID, RESERVATION_STATE (neither held nor confirmed), HOLD_LAPSED, SPOT_DOES_NOT_FIT and PAYMENT_REQUIRED (it costs more; with
 * the difference). Publishes that the lot and the reservation changed.
 */
export async function changeVehicle(
  platform: Platform,
  input: ChangeVehicleInput,
  driver: Driver,
): Promise<{ reservation: Reservation; replayed: boolean }> {
  const { lotId, reservationId, idempotencyKey: key, vehicle: ref } = input;
  const em = platform.orm.em.fork();
  const before = await em.findOne(Reservation, { lotId, id: reservationId, driverId: driver.driverId });
  if (!before) throw reservationNotFound();
  const vehicle = await vehicleOfRequest({ em, plates: platform.plates }, withClass(ref, before.vehicleClass), {
    lotId,
    driverId: driver.driverId,
  });
  return inTransaction(platform, async (tx) => {
    const operation = 'changeVehicle';
    const asked = { lotId, reservationId, vehicle: ref };
    const call = { actor: actorKey(driver), key, operation, input: asked, result: { lotId, reservationId } };
    const { replayed } = await claimKey(tx, call);
    const { reservation, lot } = await lockReservation(tx, input);
    if (replayed) return { reservation, replayed };
    refuseState(reservation, tx.now);
    await refuseOther(tx, { reservation, lot, vehicle });
    Object.assign(reservation, vehicle, { revision: reservation.revision + 1 });
    tellOfChange(tx, { reservation, lot });
    return { reservation, replayed };
  });
}

function withClass(ref: VehicleRef, vehicleClass: BookedVehicle['vehicleClass']): VehicleRef {
  if (ref.plate === undefined) return ref;
  return { plate: { ...ref.plate, vehicleClass: ref.plate.vehicleClass ?? vehicleClass } };
}

function refuseState(reservation: Reservation, now: Date): void {
  const field = ['reservationId'];
  if (holdLapsed(reservation, now))
    throw new Refusal('HOLD_LAPSED', 'The hold ran out before it was paid. Reserve again.', { field });
  const { state } = reservation;
  if (state === 'HELD' || state === 'CONFIRMED') return;
  const message = 'The vehicle can be changed until it has come in.';
  throw new Refusal('RESERVATION_STATE', message, { field, details: { state } });
}

/** One that would need another spot or another price is another reservation. */
async function refuseOther(
  tx: Transaction,
  { reservation, lot, vehicle }: { reservation: Reservation; lot: Lot; vehicle: BookedVehicle },
): Promise<void> {
  const { vehicleClass } = vehicle;
  if (vehicleClass === reservation.vehicleClass) return;
  if (!fits(vehicleClass, reservation.spotType))
    throw new Refusal('SPOT_DOES_NOT_FIT', 'The reserved spot does not take this vehicle.', { field: ['vehicle'] });
  const tariff = await tx.em.findOneOrFail(Tariff, { lotId: lot.id, id: reservation.tariffId });
  const asked = { tariff, lot, reservation };
  const [now, then] = [reservation.vehicleClass, vehicleClass].map((ofClass) =>
    priceIf(asked, { endsAt: reservation.endsAt, vehicleClass: ofClass }),
  );
  const moreMinor = (then?.totalMinor ?? 0) - (now?.totalMinor ?? 0);
  if (moreMinor <= 0) return;
  throw new Refusal('PAYMENT_REQUIRED', 'This vehicle costs more here: reserve anew with it.', {
    field: ['vehicle'],
    details: { due: { amountMinor: moreMinor, currency: reservation.currency } },
  });
}
