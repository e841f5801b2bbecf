// The accounts of those who reserve: a few dozen people with many cars.

import type { Clock } from '../../src/platform/clock.ts';
import { MINUTE_MS } from '../../src/domain/period.ts';
import type { CityApi } from './api.ts';

const PASSWORD = 'a-city-that-parks-7';
const LOGIN = 'login { accessToken accessTokenExpiresAt }';
const SIGN_IN = {
  name: 'signIn',
  document: `mutation ($input: SignInInput!) { signIn(input: $input) { ${LOGIN} userErrors { code } } }`,
};
const SIGN_UP = {
  name: 'signUp',
  document: `mutation ($input: SignUpInput!) { signUp(input: $input) { ${LOGIN} userErrors { code } } }`,
};

interface Login {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: string;
}
type Answer = Record<'signIn' | 'signUp', { login: Login | null; userErrors: { code: string }[] }>;

/** A token of somebody who is known there. Throws when they are not let in. */
export async function logIn(api: CityApi, { email, password }: { email: string; password: string }): Promise<string> {
  const { signIn } = await api.call<Answer>(SIGN_IN, { input: { email, password } });
  if (signIn.login) return signIn.login.accessToken;
  throw new Error(`${email} cannot sign in: ${signIn.userErrors[0]?.code ?? ''}`);
}

/** Signs the city's drivers in when they are needed, and again before their logins run out. */
export class CityDrivers {
  private readonly logins = new Map<number, Promise<Login>>();
  private readonly api: CityApi;
  private readonly clock: Clock;
  private readonly count: number;

  constructor(api: CityApi, clock: Clock, count: number) {
    this.api = api;
    this.clock = clock;
    this.count = count;
  }

  /** A token of the driver with this number; numbers go round. */
  async tokenOf(number: number): Promise<string> {
    const index = number % this.count;
    const kept = this.logins.get(index);
    const login = await kept?.catch(() => undefined);
    const inAWhile = this.clock.now().getTime() + MINUTE_MS;
    if (login && Date.parse(login.accessTokenExpiresAt) > inAWhile) return login.accessToken;
    // Another visit of the same driver may have begun to sign in meanwhile.
    const next = this.logins.get(index) === kept ? this.logIn(index) : this.logins.get(index);
    if (!next) throw new Error('nobody signs in');
    this.logins.set(index, next);
    return (await next).accessToken;
  }

  private async logIn(index: number): Promise<Login> {
    const email = `city.${index + 1}@drivers.example`;
    const known = await this.api.call<Answer>(SIGN_IN, { input: { email, password: PASSWORD } });
    if (known.signIn.login) return known.signIn.login;
    const input = { email, password: PASSWORD, name: `City Driver ${index + 1}` };
    const made = await this.api.call<Answer>(SIGN_UP, { input });
    if (made.signUp.login) return made.signUp.login;
    throw new Error(`a driver cannot sign in: ${made.signUp.userErrors[0]?.code ?? ''}`);
  }
}
