import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Debt } from '../../src/entities/debt.ts';
import { Payment } from '../../src/entities/payment.ts';
import { runCommands } from '../../src/jobs/provider-commands.ts';
import { hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest, untilDurable, type Guest } from '../support/gate.ts';
import { timed } from '../support/standstill.ts';
import { IMPATIENT_WITH_PROVIDER, startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';
import { moneySettled } from '../journeys/payment-steps.ts';
import { drillMs, inGroups, sizeOf } from './money-load.ts';

const VEHICLES = sizeOf({ ci: 10, full: 1000 });
const AT_ONCE = 4;
const HOUR_MS = 3_600_000;
const OUTAGE_MS = 2 * HOUR_MS;
const AT_THE_EXIT_MS = 3000;
/** 95 % within ten minutes of the provider's return. */
const ATTEMPTED_SHARE = 0.95;
const WITHIN_MS = 600_000;
const STEP_MS = 10_000;
const STEP_TAKES_MS = 250;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ env: IMPATIENT_WITH_PROVIDER });
});
afterAll(() => system?.stop());

test(
  'the provider is down while vehicles leave late: exits open, debts are written, and the cards are charged soon after it is back',
  async () => {
    const lot = await makeLot(system, { spots: { STANDARD: VEHICLES } });
    const period = hoursFrom(system.clock.now(), 1, 2);
    const guests: Guest[] = [];
    await inGroups(VEHICLES, AT_ONCE, async () => guests.push(await makeGuest(system, lot, period)));
    system.clock.runFrom(new Date(period.startsAt));
    await inGroups(VEHICLES, AT_ONCE, (n) => untilDurable(system, lot.entry, { pass: guests[n]!.pass }));
    await moneySettled(system);
    system.clock.advance(5 * HOUR_MS);

    system.stripe.faults.set({ down: 'refuse' });
    const calls = system.stripe.state.requests().length;
    await inGroups(VEHICLES, AT_ONCE, async (n) => {
      const { result, ms } = await timed(() => decide(system, lot.exit, { pass: guests[n]!.pass }));
      expect(result).toMatchObject({ action: 'OPEN' });
      expect(ms).toBeLessThan(AT_THE_EXIT_MS);
    });
    const em = () => system.platform.orm.em.fork();
    const debts = (state: 'OPEN' | 'SETTLED') => em().count(Debt, { lotId: lot.id, state });
    await eventually(
      () => debts('OPEN'),
      (count) => count === VEHICLES,
      drillMs(20_000),
    );
    const charged = () => em().count(Payment, { lotId: lot.id, kind: 'OVERSTAY', state: 'CAPTURED' });
    for (let awayMs = 0; awayMs < OUTAGE_MS; awayMs += OUTAGE_MS / 10) {
      system.clock.advance(OUTAGE_MS / 10);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    // Nothing came through while it was away, or nothing would be shown.
    expect(system.stripe.state.requests()).toHaveLength(calls);
    expect(await charged()).toBe(0);

    system.stripe.faults.reset();
    const back = system.clock.now().getTime();
    const soon = async () => {
      system.clock.advance(STEP_MS);
      // What is due by then is tried before more time passes; the circuit breaker's pause is the machine's.
      await runCommands(system.platform);
      await new Promise((resolve) => setTimeout(resolve, STEP_TAKES_MS));
      return (await charged()) / VEHICLES;
    };
    await eventually(soon, (share) => share >= ATTEMPTED_SHARE, drillMs(60_000));
    expect(system.clock.now().getTime() - back).toBeLessThan(WITHIN_MS);
    await eventually(
      () => debts('SETTLED'),
      (count) => count === VEHICLES,
      drillMs(30_000),
    );
  },
  drillMs(180_000),
);
