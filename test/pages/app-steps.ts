import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { reserveAndPay, reserveInput } from '../support/booking.ts';
import { barriersOf, takePictures, type TestBrowser, type Visitor } from '../support/browser.ts';
import { PICTURES } from '../support/picture-index.ts';
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

interface Shown {
  readonly state: string;
  readonly device: string;
}

/** Nothing is in anybody's way, and it is there to look at. */
export async function expectGood(page: Page, { at, ...of }: Shown & { at?: string }): Promise<void> {
  await refuseWider(page, of);
  const barriers = await barriersOf(page);
  if (barriers.length > 0) throw new Error(`${of.state} (${of.device}):\n${barriers.join('\n')}`);
  // In the middle of the picture; without it the picture is of the page's beginning.
  if (at !== undefined)
    await page
      .getByText(at)
      .first()
      .evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await takePictures(page, { page: 'app', ...of });
}

/** In a window of another size nothing has to be moved sideways; how it looks is there to look at. The window gets its own size back. */
export async function expectInside(
  page: Page,
  of: Shown & { viewport: { width: number; height: number } },
): Promise<void> {
  const own = page.viewportSize();
  await page.setViewportSize(of.viewport);
  await refuseWider(page, of);
  await page.screenshot({ path: join(PICTURES, 'app', `${of.state}-${of.device}-light.png`) });
  if (own) await page.setViewportSize(own);
}

async function refuseWider(page: Page, of: Shown): Promise<void> {
  const wide = await page.evaluate(() => {
    scrollTo(0, 0);
    return document.documentElement.scrollWidth - innerWidth;
  });
  if (wide > 0) throw new Error(`${of.state} (${of.device}) is ${wide} px wider than the window`);
}
