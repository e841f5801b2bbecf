import type { VehicleClass } from '../../domain/vehicle.ts';

const CLASSES: readonly (readonly [VehicleClass, RegExp])[] = [
  ['MOTORCYCLE', /motor|scooter|two.?wheel|bike/i],
  ['BUS', /bus|coach/i],
  ['TRUCK', /big truck|truck|lorry|trailer/i],
  ['VAN', /van|pickup|minitruck/i],
  ['CAR', /sedan|suv|car|hatchback|coupe|vehicle|wagon|convertible/i],
];

/** What a camera calls a vehicle, as one of our classes; undefined when it does not know. A pickup is no truck: it fits where a van does. */
export function vehicleClassOf(text: string | undefined): VehicleClass | undefined {
  if (text === undefined || /^(?:unknown|other|unk)?$/i.test(text)) return undefined;
  if (/pickup/i.test(text)) return 'VAN';
  return CLASSES.find(([, pattern]) => pattern.test(text))?.[0];
}
