import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';
import { ask } from './tariff-steps.ts';

const DAY_MS = 86_400_000;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const QUOTE = `query ($input: QuoteInput!) { quote(input: $input) { quote { price { total { amountMinor } }
  next { after minutesLater total { amountMinor formatted } added { amountMinor } rule description } } userErrors { code } } }`;

test('a quote tells what staying longer would cost, by which rule, and the reservation for that long costs it', async () => {
  const lot = await makeLot(system);
  // In the middle of a day, which ends a line of a price, in every zone of Europe.
  const tomorrow = new Date(Math.ceil(system.clock.now().getTime() / DAY_MS) * DAY_MS);
  const period = hoursFrom(tomorrow, 32, 2);
  const { quote } = await ask(system, undefined, [QUOTE, { input: { lotId: lot.publicId, period } }]);
  expect(quote.price.total.amountMinor).toBe(400);
  expect(quote.next).toHaveLength(4);
  expect(quote.next[0]).toEqual({
    after: new Date(period.endsAt).toISOString(),
    minutesLater: 0,
    total: { amountMinor: 600, formatted: '€6.00' },
    added: { amountMinor: 200 },
    rule: 'BLOCK',
    description: 'All day: 3 × 1 h',
  });
  for (const { after, total } of quote.next) {
    const endsAt = new Date(Date.parse(after) + 60_000).toISOString();
    const longer = await ask(system, undefined, [
      QUOTE,
      { input: { lotId: lot.publicId, period: { ...period, endsAt } } },
    ]);
    expect(longer.quote.price.total).toEqual({ amountMinor: total.amountMinor });
  }
});

const STAY_NEXT = `query ($ref: StayRefInput!) { stay(ref: $ref) { due { amountMinor } next { minutesLater total { amountMinor } rule } } }`;

test('a walk-in that is inside is told what leaving later would cost', async () => {
  const lot = await makeLot(system);
  const { stayId } = await decide(system, lot.entry, { plate: { text: 'NEXT123' } });
  const stay = await eventually(
    () => ask(system, lot.entry.deviceKey, [STAY_NEXT, { ref: { stayId } }]),
    (seen) => seen !== null,
  );
  expect(stay.due.amountMinor).toBe(200);
  expect(stay.next.map(({ total, rule }: any) => [total.amountMinor, rule])).toEqual([
    [400, 'BLOCK'],
    [600, 'BLOCK'],
    [800, 'BLOCK'],
    [1000, 'BLOCK'],
  ]);
  expect(stay.next[0].minutesLater).toBe(59);
});
