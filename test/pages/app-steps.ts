import type { BrowserContextOptions, Page } from 'playwright-core';
import { reserveAndPay, reserveInput } from '../support/booking.ts';
import { barriersOf, takePictures, type TestBrowser, type Visitor } from '../support/browser.ts';
import type { TestSystem } from '../support/system.ts';
import type { TestLot } from '../support/world.ts';

const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) { login { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt } } }`;
export const PASSWORD = 'a long walk home 7';
let drivers = 0;

export interface SignedUp {
  readonly email: string;
  readonly login: { readonly accessToken: string };
}

/** A driver with a password. */
export async function signUp(system: TestSystem): Promise<SignedUp> {
  const email = `app-${++drivers}@example.test`;
  const { data } = await system.client().query(SIGN_UP, { input: { email, name: 'Aino Kuski', password: PASSWORD } });
  return { email, login: data['signUp'].login };
}

/** Visits the page as somebody who signed in before. */
export async function visitAs(
  of: { browser: TestBrowser; url: string; options?: BrowserContextOptions },
  driver: SignedUp,
): Promise<Visitor> {
  const origin = new URL(of.url).origin;
  const visitor = await of.browser.visit(`${origin}/livez`, of.options);
  await visitor.page.evaluate((text) => localStorage.setItem('parkwell.login.app', text), JSON.stringify(driver.login));
  await visitor.page.goto(of.url);
  visitor.troubles.length = 0;
  return visitor;
}

/** A paid reservation that starts now, through the interface. */
export async function paidNow(
  system: TestSystem,
  lot: TestLot,
  driver: SignedUp,
): Promise<{ id: string; plate: string }> {
  const now = system.clock.now().getTime();
  const period = { startsAt: new Date(now).toISOString(), endsAt: new Date(now + 2 * 3_600_000).toISOString() };
  return reserveAndPay(system.client(driver.login.accessToken), reserveInput(lot, period));
}

/** Nothing is in anybody's way, and it is there to look at. */
export async function expectGood(page: Page, of: { state: string; device: string }): Promise<void> {
  await page.evaluate(() => scrollTo(0, 0));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) throw new Error(`${of.state} (${of.device}) is ${wide} px wider than the window`);
  const barriers = await barriersOf(page);
  if (barriers.length > 0) throw new Error(`${of.state} (${of.device}):\n${barriers.join('\n')}`);
  await takePictures(page, { page: 'app', ...of });
}
