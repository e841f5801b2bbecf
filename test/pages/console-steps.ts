// What staff do at the console, in the browser.

import type { BrowserContextOptions } from 'playwright-core';
import { barriersOf, DESKTOP, takePictures, type TestBrowser, type Visitor } from '../support/browser.ts';
import type { TestSystem } from '../support/system.ts';

/** A visitor of the console who is signed in with an access token already. */
export async function visitAs(
  { browser, system }: { browser: TestBrowser; system: TestSystem },
  token: string,
  { path = '', ...options }: BrowserContextOptions & { path?: string } = {},
): Promise<Visitor> {
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const login = { accessToken: token, accessTokenExpiresAt: soon, refreshToken: 'none', refreshTokenExpiresAt: soon };
  const localStorage = [{ name: 'parkwell.login.console', value: JSON.stringify(login) }];
  const storageState = { cookies: [], origins: [{ origin: new URL(system.url).origin, localStorage }] };
  return browser.visit(`${system.url}/console${path}`, { ...DESKTOP, storageState, ...options });
}

/** Fails when a state can't be used by everybody; keeps pictures of it. */
export async function lookedAt(
  { page }: Visitor,
  state: string,
  device: 'desktop' | 'phone' = 'desktop',
): Promise<void> {
  const barriers = await barriersOf(page);
  if (barriers.length > 0) throw new Error(`${state}: ${barriers.join('\n')}`);
  await takePictures(page, { page: 'console', state, device });
}
