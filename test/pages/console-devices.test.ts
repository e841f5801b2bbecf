import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startBrowser, type TestBrowser } from '../support/browser.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, makeStaff, type TestLot } from '../support/world.ts';
import { lookedAt, visitAs } from './console-steps.ts';

let system: TestSystem;
let browser: TestBrowser;
let lot: TestLot;

beforeAll(async () => {
  system = await startSystem();
  browser = await startBrowser();
  lot = await makeLot(system, { spots: { STANDARD: 4 }, code: 'DEV1' });
});
afterAll(async () => {
  await browser?.stop();
  await system?.stop();
});

const operator = () => makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });

describe('What is set up at the console', () => {
  test('a device’s key is shown once, and revoked after asking', async () => {
    const visitor = await visitAs({ browser, system }, (await operator()).token, { path: '/devices?lot=DEV1' });
    const { page, troubles, leave } = visitor;
    await page.getByRole('button', { name: 'Issue a key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Board at the door');
    await dialog.getByLabel('For').selectOption('BOARD');
    await dialog.getByRole('button', { name: 'Issue a key' }).click();
    const key = await dialog.getByLabel('Key', { exact: true }).inputValue();
    expect(key.length).toBeGreaterThan(16);
    await lookedAt(visitor, 'device-key');
    await dialog.getByRole('button', { name: 'I have put it in' }).click();
    expect(await page.content()).not.toContain(key);
    await page.getByRole('button', { name: 'Revoke: Board at the door' }).click();
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Revoked', { exact: true }).waitFor();
    await lookedAt(visitor, 'devices');
    expect(troubles).toEqual([]);
    await leave();
  });

  test('somebody is invited to the lot, and stands in its list of staff', async () => {
    const visitor = await visitAs({ browser, system }, (await operator()).token, { path: '/staff?lot=DEV1' });
    const { page, leave } = visitor;
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Aino Apulainen');
    await dialog.getByLabel('E-mail address').fill('aino@example.test');
    await dialog.getByRole('button', { name: 'Invite somebody' }).click();
    expect(await dialog.getByLabel('Password').inputValue()).not.toBe('');
    await dialog.getByRole('button', { name: 'Passed on' }).click();
    await page.getByRole('rowheader', { name: 'Aino Apulainen' }).waitFor();
    await lookedAt(visitor, 'staff');
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByText('Nobody has done any of this by hand yet.').waitFor();
    await lookedAt(visitor, 'audit-empty');
    await leave();
  });
});
