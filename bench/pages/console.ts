// The console in front of a thousand lots: the longest time between two frames while the list is scrolled through and its numbers
// change, beside an empty page that is scrolled the same way.

import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { topic } from '../../src/platform/topics.ts';
import { partitionOf } from '../../src/platform/redis.ts';
import { DESKTOP, type TestBrowser } from '../../test/support/browser.ts';
import type { TestSystem } from '../../test/support/system.ts';
import { makeLot, makeStaff } from '../../test/support/world.ts';
import { visitAs } from '../../test/pages/console-steps.ts';
import { beside, quantile, underLimit, type BenchResult } from '../result.ts';

const LOTS = 1000;
const SCROLL_MS = 3000;
/** The middle one counts: a stop of the machine is not one of the page. */
const ROUNDS = 3;
/** A person sees a stop of a tenth of a second. */
const LONGEST_FRAME_MS = 100;

export interface ConsoleBench {
  readonly system: TestSystem;
  readonly browser: TestBrowser;
  /** How many lots; a thousand unless a test wants fewer. */
  readonly lots?: number;
}

/** How smooth the list of all lots is, and how much was asked of the server for it. */
export async function smoothConsole({ system, browser, lots = LOTS }: ConsoleBench): Promise<BenchResult[]> {
  const { operatorId, lotIds } = await manyLots(system, lots);
  const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId });
  const floor = await emptyPage(browser);
  const { page, leave } = await visitAs({ browser, system }, token, { path: '/lots' });
  const requests = countRequests(page);
  await showAll(page, lots);
  const updates = changing(system, lotIds);
  const value = await longestFrameMs(page);
  const changes = await updates.stop();
  await leave();
  return [
    underLimit(LONGEST_FRAME_MS, {
      name: `longest frame of the console’s list of ${lots} lots, scrolled while ${changes} lots change`,
      ...{ unit: 'ms', value, floorName: 'an empty page, scrolled', floor },
    }),
    beside({
      name: `requests for ${lots} lots`,
      ...{ unit: 'requests', value: requests(), floorName: 'one for each page of 50', floor: Math.ceil(lots / 50) },
    }),
  ];
}

/** Lots like one that is made properly; no gate and no tariff of theirs is looked at here. */
async function manyLots(system: TestSystem, count: number): Promise<{ operatorId: string; lotIds: string[] }> {
  const { id, operatorId } = await makeLot(system, { code: 'MANY0', spots: { STANDARD: 4 } });
  const em = system.platform.orm.em.fork();
  await em.execute(
    `INSERT INTO lot SELECT (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid(), 'code', 'MANY' || n, 'name', 'Lot ' || n))).*
     FROM lot l, generate_series(1, ?) n WHERE l.id = ?`,
    [count - 1, id],
  );
  for (const table of ['level', 'pool', 'spot'])
    await em.execute(
      `INSERT INTO ${table} SELECT (jsonb_populate_record(t, jsonb_build_object('lot_id', l.id))).*
       FROM ${table} t, lot l WHERE t.lot_id = ? AND l.operator_id = ? AND l.id <> t.lot_id`,
      [id, operatorId],
    );
  const rows = await em.execute<{ id: string }[]>('SELECT id FROM lot WHERE operator_id = ? ORDER BY code', [
    operatorId,
  ]);
  return { operatorId, lotIds: rows.map((row) => row.id) };
}

function countRequests(page: Page): () => number {
  let count = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql') && request.method() === 'POST') count += 1;
  });
  return () => count;
}

async function showAll(page: Page, lots: number): Promise<void> {
  const more = page.getByRole('button', { name: 'Show more' });
  for (let shown = 50; shown < lots; shown += 50) {
    await more.click();
    await page.getByText(`${Math.min(lots, shown + 50).toLocaleString('en')} shown`).waitFor();
  }
}

/** Spots of lots all over the list go out of service and come back, ten times a second. Gives how many lots changed. */
function changing(system: TestSystem, lotIds: readonly string[]): { stop: () => Promise<number> } {
  let changes = 0;
  let isOver = false;
  const work = (async () => {
    for (let turn = 0; !isOver; turn += 1) {
      const some = lotIds.filter((_, index) => index % 20 === turn % 20);
      await system.platform.orm.em
        .fork()
        .execute(`UPDATE spot SET in_service = NOT in_service WHERE lot_id IN (?) AND label = '1-001'`, [some]);
      for (const lotId of some) system.platform.topics.publish(topic.lotChanged(partitionOf(lotId)), { lotId });
      changes += some.length;
      await pause(100);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await work;
      return changes;
    },
  };
}

async function emptyPage(browser: TestBrowser): Promise<number> {
  const { page, leave } = await browser.visit('about:blank', DESKTOP);
  await page.evaluate(() => document.body.style.setProperty('height', '60000px'));
  const value = await longestFrameMs(page);
  await leave();
  return value;
}

async function longestFrameMs(page: Page): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await longestFrameOnceMs(page));
  return quantile(rounds, 0.5);
}

/** The longest time between two frames while the page is scrolled down and up again. */
const longestFrameOnceMs = (page: Page): Promise<number> =>
  page.evaluate(async (forMs) => {
    const startedAt = performance.now();
    let before = startedAt;
    let longest = 0;
    while (before - startedAt < forMs) {
      const now = await new Promise<number>(requestAnimationFrame);
      longest = Math.max(longest, now - before);
      before = now;
      const part = (now - startedAt) / forMs;
      const depth = document.documentElement.scrollHeight - innerHeight;
      scrollTo(0, depth * (part < 0.5 ? part * 2 : 2 - part * 2));
    }
    return longest;
  }, SCROLL_MS);
