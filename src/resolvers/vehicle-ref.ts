import type { VehicleRef } from '../booking/vehicle-of-request.ts';
import type { VehicleRefInput } from '../schema/reservation.ts';
import { badInput, requireId } from './payload.ts';

/** The vehicle that a request names, by its id or its plate. */
export function vehicleRef(input: VehicleRefInput): VehicleRef {
  if (input.vehicleId != null) return { vehicleId: requireId('veh', input.vehicleId, ['vehicle', 'vehicleId']).id };
  if (input.plate == null) throw badInput('name the vehicle by its id or its plate');
  const { text, country = null, vehicleClass = null } = input.plate;
  return { plate: { text, country, vehicleClass } };
}
