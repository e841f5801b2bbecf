/// <reference lib="dom" />
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { findChromium } from '../../sandbox/servers/chromium.ts';
import { PICTURES, writePictureIndex } from './picture-index.ts';

/** What a step may wait for. A page answers in well under a second; what is not there by then does not come. */
const MOST_WAIT_MS = 10_000;

/** Nothing of the browser's own may go out of this machine. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const DESKTOP = { viewport: { width: 1280, height: 800 } } as const;
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;
/** Four inches. */
export const SMALL_PHONE = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true } as const;

/** A browser for one test file. */
export interface TestBrowser {
  /** A visitor of their own: nothing is shared with other visitors. Fails the test at its end if the page threw or asked another host. */
  visit(url: string, options?: BrowserContextOptions): Promise<Visitor>;
  stop(): Promise<void>;
}

export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong in the page so far: errors thrown, messages of the console, requests to other hosts. */
  readonly troubles: string[];
  readonly leave: () => Promise<void>;
}

/** Starts Debian's Chromium without a window. */
export async function startBrowser(): Promise<TestBrowser> {
  const { binary, env } = await findChromium();
  const browser = await chromium.launch({
    executablePath: binary,
    env: { ...definedOnly(process.env), ...env },
    args: ARGUMENTS,
  });
  return {
    visit: (url, options) => visit(browser, url, options),
    stop: async () => {
      await browser.close();
      writePictureIndex();
    },
  };
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

async function visit(browser: Browser, url: string, options: BrowserContextOptions = DESKTOP): Promise<Visitor> {
  const context = await browser.newContext({ locale: 'en', timezoneId: 'UTC', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(MOST_WAIT_MS);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(`console: ${message.text()}`);
  });
  const { host } = new URL(url);
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.protocol.startsWith('http') && asked.host !== host) troubles.push(`asked elsewhere: ${request.url()}`);
  });
  await page.goto(url);
  return { page, context, troubles, leave: () => context.close() };
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * What is wrong with a page for those who can't see, hear or point, in the light and in the dark: one line each; empty when nothing is.
 * `notOurs` are selectors of what a package brought along.
 */
export async function barriersOf(page: Page, notOurs: readonly string[] = []): Promise<string[]> {
  const axe = () => notOurs.reduce((builder, selector) => builder.exclude(selector), new AxeBuilder({ page }));
  const light = await foundBy(axe().withTags(TAGS));
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await foundBy(axe().withRules(['color-contrast']));
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark.map((line) => `in the dark: ${line}`)];
}

async function foundBy(axe: AxeBuilder): Promise<string[]> {
  // Put together in the page itself: these pages hold no frames of others, for which axe would open a window of its own.
  const { violations } = await axe.setLegacyMode(true).analyze();
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html }) => html).join(' | ')})`);
}

/** In which other size a state is worth a look as well. */
const ALSO_ON: Readonly<Record<string, { device: string; viewport: { width: number; height: number } }>> = {
  desktop: { device: 'phone', viewport: PHONE.viewport },
  phone: { device: 'desktop', viewport: DESKTOP.viewport },
  upright: { device: 'desktop', viewport: DESKTOP.viewport },
};

/**
 * Takes pictures of a state in `.parkwell/pictures/<page>/`, light and dark: as the visitor's device shows it, and a phone's state as on a
 * desktop and the other way round. The page is left in the light and in the visitor's size.
 */
export async function takePictures(page: Page, of: { page: string; state: string; device: string }): Promise<void> {
  mkdirSync(join(PICTURES, of.page), { recursive: true });
  await takeLightAndDark(page, of);
  const own = page.viewportSize();
  const other = ALSO_ON[of.device];
  if (own === null || other === undefined) return;
  await page.setViewportSize(other.viewport);
  await takeLightAndDark(page, { ...of, device: other.device });
  await page.setViewportSize(own);
}

async function takeLightAndDark(page: Page, of: { page: string; state: string; device: string }): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(PICTURES, of.page, `${of.state}-${of.device}-${colorScheme}.png`) });
  }
}
