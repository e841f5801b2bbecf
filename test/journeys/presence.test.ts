import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeId } from '../../src/domain/public-id.ts';
import { Debt } from '../../src/entities/debt.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { freshPlate, hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest, scan, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { Incidents } from './incident-steps.ts';

const CORRECT = `mutation ($input: CorrectPresenceInput!) { correctPresence(input: $input) {
  decision { action reason stayId ticketCode spotLabel decidedBy durable } replayed userErrors { code field message } } }`;
const PRINT = `mutation ($input: PrintInsideListInput!) { printInsideList(input: $input) { url csvUrl expiresAt userErrors { code } } }`;
const MINUTE_MS = 60_000;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const em = () => system.platform.orm.em.fork();
const ago = (minutes: number) => new Date(system.clock.now().getTime() - minutes * MINUTE_MS);

type Correction = { left: object } | { inside: object };

async function correct(
  lot: TestLot,
  correction: Correction,
  { token, key = randomUUID() }: { token?: string; key?: string } = {},
): Promise<any> {
  const input = { idempotencyKey: key, correction, reason: 'After the power cut' };
  const client = system.client(token ?? (await lot.staffToken('ATTENDANT')));
  const { data, errors } = await client.query(CORRECT, { input });
  if (errors) throw new Error(JSON.stringify(errors));
  return data['correctPresence'];
}

/** As a person does whose screen says "not yet": the same again until it stands. */
async function corrected(lot: TestLot, correction: Correction): Promise<any> {
  const [token, key] = [await lot.staffToken('ATTENDANT'), randomUUID()];
  const { decision } = await eventually(
    () => correct(lot, correction, { token, key }),
    (answer) => answer.decision?.durable === true,
  );
  return decision;
}

const stayOf = (lot: TestLot, stayId: string) =>
  eventually(
    async () => (await em().find(Stay, { lotId: lot.id })).find(({ id }) => encodeId('sty', lot.id, id) === stayId),
    (stay) => stay !== undefined,
  ) as Promise<Stay>;

describe('a visit whose end no gate saw', () => {
  test('of a walk-in ends when a person says it ended: it owes until then, and its spot is free', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    const plate = freshPlate();
    const { stayId } = await untilDurable(system, lot.entry, { plate: { text: plate } });
    expect(await decide(system, lot.entry, { plate: { text: freshPlate() } })).toMatchObject({ reason: 'LOT_FULL' });
    const leftAt = new Date(system.clock.now().getTime() + 90 * MINUTE_MS);
    system.clock.runFrom(new Date(leftAt.getTime() + 10 * 60 * MINUTE_MS));
    const decision = await corrected(lot, { left: { stayId, at: leftAt } });
    expect(decision).toMatchObject({ stayId, decidedBy: 'OPERATOR' });
    expect(await stayOf(lot, stayId!)).toMatchObject({ state: 'LEFT', leftAt });
    // Two hours begun at 2.00, and not the ten since.
    expect(await em().find(Debt, { lotId: lot.id })).toMatchObject([{ amountMinor: 400, state: 'OPEN' }]);
    expect(await untilDurable(system, lot.entry, { plate: { text: plate } })).toMatchObject({ action: 'OPEN' });
  });

  test('of a vehicle that turned round behind the barrier costs nothing where the first minutes are free', async () => {
    const lot = await makeLot(system, { tariff: { grace: { minutes: 10, kind: 'ABSORBED' } } });
    const { stayId } = await untilDurable(system, lot.entry, { plate: { text: freshPlate() } });
    system.clock.runFrom(new Date(system.clock.now().getTime() + 120 * MINUTE_MS));
    const { enteredAt } = await stayOf(lot, stayId!);
    await corrected(lot, { left: { stayId, at: enteredAt } });
    expect(await stayOf(lot, stayId!)).toMatchObject({ state: 'LEFT', totalMinor: 0 });
    expect(await em().count(Debt, { lotId: lot.id })).toBe(0);
  });

  test('of a reservation completes it, and its pass opens no entry again', async () => {
    const lot = await makeLot(system);
    const period = hoursFrom(system.clock.now(), 1, 4);
    const guest = await makeGuest(system, lot, period);
    system.clock.runFrom(new Date(period.startsAt));
    const { stayId } = await untilDurable(system, lot.entry, { pass: guest.pass });
    system.clock.runFrom(new Date(new Date(period.startsAt).getTime() + 60 * MINUTE_MS));
    await corrected(lot, { left: { stayId } });
    expect(await em().findOneOrFail(Reservation, { lotId: lot.id, id: guest.id })).toMatchObject({
      state: 'COMPLETED',
    });
    expect(await decide(system, lot.entry, { pass: guest.pass })).toMatchObject({
      action: 'DENY',
      reason: 'ALREADY_LEFT',
    });
  });

  test('ends once, whoever says so and however often, and the reason is kept', async () => {
    const lot = await makeLot(system);
    const { stayId } = await untilDurable(system, lot.entry, { plate: { text: freshPlate() } });
    const [token, key] = [await lot.staffToken('ATTENDANT'), randomUUID()];
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => correct(lot, { left: { stayId } }, { token, key })),
    );
    expect(answers.map(({ userErrors }) => userErrors)).toEqual([[], [], [], [], []]);
    expect(new Set(answers.map(({ decision }) => decision.stayId))).toEqual(new Set([stayId]));
    await eventually(
      () => stayOf(lot, stayId!),
      ({ state }) => state === 'LEFT',
    );
    expect(await correct(lot, { left: { stayId } })).toMatchObject({ userErrors: [{ code: 'STAY_NOT_FOUND' }] });
    const incidents = new Incidents(system, lot);
    expect(await incidents.trail()).toEqual([
      { act: 'STAY_MARKED_LEFT', reason: 'After the power cut', by: { name: 'Test Staff' } },
    ]);
    expect(await incidents.list({ kinds: ['PRESENCE_CORRECTED'] })).toMatchObject([
      { stay: { id: stayId }, note: expect.stringContaining('After the power cut') },
    ]);
  });

  test('cannot end before it began, nor in the future, nor by staff of another lot', async () => {
    const lot = await makeLot(system);
    const { stayId } = await untilDurable(system, lot.entry, { plate: { text: freshPlate() } });
    for (const at of [ago(60), ago(-60)])
      expect(await correct(lot, { left: { stayId, at } })).toMatchObject({
        userErrors: [{ code: 'INVALID_INPUT', field: ['at'] }],
      });
    const token = await (await makeLot(system)).staffToken('OPERATOR');
    expect(await correct(lot, { left: { stayId } }, { token })).toMatchObject({
      userErrors: [{ code: 'LOT_NOT_FOUND' }],
    });
  });
});

describe('a vehicle that is inside and that no gate saw come', () => {
  test('is a visit from when a person says it came, leaves by its plate, and owes for its time', async () => {
    const lot = await makeLot(system);
    const plate = freshPlate();
    const decision = await corrected(lot, {
      inside: { lotId: lot.publicId, credential: { plate: { text: plate } }, at: ago(150) },
    });
    expect(decision).toMatchObject({ action: 'OPEN', reason: 'WALK_IN', decidedBy: 'OPERATOR', spotLabel: '1-001' });
    expect(await decide(system, lot.exit, { plate: { text: plate } })).toMatchObject({
      action: 'ASK',
      reason: 'PAYMENT_DUE',
      due: { amountMinor: 600 },
    });
    expect(await new Incidents(system, lot).trail()).toMatchObject([{ act: 'VEHICLE_MARKED_INSIDE' }]);
  });

  test('gets a ticket code when its plate cannot be read', async () => {
    const lot = await makeLot(system);
    const { ticketCode } = await corrected(lot, { inside: { lotId: lot.publicId, credential: { ticket: true } } });
    expect((await scan(system, lot.exit, { code: ticketCode })).decision).toMatchObject({
      action: 'ASK',
      reason: 'PAYMENT_DUE',
    });
  });

  test('is not counted twice, nor above what the lot holds: who left is marked first', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    const plate = freshPlate();
    const { stayId } = await untilDurable(system, lot.entry, { plate: { text: plate } });
    const inside = (text: string) => ({ inside: { lotId: lot.publicId, credential: { plate: { text } } } });
    expect(await correct(lot, inside(plate))).toMatchObject({
      userErrors: [{ code: 'INVALID_INPUT', field: ['credential'] }],
    });
    const other = freshPlate();
    expect(await correct(lot, inside(other))).toMatchObject({ userErrors: [{ code: 'SPOT_UNAVAILABLE' }] });
    await corrected(lot, { left: { stayId } });
    expect(await corrected(lot, inside(other))).toMatchObject({ action: 'OPEN', reason: 'WALK_IN' });
  });
});

describe('the list of who should be inside', () => {
  const print = async (lot: TestLot, token?: string) => {
    const input = { lotId: lot.publicId, reason: 'Before the works on the mains' };
    const { data } = await system.client(token ?? (await lot.staffToken('ATTENDANT'))).query(PRINT, { input });
    return data['printInsideList'];
  };
  const open = async (url: string) => {
    const answer = await fetch(new URL(url, system.url));
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };

  test('shows who is inside and who is due, with spot, plate and code, as a page and as rows', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 3 } });
    const plate = freshPlate();
    const guest = await makeGuest(system, lot, hoursFrom(system.clock.now(), 1, 4));
    const { spotLabel, ticketCode } = await untilDurable(system, lot.entry, { plate: { text: plate } });
    const { url, csvUrl } = await print(lot);
    const page = await open(url);
    expect(page).toMatchObject({ status: 200 });
    expect(page.headers.get('cache-control')).toContain('no-store');
    for (const text of [plate, spotLabel!, ticketCode!, guest.plate, guest.code]) expect(page.text).toContain(text);
    const [head, ...rows] = (await open(csvUrl)).text.trim().split('\r\n');
    expect(head).toBe('list,spot,plate,code,vehicle_class,kind,from_local,until_local,from,until');
    expect(rows.map((row) => row.split(',').slice(0, 4))).toEqual([
      ['INSIDE', spotLabel, plate, ticketCode],
      ['DUE', expect.any(String), guest.plate, guest.code],
    ]);
  });

  test('is shown for a quarter of an hour, to whoever has the address and nobody else, and that it was asked for is kept', async () => {
    const lot = await makeLot(system);
    const { url } = await print(lot);
    expect((await open(`${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`)).status).toBe(404);
    expect((await open(url.replace('/inside/', '/receipts/'))).status).toBe(404);
    expect((await open(url)).status).toBe(200);
    system.clock.runFrom(new Date(system.clock.now().getTime() + 15 * MINUTE_MS));
    expect((await open(url)).status).toBe(404);
    expect(await new Incidents(system, lot).trail()).toMatchObject([
      { act: 'INSIDE_LIST_PRINTED', reason: 'Before the works on the mains' },
    ]);
    const stranger = await (await makeLot(system)).staffToken('OPERATOR');
    expect(await print(lot, stranger)).toMatchObject({ url: null, userErrors: [{ code: 'LOT_NOT_FOUND' }] });
  });
});
