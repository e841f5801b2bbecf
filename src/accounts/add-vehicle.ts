import { LockMode } from '@mikro-orm/postgresql';
import { normalizePlate } from '../domain/plate.ts';
import { Refusal } from '../domain/refusal.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import { Driver } from '../entities/driver.ts';
import { Vehicle } from '../entities/vehicle.ts';
import { inTransaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { VEHICLE_PLATE_SCOPE } from './list-vehicles.ts';

const MAX_VEHICLES = 20;
const MAX_NICKNAME_LENGTH = 64;

export interface AddVehicleInput {
  readonly plate: { readonly text: string; readonly country?: string | undefined };
  readonly vehicleClass: VehicleClass;
  readonly nickname?: string | undefined;
}

/**
 * Adds a vehicle to a driver's list. A plate that is on the list already gives that vehicle back with the class and nickname as sent.
 * Locks the driver's row. Refuses with PLATE_INVALID, INVALID_INPUT (nickname, more than 20 vehicles) and NOT_FOUND (the account).
 */
export async function addVehicle(
  platform: Platform,
  input: AddVehicleInput,
  viewer: { driverId: string },
): Promise<Vehicle> {
  const plate = normalizePlate(input.plate.text);
  if (plate === undefined) {
    throw new Refusal('PLATE_INVALID', 'A plate has 2 to 12 letters and digits.', { field: ['plate', 'text'] });
  }
  const nickname = input.nickname?.trim() || null;
  if (nickname !== null && nickname.length > MAX_NICKNAME_LENGTH) {
    throw new Refusal('INVALID_INPUT', `A nickname has at most ${MAX_NICKNAME_LENGTH} characters.`, {
      field: ['nickname'],
    });
  }
  const { plateCipher, plateIndex } = platform.plates.seal(VEHICLE_PLATE_SCOPE, plate);
  const plateCountry = input.plate.country ?? null;
  return inTransaction(platform, async (tx) => {
    const { driverId } = viewer;
    const driver = await tx.em.findOne(Driver, { id: driverId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!driver) throw new Refusal('NOT_FOUND', 'This account is no longer there.');
    const owned = await tx.em.find(Vehicle, { driverId, removedAt: null });
    const same = owned.find(
      (vehicle) => vehicle.plateIndex === plateIndex && (vehicle.plateCountry ?? null) === plateCountry,
    );
    if (same) return Object.assign(same, { vehicleClass: input.vehicleClass, nickname });
    if (owned.length >= MAX_VEHICLES) {
      throw new Refusal('INVALID_INPUT', `You have ${MAX_VEHICLES} vehicles. Remove one first.`);
    }
    return tx.em.create(Vehicle, {
      id: newId(tx.now),
      driverId,
      plateCipher,
      plateIndex,
      plateCountry,
      vehicleClass: input.vehicleClass,
      nickname,
      createdAt: tx.now,
    });
  });
}
