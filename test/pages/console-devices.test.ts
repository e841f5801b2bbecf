import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SMALL_PHONE, startBrowser, type TestBrowser } from '../support/browser.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, makeStaff, type TestLot } from '../support/world.ts';
import { lookedAt, visitAs } from './console-steps.ts';

const OVERRIDE = `mutation ($input: OverrideSpotInput!) { overrideSpot(input: $input) { userErrors { code } } }`;
const WHO = `query { viewer { __typename } }`;

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
  test('a gate is registered and taken out of use; a key is shown once, its device is seen when it speaks, and is refused once the key is revoked', async () => {
    const visitor = await visitAs({ browser, system }, (await operator()).token, { path: '/devices?lot=DEV1' });
    const { page, troubles, leave } = visitor;
    await page.getByText('Register a gate').first().click();
    await page.getByLabel('Name', { exact: true }).fill('Back door');
    await page.getByLabel('Direction').selectOption('EXIT');
    await page.getByRole('button', { name: 'Register a gate' }).click();
    await page.getByRole('button', { name: 'Take out of use: Back door' }).click();
    await page.getByRole('button', { name: 'Put back into use: Back door' }).waitFor();

    await page.getByRole('button', { name: 'Issue a key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Board at the door');
    await dialog.getByLabel('For').selectOption('BOARD');
    await dialog.getByRole('button', { name: 'Issue a key' }).click();
    const key = await dialog.getByLabel('Key', { exact: true }).inputValue();
    await lookedAt(visitor, 'device-key');
    await dialog.getByRole('button', { name: 'I have put it in' }).click();
    expect(await page.content()).not.toContain(key);
    const board = page.getByRole('listitem').filter({ hasText: 'Board at the door' });
    expect(await board.textContent()).toContain('not seen yet');
    expect((await system.client(key).query(WHO)).data['viewer'].__typename).toBe('Device');
    await page.reload();
    await board.getByText(/last seen/).waitFor();
    await page.getByRole('button', { name: 'Revoke: Board at the door' }).click();
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Revoked', { exact: true }).waitFor();
    expect((await system.client(key).query(WHO)).errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    await lookedAt(visitor, 'devices');
    expect(troubles).toEqual([]);
    await leave();
  });

  test('somebody is invited, gets another role, and is let go', async () => {
    const visitor = await visitAs({ browser, system }, (await operator()).token, { path: '/staff?lot=DEV1' });
    const { page, troubles, leave } = visitor;
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Aino Apulainen');
    await page.reload();
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Aino Apulainen');
    await dialog.getByLabel('E-mail address').fill('aino@example.test');
    await dialog.getByRole('button', { name: 'Invite somebody' }).click();
    expect(await dialog.getByLabel('Password').inputValue()).not.toBe('');
    await dialog.getByRole('button', { name: 'Passed on' }).click();
    const aino = page.getByRole('listitem').filter({ hasText: 'Aino Apulainen' });
    expect(await aino.getByText('Attendant').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Change: Aino Apulainen' }).click();
    await dialog.getByLabel('Role').selectOption('OPERATOR');
    await dialog.getByLabel('Serves').selectOption('ALL');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await aino.getByText('All lots').waitFor();
    await lookedAt(visitor, 'staff');
    await page.getByRole('button', { name: 'Close account: Aino Apulainen' }).click();
    await dialog.getByRole('button', { name: 'Close account' }).click();
    await page.getByText('The account of Aino Apulainen is closed.').waitFor();
    await aino.waitFor({ state: 'detached' });
    expect(troubles).toEqual([]);
    await leave();
  });

  test('a monthly pass, a promo code and a merchant are offered, and ended after asking', async () => {
    const visitor = await visitAs({ browser, system }, (await operator()).token, { path: '/offers?lot=DEV1' });
    const { page, troubles, leave } = visitor;
    await page.getByText('No pass is on sale.').waitFor();
    const form = (title: string) => page.locator('section', { has: page.getByRole('heading', { name: title }) });
    const passes = form('Monthly passes');
    await passes.locator('summary').click();
    await passes.getByLabel('Name').fill('Commuter');
    await passes.getByLabel('Price of a month, EUR').fill('89,90');
    await passes.getByRole('button', { name: 'Put a pass on sale' }).click();
    await passes.getByText('€89.90 a month').waitFor();
    const codes = form('Promo codes');
    await codes.locator('summary').click();
    await codes.getByLabel('Code', { exact: true }).fill('SPRING-20');
    await codes.getByLabel('Percent').fill('20');
    await codes.getByRole('button', { name: 'Make a promo code' }).click();
    await codes.getByText('20% off · not used yet').waitFor();
    await codes.getByLabel('Code', { exact: true }).fill('SPRING-20');
    await codes.getByLabel('Percent').fill('30');
    await codes.getByRole('button', { name: 'Make a promo code' }).click();
    await codes.getByRole('alert').waitFor();
    expect(await codes.getByLabel('Percent').inputValue()).toBe('30');
    const merchants = form('Merchants');
    await merchants.locator('summary').click();
    await merchants.getByLabel('Name').fill('Café Kamppi');
    await merchants.getByLabel('Most per visit, EUR').fill('4');
    await merchants.getByRole('button', { name: 'Add a merchant' }).click();
    await merchants.getByText('at most €4.00 each · 0 given this month for €0.00').waitFor();
    await page.evaluate(() => scrollTo(0, 0));
    await lookedAt(visitor, 'offers');
    for (const name of ['Commuter', 'SPRING-20', 'Café Kamppi']) {
      await page.getByRole('button', { name: `End: ${name}` }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
      await page.getByRole('button', { name: `End: ${name}` }).waitFor({ state: 'detached' });
    }
    await page.getByText('No pass is on sale.').waitFor();
    expect(await page.getByText('Ended', { exact: true }).count()).toBe(2);
    expect(troubles).toEqual([]);
    await leave();
  });

  test('what was done by hand is listed a page at a time, by what it was, and taken along as a file', async () => {
    const { token } = await operator();
    const visitor = await visitAs({ browser, system }, token, { path: '/audit?lot=DEV1' });
    const { page, troubles, leave } = visitor;
    await page.getByText('Nobody has done any of this by hand yet.').waitFor();
    const staff = system.client(token);
    for (let n = 0; n < 52; n++) {
      const reason = n === 51 ? '=cmd()' : `The sensor hangs, ${n}`;
      const input = {
        spotId: lot.spots[n % 4]!.publicId,
        sight: n % 2 === 0 ? 'OCCUPIED' : 'FREE',
        minutes: 5,
        reason,
      };
      expect((await staff.query(OVERRIDE, { input })).data['overrideSpot'].userErrors).toEqual([]);
    }
    await page.reload();
    await page.getByText('50 shown').waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('52 shown').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as CSV' }).click();
    const csv = await readFile(await (await download).path(), 'utf8');
    expect(csv.trim().split('\r\n')).toHaveLength(53);
    expect(csv).toMatch(/\r\n\d{4}-\d\d-\d\dT[\d:.]+Z,Test Staff,State of a spot set,'=cmd\(\)\r\n/);
    await page.evaluate(() => scrollTo(0, 0));
    await lookedAt(visitor, 'audit');
    await page.getByLabel('What').selectOption('WATCH_ADDED');
    await page.getByText('Nobody has done any of this by hand yet.').waitFor();
    expect(troubles).toEqual([]);
    await leave();
  });

  test('nothing sticks out of a window of 320 pixels, which is what is left at four times the size', async () => {
    const visitor = await visitAs({ browser, system }, (await operator()).token, {
      ...SMALL_PHONE,
      path: '/tariffs?lot=DEV1',
    });
    const { page, leave } = visitor;
    const names = {
      tariffs: 'Draft',
      devices: 'Gates',
      staff: 'Test Staff',
      offers: 'Merchants',
      reports: 'From',
      audit: 'What',
    };
    for (const [section, text] of Object.entries(names)) {
      await page.goto(`${system.url}/console/${section}?lot=DEV1`);
      await page.getByRole('main').getByText(text).first().waitFor();
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([section, over]).toEqual([section, 0]);
    }
    await leave();
  });
});
