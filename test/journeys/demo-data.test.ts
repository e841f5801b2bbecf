import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEMO_LOGINS } from '../../sandbox/demo-logins.ts';
import { seedDemo, type DemoSeed } from '../../sandbox/seed.ts';
import { DAY_MS } from '../../src/domain/period.ts';
import { leaveProviderUncompared } from '../support/running-systems.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver } from '../support/world.ts';

const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) { login { accessToken } viewer { __typename ... on StaffMember { role } } userErrors { code } } }`;

const REPORT = `query ($code: ShortText, $from: ShortText!, $through: ShortText!) {
  lot(code: $code) { report(from: $from, through: $through) { days { entries noShows taken { amountMinor } } } } }`;

let system: TestSystem;
let seed: DemoSeed;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  leaveProviderUncompared(system, 'the past of the demo was never told to it');
  seed = await seedDemo(system.platform);
}, 180_000);
afterAll(() => system?.stop(), 60_000);

const rows = (sql: string) => system.platform.orm.em.fork().execute<Record<string, any>[]>(sql);
const count = async (from: string): Promise<number> =>
  (await rows(`SELECT count(*)::int AS count FROM ${from}`))[0]!['count'];

describe('the demo data', () => {
  test('has a thousand spots in five cities with five time zones and a currency without decimals', async () => {
    const { data } = await system
      .client()
      .query(`{ lots { nodes { code timeZone currency capacity { total } tariff { versionNumber } } } }`);
    const { nodes } = data['lots'];
    expect(nodes.map(({ code }: { code: string }) => code).sort()).toEqual(['BER1', 'HEL1', 'LON1', 'NYC1', 'TYO1']);
    expect(new Set(nodes.map(({ timeZone }: { timeZone: string }) => timeZone)).size).toBe(5);
    expect(nodes.map(({ currency }: { currency: string }) => currency)).toContain('JPY');
    expect(await count('spot')).toBe(1000);
    expect(await count('gate WHERE NOT in_service')).toBe(1);
  });

  test('lets everybody in whose login is printed', async () => {
    for (const { role, email, password } of DEMO_LOGINS) {
      const { data } = await system.client().query(SIGN_IN, { input: { email, password } });
      expect(data['signIn'].userErrors).toEqual([]);
      expect(data['signIn'].viewer.role ?? 'DRIVER').toBe(role);
    }
  });

  test('gives a key for each gate, board and gateway of sensors', async () => {
    expect(seed.deviceKeys).toHaveLength(22);
    for (const { key, name } of seed.deviceKeys) {
      expect((await system.client(key).query(`{ viewer { ... on Device { name } } }`)).data['viewer']).toEqual({
        name,
      });
    }
  });

  test('has a past in which no spot was taken twice and no vehicle was in two places', async () => {
    const twice = (column: string) =>
      count(`reservation a JOIN reservation b ON a.${column} = b.${column} AND a.id < b.id AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
             WHERE a.state = 'COMPLETED' AND b.state = 'COMPLETED'`);
    expect(await twice('spot_id')).toBe(0);
    expect(await twice('vehicle_id')).toBe(0);
    const states = await rows(`SELECT state, count(*)::int AS count FROM reservation GROUP BY state ORDER BY state`);
    expect(states.map(({ state }) => state)).toEqual([
      'CANCELLED',
      'COMPLETED',
      'CONFIRMED',
      'EXPIRED',
      'HELD',
      'NO_SHOW',
    ]);
    expect(await count('reservation')).toBeGreaterThan(4000);
  });

  test('has books that balance, agree with the payments, and give back no more than was taken', async () => {
    expect(
      await rows(
        `SELECT transaction_id FROM ledger_entry GROUP BY transaction_id, currency HAVING sum(amount_minor) <> 0`,
      ),
    ).toEqual([]);
    expect(await count('payment WHERE refunded_minor > captured_minor')).toBe(0);
    expect(
      await count(
        `payment p WHERE refunded_minor <> (SELECT coalesce(sum(amount_minor), 0) FROM refund r WHERE r.lot_id = p.lot_id AND r.payment_id = p.id)`,
      ),
    ).toBe(0);
    expect(
      await rows(`SELECT currency FROM payment WHERE state = 'CAPTURED' GROUP BY currency
                  HAVING sum(captured_minor - refunded_minor) <> (SELECT sum(amount_minor) FROM ledger_entry e WHERE e.account = 'provider:clearing' AND e.currency = payment.currency)`),
    ).toEqual([]);
    expect(
      await count(`reservation WHERE state IN ('COMPLETED', 'NO_SHOW', 'CANCELLED') AND refunded_minor > total_minor`),
    ).toBe(0);
  });

  test('says in its reports what its rows say, lot by lot', async () => {
    const { email, password } = DEMO_LOGINS.find(({ role }) => role === 'OPERATOR')!;
    const signedIn = await system.client().query(SIGN_IN, { input: { email, password } });
    const operator = system.client(signedIn.data['signIn'].login.accessToken);
    const [from, through] = [91, 1].map((ago) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10));
    for (const code of ['HEL1', 'BER1', 'LON1', 'TYO1', 'NYC1']) {
      const { data } = await operator.query(REPORT, { code, from, through });
      const { days } = data['lot'].report as {
        days: { entries: number; noShows: number; taken: { amountMinor: number } }[];
      };
      const sum = (figure: (day: (typeof days)[number]) => number) => days.reduce((all, day) => all + figure(day), 0);
      const within = (column: string) =>
        `(${column} AT TIME ZONE lot.time_zone)::date BETWEEN '${from}' AND '${through}' AND lot.code = '${code}'`;
      const [counted] = await rows(`SELECT
        (SELECT count(*)::int FROM stay JOIN lot ON lot.id = stay.lot_id WHERE ${within('entered_at')}) AS entries,
        (SELECT count(*)::int FROM reservation r JOIN lot ON lot.id = r.lot_id WHERE r.state = 'NO_SHOW' AND ${within('starts_at')}) AS "noShows",
        (SELECT coalesce(sum(captured_minor - refunded_minor), 0)::int FROM payment JOIN lot ON lot.id = payment.lot_id
          WHERE ${within('captured_at')}) AS taken`);
      expect(sum(({ entries }) => entries)).toBeGreaterThan(300);
      expect({
        entries: sum(({ entries }) => entries),
        noShows: sum(({ noShows }) => noShows),
        taken: sum(({ taken }) => taken.amountMinor),
      }).toEqual(counted);
    }
  });

  test('has drivers who are about to come, with spots that are theirs', async () => {
    expect(await count(`reservation WHERE state = 'CONFIRMED'`)).toBe(20);
    expect(await count(`reservation WHERE state = 'HELD'`)).toBe(5);
    expect(await count('allocation')).toBe(25);
  });

  test('is made once', async () => {
    const before = await count('reservation');
    expect(await seedDemo(system.platform)).toEqual({ seeded: false, deviceKeys: [] });
    expect(await count('reservation')).toBe(before);
  });
});

describe('a database in which the demo could not be made whole', () => {
  test('is not emptied, for it may be somebody’s own, and is not taken for a whole demo', async () => {
    const given = await startSystem({ roles: ['api'] });
    try {
      // Somebody who is there already keeps one of the demo's people out.
      await makeDriver(given, { email: DEMO_LOGINS.find(({ role }) => role === 'DRIVER')!.email });
      await expect(seedDemo(given.platform)).rejects.toThrow('driver_email');
      const left = await given.platform.orm.em.fork().execute('SELECT 1 FROM lot');
      expect(left).toHaveLength(5);
      await expect(seedDemo(given.platform)).rejects.toThrow('a part of the demo data');
    } finally {
      await given.stop();
    }
  }, 60_000);
});
