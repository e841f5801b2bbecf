import type { EntityManager } from '@mikro-orm/postgresql';
import { Vehicle } from '../entities/vehicle.ts';
import type { Platform } from '../platform/platform.ts';

/** The plates of drivers' vehicles are indexed apart from those of any lot. */
export const VEHICLE_PLATE_SCOPE = 'account';

/** A driver's vehicles, oldest first, without the removed ones. */
export async function listVehicles(em: EntityManager, driverId: string): Promise<Vehicle[]> {
  return em.find(Vehicle, { driverId, removedAt: null }, { orderBy: { createdAt: 'asc', id: 'asc' } });
}

/** The plate of a vehicle in clear: for its driver alone. */
export function plateOfVehicle(platform: Platform, vehicle: Pick<Vehicle, 'plateCipher'>): string {
  return platform.plates.open(vehicle.plateCipher);
}
