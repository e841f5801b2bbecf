import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startBrowser, takePictures, type TestBrowser } from '../support/browser.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';

let system: TestSystem;
let browser: TestBrowser;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.stop();
  await system?.stop();
});

test('GraphiQL opens with operations that this server answers, and asks nobody else', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 4 }, code: 'GQL1' });
  const { page, troubles, leave } = await browser.visit(`${system.url}/graphiql`);
  await page.getByRole('tab', { name: 'Lots' }).waitFor({ timeout: 30_000 });
  for (const name of ['Price', 'Live', 'SignIn', 'Reserve', 'Reservations']) {
    expect(await page.getByRole('tab', { name, exact: true }).count()).toBe(1);
  }
  await page.getByRole('button', { name: /execute/i }).click();
  await page.locator('.graphiql-response', { hasText: lot.publicId }).waitFor();
  await takePictures(page, { page: 'graphiql', state: 'lots', device: 'desktop' });
  await page.getByRole('tab', { name: 'Live', exact: true }).click();
  await page.getByRole('button', { name: /execute/i }).click();
  await page.locator('.graphiql-response', { hasText: 'byLevel' }).waitFor();
  await takePictures(page, { page: 'graphiql', state: 'live', device: 'desktop' });
  expect(troubles).toEqual([]);
  await leave();
}, 60_000);
