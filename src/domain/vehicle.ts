/** What a vehicle is; the fit table says which spot types take it. */
export const VEHICLE_CLASSES = ['MOTORCYCLE', 'SMALL_CAR', 'CAR', 'ELECTRIC_CAR', 'VAN', 'BUS', 'TRUCK'] as const;
export type VehicleClass = (typeof VEHICLE_CLASSES)[number];

/** True when the text names a vehicle class. */
export function isVehicleClass(text: string): text is VehicleClass {
  return VEHICLE_CLASSES.some((vehicleClass) => vehicleClass === text);
}
