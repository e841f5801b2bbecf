// From a scan at a gate to its number on a board: when the server has published it, when it is painted in a browser, and when the same
// browser paints what a bare websocket sends to a bare page. Gate, server and browser share this machine's clock.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { WebSocketServer } from 'ws';
import type { AvailabilitySnapshot } from '../../src/availability/snapshot.ts';
import { topic } from '../../src/platform/topics.ts';
import { DESKTOP, type TestBrowser } from '../../test/support/browser.ts';
import { scan } from '../../test/support/gate.ts';
import type { TestSystem } from '../../test/support/system.ts';
import type { TestLot } from '../../test/support/world.ts';
import { beside, quantile, underLimit, type BenchResult } from '../result.ts';

const ON_THE_BOARD_MS = 300;
/** Longer than the projector gathers changes of one lot: each scan is counted at once. */
const BETWEEN_MS = 350;

/** Where the time of one scan went, each in ms after the scan was sent. */
interface Sample {
  readonly answered: number;
  readonly published: number;
  readonly painted: number;
}

/** Sends `scans` plates through the entry of a lot whose board shows numbers all the while: it has many more spots than that. */
export async function fromGateToBoard(
  system: TestSystem,
  browser: TestBrowser,
  { lot, scans }: { lot: TestLot; scans: number },
): Promise<BenchResult[]> {
  const bare = await bareSamples(browser, scans);
  const { page, leave } = await browser.visit(`${system.url}/board/${lot.code}`, DESKTOP);
  await page.locator('.sum.count').waitFor();
  const samples: Sample[] = [];
  for (let number = 0; number < scans; number++) {
    samples.push(await sampleOf({ system, lot, page }, { number, free: lot.spots.length - number - 1 }));
    await pause(BETWEEN_MS);
  }
  await leave();
  return resultsOf(samples, bare);
}

function resultsOf(samples: readonly Sample[], bare: readonly number[]): BenchResult[] {
  const of = (name: keyof Sample, share: number) =>
    quantile(
      samples.map((sample) => sample[name]),
      share,
    );
  const times = `of ${samples.length}`;
  return [
    ...([0.5, 1] as const).map((share) =>
      underLimit(ON_THE_BOARD_MS, {
        name: `scan sent to number painted on a board, ${share === 1 ? 'worst' : 'median'} ${times}`,
        unit: 'ms',
        value: of('painted', share),
        floorName: 'bare websocket, painted by the same browser',
        floor: quantile(bare, share),
      }),
    ),
    beside({
      name: `scan sent to number published by the server, median ${times}`,
      unit: 'ms',
      value: of('published', 0.5),
      floorName: 'its answer to the scan',
      floor: of('answered', 0.5),
    }),
  ];
}

async function sampleOf(
  { system, lot, page }: { system: TestSystem; lot: TestLot; page: Page },
  { number, free }: { number: number; free: number },
): Promise<Sample> {
  const painted = await watchFor(page, '.sum .figure', String(free));
  const published = publishedAt(system, lot.id, free);
  await published.isListening;
  const sentAt = nowMs();
  await scan(system, lot.entry, { plate: { text: `BNC${100 + number}` } });
  const answered = nowMs() - sentAt;
  return { answered, published: (await published.at) - sentAt, painted: (await painted()) - sentAt };
}

/** When this process heard the snapshot with so many free spots. */
function publishedAt(
  { platform }: TestSystem,
  lotId: string,
  free: number,
): { isListening: Promise<void>; at: Promise<number> } {
  const { pubsub } = platform.topics;
  const { promise: at, resolve } = Promise.withResolvers<number>();
  const subscribed = pubsub.subscribe(topic.availability(lotId), (snapshot: AvailabilitySnapshot) => {
    if (snapshot.free === free) resolve(nowMs());
  });
  void at.then(async () => pubsub.unsubscribe(await subscribed));
  return { isListening: subscribed.then(() => undefined), at };
}

type Watched = { painted?: Promise<number> };

/**
 * Begins to watch an element; the function that it gives tells when the text stood there and the frame with it had been drawn, by the
 * browser's clock. (No function in what runs in the page has a name: the compiler would want a helper for it that is not there.)
 */
async function watchFor(page: Page, selector: string, text: string): Promise<() => Promise<number>> {
  await page.evaluate(
    ([where, wanted]) => {
      (globalThis as Watched).painted = new Promise((resolve) => {
        const element = document.querySelector(where);
        const observer = new MutationObserver(() => {
          if (element?.textContent !== wanted) return;
          observer.disconnect();
          // The frame after the one that shows it: by then it has been painted.
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now())));
        });
        if (element) observer.observe(element, { childList: true, characterData: true, subtree: true });
      });
    },
    [selector, text] as const,
  );
  return () => page.evaluate(async () => (await (globalThis as Watched).painted) ?? Number.NaN);
}

/** The floor: a text sent over a websocket without anything around it, until the browser has painted it. */
async function bareSamples(browser: TestBrowser, count: number): Promise<number[]> {
  const http = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<title>bare</title>'),
  );
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = `127.0.0.1:${(http.address() as AddressInfo).port}`;
  const { page, leave } = await browser.visit(`http://${address}/`, DESKTOP);
  const connected = once(server, 'connection');
  await page.evaluate((url) => {
    const figure = document.body.appendChild(document.createElement('p'));
    new WebSocket(url).addEventListener('message', ({ data }) => (figure.textContent = String(data)));
  }, `ws://${address}`);
  await connected;
  const samples: number[] = [];
  for (let number = 0; number < count; number++) {
    const painted = await watchFor(page, 'p', `bare ${number}`);
    const sentAt = nowMs();
    for (const socket of server.clients) socket.send(`bare ${number}`);
    samples.push((await painted()) - sentAt);
  }
  await leave();
  server.close();
  http.closeAllConnections();
  http.close();
  return samples;
}

const nowMs = (): number => performance.timeOrigin + performance.now();
