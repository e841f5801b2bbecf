import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WebSocketRoute } from 'playwright-core';
import { Incidents } from '../journeys/incident-steps.ts';
import { PHONE, startBrowser, type TestBrowser } from '../support/browser.ts';
import { untilDurable } from '../support/gate.ts';
import { hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
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

describe('The lanes at the console', () => {
  test('show an incident as it is raised, and one key settles it', async () => {
    const lot = await makeLot(system, { code: 'LAN1' });
    const incidents = new Incidents(system, lot);
    await incidents.raise({ kind: 'UNKNOWN_STAY' });
    const visitor = await visitAs({ browser, system }, await lot.staffToken('ATTENDANT'), { path: '/lanes?lot=LAN1' });
    const { page, troubles, leave } = visitor;
    await page.getByRole('group', { name: /Warning: A vehicle left that nobody had seen/ }).waitFor();
    await incidents.listenedTo();
    await incidents.raise({ kind: 'NO_SPOT_LEFT' });
    const urgent = page.getByRole('group', { name: /Urgent: A vehicle is inside and no spot is left/ });
    await urgent.waitFor();
    await lookedAt(visitor, 'lanes');
    await urgent.focus();
    await page.keyboard.press('3');
    await page.getByText('Settled: Spoke to the driver.').waitFor();
    await urgent.waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('It was the neighbour');
    await dialog.getByRole('button', { name: 'Settle' }).click();
    await page.getByText('Nothing to look at. All is well.').waitFor();
    await lookedAt(visitor, 'lanes-quiet');
    expect((await incidents.trail()).map(({ act, reason }) => [act, reason])).toEqual([
      ['INCIDENT_RESOLVED', 'It was the neighbour'],
      ['INCIDENT_RESOLVED', 'Spoke to the driver'],
    ]);
    expect(troubles).toEqual([]);
    await leave();
  });

  test('say when the live connection is lost, and tell what was missed once it is back', async () => {
    const lot = await makeLot(system, { code: 'LAN4' });
    const incidents = new Incidents(system, lot);
    const visitor = await visitAs({ browser, system }, await lot.staffToken('ATTENDANT'), { path: '/nowhere' });
    const { page, leave } = visitor;
    const sockets: WebSocketRoute[] = [];
    let isAway = false;
    await page.routeWebSocket('**/graphql', (socket) => {
      sockets.push(socket);
      if (isAway) void socket.close({ code: 1012 });
      else socket.connectToServer();
    });
    await page.goto(`${system.url}/console/lanes?lot=LAN4`);
    await page.getByText('Nothing to look at. All is well.').waitFor();
    await incidents.listenedTo();
    isAway = true;
    for (const socket of sockets) await socket.close({ code: 1012 });
    await page.getByText('The live connection is lost.').waitFor();
    await incidents.raise({ kind: 'NO_SPOT_LEFT' });
    await lookedAt(visitor, 'lanes-gone');
    isAway = false;
    // The pauses between the attempts have grown meanwhile.
    await page.getByText('The live connection is lost.').waitFor({ state: 'detached', timeout: 25_000 });
    await page.getByRole('group', { name: /Urgent: A vehicle is inside and no spot is left/ }).waitFor();
    await leave();
  });

  test('help a driver who calls: their ticket or code is looked up, and a visit that is over is ended', async () => {
    const lot = await makeLot(system, { code: 'LAN3' });
    const { ticketCode } = await untilDurable(system, lot.entry, { plate: { text: 'LAN333' } });
    const { code } = await reserveAndPay(
      system.client(await lot.driverToken()),
      reserveInput(lot, hoursFrom(system.clock.now(), 2, 2), { vehicle: { plate: { text: 'CALL-1' } } }),
    );
    const visitor = await visitAs({ browser, system }, await lot.staffToken('ATTENDANT'), { path: '/lanes?lot=LAN3' });
    const { page, troubles, leave } = visitor;
    const ask = async (text: string) => {
      await page.getByLabel('Plate, code or ticket').fill(text);
      await page.keyboard.press('Enter');
    };
    await ask('call 1');
    await page.getByRole('link', { name: code }).waitFor();
    await ask('NOBODY9');
    await page.getByText('Nobody in this lot has “NOBODY9”').waitFor();
    await ask(ticketCode!);
    await page.getByText(/Nothing to pay|Owes/).waitFor();
    await lookedAt(visitor, 'lanes-caller');
    await page.getByRole('button', { name: 'Mark as left' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('Turned round in the entry');
    await lookedAt(visitor, 'mark-left');
    await dialog.getByRole('button', { name: 'Mark as left' }).click();
    await page.getByText('The visit has ended.').waitFor();
    expect(troubles).toEqual([]);
    await leave();
  });

  test('follow what happens at the gates, and a gate is opened with a reason', async () => {
    const lot = await makeLot(system, { code: 'LAN2' });
    await untilDurable(system, lot.entry, { plate: { text: 'LAN111' } });
    const visitor = await visitAs({ browser, system }, await lot.staffToken('ATTENDANT'), {
      path: '/lanes?lot=LAN2',
      ...PHONE,
    });
    const { page, leave } = visitor;
    const scans = page.locator('.scans > li');
    await scans.first().waitFor();
    expect(await scans.count()).toBe(1);
    await page.getByRole('button', { name: 'Open gate Exit?' }).click();
    await page.getByLabel('Reason').fill('A broken ticket');
    await page.getByRole('dialog').getByRole('button', { name: 'Open' }).click();
    await page.getByText('Gate Exit was opened.').waitFor();
    await scans.nth(1).waitFor();
    await lookedAt(visitor, 'lanes', 'phone');
    await leave();
  });
});
