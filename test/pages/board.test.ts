import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { opensNextAt } from '../../src/domain/opening-hours.ts';
import { shownFor, type Shown } from '../../web/board/shown.ts';
import { barriersOf, DESKTOP, PHONE, startBrowser, takePictures, type TestBrowser } from '../support/browser.ts';
import { scan } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

const HOUR_MS = 3_600_000;
const FIRST_WORD = '.sum .figure';

let system: TestSystem;
let worker: TestSystem;
let browser: TestBrowser;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  worker = await startSystem({ roles: ['worker'], beside: system });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.stop();
  await worker?.stop();
  await system?.stop();
});

async function addLevel(lot: TestLot, name: string, spots: number): Promise<void> {
  const client = system.client(await lot.staffToken('OPERATOR'));
  const added = await client.query(
    `mutation ($input: AddLevelInput!) { addLevel(input: $input) { level { id } userErrors { code } } }`,
    { input: { lotId: lot.publicId, name } },
  );
  const levelId = added.data?.['addLevel'].level.id as string;
  const input = { levelId, spotType: 'STANDARD', labelPattern: `${name.charAt(0)}-###`, firstNumber: 1, count: spots };
  const { data } = await client.query(
    `mutation ($input: AddSpotsInput!) { addSpots(input: $input) { userErrors { code } } }`,
    { input },
  );
  expect(data?.['addSpots'].userErrors).toEqual([]);
}

const figures = (page: Page): Promise<string[]> => page.locator('.figure:visible').allInnerTexts();

/** What doesn't fit on the screen, or lies on something else. */
const misplaced = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const shown = [...document.querySelectorAll('.name, .figure, .level, .unit, .way, time, .updated')].filter(
      (element) => element.checkVisibility() && element.getBoundingClientRect().width > 0,
    );
    const boxes = shown.map((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      const text = element instanceof SVGElement ? element.getBoundingClientRect() : range.getBoundingClientRect();
      const name = `${element.parentElement?.className} ${element.getAttribute('class') ?? element.tagName}`;
      return { name, text };
    });
    const outside = boxes
      .filter(
        ({ text }) => text.left < -1 || text.top < -1 || text.right > innerWidth + 1 || text.bottom > innerHeight + 1,
      )
      .map(({ name }) => `${name} is outside`);
    const over = boxes.flatMap((one, index) =>
      boxes.slice(index + 1).flatMap((other) => {
        const x = Math.min(one.text.right, other.text.right) - Math.max(one.text.left, other.text.left);
        const y = Math.min(one.text.bottom, other.text.bottom) - Math.max(one.text.top, other.text.top);
        return x > 1 && y > Math.min(one.text.height, other.text.height) * 0.25 ? [`${one.name} on ${other.name}`] : [];
      }),
    );
    return [...outside, ...over];
  });

describe('A board', () => {
  test('says how many spots are free, and follows what happens at the gate', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 6 }, code: 'BRD1' });
    const { page, troubles, leave } = await browser.visit(`${system.url}/board/brd1`);
    await page.locator('.sum.count', { hasText: '6' }).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await takePictures(page, { page: 'board', state: 'free', device: 'desktop' });
    const enter = (text: string) => scan(system, lot.entry, { plate: { text } });
    await enter('ABC123');
    await enter('DEF456');
    await page.locator('.sum.few', { hasText: '< 5' }).waitFor();
    for (const plate of ['GHI789', 'JKL012', 'MNO345', 'PQR678']) await enter(plate);
    await page.locator('.sum.full', { hasText: 'FULL' }).waitFor();
    expect(await misplaced(page)).toEqual([]);
    await takePictures(page, { page: 'board', state: 'full', device: 'desktop' });
    expect(await barriersOf(page)).toEqual([]);
    expect(troubles).toEqual([]);
    await leave();
  });

  test('tells the way to each level, and fills any screen without scrolling', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 112 }, code: 'BRD2' });
    await addLevel(lot, 'Upper deck', 3);
    await addLevel(lot, 'Roof', 48);
    const { page, leave } = await browser.visit(`${system.url}/board/BRD2?ways=0:up,1:up-right,2:left`);
    await page.locator('.row.up-right.few').waitFor();
    expect(await figures(page)).toEqual(['163', '112', '< 5', '48']);
    const layouts = { landscape: [1280, 720], portrait: [1080, 1920], strip: [1600, 400], 'long-strip': [1920, 240] };
    for (const [device, [width = 0, height = 0]] of Object.entries({
      ...layouts,
      zoomed: [320, 200],
      small: [320, 568],
    })) {
      await page.setViewportSize({ width, height });
      expect({ device, misplaced: await misplaced(page) }).toEqual({ device, misplaced: [] });
      if (device in layouts) await takePictures(page, { page: 'board', state: 'levels', device });
    }
    expect(await barriersOf(page)).toEqual([]);
    await page.goto(`${system.url}/board/BRD2?levels=1,2&ways=1:left,2:left&lang=de`);
    await page.locator('.sum.left', { hasText: '51' }).waitFor();
    expect(await figures(page)).toEqual(['51', '< 5', '48']);
    await leave();
  });

  test('says so too where no script runs, and of a lot that is not there nothing', async () => {
    await makeLot(system, { spots: { STANDARD: 7 }, code: 'BRD3' });
    const { page, leave } = await browser.visit(`${system.url}/board/BRD3`, { ...DESKTOP, javaScriptEnabled: false });
    expect(await page.locator('.sum.count .figure').innerText()).toBe('7');
    await takePictures(page, { page: 'board', state: 'no-script', device: 'landscape' });
    expect((await page.goto(`${system.url}/board/NONE`))?.status()).toBe(404);
    await leave();
  });

  test('shows no number once nobody has confirmed it for half a minute, and shows it again when the network is back', async () => {
    await makeLot(system, { spots: { STANDARD: 9 }, code: 'BRD4' });
    const { page, context, leave } = await browser.visit('about:blank', PHONE);
    await page.clock.install();
    await page.goto(`${system.url}/board/BRD4?lang=en,fi`);
    await page.locator('.sum.count', { hasText: '9' }).waitFor();
    await context.setOffline(true);
    await page.clock.fastForward(28_000);
    expect(await page.locator(FIRST_WORD).innerText()).toBe('9');
    // The first count by the socket may have come after the one that stood in the page.
    await page.clock.fastForward(31_000);
    await page.locator('.sum.stale', { hasText: '—' }).waitFor();
    await page.getByText('Check at entrance').or(page.getByText('Tarkista sisäänkäynniltä')).first().waitFor();
    expect(await misplaced(page)).toEqual([]);
    expect(await barriersOf(page)).toEqual([]);
    await takePictures(page, { page: 'board', state: 'stale', device: 'phone' });
    await context.setOffline(false);
    await page.clock.fastForward(13_000);
    await page.locator('.sum.count', { hasText: '9' }).waitFor();
    await leave();
  });

  test('speaks the languages that it was hung up with in turn, and loads a newer page by itself', async () => {
    await makeLot(system, { spots: { STANDARD: 8 }, code: 'BRD5' });
    const { page, leave } = await browser.visit('about:blank');
    await page.clock.install();
    await page.goto(`${system.url}/board/BRD5?lang=fi,ja`);
    const unit = page.locator('.unit');
    const heard = new Set<string>();
    for (let turn = 0; turn < 2; turn++) {
      await unit.filter({ hasText: /./ }).waitFor();
      heard.add(`${await page.locator('html').getAttribute('lang')} ${await unit.innerText()}`);
      await page.clock.runFor(8000);
    }
    expect([...heard].sort()).toEqual(['fi vapaana', 'ja 空き']);
    await page.route('**/now', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), page: 'another' } });
    });
    const loaded = page.waitForEvent('load');
    await page.clock.fastForward(13_000);
    await loaded;
    await leave();
  });

  test('says closed outside of the opening hours, and when it opens; and opens by itself', async () => {
    const now = system.clock.now();
    const tomorrow = (now.getUTCDay() + 6 + 1) % 7;
    const days = [{ day: tomorrow, opens: '00:00', closes: '24:00' }] as const;
    await makeLot(system, { code: 'BRD6', timeZone: 'UTC', openingHours: { kind: 'WEEKLY', days } });
    const { page, leave } = await browser.visit('about:blank');
    await page.clock.install({ time: now });
    await page.goto(`${system.url}/board/BRD6?lang=en`);
    await page.locator('.sum.closed', { hasText: 'CLOSED' }).waitFor();
    await page.getByText('Opens 12:00 AM').waitFor();
    expect(await misplaced(page)).toEqual([]);
    expect(await barriersOf(page)).toEqual([]);
    await takePictures(page, { page: 'board', state: 'closed', device: 'desktop' });
    system.clock.advance(24 * HOUR_MS);
    await page.clock.fastForward(13_000);
    await page.locator('.sum.few', { hasText: '< 5' }).waitFor();
    await leave();
  });

  test('is still right when nobody tells it of changes any more', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 6 }, code: 'BRD7' });
    const { page, leave } = await browser.visit('about:blank');
    await page.clock.install();
    await page.goto(`${system.url}/board/BRD7`);
    await page.locator('.sum.count', { hasText: '6' }).waitFor();
    await worker.closeApp();
    const { data } = await system
      .client(await lot.staffToken('OPERATOR'))
      .query(`mutation ($input: CloseSpotsInput!) { closeSpots(input: $input) { userErrors { code } } }`, {
        input: { lotId: lot.publicId, spotIds: lot.spots.map(({ publicId }) => publicId) },
      });
    expect(data?.['closeSpots'].userErrors).toEqual([]);
    await page.clock.fastForward(13_000);
    await page.locator('.sum.full').waitFor();
    await leave();
  });
});

describe('A word on a board', () => {
  test.each([
    [
      [9, 5, 4, 5, 6, 7],
      ['9', '5', 'FEW', 'FEW', 'FEW', '7'],
    ],
    [
      [1, 0, 1, 2, 6, 7],
      ['FEW', 'FULL', 'FULL', 'FEW', 'FEW', '7'],
    ],
    [
      [0, 7, 4, -1],
      ['FULL', '7', 'FEW', 'FULL'],
    ],
  ])('is not taken back for a spot more or less: %j', (numbers, words) => {
    let before: Shown | undefined;
    const said = numbers.map((free) => {
      before = shownFor(free, before);
      return before.kind === 'COUNT' ? String(before.free) : before.kind;
    });
    expect(said).toEqual(words);
  });
});

describe('The next opening', () => {
  const weekdays = [0, 1, 2, 3, 4].map((day) => ({ day, opens: '06:30', closes: '22:00' }));
  test.each([
    ['a Friday night', '2026-11-20T21:00:00Z', '2026-11-23T04:30:00.000Z'],
    ['before six the same day', '2026-11-20T02:00:00Z', '2026-11-20T04:30:00.000Z'],
    ['the day before the clock goes forward', '2027-03-26T21:00:00Z', '2027-03-29T03:30:00.000Z'],
  ])('is found on %s', (_name, at, opens) => {
    const found = opensNextAt({ kind: 'WEEKLY', days: weekdays }, 'Europe/Helsinki', new Date(at));
    expect(found?.toISOString()).toBe(opens);
  });

  test('is unknown of a lot that never opens', () => {
    expect(opensNextAt({ kind: 'WEEKLY', days: [] }, 'UTC', new Date())).toBeUndefined();
  });
});
