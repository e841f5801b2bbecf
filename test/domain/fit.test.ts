import { describe, expect, test } from '@jest/globals';
import { fits, fittingSpotTypes } from '../../src/domain/fit.ts';
import { isSpotType, SPOT_TYPES } from '../../src/domain/spot-type.ts';
import { isVehicleClass, VEHICLE_CLASSES } from '../../src/domain/vehicle.ts';

describe('which spot takes which vehicle', () => {
  test.each([
    ['MOTORCYCLE', ['MOTORCYCLE', 'COMPACT', 'STANDARD', 'LARGE']],
    ['SMALL_CAR', ['COMPACT', 'STANDARD', 'LARGE']],
    ['CAR', ['STANDARD', 'LARGE']],
    ['ELECTRIC_CAR', ['EV', 'STANDARD', 'LARGE']],
    ['VAN', ['LARGE']],
    ['BUS', ['BUS']],
    ['TRUCK', ['BUS']],
  ] as const)('a %s is offered %j, best fit first', (vehicleClass, types) => {
    expect(fittingSpotTypes(vehicleClass)).toEqual(types);
  });

  test('accessible spots come first for who is entitled, and are offered to nobody else', () => {
    expect(fittingSpotTypes('CAR', { accessible: true })).toEqual(['ACCESSIBLE', 'STANDARD', 'LARGE']);
    expect(fittingSpotTypes('BUS', { accessible: true })).toEqual(['BUS']);
    for (const vehicleClass of VEHICLE_CLASSES) expect(fittingSpotTypes(vehicleClass)).not.toContain('ACCESSIBLE');
  });

  test('what is offered fits', () => {
    for (const vehicleClass of VEHICLE_CLASSES) {
      for (const type of fittingSpotTypes(vehicleClass, { accessible: true }))
        expect(fits(vehicleClass, type)).toBe(true);
    }
  });

  test('charging spots are for electric cars; a driver may name an accessible spot for a car', () => {
    expect(VEHICLE_CLASSES.filter((vehicleClass) => fits(vehicleClass, 'EV'))).toEqual(['ELECTRIC_CAR']);
    expect(VEHICLE_CLASSES.filter((vehicleClass) => fits(vehicleClass, 'ACCESSIBLE'))).toEqual([
      'SMALL_CAR',
      'CAR',
      'ELECTRIC_CAR',
      'VAN',
    ]);
    expect(fits('CAR', 'COMPACT')).toBe(false);
  });

  test('names are known and nothing else is', () => {
    expect(SPOT_TYPES.every(isSpotType)).toBe(true);
    expect(VEHICLE_CLASSES.every(isVehicleClass)).toBe(true);
    expect([isSpotType('toString'), isSpotType('ev'), isVehicleClass('TRAM')]).toEqual([false, false, false]);
  });
});
