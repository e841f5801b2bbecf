import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
  type JWTPayload,
} from 'jose';
import { encodeId } from '../../src/domain/public-id.ts';
import { Device } from '../../src/entities/device.ts';
import { eventuallyTrue } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, makeStaff } from '../support/world.ts';
import {
  accountSteps,
  CHANGE_PASSWORD,
  codes,
  PASSWORD,
  ERRORS,
  newEmail,
  REFRESH,
  SIGN_OUT,
  VIEWER,
} from './account-steps.ts';

let system: TestSystem;
const { ask, mutate, signUp, signIn, viewerOf, errorCode, setPassword } = accountSteps(() => system);

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
});
afterAll(() => system?.stop());

describe('an access token', () => {
  const claims = (token: string) => decodeJwt<JWTPayload & Record<string, unknown>>(token);
  const ourKey = () =>
    createPrivateKey({ key: Buffer.from(system.env['TOKEN_PRIVATE_KEY']!, 'base64'), format: 'der', type: 'pkcs8' });
  const resign = (token: string, change: Record<string, unknown>, { key = ourKey(), header = {} } = {}) =>
    new SignJWT({ ...claims(token), ...change })
      .setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'EdDSA', ...header })
      .sign(key);

  test('is good for fifteen minutes and not a second longer', async () => {
    const { token } = await makeDriver(system);
    system.clock.advance(14 * 60_000);
    expect(await errorCode(token)).toBeUndefined();
    system.clock.advance(61_000);
    expect(await errorCode(token)).toBe('UNAUTHENTICATED');
  });

  test('can be verified by anybody with the published keys', async () => {
    const { id, token } = await makeDriver(system);
    const keys = (await (await fetch(`${system.url}/.well-known/jwks.json`)).json()) as never;
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys), {
      currentDate: system.clock.now(),
    });
    expect(payload.sub).toBe(id);
    expect(protectedHeader.alg).toBe('EdDSA');
    expect(JSON.stringify(keys)).not.toContain('"d"');
  });

  test('signed again unchanged is good: the refusals below are about what was changed', async () => {
    const { token } = await makeDriver(system);
    expect(await errorCode(await resign(token, {}))).toBeUndefined();
  });

  test.each<[string, (token: string) => Promise<string> | string]>([
    ['signed with another key', (token) => resign(token, {}, { key: generateKeyPairSync('ed25519').privateKey })],
    [
      'with a role that was written into it',
      (token) => withPayload(token, { kind: 'STAFF', role: 'ADMIN', op: null, lots: 'ALL' }),
    ],
    ['without a signature', (token) => new UnsecuredJWT(claims(token)).encode()],
    ['that says it needs none', (token) => `${part({ alg: 'none' })}.${token.split('.')[1]}.`],
    ['signed with the public key as a secret', (token) => withSecret(token)],
    ['of another issuer', (token) => resign(token, { iss: 'elsewhere' })],
    ['for another audience', (token) => resign(token, { aud: 'elsewhere' })],
    ['of another kind', (token) => resign(token, {}, { header: { typ: 'pass+jwt' } })],
    ['of a kind of person that there is not', (token) => resign(token, { kind: 'ROOT' })],
    [
      'with a role that there is not',
      (token) => resign(token, { kind: 'STAFF', role: 'OWNER', op: null, lots: 'ALL' }),
    ],
    ['without an expiry', (token) => resign(token, { exp: undefined })],
    ['for nobody', (token) => resign(token, { sub: undefined })],
    ['cut short', (token) => token.slice(0, -4)],
    ['that is none', () => 'not.a.token'],
    ['that is a refresh token', async () => (await signUp()).login.refreshToken],
    ['that is a device key of no device', () => `pwk_${'A'.repeat(43)}_${'A'.repeat(43)}`],
    ['that is half a device key', () => 'pwk_AAAA'],
  ])('%s is refused', async (_what, forge) => {
    const { token } = await makeDriver(system);
    const answer = await ask('{ viewer { __typename } }', {}, await forge(token));
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    expect(answer.data?.['viewer'] ?? null).toBeNull();
  });

  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const withPayload = (token: string, change: object) => {
    const [header, , signature] = token.split('.');
    return `${header}.${part({ ...claims(token), ...change })}.${signature}`;
  };
  const withSecret = async (token: string) => {
    const { keys } = (await (await fetch(`${system.url}/.well-known/jwks.json`)).json()) as {
      keys: { x: string; kid: string }[];
    };
    return new SignJWT(claims(token))
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: keys[0]!.kid })
      .sign(Buffer.from(keys[0]!.x, 'base64url'));
  };
});

describe('a login', () => {
  test('goes on with a new refresh token each time', async () => {
    const { login } = await signUp();
    const second = await mutate(REFRESH, { refreshToken: login.refreshToken });
    expect(second.login.refreshToken).not.toBe(login.refreshToken);
    const third = await mutate(REFRESH, { refreshToken: second.login.refreshToken });
    expect(await errorCode(third.login.accessToken)).toBeUndefined();
  });

  test('ends whole when one of its refresh tokens is used twice', async () => {
    const { login } = await signUp();
    const second = (await mutate(REFRESH, { refreshToken: login.refreshToken })).login;
    expect(await errorCode(second.accessToken)).toBeUndefined();
    expect(codes(await mutate(REFRESH, { refreshToken: login.refreshToken }))).toEqual(['TOKEN_INVALID']);
    expect(codes(await mutate(REFRESH, { refreshToken: second.refreshToken }))).toEqual(['TOKEN_INVALID']);
    system.clock.advance(6000);
    expect(await errorCode(second.accessToken)).toBe('UNAUTHENTICATED');
  });

  test('another login of the same person goes on', async () => {
    const email = newEmail();
    const first = (await signUp({ email })).login;
    const other = (await signIn(email)).login;
    await mutate(REFRESH, { refreshToken: first.refreshToken });
    await mutate(REFRESH, { refreshToken: first.refreshToken });
    expect(codes(await mutate(REFRESH, { refreshToken: other.refreshToken }))).toEqual([]);
  });

  test('of ten that refresh with one token at once, one at most goes on', async () => {
    const { login } = await signUp();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => mutate(REFRESH, { refreshToken: login.refreshToken })),
    );
    expect(answers.filter((answer) => answer.login !== null)).toHaveLength(1);
  });

  test('is over after thirty days without a refresh', async () => {
    const { login } = await signUp();
    system.clock.advance(30 * 86_400_000 + 1000);
    expect(codes(await mutate(REFRESH, { refreshToken: login.refreshToken }))).toEqual(['TOKEN_INVALID']);
  });

  test('that is signed out is over within five seconds, in every process', async () => {
    const elsewhere = await startSystem({ roles: ['api'], beside: system });
    try {
      const { login } = await signUp();
      expect((await elsewhere.client(login.accessToken).query(VIEWER)).data['viewer'].__typename).toBe('Driver');
      expect(await mutate(SIGN_OUT, { refreshToken: login.refreshToken })).toEqual({
        signedOut: true,
        userErrors: [],
      });
      system.clock.advance(6000);
      expect((await elsewhere.client(login.accessToken).query(VIEWER)).errors?.[0]?.extensions.code).toBe(
        'UNAUTHENTICATED',
      );
      expect(codes(await mutate(REFRESH, { refreshToken: login.refreshToken }))).toEqual(['TOKEN_INVALID']);
    } finally {
      await elsewhere.stop();
    }
  });

  test('signing out with an unknown token says nothing about it', async () => {
    expect(await mutate(SIGN_OUT, { refreshToken: 'pwr_unknown' })).toEqual({
      signedOut: true,
      userErrors: [],
    });
  });

  test('leaves no token in the database', async () => {
    const { login } = await signUp();
    const rows = await system.platform.orm.em
      .fork()
      .execute(`SELECT row_to_json(t)::text AS text FROM refresh_token t`);
    expect(JSON.stringify(rows)).not.toContain(login.refreshToken);
  });
});

describe('a changed password', () => {
  const NEW = 'a lamp on the other quay';
  const change = (token: string, input: Record<string, unknown> = {}) =>
    mutate(CHANGE_PASSWORD, { oldPassword: PASSWORD, newPassword: NEW, ...input }, token);

  test('ends every other login within five seconds and opens one that goes on', async () => {
    const email = newEmail();
    const logins = [(await signUp({ email })).login, (await signIn(email)).login];
    expect(await errorCode(logins[1].accessToken)).toBeUndefined();
    const { login, userErrors } = await change(logins[0].accessToken);
    expect(userErrors).toEqual([]);
    system.clock.advance(6000);
    for (const { accessToken, refreshToken } of logins) {
      expect(await errorCode(accessToken)).toBe('UNAUTHENTICATED');
      expect(codes(await mutate(REFRESH, { refreshToken }))).toEqual(['TOKEN_INVALID']);
    }
    expect(await errorCode(login.accessToken)).toBeUndefined();
    expect(codes(await mutate(REFRESH, { refreshToken: login.refreshToken }))).toEqual([]);
    expect(codes(await signIn(email))).toEqual(['CREDENTIALS_INVALID']);
    expect(codes(await signIn(email, NEW))).toEqual([]);
  });

  test('leaves other people’s logins alone, and is for staff, too', async () => {
    const { id, token } = await makeStaff(system, { role: 'ADMIN', operatorId: null });
    await setPassword(id);
    const other = (await signUp()).login;
    const { login } = await change(token);
    expect((await viewerOf(login.accessToken)).__typename).toBe('StaffMember');
    system.clock.advance(6000);
    expect(await errorCode(other.accessToken)).toBeUndefined();
  });

  test('needs the old one, which can be guessed at five times a minute, and a new one that is strong', async () => {
    const { login } = await signUp();
    const weak = await change(login.accessToken, { newPassword: 'short' });
    expect(weak.userErrors).toMatchObject([{ code: 'PASSWORD_TOO_WEAK', field: ['newPassword'] }]);
    const told = [];
    for (let guess = 0; guess < 6; guess++)
      told.push(...codes(await change(login.accessToken, { oldPassword: `guess ${guess}` })));
    expect(told).toEqual([...Array<string>(5).fill('CREDENTIALS_INVALID'), 'TOO_MANY_ATTEMPTS']);
  });

  test('is for nobody and for no machine', async () => {
    const { entry } = await makeLot(system);
    const input = { oldPassword: PASSWORD, newPassword: NEW };
    for (const token of [undefined, entry.deviceKey]) {
      const { errors } = await ask(CHANGE_PASSWORD, { input }, token);
      expect(errors?.[0]?.extensions.code).toBe(token ? 'FORBIDDEN' : 'UNAUTHENTICATED');
    }
  });

  test('lets no login slip through that is refreshed or opened at the same moment', async () => {
    for (let round = 0; round < 4; round++) {
      const email = newEmail();
      const logins = [(await signUp({ email })).login];
      while (logins.length < 4) logins.push((await signIn(email)).login);
      const [changed, ...others] = await Promise.all([
        change(logins[0].accessToken),
        ...logins.map(({ refreshToken }) => mutate(REFRESH, { refreshToken })),
        signIn(email),
      ]);
      for (const { login } of others)
        if (login !== null)
          expect(codes(await mutate(REFRESH, { refreshToken: login.refreshToken }))).toEqual(['TOKEN_INVALID']);
      expect(codes(await mutate(REFRESH, { refreshToken: changed.login.refreshToken }))).toEqual([]);
    }
  });
});

describe('a device', () => {
  test('is who its key says, and dead at once when the key is revoked', async () => {
    const { id: lotId, operatorId, entry, boardKey } = await makeLot(system);
    expect(await viewerOf(entry.deviceKey)).toMatchObject({ __typename: 'Device', deviceRole: 'GATE' });
    expect(await viewerOf(boardKey)).toMatchObject({ __typename: 'Device', deviceRole: 'BOARD' });
    const operator = await makeStaff(system, { role: 'OPERATOR', operatorId });
    const revoke = `mutation ($input: RevokeDeviceKeyInput!) { revokeDeviceKey(input: $input) { device { revokedAt } ${ERRORS} } }`;
    const deviceId = encodeId('dev', lotId, entry.deviceId);
    const { device: revoked } = await mutate(revoke, { deviceId }, operator.token);
    expect(revoked.revokedAt).not.toBeNull();
    expect(await errorCode(entry.deviceKey)).toBe('UNAUTHENTICATED');
    expect(await errorCode(boardKey)).toBeUndefined();
  });

  test('dies within sixty seconds even if Redis has missed the revocation', async () => {
    const { entry } = await makeLot(system);
    expect(await errorCode(entry.deviceKey)).toBeUndefined();
    await system.platform.orm.em.fork().nativeUpdate(Device, { id: entry.deviceId }, { revokedAt: system.clock.now() });
    // Redis still knows the key: that it is believed for a while is what makes a gate fast.
    expect(await errorCode(entry.deviceKey)).toBeUndefined();
    system.clock.advance(31_000);
    await errorCode(entry.deviceKey);
    for (let look = 0; look < 100 && (await errorCode(entry.deviceKey)) === undefined; look++);
    expect(await errorCode(entry.deviceKey)).toBe('UNAUTHENTICATED');
  });

  test('with the right ids and another secret is nobody', async () => {
    const { entry } = await makeLot(system);
    expect(await errorCode(entry.deviceKey)).toBeUndefined();
    expect(await errorCode(`${entry.deviceKey.slice(0, -8)}AAAAAAAA`)).toBe('UNAUTHENTICATED');
  });

  test('is still known after Redis was emptied', async () => {
    const { entry } = await makeLot(system);
    await errorCode(entry.deviceKey);
    await system.platform.redis.flushall();
    expect(await errorCode(entry.deviceKey)).toBeUndefined();
  });

  test('that is none is looked for in PostgreSQL once, not each time its key is sent', async () => {
    const key = `pwk_${randomBytes(32).toString('base64url')}_${'A'.repeat(43)}`;
    expect(await errorCode(key)).toBe('UNAUTHENTICATED');
    await withoutDevices(async () => {
      expect(await errorCode(key)).toBe('UNAUTHENTICATED');
      // Another one has to be looked for: this test can see it.
      expect(await errorCode(`pwk_${randomBytes(32).toString('base64url')}_${'A'.repeat(43)}`)).toBe('INTERNAL');
    });
  });

  test('is checked again by one look, however many scans come at that moment', async () => {
    const { entry } = await makeLot(system);
    expect(await errorCode(entry.deviceKey)).toBeUndefined();
    system.clock.advance(31_000);
    await system.platform.orm.em.fork().transactional(async (em) => {
      await em.execute('LOCK TABLE device IN ACCESS EXCLUSIVE MODE');
      // Nothing of a device is asked for but its name, so that only the check meets the lock.
      const asked = Array.from({ length: 12 }, () => ask('{ __typename }', {}, entry.deviceKey));
      expect((await Promise.all(asked)).flatMap(({ errors }) => errors ?? [])).toEqual([]);
      const waiting = async () =>
        em.execute<{ count: number }[]>(
          `SELECT count(*)::int AS count FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%"device"%'`,
        );
      await eventuallyTrue(async () => (await waiting())[0]!.count > 0);
      expect(await waiting()).toEqual([{ count: 1 }]);
    });
  });

  /** A look at PostgreSQL fails meanwhile. */
  async function withoutDevices(work: () => Promise<void>): Promise<void> {
    const rename = (from: string, to: string) =>
      system.platform.orm.em.fork().execute(`ALTER TABLE ${from} RENAME TO ${to}`);
    await rename('device', 'device_away');
    await work().finally(() => rename('device_away', 'device'));
  }
});
