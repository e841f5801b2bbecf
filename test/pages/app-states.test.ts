import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { reserve, reserveInput } from '../support/booking.ts';
import { DESKTOP, PHONE, startBrowser, type TestBrowser, type Visitor } from '../support/browser.ts';
import { MovableClock } from '../../src/platform/clock.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';
import { expectGood, paidNow, PASSWORD, signUp, visitAs } from './app-steps.ts';

const HOUR_MS = 3_600_000;

let system: TestSystem;
let browser: TestBrowser;
const clock = new MovableClock();

beforeAll(async () => {
  system = await startSystem({ clock });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.stop();
  await system?.stop();
});

describe('A driver’s page', () => {
  test('says that a price has run out, keeps what was typed, and asks for it again', async () => {
    await makeLot(system, { code: 'STA1' });
    const { page, leave } = await browser.visit('about:blank', PHONE);
    // The device believes that it is yesterday; what counts is the server's clock.
    await page.clock.install({ time: Date.now() - 24 * HOUR_MS });
    await page.goto(`${system.url}/app/lots/STA1`);
    await page.getByLabel('Licence plate').fill('abc-123');
    await page.getByText(/^Kept for (10:00|9:5)/).waitFor();
    await page.clock.fastForward(11 * 60_000);
    clock.runFrom(new Date(clock.now().getTime() + 11 * 60_000));
    await page.getByRole('button', { name: 'Ask for the price again' }).waitFor();
    await expectGood(page, { state: 'expired', device: 'phone', at: 'This price is no longer kept' });
    await page.getByRole('button', { name: 'Ask for the price again' }).click();
    await page.getByRole('button', { name: 'Ask for the price again' }).waitFor({ state: 'detached' });
    expect(await page.getByLabel('Licence plate').inputValue()).toBe('abc-123');
    clock.runFrom(new Date());
    await leave();
  });

  test('lets go of a spot that was not paid in time, says so, and lets its driver go on from there', async () => {
    await makeLot(system, { code: 'STA7' });
    const { page, leave } = await visitAs({ browser, url: `${system.url}/app`, options: PHONE }, await signUp(system));
    await page.clock.install();
    await page.goto(`${system.url}/app/lots/STA7`);
    // So far ahead that the start does not go by with the hold.
    await page.getByLabel('From').fill(new Date(Date.now() + 24 * HOUR_MS).toISOString().slice(0, 16));
    await page.getByLabel('Licence plate').fill('abc-123');
    await page.getByLabel('Yes, this is my plate').check();
    await page.getByLabel('Card without enough money').check();
    await page.getByRole('button', { name: 'Pay €4.00' }).click();
    await page.getByText('The card was declined').waitFor();
    expect(await page.getByLabel('Licence plate').isEnabled()).toBe(false);
    await page.clock.fastForward(11 * 60_000);
    clock.runFrom(new Date(clock.now().getTime() + 11 * 60_000));
    await page.getByText('The time to pay has run out').waitFor();
    await expectGood(page, { state: 'lapsed', device: 'phone', at: 'The time to pay has run out' });
    await page.getByRole('button', { name: 'Ask for the price again' }).first().click();
    expect(await page.getByLabel('Licence plate').inputValue()).toBe('abc-123');
    await page.getByLabel('Card that pays').check();
    await page.getByRole('button', { name: 'Pay €4.00' }).click();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    clock.runFrom(new Date());
    await leave();
  });

  /** Everything is filled in, and then another driver takes the last spot of that type. */
  async function overtaken(code: string, { isCutOff = false } = {}): Promise<Visitor> {
    const lot = await makeLot(system, { code, spots: { STANDARD: 1, LARGE: 1 } });
    const url = `${system.url}/app/lots/${code}`;
    const visitor = await visitAs({ browser, url, options: DESKTOP }, await signUp(system));
    const { page, context } = visitor;
    if (isCutOff) {
      // Its live connection opens and says nothing.
      await context.routeWebSocket('**/graphql', () => undefined);
      await page.reload();
    }
    await page.getByLabel('Spot', { exact: true }).selectOption('STANDARD');
    await page.getByLabel('Licence plate').fill('abc-123');
    await page.getByLabel('Yes, this is my plate').check();
    await page.getByRole('button', { name: 'Pay €4.00' }).waitFor();
    const nowMs = clock.now().getTime();
    const period = { startsAt: new Date(nowMs).toISOString(), endsAt: new Date(nowMs + 6 * HOUR_MS).toISOString() };
    await reserve(system.client(await lot.driverToken()), reserveInput(lot, period, { spotType: 'STANDARD' }));
    return visitor;
  }

  test('says that the last spot has gone while somebody types, with what is near, and keeps what was typed', async () => {
    const { page, leave } = await overtaken('STA2');
    await page.getByText('Full for this time').waitFor();
    await expectGood(page, { state: 'full', device: 'desktop' });
    expect(await page.getByLabel('Licence plate').inputValue()).toBe('abc-123');
    await page.getByRole('button', { name: 'Take it' }).first().click();
    await page.getByRole('button', { name: 'Pay €4.00' }).waitFor();
    await leave();
  });

  test('says it to who hears of it only by pressing, too', async () => {
    const { page, leave } = await overtaken('STA6', { isCutOff: true });
    await page.getByRole('button', { name: 'Pay €4.00' }).click();
    await page.getByText('Full for this time').waitFor();
    await page.getByRole('button', { name: 'Take it' }).first().waitFor();
    expect(await page.getByLabel('Licence plate').inputValue()).toBe('abc-123');
    await leave();
  });

  test('is paid for the last spot that its driver holds, after a refused card and after a reload', async () => {
    await makeLot(system, { code: 'STA8', spots: { STANDARD: 1 } });
    const url = `${system.url}/app/lots/STA8`;
    const { page, leave } = await visitAs({ browser, url, options: PHONE }, await signUp(system));
    await page.getByLabel('Licence plate').fill('abc-123');
    await page.getByLabel('Yes, this is my plate').check();
    await page.getByLabel('Card without enough money').check();
    await page.getByRole('button', { name: 'Pay €4.00' }).click();
    await page.getByText('The card was declined').waitFor();
    await page.reload();
    await page.getByLabel('Card that pays').check();
    expect(await page.getByText('Full for this time').count()).toBe(0);
    await page.getByRole('button', { name: 'Pay €4.00' }).click();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    await leave();
  });

  test('is paid where it is looked at, when the spot was held elsewhere', async () => {
    const lot = await makeLot(system, { code: 'STA10', spots: { STANDARD: 1 } });
    const driver = await signUp(system);
    const nowMs = clock.now().getTime();
    const period = { startsAt: new Date(nowMs).toISOString(), endsAt: new Date(nowMs + 2 * HOUR_MS).toISOString() };
    const { reservation } = await reserve(system.client(driver.login.accessToken), reserveInput(lot, period));
    const url = `${system.url}/app/parking/${reservation.id}`;
    const { page, leave } = await visitAs({ browser, url, options: PHONE }, driver);
    await page.getByText('Kept for').waitFor();
    await page.getByLabel('Card without enough money').check();
    await page.getByRole('button', { name: /^Pay €/ }).click();
    await page.getByText('The card was declined').waitFor();
    await expectGood(page, { state: 'held', device: 'phone' });
    await page.getByLabel('Card that pays').check();
    await page.getByRole('button', { name: /^Pay €/ }).click();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    await leave();
  });

  test('leaves nothing of a driver to whoever comes next once they have signed out, in no tab', async () => {
    const lot = await makeLot(system, { code: 'STA9' });
    const driver = await signUp(system);
    const { id } = await paidNow(system, lot, driver);
    const { page, context, leave } = await visitAs(
      { browser, url: `${system.url}/app/lots/STA9`, options: PHONE },
      driver,
    );
    await page.getByLabel('Licence plate').fill('abc-123');
    const other = await context.newPage();
    await other.goto(`${system.url}/app/parking/${id}`);
    await other.getByRole('img', { name: /QR code/ }).waitFor();
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Sign in to see your parking').waitFor();
    await other.getByText('Sign in to see your parking').waitFor();
    expect(await other.getByRole('img', { name: /QR code/ }).count()).toBe(0);
    const left = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
    expect(left).not.toMatch(/abc-123|ABC123|parkwell\.login|copies/);
    await leave();
  });

  test('shows a pass without a network, also when it is loaded anew', async () => {
    const lot = await makeLot(system, { code: 'STA3' });
    const driver = await signUp(system);
    const { id } = await paidNow(system, lot, driver);
    const { page, context, leave } = await visitAs(
      { browser, url: `${system.url}/app/parking/${id}`, options: PHONE },
      driver,
    );
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    // It is ready once it has kept all that the page is made of.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await context.setOffline(true);
    await page.reload();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    await page.getByText('The pass is valid').waitFor();
    await expectGood(page, { state: 'offline', device: 'phone' });
    await leave();
  });

  test('pays once when the connection is lost while paying and the button is pressed again', async () => {
    await makeLot(system, { code: 'STA4' });
    const driver = await signUp(system);
    const { page, context, leave } = await visitAs(
      { browser, url: `${system.url}/app/lots/STA4`, options: PHONE },
      driver,
    );
    await page.getByLabel('Licence plate').fill('abc-123');
    await page.getByLabel('Yes, this is my plate').check();
    const pay = page.getByRole('button', { name: 'Pay €4.00' });
    await pay.waitFor();
    // The request arrives; its answer does not.
    let lost = 0;
    await context.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('AppReserve(') || lost++ > 0) return route.continue();
      await route.fetch();
      await route.abort('connectionreset');
    });
    await pay.click();
    await page.getByText('The server can’t be reached').waitFor();
    await expectGood(page, { state: 'lost', device: 'phone', at: 'The server can’t be reached' });
    await pay.click();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    const list = await system.client(driver.login.accessToken).query('{ reservations(first: 10) { nodes { state } } }');
    expect(list.data['reservations'].nodes).toEqual([{ state: 'CONFIRMED' }]);
    await leave();
  });

  test('asks who it is where a login has run out, and goes on there', async () => {
    const lot = await makeLot(system, { code: 'STA5' });
    const driver = await signUp(system);
    const { id } = await paidNow(system, lot, driver);
    const ended = {
      ...driver.login,
      accessToken: 'none',
      refreshToken: 'none',
      accessTokenExpiresAt: '2020-01-01T00:00:00Z',
    };
    const { page, leave } = await visitAs(
      { browser, url: `${system.url}/app/parking/${id}`, options: PHONE },
      { ...driver, login: ended },
    );
    await page.getByLabel('E-mail').fill(driver.email);
    await expectGood(page, { state: 'signed-out', device: 'phone' });
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    await leave();
  });
});
