// The pages in a browser: when each first shows something on a new visit, beside a bare answer of the same server; how long after a scan at
// the gate the number on a board is another one, beside what a bare websocket needs; and a console with a thousand lots.

import type { Page } from 'playwright-core';
import { PHONE, startBrowser, type TestBrowser } from '../test/support/browser.ts';
import { startSystem } from '../test/support/system.ts';
import { makeLot } from '../test/support/world.ts';
import { fromGateToBoard } from './pages/board.ts';
import { smoothConsole } from './pages/console.ts';
import { quantile, underLimit, type BenchResult } from './result.ts';

const VISITS = 5;
const SCANS = 20;
const FIRST_PAINT_MS = 1000;
const SPOTS = SCANS + 30;

export async function run(): Promise<BenchResult[]> {
  const system = await startSystem();
  const browser = await startBrowser();
  try {
    const lot = await makeLot(system, { spots: { STANDARD: SPOTS }, code: 'BNC1' });
    // Nothing but one line of text; asked once before, because a browser's first page is slow.
    const bare = async () => (await firstPaint(browser, `${system.url}/livez`)) ?? Number.NaN;
    await bare();
    const floor = await bare();
    const results: BenchResult[] = [];
    for (const path of ['/app', '/board/BNC1', '/kiosk', '/console']) {
      const value = await firstPaint(browser, `${system.url}${path}`);
      if (value === undefined) continue;
      const name = `first paint of ${path}, a new visitor, median of ${VISITS}`;
      results.push(underLimit(FIRST_PAINT_MS, { name, unit: 'ms', value, floorName: 'a bare answer, /livez', floor }));
    }
    return [
      ...results,
      ...(await fromGateToBoard(system, browser, { lot, scans: SCANS })),
      ...(await smoothConsole({ system, browser })),
    ];
  } finally {
    await browser.stop();
    await system.stop();
  }
}

/** By the browser's own clock, from the start of the navigation; undefined where there is no such page. */
async function firstPaint(browser: TestBrowser, url: string): Promise<number | undefined> {
  const ms: number[] = [];
  for (let visit = 0; visit < VISITS; visit++) {
    const { page, leave } = await browser.visit('about:blank', PHONE);
    const answer = await page.goto(url);
    if (answer?.status() === 200) ms.push(await paintOf(page));
    await leave();
  }
  return ms.length === 0 ? undefined : quantile(ms, 0.5);
}

const paintOf = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const painted = list.getEntriesByName('first-contentful-paint')[0];
          if (painted) resolve(painted.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
