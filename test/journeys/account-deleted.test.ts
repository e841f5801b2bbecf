import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeId } from '../../src/domain/public-id.ts';
import { Debt } from '../../src/entities/debt.ts';
import { Driver } from '../../src/entities/driver.ts';
import { MonthlyPassPlate } from '../../src/entities/monthly-pass-plate.ts';
import { MonthlyPass } from '../../src/entities/monthly-pass.ts';
import { Payment } from '../../src/entities/payment.ts';
import { Stay } from '../../src/entities/stay.ts';
import { projectMonthlyPass } from '../../src/gate/project-monthly-pass.ts';
import { newId } from '../../src/platform/ids.ts';
import { CANCEL, hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';
import { Discounts } from './discount-steps.ts';
import { accountSteps, ADD_VEHICLE, PASSWORD } from './account-steps.ts';

const DELETE = `mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) { deleted userErrors { code field } } }`;
const REMOVE_CARD = `mutation { removePaymentMethod { removed userErrors { code } } }`;
const OWN = `{ viewer { ... on Driver { hasSavedCard savedPaymentMethodId } } }`;

let system: TestSystem;
const { signUp, signIn, mutate, errorCode } = accountSteps(() => system);

beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

async function person() {
  const { driver, login } = await signUp();
  const { id } = decodeId('drv', driver.id)!;
  return { id, email: driver.email as string, token: login.accessToken as string };
}

const remove = (token: string, password = PASSWORD) => mutate(DELETE, { password }, token);
const rowOf = (id: string) => system.platform.orm.em.fork().findOneOrFail(Driver, { id });

describe('A driver who wants to be forgotten', () => {
  test('is: no name, address, card, vehicle or plate is left, nobody is signed in; what was booked and paid stands', async () => {
    const lot = await makeLot(system);
    const { id, email, token } = await person();
    await mutate(ADD_VEHICLE, { plate: 'FRG-1', vehicleClass: 'CAR' }, token);
    const client = system.client(token);
    const period = hoursFrom(system.clock.now(), 24, 2);
    const paid = await reserveAndPay(client, reserveInput(lot, period));
    expect(await remove(token)).toEqual({ deleted: null, userErrors: [{ code: 'ACCOUNT_IN_USE', field: null }] });
    await client.query(CANCEL, { input: { idempotencyKey: randomUUID(), reservationId: paid.id } });
    expect((await rowOf(id)).savedPaymentMethodId).not.toBeNull();

    expect(await remove(token)).toEqual({ deleted: true, userErrors: [] });

    expect(await rowOf(id)).toMatchObject({ name: '', stripeCustomerId: null, savedPaymentMethodId: null });
    expect((await rowOf(id)).email).not.toContain('person');
    await eventually(
      () => errorCode(token),
      (code) => code === 'UNAUTHENTICATED',
    );
    expect((await signIn(email)).userErrors).toMatchObject([{ code: 'CREDENTIALS_INVALID' }]);
    const staff = system.client(await lot.staffToken('OPERATOR'));
    const left = await staff.query(
      'query ($id: ID!) { reservation(id: $id) { state plate price { total { amountMinor } } } }',
      {
        id: paid.id,
      },
    );
    expect(left.data['reservation']).toEqual({
      ...{ state: 'CANCELLED', plate: 'FORGOTTEN', price: { total: { amountMinor: 400 } } },
    });
    const vehicles = await system.platform.orm.em.fork().execute('SELECT 1 FROM vehicle WHERE driver_id = ?', [id]);
    expect(vehicles).toEqual([]);
    expect((await signUp({ email })).login).not.toBeNull();
  });

  test('leaves no plate with the visits that a monthly pass paid for', async () => {
    const lot = await makeLot(system);
    const { token } = await person();
    const discounts = new Discounts(system, lot);
    const product = await discounts.product({ hours: [] });
    const wish = { idempotencyKey: randomUUID(), productId: product.id, paymentMethodId: 'pm_card_visa' };
    const { monthlyPass } = await discounts.send('buyMonthlyPass', token, { ...wish, plates: ['FRG-2'] });
    const monthlyPassId = decodeId('mps', monthlyPass.id)!.id;
    await projectMonthlyPass(system.platform, { lotId: lot.id, monthlyPassId });
    await untilDurable(system, lot.entry, { plate: { text: 'FRG-2' } });
    await untilDurable(system, lot.exit, { plate: { text: 'FRG-2' } });
    const em = system.platform.orm.em.fork();
    const visits = () => em.find(Stay, { lotId: lot.id }, { disableIdentityMap: true });
    const platesOf = async () => (await visits()).map(({ plateCipher }) => system.platform.plates.open(plateCipher!));
    expect(await platesOf()).toEqual(['FRG2']);
    await em.nativeUpdate(MonthlyPass, { lotId: lot.id, id: monthlyPassId }, { state: 'ENDED' });

    expect(await remove(token)).toEqual({ deleted: true, userErrors: [] });

    expect(await platesOf()).toEqual(['FORGOTTEN']);
  });

  test('gives the password, and owes nothing', async () => {
    const lot = await makeLot(system);
    const { id, token } = await person();
    expect((await remove(token, 'not it at all')).userErrors).toEqual([
      { code: 'CREDENTIALS_INVALID', field: ['password'] },
    ]);
    const now = system.clock.now();
    const debt = { lotId: lot.id, id: newId(now), driverId: id, amountMinor: 100, currency: 'EUR', createdAt: now };
    const em = system.platform.orm.em.fork();
    await em.insert(Debt, { ...debt, reason: 'OVERSTAY', state: 'OPEN', paidMinor: 0, taxMinor: 0 });
    try {
      expect((await remove(token)).userErrors).toMatchObject([{ code: 'ACCOUNT_IN_USE' }]);
    } finally {
      await em.nativeDelete(Debt, { lotId: lot.id, id: debt.id });
    }
    expect((await remove(token)).deleted).toBe(true);
  });

  test('waits until a charge to their saved card has ended', async () => {
    const lot = await makeLot(system);
    const { id: driverId, token } = await person();
    const em = system.platform.orm.em.fork();
    const payment = { lotId: lot.id, id: newId(system.clock.now()) };
    const now = system.clock.now();
    await em.insert(Payment, {
      ...{ ...payment, driverId, kind: 'OVERSTAY', state: 'UNKNOWN', amountMinor: 100, currency: 'EUR' },
      ...{ capturedMinor: 0, refundedMinor: 0, attempts: 0, createdAt: now, updatedAt: now },
    });
    expect((await remove(token)).userErrors).toMatchObject([{ code: 'ACCOUNT_IN_USE' }]);
    await em.nativeUpdate(Payment, payment, { state: 'CANCELED' });
    expect((await remove(token)).deleted).toBe(true);
  });

  test('leaves no plate on a monthly pass that is over', async () => {
    const lot = await makeLot(system);
    const { id: driverId, token } = await person();
    const em = system.platform.orm.em.fork();
    const now = system.clock.now();
    const pass = { lotId: lot.id, id: newId(now) };
    await em.insert(MonthlyPass, {
      ...{ ...pass, driverId, productId: newId(now), name: 'Month', hours: [], usesPerMonth: null, priceMinor: 0 },
      ...{
        currency: 'EUR',
        state: 'ENDED',
        renews: false,
        startsAt: new Date(0),
        endsAt: now,
        paymentId: null,
        revision: 1,
      },
      ...{ grantedByStaffId: null, createdAt: now, endedAt: now },
    });
    const sealed = system.platform.plates.seal(lot.id, 'PASS1');
    await em.insert(MonthlyPassPlate, { ...sealed, lotId: lot.id, monthlyPassId: pass.id });
    expect((await remove(token)).deleted).toBe(true);
    expect(await em.count(MonthlyPassPlate, { lotId: lot.id })).toBe(0);
    expect(await em.count(MonthlyPass, pass)).toBe(1);
  });
});

test('A saved card is told to its driver, pays again, and is let go at the provider too', async () => {
  const lot = await makeLot(system);
  const { token } = await person();
  const client = system.client(token);
  await reserveAndPay(client, reserveInput(lot, hoursFrom(system.clock.now(), 24, 2)));
  const { savedPaymentMethodId: card } = (await client.query(OWN)).data['viewer'];
  expect(card).toMatch(/^pm_/);
  const again = await reserveAndPay(client, reserveInput(lot, hoursFrom(system.clock.now(), 30, 2)), card);
  expect(again.state).toBe('CONFIRMED');
  for (let times = 0; times < 2; times++)
    expect((await client.query(REMOVE_CARD)).data['removePaymentMethod']).toEqual({ removed: true, userErrors: [] });
  expect((await client.query(OWN)).data['viewer']).toEqual({ hasSavedCard: false, savedPaymentMethodId: null });
  await expect(reserveAndPay(client, reserveInput(lot, hoursFrom(system.clock.now(), 36, 2)), card)).rejects.toThrow(
    'not paid',
  );
});

// Last: the calls to a provider that was away are held back for a while.
test('A driver stays when the provider can’t be told to forget their card', async () => {
  const lot = await makeLot(system);
  const { id, email, token } = await person();
  const client = system.client(token);
  const paid = await reserveAndPay(client, reserveInput(lot, hoursFrom(system.clock.now(), 24, 2)));
  await client.query(CANCEL, { input: { idempotencyKey: randomUUID(), reservationId: paid.id } });
  system.stripe.faults.set({ down: 'unavailable' });
  try {
    expect((await remove(token)).userErrors).toMatchObject([{ code: 'PAYMENT_UNAVAILABLE' }]);
  } finally {
    system.stripe.faults.reset();
  }
  expect((await rowOf(id)).email).toBe(email);
});
