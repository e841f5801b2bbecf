import type { EntityManager } from '@mikro-orm/postgresql';
import { normalizePlate } from '../domain/plate.ts';
import { Refusal } from '../domain/refusal.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import { Vehicle } from '../entities/vehicle.ts';
import type { PlateVault, SealedPlate } from '../platform/plate-vault.ts';

/** A vehicle of the driver's account, or one told by its plate. */
export type VehicleRef =
  | { readonly vehicleId: string; readonly plate?: never }
  | {
      readonly plate: {
        readonly text: string;
        readonly country?: string | null;
        readonly vehicleClass?: VehicleClass | null;
      };
      readonly vehicleId?: never;
    };

/** A vehicle as a reservation keeps it: the plate sealed for the lot. */
export interface BookedVehicle extends SealedPlate {
  readonly vehicleId: string | null;
  readonly vehicleClass: VehicleClass;
  readonly plateCountry: string | null;
}

/** Finds or reads the vehicle of a request. Refuses with VEHICLE_NOT_FOUND (or not this driver's) and PLATE_INVALID. */
export async function vehicleOfRequest(
  asked: { em: EntityManager; plates: PlateVault },
  ref: VehicleRef,
  owner: { lotId: string; driverId: string },
): Promise<BookedVehicle> {
  if (ref.vehicleId !== undefined) {
    const vehicle = await asked.em.findOne(Vehicle, { id: ref.vehicleId, driverId: owner.driverId, removedAt: null });
    if (!vehicle)
      throw new Refusal('VEHICLE_NOT_FOUND', 'There is no such vehicle in your account.', {
        field: ['vehicle', 'vehicleId'],
      });
    const sealed = asked.plates.seal(owner.lotId, asked.plates.open(vehicle.plateCipher));
    return {
      ...sealed,
      vehicleId: vehicle.id,
      vehicleClass: vehicle.vehicleClass,
      plateCountry: vehicle.plateCountry ?? null,
    };
  }
  const plate = normalizePlate(ref.plate.text);
  if (plate === undefined) {
    throw new Refusal('PLATE_INVALID', 'This is not a licence plate: give its 2 to 12 letters and digits.', {
      field: ['vehicle', 'plate', 'text'],
    });
  }
  return {
    ...asked.plates.seal(owner.lotId, plate),
    vehicleId: null,
    vehicleClass: ref.plate.vehicleClass ?? 'CAR',
    plateCountry: ref.plate.country ?? null,
  };
}
