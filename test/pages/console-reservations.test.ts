import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import { PHONE, startBrowser, type TestBrowser } from '../support/browser.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';
import { lookedAt, visitAs } from './console-steps.ts';

let system: TestSystem;
let browser: TestBrowser;

beforeAll(async () => {
  system = await startSystem();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.stop();
  await system?.stop();
});

describe('A reservation at the console', () => {
  test('is refunded by an operator with a reason, at most what is left, and tells so in its life', async () => {
    const lot = await makeLot(system, { code: 'RES1' });
    const paid = await reserveAndPay(
      system.client(await lot.driverToken()),
      reserveInput(lot, hoursFrom(system.clock.now(), 20, 2)),
    );
    const visitor = await visitAs({ browser, system }, await lot.staffToken('OPERATOR'), {
      path: `/reservations/${paid.id}`,
    });
    const { page, troubles, leave } = visitor;
    await page.getByText('€4.00 left to send back').waitFor();
    await lookedAt(visitor, 'reservation');
    await page.getByRole('button', { name: 'Refund' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Amount in EUR').fill('5');
    await dialog.getByRole('button', { name: 'Refund' }).click();
    await dialog.getByText('More than nothing, and at most €4.00.').waitFor();
    await dialog.getByText('Say why.').waitFor();
    await lookedAt(visitor, 'refund-wrong');
    await dialog.getByLabel('Amount in EUR').fill('1,50');
    await dialog.getByLabel('Reason').fill('The lift was broken');
    await dialog.getByRole('button', { name: 'Refund' }).click();
    await page.getByText('€1.50 goes back to the card.').waitFor();
    await page.getByText('€2.50 left to send back').waitFor();
    await page.getByText('“The lift was broken”').first().waitFor();
    await lookedAt(visitor, 'refunded');
    expect(troubles).toEqual([]);
    await leave();
  });

  test('is cancelled with a reason that stands in its life with the name of who did it', async () => {
    const lot = await makeLot(system, { code: 'RES2' });
    const paid = await reserveAndPay(
      system.client(await lot.driverToken()),
      reserveInput(lot, hoursFrom(system.clock.now(), 20, 2)),
    );
    const visitor = await visitAs({ browser, system }, await lot.staffToken('ATTENDANT'), {
      path: `/reservations/${paid.id}`,
      ...PHONE,
    });
    const { page, leave } = visitor;
    await page.getByText('Refunds are made by an operator.').waitFor();
    await page.getByRole('button', { name: 'Cancel reservation' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Cancel reservation' }).click();
    await dialog.getByText('Say why.').waitFor();
    await lookedAt(visitor, 'cancel', 'phone');
    await dialog.getByLabel('Reason').fill('The driver called');
    await page.reload();
    await page.getByRole('button', { name: 'Cancel reservation' }).click();
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('The driver called');
    await dialog.getByRole('button', { name: 'Cancel reservation' }).click();
    await page.getByText('Cancelled. €4.00 goes back.').waitFor();
    await page.getByText('“The driver called” · by Test Staff').waitFor();
    await lookedAt(visitor, 'cancelled', 'phone');
    await leave();
  });

  test('is marked as arrived and as left by a person, whose name and reason stand in its life', async () => {
    const lot = await makeLot(system, { code: 'RES4' });
    const paid = await reserveAndPay(
      system.client(await lot.driverToken()),
      reserveInput(lot, hoursFrom(system.clock.now(), 0, 2)),
    );
    system.clock.runFrom(new Date(paid.period.startsAt));
    const visitor = await visitAs({ browser, system }, await lot.staffToken('ATTENDANT'), {
      path: `/reservations/${paid.id}`,
    });
    const { page, troubles, leave } = visitor;
    const dialog = page.getByRole('dialog');
    for (const [action, reason, done] of [
      ['Mark as arrived', 'The camera was dark', 'The visit has begun'],
      ['Mark as left', 'Seen driving off', 'The visit has ended.'],
    ] as const) {
      await page.getByRole('button', { name: action }).click();
      await dialog.getByLabel('Reason').fill(reason);
      await dialog.getByRole('button', { name: action }).click();
      await page.getByText(done).waitFor();
      await page.getByText(`“${reason}” · by Test Staff`).waitFor();
    }
    await lookedAt(visitor, 'reservation-over');
    expect(troubles).toEqual([]);
    await leave();
  });

  test('is one of a list of days and states that stands in the address', async () => {
    const lot = await makeLot(system, { code: 'RES3', timeZone: 'UTC' });
    const token = await lot.staffToken('ATTENDANT');
    const paid = await reserveAndPay(
      system.client(await lot.driverToken()),
      reserveInput(lot, hoursFrom(system.clock.now(), 30, 2)),
    );
    const day = paid.period.startsAt.slice(0, 10);
    const path = `/reservations?lot=RES3&from=${day}&until=${day}`;
    const visitor = await visitAs({ browser, system }, token, { path });
    const { page, leave } = visitor;
    await page.getByRole('link', { name: paid.code }).waitFor();
    await lookedAt(visitor, 'reservations');
    await page.getByLabel('State').selectOption('No-show');
    await page.getByText('No reservation of these days is in this state.').waitFor();
    expect(new URL(page.url()).searchParams.get('states')).toBe('NO_SHOW');
    await lookedAt(visitor, 'reservations-empty');
    await leave();
  });
});
