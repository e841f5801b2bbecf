// npm run pictures: takes the pictures of the pages in README into docs/pictures/: of the system that runs in this checkout, else of one that
// is started like with `npm start` and ended again.

import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { DEMO_LOGINS, type DemoLogin } from '../sandbox/demo-logins.ts';
import { checkout } from '../sandbox/places.ts';
import { DESKTOP, PHONE, startBrowser, type TestBrowser } from '../test/support/browser.ts';
import { runningDemo } from './running-demo.ts';
import { printFailure, step, StepFailure } from './steps.mjs';

const FOLDER = join(checkout, 'docs', 'pictures');
/** Pictures in README should not be felt when a clone is made. */
const MOST_BYTES = 150 * 1024;
/** Until live numbers, drawn plans and counted figures stand still. */
const SETTLE_MS = 1500;
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  login { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt }
} }`;

interface Picture {
  readonly name: string;
  readonly path: string;
  /** Brings the page to what is worth seeing. */
  readonly prepare: (page: Page) => Promise<void>;
  readonly options: BrowserContextOptions;
  /** A page that looks the same by day and by night needs one picture. */
  readonly colours: readonly ('light' | 'dark')[];
  /** Whose login the page opens with, and under which page's name it is kept. */
  readonly login?: { readonly role: DemoLogin['role']; readonly page: string };
}

const PICTURES: readonly Picture[] = [
  {
    name: 'app',
    path: '/app',
    prepare: (page) => page.getByText('Helsinki Kamppi').first().waitFor(),
    options: { ...PHONE, deviceScaleFactor: 2 },
    colours: ['light', 'dark'],
    login: { role: 'DRIVER', page: 'app' },
  },
  {
    name: 'console',
    path: '/console',
    prepare: (page) => page.getByRole('link', { name: 'Helsinki Kamppi' }).waitFor(),
    options: DESKTOP,
    colours: ['light', 'dark'],
    login: { role: 'OPERATOR', page: 'console' },
  },
  {
    name: 'board',
    path: '/board/HEL1',
    prepare: (page) => page.locator('.sum').waitFor(),
    options: DESKTOP,
    colours: ['light'],
  },
  { name: 'kiosk', path: '/kiosk/demo', prepare: driveUp, options: DESKTOP, colours: ['light', 'dark'] },
];

/** A car stands at the first gate of the demo, and the barrier is up. */
async function driveUp(page: Page): Promise<void> {
  await page.getByLabel('Plate of the car').fill(`ILO-${100 + Math.floor(Math.random() * 900)}`);
  await page.getByRole('button', { name: 'Drive up', exact: true }).click();
  await page.getByText('The barrier is up').waitFor();
}

async function loginOf(origin: string, role: DemoLogin['role']): Promise<string> {
  const { email, password } = DEMO_LOGINS.find((login) => login.role === role) ?? {};
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: SIGN_IN, variables: { input: { email, password } } }),
  });
  const { data } = (await response.json()) as { data?: { signIn: { login: object | null } } };
  if (data?.signIn.login) return JSON.stringify(data.signIn.login);
  throw new StepFailure(`nobody signs in as ${email}`, 'pictures are taken of the demo data: "npm start -- --reset".');
}

/** Takes a picture into `folder`, once for each of its colours. */
async function take(
  { browser, origin, folder }: { browser: TestBrowser; origin: string; folder: string },
  picture: Picture,
): Promise<string> {
  const { page, leave } = await browser.visit(`${origin}/livez`, picture.options);
  if (picture.login) {
    const kept: [string, string] = [`parkwell.login.${picture.login.page}`, await loginOf(origin, picture.login.role)];
    await page.evaluate(([key, login]) => localStorage.setItem(key, login), kept);
  }
  const answer = await page.goto(`${origin}${picture.path}`);
  if (answer?.status() !== 200) throw new StepFailure(`${picture.path} is not there`, 'run "npm run web", then again.');
  await picture.prepare(page);
  await page.waitForTimeout(SETTLE_MS);
  const taken: string[] = [];
  for (const colorScheme of picture.colours) {
    const file = join(folder, `${picture.name}${colorScheme === 'dark' ? '-dark' : ''}.png`);
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: file });
    taken.push(sizeOf(file));
  }
  await leave();
  return taken.join(', ');
}

function sizeOf(file: string): string {
  const name = basename(file);
  const { size } = statSync(file);
  if (size > MOST_BYTES) throw new StepFailure(`${name} has ${size} bytes`, 'choose a plainer view.');
  return `${name} ${Math.round(size / 1024)} KiB`;
}

/** The pictures of before stay unless all could be taken. */
async function takeAll(origin: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, 'new-'));
  const browser = await startBrowser();
  try {
    for (const picture of PICTURES)
      await step(
        picture.name,
        () => take({ browser, origin, folder }, picture),
        (said: string) => said,
      );
    for (const name of readdirSync(folder)) renameSync(join(folder, name), join(FOLDER, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await browser.stop();
  }
}

try {
  const demo = await runningDemo();
  await takeAll(demo.origin).finally(() => demo.stop());
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
