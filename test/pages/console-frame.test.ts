import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { raiseIncident } from '../../src/incidents/raise-incident.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { operatorSteps } from '../journeys/operator-steps.ts';
import { hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import { PHONE, SMALL_PHONE, startBrowser, type TestBrowser } from '../support/browser.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, makeStaff, type TestLot } from '../support/world.ts';
import { lookedAt, visitAs } from './console-steps.ts';

let system: TestSystem;
let browser: TestBrowser;
let lot: TestLot;

beforeAll(async () => {
  system = await startSystem();
  browser = await startBrowser();
  lot = await makeLot(system, { spots: { STANDARD: 20, EV: 4, ACCESSIBLE: 2 }, code: 'CON1' });
});
afterAll(async () => {
  await browser?.stop();
  await system?.stop();
});

const operator = () => makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });

describe('The console', () => {
  test('lets staff in by address and password, and keeps the address when the password is wrong', async () => {
    const { token } = await operator();
    const { run } = operatorSteps(
      () => system,
      () => token,
    );
    const invited = await run('inviteStaff', {
      email: 'vera@example.test',
      name: 'Vera Valvoja',
      role: 'ATTENDANT',
      lotIds: [lot.publicId],
    });
    const visitor = await browser.visit(`${system.url}/console`);
    const { page, leave } = visitor;
    await page.getByLabel('E-mail address').fill('vera@example.test');
    await page.getByLabel('Password').fill('not this one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('E-mail address or password is wrong.').waitFor();
    await lookedAt(visitor, 'sign-in-refused');
    expect(await page.getByLabel('E-mail address').inputValue()).toBe('vera@example.test');
    await page.getByLabel('Password').fill(invited.oneTimePassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByRole('button', { name: /Vera Valvoja/ }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await leave();
  });

  test('signs nobody out because the server is too busy to renew their login', async () => {
    const { token } = await operator();
    const visitor = await visitAs({ browser, system }, token);
    const { page, leave } = visitor;
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const refused = { data: null, errors: [{ message: 'busy', extensions: { code: 'RATE_LIMITED' } }] };
    let renewals = 0;
    await page.route('**/graphql', (route) => {
      if (route.request().postData()?.includes('refreshLogin') !== true) return route.fallback();
      renewals += 1;
      return route.fulfill({ json: refused });
    });
    await page.evaluate(() => {
      const [stored, ended] = ['parkwell.login.console', '2020-01-01T00:00:00Z'];
      const login = JSON.parse(localStorage.getItem(stored) ?? '{}');
      localStorage.setItem(stored, JSON.stringify({ ...login, accessTokenExpiresAt: ended }));
    });
    await page.reload();
    await page.getByRole('heading', { name: 'Overview' }).waitFor({ timeout: 10_000 });
    expect(renewals).toBeGreaterThan(0);
    await leave();
  });

  test('tells the day of all lots first: arrivals, revenue, no-shows, incidents; and every figure leads to its rows', async () => {
    const { token } = await operator();
    const driver = system.client(await lot.driverToken());
    const reservation = await reserveAndPay(driver, reserveInput(lot, hoursFrom(system.clock.now(), 0, 2)));
    await inTransaction(system.platform, (tx) => raiseIncident(tx, { lotId: lot.id, kind: 'NO_SPOT_LEFT' }));
    const visitor = await visitAs({ browser, system }, token);
    const { page, troubles, leave } = visitor;
    const figure = (name: string) => page.locator('.figure-card', { hasText: name }).locator('.big');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await figure('Arrivals').waitFor();
    expect(await figure('Arrivals').innerText()).toBe('1');
    expect(await figure('Revenue today').innerText()).toBe('€4.00');
    expect(await figure('Open incidents').innerText()).toBe('1');
    await lookedAt(visitor, 'overview');
    await page.getByRole('link', { name: 'Lot CON1' }).click();
    await page.getByRole('heading', { name: 'Lot CON1' }).waitFor();
    expect(new URL(page.url()).searchParams.get('lot')).toBe('CON1');
    await lookedAt(visitor, 'overview-of-a-lot');
    await page.locator('.figure-card').getByRole('link', { name: 'Arrivals' }).click();
    await page.getByRole('link', { name: reservation.code }).waitFor();
    expect(troubles).toEqual([]);
    await leave();
  });

  test('shows attendants no money and nothing of other lots', async () => {
    const other = await makeLot(system, { code: 'CON2', operatorId: lot.operatorId });
    const token = await lot.staffToken('ATTENDANT');
    const visitor = await visitAs({ browser, system }, token, PHONE);
    const { page, troubles, leave } = visitor;
    await page.getByRole('link', { name: 'Lot CON1' }).waitFor();
    expect(await page.getByText('Revenue today').count()).toBe(0);
    expect(await page.getByText(`Lot ${other.code}`).count()).toBe(0);
    await lookedAt(visitor, 'overview-attendant', 'phone');
    expect(troubles).toEqual([]);
    await leave();
  });

  test('finds a reservation by its plate, its code, and for operators by its driver’s address', async () => {
    const driver = system.client(await lot.driverToken());
    const { data } = await driver.query('{ viewer { ... on Driver { email } } }');
    const wish = reserveInput(lot, hoursFrom(system.clock.now(), 5, 2), { vehicle: { plate: { text: 'FIND-77' } } });
    const { code } = await reserveAndPay(driver, wish);
    const { token } = await operator();
    const visitor = await visitAs({ browser, system }, token);
    const { page, leave } = visitor;
    const box = page.getByRole('searchbox', { name: 'Plate, code, name, e-mail or payment' });
    for (const text of ['find 77', code.toLowerCase(), data['viewer'].email]) {
      await box.fill(text);
      await box.press('Enter');
      await page.getByRole('heading', { name: text }).waitFor();
      await page.getByRole('link', { name: code }).waitFor();
    }
    await lookedAt(visitor, 'found');
    await box.fill('NOBODY1');
    await box.press('Enter');
    await page.getByText('Nothing was found for “NOBODY1”').waitFor();
    await lookedAt(visitor, 'found-nothing');
    await leave();
  });

  test('is a list in pages where there are very many lots, and finds one of them by its name', async () => {
    const many = await makeLot(system, { code: 'MANY1' });
    for (let n = 2; n <= 30; n += 1)
      await makeLot(system, { code: `MANY${n}`, operatorId: many.operatorId, spots: { STANDARD: 1 } });
    const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: many.operatorId });
    const { page, leave } = await visitAs({ browser, system }, token);
    await page.getByText('24 shown').waitFor();
    let requests = 0;
    page.on('request', () => (requests += 1));
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('30 shown').waitFor();
    expect(requests).toBe(1);
    await page.getByRole('button', { name: /All lots/ }).click();
    await page.getByLabel('Name, code or address').fill('many29');
    await page.getByRole('button', { name: /Lot MANY29/ }).click();
    await page.getByRole('heading', { name: 'Lot MANY29' }).waitFor();
    await leave();
  });

  test('says so when the server does not answer, and tries again', async () => {
    const { token } = await operator();
    const visitor = await visitAs({ browser, system }, token);
    const { page, leave } = visitor;
    await page.getByRole('link', { name: 'Lot CON1' }).waitFor();
    await page.route('**/graphql', (route) => route.abort());
    await page.getByRole('link', { name: 'Lots', exact: true }).click();
    await page.getByText('The server does not answer').waitFor();
    await lookedAt(visitor, 'no-answer');
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'Lot CON1' }).waitFor();
    await leave();
  });

  test('is whole on a four-inch phone, which is as wide as a desktop at 400 %', async () => {
    const { token } = await operator();
    const { page, leave } = await visitAs({ browser, system }, token, SMALL_PHONE);
    await page.getByRole('link', { name: 'Lot CON1' }).waitFor();
    for (const section of ['', 'lots', 'reservations', 'lanes', 'tariffs', 'devices', 'staff', 'reports', 'audit']) {
      await page.goto(`${system.url}/console/${section}?lot=CON1`);
      await page.locator('#view h1').waitFor();
      await page.locator('#view [role=progressbar]').first().waitFor({ state: 'detached' });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([section, wide]).toEqual([section, 0]);
    }
    await leave();
  });
});
