// npm run pictures: takes the pictures of the pages in README from the system that runs in this checkout (`npm start`), into docs/pictures/.

import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { DEMO_LOGINS, type DemoLogin } from '../sandbox/demo-logins.ts';
import { checkout, runningFile } from '../sandbox/places.ts';
import { DESKTOP, PHONE, startBrowser, type TestBrowser } from '../test/support/browser.ts';
import { printFailure, step, StepFailure } from './steps.mjs';

const FOLDER = join(checkout, 'docs', 'pictures');
/** A picture in README should not be felt when a clone is made. */
const MOST_BYTES = 200 * 1024;
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  login { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt }
} }`;

interface Picture {
  readonly name: string;
  readonly path: string;
  /** What is there once the page has something to show. */
  readonly ready: string;
  readonly options: BrowserContextOptions;
  /** Whose login the page opens with, and under which page's name it is kept. */
  readonly login?: { readonly role: DemoLogin['role']; readonly page: string };
}

const PICTURES: readonly Picture[] = [
  { name: 'app', path: '/app', ready: 'main', options: PHONE, login: { role: 'DRIVER', page: 'app' } },
  { name: 'board', path: '/board/HEL1', ready: '.sum', options: DESKTOP },
  { name: 'kiosk', path: '/kiosk/demo', ready: 'main', options: DESKTOP },
  { name: 'console', path: '/console', ready: 'main', options: DESKTOP, login: { role: 'OPERATOR', page: 'console' } },
];

function originOfRunning(): string {
  try {
    const { PORT } = JSON.parse(readFileSync(runningFile, 'utf8')) as { PORT: string };
    return `http://127.0.0.1:${PORT}`;
  } catch {
    throw new StepFailure('Parkwell does not run in this checkout', 'run "npm start" in another terminal first.');
  }
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

async function take(browser: TestBrowser, origin: string, picture: Picture): Promise<string> {
  const { page, leave } = await browser.visit(`${origin}/livez`, picture.options);
  if (picture.login) {
    const kept: [string, string] = [`parkwell.login.${picture.login.page}`, await loginOf(origin, picture.login.role)];
    await page.evaluate(([key, login]) => localStorage.setItem(key, login), kept);
  }
  const answer = await page.goto(`${origin}${picture.path}`, { waitUntil: 'networkidle' });
  if (answer?.status() !== 200) throw new StepFailure(`${picture.path} is not there`, 'run "npm run web", then again.');
  await page.locator(picture.ready).first().waitFor();
  const file = join(FOLDER, `${picture.name}.png`);
  await page.screenshot({ path: file });
  await leave();
  const { size } = statSync(file);
  if (size > MOST_BYTES)
    throw new StepFailure(`${relative(checkout, file)} has ${size} bytes`, 'choose a plainer view.');
  return `${relative(checkout, file)}, ${Math.round(size / 1024)} KiB`;
}

try {
  const origin = originOfRunning();
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const browser = await startBrowser();
  for (const picture of PICTURES)
    await step(
      picture.name,
      () => take(browser, origin, picture),
      (said: string) => said,
    ).catch((error: unknown) => {
      printFailure(error);
      process.exitCode = 1;
    });
  await browser.stop();
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
