import type { SpotType } from './spot-type.ts';
import type { VehicleClass } from './vehicle.ts';

/** Which spots take which vehicle, best fit first. EV spots are kept for cars that charge, BUS spots take trucks too. */
const FIT: Readonly<Record<VehicleClass, readonly SpotType[]>> = {
  MOTORCYCLE: ['MOTORCYCLE', 'COMPACT', 'STANDARD', 'LARGE'],
  SMALL_CAR: ['COMPACT', 'STANDARD', 'LARGE'],
  CAR: ['STANDARD', 'LARGE'],
  ELECTRIC_CAR: ['EV', 'STANDARD', 'LARGE'],
  VAN: ['LARGE'],
  BUS: ['BUS'],
  TRUCK: ['BUS'],
};

/** Accessible spots are as wide as a van and shorter than a bus. */
const FITS_ACCESSIBLE: ReadonlySet<VehicleClass> = new Set(['SMALL_CAR', 'CAR', 'ELECTRIC_CAR', 'VAN']);

/**
 * The spot types that take the vehicle, best fit first. ACCESSIBLE comes first for a driver who is entitled to it and is never
 * given to anybody else; EV is given to electric cars only.
 */
export function fittingSpotTypes(
  vehicleClass: VehicleClass,
  options: { readonly accessible?: boolean } = {},
): readonly SpotType[] {
  const types = FIT[vehicleClass];
  return options.accessible === true && FITS_ACCESSIBLE.has(vehicleClass) ? ['ACCESSIBLE', ...types] : types;
}

/** Whether a vehicle may take a spot of a type that its driver named: as the fit table says, and ACCESSIBLE for cars and vans. */
export function fits(vehicleClass: VehicleClass, spotType: SpotType): boolean {
  return spotType === 'ACCESSIBLE' ? FITS_ACCESSIBLE.has(vehicleClass) : FIT[vehicleClass].includes(spotType);
}
