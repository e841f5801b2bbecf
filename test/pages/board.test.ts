import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { barriersOf, DESKTOP, PHONE, startBrowser, takePictures, type TestBrowser } from '../support/browser.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeGate, makeLot } from '../support/world.ts';

const CHECK_IN = `mutation In($input: CheckInInput!) { checkIn(input: $input) { decision { action } userErrors { code } } }`;

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

describe('A board', () => {
  test('says how many spots are free, and follows what happens at the gate', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 6 }, code: 'BRD1' });
    const { page, troubles, leave } = await browser.visit(`${system.url}/board/brd1`);
    await page.locator('.sum', { hasText: '6' }).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await takePictures(page, { page: 'board', state: 'free', device: 'desktop' });
    const gate = await makeGate(system, { lotId: lot.id, direction: 'ENTRY', name: 'North' });
    const enter = (text: string) =>
      system.client(gate.deviceKey).query(CHECK_IN, {
        input: { gateId: gate.publicId, scanId: randomUUID(), credential: { plate: { text } } },
      });
    await enter('ABC123');
    await enter('DEF456');
    await page.locator('.sum.few', { hasText: '< 5' }).waitFor();
    for (const plate of ['GHI789', 'JKL012', 'MNO345', 'PQR678']) await enter(plate);
    await page.locator('.sum.full', { hasText: 'FULL' }).waitFor();
    await takePictures(page, { page: 'board', state: 'full', device: 'desktop' });
    expect(await barriersOf(page)).toEqual([]);
    expect(troubles).toEqual([]);
    await leave();
  });

  test('says so too where no script runs', async () => {
    await makeLot(system, { spots: { STANDARD: 7 }, code: 'BRD2' });
    const { page, leave } = await browser.visit(`${system.url}/board/BRD2`, { ...DESKTOP, javaScriptEnabled: false });
    expect(await page.locator('.sum').innerText()).toBe('7');
    await leave();
  });

  test('shows no number when the server has not been heard for half a minute', async () => {
    await makeLot(system, { spots: { STANDARD: 9 }, code: 'BRD3' });
    const { page, context, leave } = await browser.visit('about:blank', PHONE);
    await page.clock.install();
    await page.goto(`${system.url}/board/BRD3`);
    await page.locator('.sum', { hasText: '9' }).waitFor();
    await context.setOffline(true);
    await page.clock.fastForward(40_000);
    await page.locator('.sum.stale', { hasText: '—' }).waitFor();
    await page.getByText('Check at entrance').waitFor();
    await takePictures(page, { page: 'board', state: 'stale', device: 'phone' });
    await leave();
  });
});
