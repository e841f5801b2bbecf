import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hoursFrom } from '../support/booking.ts';
import { startBrowser, type TestBrowser } from '../support/browser.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, makeStaff, type TestLot } from '../support/world.ts';
import { lookedAt, visitAs } from './console-steps.ts';

const QUOTE = `query ($input: QuoteInput!) { quote(input: $input) { quote { price { total { amountMinor } } } } }`;
const DIFFERENCE = `query ($input: TariffDifferenceInput!) { tariffDifference(input: $input) { difference { stays { difference { amountMinor } } } } }`;

let system: TestSystem;
let browser: TestBrowser;
let lot: TestLot;

beforeAll(async () => {
  system = await startSystem();
  browser = await startBrowser();
  lot = await makeLot(system, { spots: { STANDARD: 4 }, code: 'TAR1' });
});
afterAll(async () => {
  await browser?.stop();
  await system?.stop();
});

/** What a driver is offered for three hours. */
async function offeredMinor(): Promise<number> {
  const input = { lotId: lot.publicId, period: hoursFrom(system.clock.now(), 1, 3) };
  const { data } = await system.client().query(QUOTE, { input });
  return data['quote'].quote.price.total.amountMinor;
}

test('A tariff is drafted, priced, compared, refused where it is wrong, and holds once it is published; the version before can be taken again', async () => {
  const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
  const visitor = await visitAs({ browser, system }, token, { path: '/tariffs?lot=TAR1' });
  const { page, troubles, leave } = visitor;
  const price = page.getByLabel('Price per block, EUR');
  expect(await price.inputValue()).toBe('2.00');
  expect(await offeredMinor()).toBe(600);

  await price.fill('8.5');
  await page.getByLabel('Most per day, EUR').fill('');
  await page.getByRole('button', { name: 'Calculate' }).click();
  await page.locator('.big', { hasText: '€25.50' }).waitFor();
  const lines = page.getByRole('region', { name: 'Price for …' }).getByRole('row');
  expect(await lines.count()).toBe(3);
  expect(await lines.last().textContent()).toBe('Total€25.50');

  await page.getByRole('button', { name: 'Compare' }).click();
  const steps = [{ blockMinutes: 60, minor: 850 }];
  const toDocument = { rates: [{ name: 'All', bands: [{ name: 'All day', steps }] }] };
  const asked = { input: { lotId: lot.publicId, toDocument } };
  const { stays } = (await system.client(token).query(DIFFERENCE, asked)).data['tariffDifference'].difference;
  const dearer = stays.filter((stay: any) => stay.difference.amountMinor > 0).length;
  expect(dearer).toBeGreaterThan(5);
  const said = `Of ${stays.length} sample visits, ${dearer} would cost more, 0 less and ${stays.length - dearer} the same.`;
  await page.getByText(said).waitFor();
  // What slides under the top that stands can't be pressed, which says nothing of the page.
  await page.evaluate(() => scrollTo(0, 0));
  await lookedAt(visitor, 'tariff-draft');

  const publish = async () => {
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
  };
  await page.getByLabel('Tax included, %').fill('250');
  await publish();
  await page.getByText('Not published.').waitFor();
  expect(await page.getByLabel('Tax included, %').getAttribute('aria-invalid')).toBe('true');
  await page.evaluate(() => scrollTo(0, 0));
  await lookedAt(visitor, 'tariff-mistakes');
  await page.reload();
  expect([await price.inputValue(), await page.getByLabel('Tax included, %').inputValue()]).toEqual(['8.5', '250']);

  await page.getByLabel('As JSON').check();
  const text = page.getByLabel('Document');
  const whole = await text.inputValue();
  await text.fill('{ "rates": [');
  await page.getByText('This is no JSON').waitFor();
  await text.fill('{ "rates": [] }');
  await publish();
  await page.getByText('rates', { exact: true }).waitFor();
  expect(await text.inputValue()).toBe('{ "rates": [] }');
  await text.fill(whole.replace('250', '24'));
  await publish();
  await page.getByText('Version 2 is in force.').waitFor();
  expect(await offeredMinor()).toBe(2550);

  await page.getByText('Version 1 ·').click();
  await page.getByRole('button', { name: 'Take as the draft: Version 1' }).click();
  expect(await price.inputValue()).toBe('2.00');
  await page.evaluate(() => scrollTo(0, 0));
  await lookedAt(visitor, 'tariff-versions');
  expect(troubles).toEqual([]);
  await leave();
});
