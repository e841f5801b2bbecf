import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { nextPassKey } from '../../scripts/keys.mjs';
import { momentCode } from '../../src/gate/pass-token.ts';
import { freshPlate, hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest, scan, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeDriver, makeLot } from '../support/world.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const MINUTE_MS = 60_000;
const MOMENT = `query ($id: ID!) { node(id: $id) { ... on Reservation { pass passMoment { secret algorithm digits stepSeconds } } } }`;

/** RFC 4648, as a phone reads it. */
function fromBase32(text: string): Buffer {
  const bits = [...text]
    .map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

test('the key of passes is changed while passes are out: the old ones open, and the new ones where the key is known', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 4 } });
  const period = hoursFrom(system.clock.now(), 1, 4);
  const [old, older] = [await makeGuest(system, lot, period), await makeGuest(system, lot, period)];
  const next = nextPassKey(system.env);
  const roles = { beside: system, roles: ['api' as const] };
  const [first, second, careless] = await Promise.all([
    startSystem({ ...roles, env: { PASS_PUBLIC_KEYS: next.PASS_PUBLIC_KEYS } }),
    startSystem({ ...roles, env: next }),
    startSystem({ ...roles, env: { PASS_PRIVATE_KEY: next.PASS_PRIVATE_KEY } }),
  ]);
  try {
    const recent = await makeGuest(second, lot, period);
    system.clock.runFrom(new Date(period.startsAt));
    expect(recent.pass.slice(0, 1) + recent.pass.slice(54)).not.toBe(old.pass.slice(0, 1) + old.pass.slice(54));
    // Who has the new key alone knows the old passes no more; nobody knows a key that was not told.
    expect(await decide(careless, lot.entry, { pass: old.pass })).toMatchObject({ reason: 'PASS_FORGED' });
    expect(await decide(system, lot.entry, { pass: recent.pass })).toMatchObject({ reason: 'PASS_FORGED' });
    expect(await decide(second, lot.entry, { pass: old.pass })).toMatchObject({ reservationCode: old.code });
    expect(await decide(first, lot.entry, { pass: recent.pass })).toMatchObject({ reservationCode: recent.code });
    expect(await decide(first, lot.entry, { pass: older.pass })).toMatchObject({ reservationCode: older.code });
  } finally {
    for (const one of [first, second, careless]) await one.stop();
  }
});

describe('a lot that lets in only passes that are shown live', () => {
  test('takes the code of the moment, and no picture; the way out needs none', async () => {
    const lot = await makeLot(system, { policy: { livePass: true } });
    const period = hoursFrom(system.clock.now(), 1, 4);
    const driver = await makeDriver(system);
    const client = system.client(await loginOf(system, driver));
    const made = await reserveAndPay(client, reserveInput(lot, period));
    const { pass, passMoment } = (await client.query(MOMENT, { id: made.id })).data['node'];
    expect(passMoment).toMatchObject({ algorithm: 'SHA256', digits: 6, stepSeconds: 30 });
    const secret = fromBase32(passMoment.secret);
    expect(secret).toHaveLength(20);
    const shown = (at: number) => ({ pass: `${pass}.${momentCode(secret, at)}` });
    system.clock.runFrom(new Date(period.startsAt));
    const now = Date.parse(period.startsAt);

    const stale = { action: 'ASK', reason: 'PASS_STALE', reservationCode: null, spotLabel: null };
    expect(await decide(system, lot.entry, { pass })).toMatchObject(stale);
    expect(await decide(system, lot.entry, shown(now - 3 * MINUTE_MS))).toMatchObject(stale);
    expect(await decide(system, lot.entry, { pass: `${pass}.000000` })).toMatchObject(stale);
    // The code opens whoever types it: it is on no picture of the pass.
    expect(await untilDurable(system, lot.entry, shown(now + 20_000))).toMatchObject({
      ...{ action: 'OPEN', reason: 'RESERVATION', reservationCode: made.code },
    });
    expect(await decide(system, lot.exit, { pass })).toMatchObject({ action: 'OPEN', reason: 'STAY_PREPAID' });
  });

  test('takes a scan that comes late by when the device saw it', async () => {
    const lot = await makeLot(system, { policy: { livePass: true } });
    const period = hoursFrom(system.clock.now(), 1, 4);
    const driver = await makeDriver(system);
    const client = system.client(await loginOf(system, driver));
    const made = await reserveAndPay(client, reserveInput(lot, period));
    const { pass, passMoment } = (await client.query(MOMENT, { id: made.id })).data['node'];
    const observedAt = new Date(period.startsAt);
    const code = momentCode(fromBase32(passMoment.secret), observedAt.getTime());
    system.clock.runFrom(new Date(observedAt.getTime() + 20 * MINUTE_MS));
    expect(await decide(system, lot.entry, { pass: `${pass}.${code}` })).toMatchObject({ reason: 'PASS_STALE' });
    expect(await decide(system, lot.entry, { pass: `${pass}.${code}` }, { observedAt })).toMatchObject({
      reason: 'RESERVATION',
    });
  });

  test('tells the secret to nobody but its driver, and to no driver where no code is asked for', async () => {
    const [live, plain] = [await makeLot(system, { policy: { livePass: true } }), await makeLot(system)];
    const period = hoursFrom(system.clock.now(), 2, 2);
    const driver = await makeDriver(system);
    const own = system.client(await loginOf(system, driver));
    const [first, second] = [
      await reserveAndPay(own, reserveInput(live, period)),
      await reserveAndPay(own, reserveInput(plain, period)),
    ];
    expect((await own.query(MOMENT, { id: second.id })).data['node']).toMatchObject({ passMoment: null });
    const staff = system.client(await live.staffToken('OPERATOR'));
    expect((await staff.query(MOMENT, { id: first.id })).data['node']).toEqual({ pass: null, passMoment: null });
  });
});

describe('who cannot be read at an entry', () => {
  test('is asked for a pass, a code or the plate, and gets a ticket for the asking', async () => {
    const lot = await makeLot(system, { tariff: { grace: { minutes: 30, kind: 'ABSORBED' } } });
    for (const unread of [{ unreadable: true as const }, { plate: { text: 'FOG1234', confidence: 0.1 } }])
      expect(await decide(system, lot.entry, unread)).toMatchObject({ action: 'ASK', reason: 'UNREADABLE' });
    const entered = await untilDurable(system, lot.entry, { ticket: true });
    expect(entered).toMatchObject({ action: 'OPEN', reason: 'WALK_IN', spotLabel: '1-001' });
    expect(await decide(system, lot.exit, { code: entered.ticketCode! })).toMatchObject({ reason: 'NOTHING_DUE' });
  });

  test('types the plate in: what a person typed is taken at its word', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 3 } });
    const period = hoursFrom(system.clock.now(), 1, 4);
    const [plate, twin] = ['KLO8055', 'KL08O55'];
    const guest = await makeGuest(system, lot, { ...period, plate });
    const other = await makeGuest(system, lot, { ...period, plate: twin });
    system.clock.runFrom(new Date(period.startsAt));
    const unsure = { plate: { text: 'KLO8055', confidence: 0.6, candidates: [{ text: twin, confidence: 0.59 }] } };
    expect(await decide(system, lot.entry, unsure)).toMatchObject({ action: 'ASK', reason: 'AMBIGUOUS' });
    expect(await decide(system, lot.entry, { plate: { text: 'klo 80 55' } })).toMatchObject({
      reservationCode: guest.code,
    });
    expect(await decide(system, lot.entry, { plate: { text: twin } })).toMatchObject({ reservationCode: other.code });
  });

  test('a ticket is for the way in, and a question is not answered twice', async () => {
    const lot = await makeLot(system);
    expect(await decide(system, lot.exit, { ticket: true })).toMatchObject({ action: 'OPEN', reason: 'BILLED_LATER' });
    const both = { ticket: true, unreadable: true } as never;
    await expect(scan(system, lot.entry, both)).rejects.toThrow();
    await expect(scan(system, lot.entry, { ticket: false } as never)).resolves.toMatchObject({
      userErrors: [{ code: 'INVALID_INPUT' }],
    });
  });
});

describe('how much a reading is believed', () => {
  test('is what the operator says, from the next vehicle on; what makes no sense is refused with its field', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 3 } });
    const period = hoursFrom(system.clock.now(), 1, 4);
    const guest = await makeGuest(system, lot, period);
    system.clock.runFrom(new Date(period.startsAt));
    const operator = system.client(await lot.staffToken('OPERATOR'));
    const POLICY = `lot { policy { livePass plateMatching { maxConfusions exactFrom { amountMinor currency } } } }
      userErrors { code ... on PolicyInvalid { problems { path } } }`;
    const update = async (policy: object) => {
      const document = `mutation ($input: UpdateLotInput!) { updateLot(input: $input) { ${POLICY} } }`;
      return (await operator.query(document, { input: { lotId: lot.publicId, policy } })).data['updateLot'];
    };
    const plateMatching = { maxConfusions: 0, exactFromMinor: 5000 };
    expect((await update({ livePass: true, plateMatching })).lot.policy).toEqual({
      livePass: true,
      plateMatching: { maxConfusions: 0, exactFrom: { amountMinor: 5000, currency: 'EUR' } },
    });
    const pass = () => decide(system, lot.entry, { pass: guest.pass });
    await eventually(pass, ({ reason }) => reason === 'PASS_STALE');
    const misread = { plate: { text: guest.plate.replace('0', 'O'), confidence: 0.99 } };
    expect(await decide(system, lot.entry, misread)).toMatchObject({ reason: 'WALK_IN' });
    const { userErrors } = await update({ plateMatching: { maxConfusions: 3, exactFromMinor: -1 } });
    expect(userErrors[0].code).toBe('POLICY_INVALID');
    expect(userErrors[0].problems.map(({ path }: { path: string }) => path).sort()).toEqual([
      'plateMatching.exactFromMinor',
      'plateMatching.maxConfusions',
    ]);
  });

  test('a lot that wants exact plates lets nobody in on a confusion; the dearer the reservation, the surer the camera', async () => {
    const strict = await makeLot(system, { policy: { plateMatching: { maxConfusions: 0, exactFromMinor: 20_000 } } });
    const dear = await makeLot(system, { policy: { plateMatching: { maxConfusions: 1, exactFromMinor: 1000 } } });
    const period = hoursFrom(system.clock.now(), 1, 4);
    const [a, b] = [await makeGuest(system, strict, period), await makeGuest(system, dear, period)];
    system.clock.runFrom(new Date(period.startsAt));
    const misread = (plate: string, confidence: number) => ({ plate: { text: plate.replace('0', 'O'), confidence } });
    expect(await decide(system, strict.entry, misread(a.plate, 0.99))).toMatchObject({ reason: 'WALK_IN' });
    // 8.00 of 10.00 are at stake.
    expect(await decide(system, dear.entry, misread(b.plate, 0.9))).toMatchObject({
      action: 'ASK',
      reason: 'AMBIGUOUS',
    });
    expect(await decide(system, dear.entry, { plate: { text: b.plate, confidence: 0.5 } })).toMatchObject({
      action: 'OPEN',
      reservationCode: b.code,
    });
  });

  test('a plate that looks like one that is inside is its own: it may come in', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 3 } });
    const period = hoursFrom(system.clock.now(), 1, 4);
    const guest = await makeGuest(system, lot, period);
    system.clock.runFrom(new Date(period.startsAt));
    await untilDurable(system, lot.entry, { pass: guest.pass });
    const twin = guest.plate.replace('0', 'Q');
    const came = await untilDurable(system, lot.entry, { plate: { text: twin } }, { scanId: randomUUID() });
    expect(came).toMatchObject({ action: 'OPEN', reason: 'WALK_IN' });
    expect(freshPlate()).not.toBe(twin);
  });
});
