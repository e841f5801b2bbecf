// What is about to happen in the demo: reservations that were made just now, by the same verbs that drivers use.

import { completeReservation } from '../../src/booking/complete-reservation.ts';
import { reserveSpot } from '../../src/booking/reserve-spot.ts';
import { addMinutes } from '../../src/domain/period.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import type { Platform } from '../../src/platform/platform.ts';
import type { Chance } from './chance.ts';
import type { DemoLot } from './lots.ts';
import type { DemoDriver } from './people.ts';

/** How many minutes from now they begin; the last one is left unpaid, so that a hold can be seen running out. */
const STARTS_IN_MINUTES = [20, 90, 26 * 60, 3 * 24 * 60, 45];
const STAY_MINUTES = [120, 180, 240, 480];
const QUARTER_MS = 15 * 60_000;
const CARD = 'pm_card_visa';

/** Books a handful of spots in each lot. Only where no real money can move: with a test double or a test key. */
export async function bookUpcoming(
  demo: { platform: Platform; chance: Chance; now: Date },
  lots: readonly DemoLot[],
  drivers: readonly DemoDriver[],
): Promise<void> {
  const { secretKey, apiBase } = demo.platform.config.stripe;
  if (apiBase === undefined && !secretKey.startsWith('sk_test_')) return;
  await Promise.all(
    lots.map((lot) =>
      bookInLot(
        demo,
        lot,
        drivers.filter((driver) => driver.home === lot.city),
      ),
    ),
  );
}

async function bookInLot(
  demo: { platform: Platform; chance: Chance; now: Date },
  lot: DemoLot,
  drivers: readonly DemoDriver[],
): Promise<void> {
  const { chance, now } = demo;
  const plans = STARTS_IN_MINUTES.map((inMinutes, index) => {
    const startsAt = new Date(Math.ceil(addMinutes(now, inMinutes).getTime() / QUARTER_MS) * QUARTER_MS);
    const period = { startsAt, endsAt: addMinutes(startsAt, chance.pick(STAY_MINUTES)) };
    const keys = [chance.id(now), chance.id(now)] as const;
    return { period, keys, driver: drivers[index], isPaid: index < STARTS_IN_MINUTES.length - 1 };
  });
  for (const { period, keys, driver, isPaid } of plans) {
    const [vehicle] = driver?.vehicles ?? [];
    if (!driver || !vehicle) continue;
    await book(demo.platform, { lotId: lot.lot.id, period, keys, driverId: driver.id, vehicleId: vehicle.id, isPaid });
  }
}

interface Plan {
  readonly lotId: string;
  readonly period: { readonly startsAt: Date; readonly endsAt: Date };
  readonly keys: readonly [string, string];
  readonly driverId: string;
  readonly vehicleId: string;
  readonly isPaid: boolean;
}

/** A refusal (no spot fits, the provider does not answer) is no reason to go without a demo. */
async function book(platform: Platform, { lotId, period, keys, driverId, vehicleId, isPaid }: Plan): Promise<void> {
  const driver = { kind: 'DRIVER', driverId } as const;
  try {
    const request = { idempotencyKey: keys[0], lotId, period, vehicle: { vehicleId } };
    const { reservation } = await reserveSpot(platform, request, driver);
    if (!isPaid) return;
    const payment = { idempotencyKey: keys[1], lotId, reservationId: reservation.id, paymentMethodId: CARD };
    await completeReservation(platform, payment, driver);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}
