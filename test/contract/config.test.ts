import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { ConfigError, readConfig } from '../../src/config.ts';

const ed25519 = () =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const GOOD = {
  DATABASE_URL: 'postgres://parkwell@127.0.0.1:5432/parkwell',
  REDIS_URL: 'redis://127.0.0.1:6379',
  STRIPE_SECRET_KEY: 'sk_test_12345678',
  STRIPE_WEBHOOK_SECRET: 'whsec_12345678',
  TOKEN_PRIVATE_KEY: ed25519(),
  PASS_PRIVATE_KEY: ed25519(),
  DATA_KEY: Buffer.alloc(32, 7).toString('base64'),
};

function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

test('a complete environment is read, with both roles and without introspection', () => {
  const config = readConfig(GOOD);
  expect([[...config.roles], config.introspection, config.port]).toEqual([['api', 'worker'], false, 4000]);
  expect(Object.isFrozen(config)).toBe(true);
});

test('everything that is missing is told at once, each with what to do', () => {
  const problems = problemsOf({});
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual(expect.arrayContaining(Object.keys(GOOD)));
  expect(problems.every((problem) => problem.length > 30)).toBe(true);
});

test.each([
  ['DATABASE_URL', 'mysql://x/y'],
  ['PORT', 'eighty'],
  ['PORT', '70000'],
  ['DATA_KEY', 'short'],
  ['TOKEN_PRIVATE_KEY', 'bm90IGEga2V5'],
  ['PASS_PUBLIC_KEYS', 'bm90IGEga2V5'],
  ['ROLES', 'api,cook'],
  ['GRAPHQL_INTROSPECTION', 'yes'],
  ['DEMO_LOGIN', 'somebody'],
  ['TRUSTED_PROXIES', 'everyone'],
  ['TRUSTED_PROXIES', '10.0.0.0/99'],
  ['TRUSTED_PROXIES', 'fd00::/129'],
  ['DATABASE_POOL_MAX', 'xyz'],
  ['DATABASE_POOL_MAX', '1000'],
  ['DRAIN_DELAY_MS', '-77'],
  ['PUBLIC_URL', 'https://parking.example/app'],
  ['STRIPE_PUBLISHABLE_KEY', 'sk_live_0123456789abcdef'],
  ['PUBLIC_URL', 'https://me:secret@parking.example'],
  ['NODE_ENV', 'staging'],
])('%s=%s is refused by name and not repeated', (name, value) => {
  const problems = problemsOf({ ...GOOD, [name]: value });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(new RegExp(`^${name} `));
  expect(problems[0]).not.toContain(value);
  expect(problems[0]).toMatch(/ must be /);
});

test('settings are read as they are meant', () => {
  const config = readConfig({ ...GOOD, PUBLIC_URL: 'https://Parking.example/', TRUSTED_PROXIES: '10.0.0.0/8, ::1' });
  expect([config.publicUrl, config.trustedProxies]).toEqual(['https://parking.example', ['10.0.0.0/8', '::1']]);
  expect([config.drainDelayMs, readConfig({ ...GOOD, NODE_ENV: 'development' }).drainDelayMs]).toEqual([5000, 0]);
});

test('a test double of the payment provider is refused in production', () => {
  expect(problemsOf({ ...GOOD, NODE_ENV: 'production', STRIPE_API_BASE: 'http://127.0.0.1:1' })).toHaveLength(1);
  expect(problemsOf({ ...GOOD, NODE_ENV: 'production', DEMO_LOGIN: 'a@b.example:secret' })).toHaveLength(1);
  expect(problemsOf({ ...GOOD, NODE_ENV: 'development', STRIPE_API_BASE: 'http://127.0.0.1:1' })).toEqual([]);
});

test('a process without its settings prints all of them and ends with 1', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env: { PATH: process.env['PATH'] },
    encoding: 'utf8',
    timeout: 100_000,
  });
  expect(status).toBe(1);
  for (const name of Object.keys(GOOD)) expect(stderr).toContain(name);
  expect(stderr).not.toMatch(/\bat .+:\d+:\d+/);
});

test('a Node that is too old is told to be, before anything else', () => {
  // As an older Node would tell its version; the rest of what it lacks is not asked for before.
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.16.0' } });`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, '--import', 'tsx', 'src/main.ts'],
    { env: { PATH: process.env['PATH'] }, encoding: 'utf8', timeout: 100_000 },
  );
  expect(status).toBe(1);
  expect(stderr).toContain('needs Node.js 22.17');
  expect(stderr).not.toContain('DATABASE_URL');
});
