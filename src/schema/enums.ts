import { registerEnumType } from 'type-graphql';
import { SPOT_TYPES, type SpotType } from '../domain/spot-type.ts';
import { VEHICLE_CLASSES, type VehicleClass } from '../domain/vehicle.ts';

/**
 * A GraphQL enum of the domain's list of names: `@Field(() => SpotTypeEnum)`. Every value needs its description, and the
 * compiler knows when one is missing.
 */
export function enumOf<T extends string>(
  name: string,
  values: readonly T[],
  about: { description: string; values: Readonly<Record<T, string>> },
): { readonly [K in T]: K } {
  const entries = values.map((value) => [value, value] as const);
  const object = Object.fromEntries(entries) as { readonly [K in T]: K };
  const valuesConfig = Object.fromEntries(values.map((value) => [value, { description: about.values[value] }]));
  registerEnumType(object, {
    name,
    description: about.description,
    valuesConfig: valuesConfig as Record<T, { description: string }>,
  });
  return object;
}

export const SpotTypeEnum = enumOf<SpotType>('SpotType', SPOT_TYPES, {
  description: 'What kind of spot it is: what is sold and counted.',
  values: {
    MOTORCYCLE: 'For two wheels.',
    COMPACT: 'Shorter and narrower than usual.',
    STANDARD: 'For a usual car.',
    LARGE: 'For vans and large cars.',
    BUS: 'For buses and trucks.',
    EV: 'With a charger.',
    ACCESSIBLE: 'Wide and near the entrance, for holders of an accessible permit.',
  },
});

export const VehicleClassEnum = enumOf<VehicleClass>('VehicleClass', VEHICLE_CLASSES, {
  description: 'What a vehicle is. Decides which spot types take it.',
  values: {
    MOTORCYCLE: 'Two wheels.',
    SMALL_CAR: 'A car that fits a compact spot.',
    CAR: 'A usual car.',
    ELECTRIC_CAR: 'A car that charges.',
    VAN: 'A van or another large car.',
    BUS: 'A bus or a camper.',
    TRUCK: 'A truck.',
  },
});
