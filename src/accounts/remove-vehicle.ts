import { Refusal } from '../domain/refusal.ts';
import { Vehicle } from '../entities/vehicle.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';

/**
 * Takes a vehicle off its driver's list; reservations that were made with it keep their plate. Removing it again changes nothing.
 * Refuses with VEHICLE_NOT_FOUND, also for somebody else's vehicle.
 */
export async function removeVehicle(
  platform: Platform,
  input: { vehicleId: string },
  viewer: { driverId: string },
): Promise<Vehicle> {
  return inTransaction(platform, async (tx) => {
    const vehicle = await tx.em.findOne(Vehicle, { id: input.vehicleId, driverId: viewer.driverId });
    if (!vehicle) throw new Refusal('VEHICLE_NOT_FOUND', 'You have no such vehicle.', { field: ['vehicleId'] });
    vehicle.removedAt ??= tx.now;
    return vehicle;
  });
}
