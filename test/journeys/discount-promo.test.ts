import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { paymentsIdle } from '../../src/payments/background.ts';
import { CANCEL, CHANGE, reserve, reserveAndPay, reserveInput } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, makeStaff, type TestDriver, type TestLot } from '../support/world.ts';
import { Discounts, linesOf } from './discount-steps.ts';

const MINUTE_MS = 60_000;
let system: TestSystem;
let lot: TestLot;
let discounts: Discounts;
let driver: TestDriver;
beforeAll(async () => {
  system = await startSystem();
});
beforeEach(async () => {
  lot = await makeLot(system, { spots: { STANDARD: 20 } });
  discounts = new Discounts(system, lot);
  driver = await makeDriver(system);
});
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});
afterAll(() => system.stop());

const client = () => system.client(driver.token);
const input = (more: object) => reserveInput(lot, discounts.period(4), { ...more });
const codeOf = ({ userErrors }: { userErrors: { code: string }[] }) => userErrors[0]?.code;
const cancel = (reservationId: string) =>
  client().query(CANCEL, { input: { idempotencyKey: randomUUID(), reservationId } });

describe('a driver with a promo code', () => {
  test('sees it on the price, reserves at that price and pays no more', async () => {
    const { code, id } = await discounts.promo();
    const period = discounts.period(4);
    const { quote } = await discounts.quote(period, { promoCode: ` ${code.toLowerCase()} ` });
    expect(quote.price.total.amountMinor).toBe(500);
    expect(linesOf(quote.price, 'PROMO')).toEqual([-300]);
    expect(quote.price.lines.find(({ rule }: { rule: string }) => rule === 'PROMO').description).toContain(code);
    const reservation = await reserveAndPay(client(), reserveInput(lot, period, { quoteId: quote.id }));
    expect(reservation.price.total.amountMinor).toBe(500);
    const { nodes } = await discounts.list('promoCodes');
    expect(nodes).toMatchObject([{ id, code, uses: 1 }]);
  });

  test.each([
    ['an amount that is more than the price', { discount: { amountMinor: 5000 } }, 0],
    ['a percentage', { discount: { percent: 25 } }, 600],
    ['the first hour', { discount: { time: { minutes: 60, meaning: 'LATER_ARRIVAL' } } }, 600],
    ['the last two hours', { discount: { time: { minutes: 120, meaning: 'EARLIER_DEPARTURE' } } }, 400],
    ['any hour', { discount: { time: { minutes: 60, meaning: 'LOWEST_PRICE' } } }, 600],
    ['all but less than a card can be charged', { discount: { amountMinor: 770 } }, 0],
  ])('gets %s off 8.00', async (_what, discount, expected) => {
    const { code } = await discounts.promo(discount);
    const reservation = (await reserve(client(), input({ promoCode: code }))).reservation;
    expect(reservation.price.total.amountMinor).toBe(expected);
    const lines = reservation.price.lines.map(({ amount }: any) => amount.amountMinor);
    expect(lines.reduce((sum: number, minor: number) => sum + minor, 0)).toBe(expected);
  });

  test('keeps the quoted price when the code is ended meanwhile, for as long as the quote is kept', async () => {
    const { code, id } = await discounts.promo();
    const period = discounts.period(4);
    const { quote } = await discounts.quote(period, { promoCode: code });
    await discounts.asOperator('endPromoCode', { promoCodeId: id });
    expect(codeOf(await discounts.quote(period, { promoCode: code }))).toBe('PROMO_CODE_EXPIRED');
    const wish = reserveInput(lot, period, { quoteId: quote.id, promoCode: code });
    expect((await reserve(client(), wish)).reservation.price.total.amountMinor).toBe(500);
    system.clock.advance(11 * MINUTE_MS);
    driver = { ...driver, token: await discounts.login(driver) };
    expect(codeOf(await reserve(client(), reserveInput(lot, period, { quoteId: quote.id })))).toBe('QUOTE_EXPIRED');
  });

  test('can’t bring another code to a quote than the one that was quoted', async () => {
    const [first, second] = [await discounts.promo(), await discounts.promo({ discount: { percent: 90 } })];
    const period = discounts.period(4);
    const plain = (await discounts.quote(period)).quote;
    const quoted = (await discounts.quote(period, { promoCode: first.code })).quote;
    for (const quoteId of [plain.id, quoted.id]) {
      const wish = reserveInput(lot, period, { quoteId, promoCode: second.code });
      expect(codeOf(await reserve(client(), wish))).toBe('QUOTE_INVALID');
    }
  });

  test('keeps it when the reservation is made longer, and pays the difference', async () => {
    const { code } = await discounts.promo({ discount: { percent: 50 }, currency: undefined });
    const reservation = await reserveAndPay(client(), input({ promoCode: code }));
    const endsAt = new Date(Date.parse(reservation.period.endsAt) + 60 * MINUTE_MS).toISOString();
    const change = { idempotencyKey: randomUUID(), reservationId: reservation.id, endsAt };
    const { data } = await client().query(CHANGE, { input: { ...change, paymentMethodId: 'pm_card_visa' } });
    expect(data['changeReservation'].reservation.price.total.amountMinor).toBe(500);
  });
});

describe('a code with limits', () => {
  test('is used up when as many reservations stand as it allows; one that is cancelled or expires gives its use back', async () => {
    const { code } = await discounts.promo({ maxUses: 1 });
    const { reservation } = await reserve(client(), input({ promoCode: code }));
    expect(codeOf(await reserve(client(), input({ promoCode: code })))).toBe('PROMO_CODE_USED_UP');
    expect(codeOf(await discounts.quote(discounts.period(4), { promoCode: code }))).toBe('PROMO_CODE_USED_UP');
    await cancel(reservation.id);
    const again = await reserve(client(), input({ promoCode: code }));
    expect(again.userErrors).toEqual([]);
    system.clock.advance(lot.policy.holdMinutes * MINUTE_MS);
    driver = { ...driver, token: await discounts.login(driver) };
    expect((await reserve(client(), input({ promoCode: code }))).userErrors).toEqual([]);
  });

  test('may be used by each driver as often as it says', async () => {
    const { code } = await discounts.promo({ usesPerDriver: 1 });
    expect((await reserve(client(), input({ promoCode: code }))).userErrors).toEqual([]);
    expect(codeOf(await reserve(client(), input({ promoCode: code })))).toBe('PROMO_CODE_USED_UP');
    driver = await makeDriver(system);
    expect((await reserve(client(), input({ promoCode: code }))).userErrors).toEqual([]);
  });

  test('for a first visit is not for a driver who has another reservation', async () => {
    const { code } = await discounts.promo({ firstVisitOnly: true });
    const { reservation } = await reserve(client(), input({}));
    expect(codeOf(await reserve(client(), input({ promoCode: code })))).toBe('PROMO_CODE_NOT_APPLICABLE');
    await cancel(reservation.id);
    expect((await reserve(client(), input({ promoCode: code }))).userErrors).toEqual([]);
  });

  test('that is asked for twice with one key is used once', async () => {
    const { code } = await discounts.promo({ maxUses: 1 });
    const wish = input({ promoCode: code });
    const first = await reserve(client(), wish);
    expect(await reserve(client(), wish)).toMatchObject({ replayed: true, reservation: { id: first.reservation.id } });
  });
});

describe('a code that does not hold', () => {
  const hoursAway = (hours: number) => new Date(system.clock.now().getTime() + hours * 60 * MINUTE_MS).toISOString();

  test.each([
    ['that is not there', {}, 'PROMO_CODE_UNKNOWN'],
    ['that is no code', {}, 'PROMO_CODE_UNKNOWN'],
  ])('%s is refused', async (what, _more, expected) => {
    const promoCode = what === 'that is no code' ? 'no! such' : 'NOSUCHCODE';
    expect(codeOf(await discounts.quote(discounts.period(4), { promoCode }, driver.token))).toBe(expected);
    expect(codeOf(await reserve(client(), input({ promoCode })))).toBe(expected);
  });

  test.each([
    ['whose time is over', () => ({ validUntil: hoursAway(1) }), 'PROMO_CODE_EXPIRED'],
    ['that is not valid yet', () => ({ validFrom: hoursAway(48) }), 'PROMO_CODE_NOT_APPLICABLE'],
    ['for parking later', () => ({ periodsFrom: hoursAway(48) }), 'PROMO_CODE_NOT_APPLICABLE'],
    ['for parking earlier', () => ({ periodsUntil: hoursAway(26) }), 'PROMO_CODE_NOT_APPLICABLE'],
    ['for dearer parking', () => ({ smallestPriceMinor: 801 }), 'PROMO_CODE_NOT_APPLICABLE'],
    ['in another currency', () => ({ currency: 'SEK' }), 'PROMO_CODE_NOT_APPLICABLE'],
  ])('%s is refused', async (what, more, expected) => {
    const { code } = await discounts.promo(more());
    if (what === 'whose time is over') {
      system.clock.advance(61 * MINUTE_MS);
      driver = { ...driver, token: await discounts.login(driver) };
    }
    expect(codeOf(await reserve(client(), input({ promoCode: code })))).toBe(expected);
  });

  test('of another lot, or of another operator, is refused', async () => {
    const sister = await makeLot(system, { operatorId: lot.operatorId });
    const there = await new Discounts(system, sister).promo({ lotIds: [sister.publicId] });
    expect(codeOf(await reserve(client(), input({ promoCode: there.code })))).toBe('PROMO_CODE_NOT_APPLICABLE');
    const foreign = await new Discounts(system, await makeLot(system)).promo();
    expect(codeOf(await reserve(client(), input({ promoCode: foreign.code })))).toBe('PROMO_CODE_UNKNOWN');
  });

  test('is refused where parking is free', async () => {
    lot = await makeLot(system, { tariff: { grace: { minutes: 600, kind: 'ABSORBED' } } });
    discounts = new Discounts(system, lot);
    const { code } = await discounts.promo();
    expect(codeOf(await reserve(client(), input({ promoCode: code })))).toBe('PROMO_CODE_NOT_APPLICABLE');
  });
});

test('promo codes can be guessed at five times a minute, also in one document; the right ones do not count', async () => {
  const { code } = await discounts.promo();
  const period = discounts.period(4);
  const ask = (promoCode: string) => `quote(input: { lotId: "${lot.publicId}", promoCode: "${promoCode}",
    period: { startsAt: "${period.startsAt}", endsAt: "${period.endsAt}" } }) { userErrors { code } }`;
  const from = (token: string | undefined, codes: string[]) =>
    system
      .client(token)
      .query(
        `{ ${codes.map((one, n) => `q${n}: ${ask(one)}`).join('\n')} }`,
        {},
        { 'x-forwarded-for': '203.0.113.77' },
      );
  const told = (data: any) => Object.values(data).map((answer: any) => codeOf(answer));
  for (let again = 0; again < 2; again++) {
    expect(told((await from(driver.token, Array<string>(4).fill(code))).data)).toEqual(Array(4).fill(undefined));
  }
  for (const token of [driver.token, undefined]) {
    const wrong = Array.from({ length: 7 }, (_, n) => `WRONG-${n}`);
    const answers = told((await from(token, wrong)).data);
    expect(answers.filter((one) => one === 'PROMO_CODE_UNKNOWN')).toHaveLength(5);
    expect(answers.filter((one) => one === 'TOO_MANY_ATTEMPTS')).toHaveLength(2);
    expect(told((await from(token, [code])).data)).toEqual(['TOO_MANY_ATTEMPTS']);
  }
});

describe('an operator’s promo codes', () => {
  test.each([
    ['a code of two letters', { code: 'AB' }, 'INVALID_INPUT'],
    ['a percentage above a hundred', { discount: { percent: 101 } }, 'INVALID_INPUT'],
    ['an amount without a currency', { currency: undefined }, 'INVALID_INPUT'],
    [
      'more than a week of minutes',
      { discount: { time: { minutes: 10_081, meaning: 'LATER_ARRIVAL' } } },
      'INVALID_INPUT',
    ],
    ['no time in which it is valid', { validUntil: '2020-01-01T00:00:00Z' }, 'INVALID_INPUT'],
    [
      'no time to park within',
      { periodsFrom: '2030-01-02T00:00:00Z', periodsUntil: '2030-01-01T00:00:00Z' },
      'INVALID_INPUT',
    ],
    ['no lot at all', { lotIds: [] }, 'INVALID_INPUT'],
    ['a million and one uses', { maxUses: 1_000_001 }, 'INVALID_INPUT'],
  ])('are refused with %s', async (_what, more, expected) => {
    const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
    const wish = { code: 'SUMMER-26', discount: { amountMinor: 100 }, currency: 'EUR', ...more };
    expect(codeOf(await discounts.send('createPromoCode', token, wish))).toBe(expected);
  });

  test('are theirs alone, each name once', async () => {
    const { code, id } = await discounts.promo();
    const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
    const wish = { code, discount: { percent: 10 } };
    expect(codeOf(await discounts.send('createPromoCode', token, wish))).toBe('CODE_TAKEN');
    const other = await makeLot(system);
    const stranger = await makeStaff(system, { role: 'OPERATOR', operatorId: other.operatorId });
    expect(codeOf(await discounts.send('endPromoCode', stranger.token, { promoCodeId: id }))).toBe('NOT_FOUND');
    const foreign = { ...wish, lotIds: [lot.publicId] };
    expect(codeOf(await discounts.send('createPromoCode', stranger.token, foreign))).toBe('LOT_NOT_FOUND');
    const ofOneLot = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId, lotIds: [lot.id] });
    const everywhere = { code: 'EVERYWHERE', discount: { percent: 10 } };
    expect(codeOf(await discounts.send('createPromoCode', ofOneLot.token, everywhere))).toBe('NOT_ALLOWED');
    const node = 'query ($id: ID!) { node(id: $id) { id } }';
    expect((await system.client(token).query(node, { id })).data['node']).toEqual({ id });
    expect((await system.client(stranger.token).query(node, { id })).data['node']).toBeNull();
  });

  test('are listed page by page, the newest first', async () => {
    const made = [];
    for (let n = 0; n < 3; n++) made.unshift((await discounts.promo()).code);
    const first = await discounts.list('promoCodes', { first: 2 });
    const rest = await discounts.list('promoCodes', { first: 2, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...rest.nodes].map(({ code }: { code: string }) => code)).toEqual(made);
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);
  });
});

describe('what a quote asks the database', () => {
  let quiet: TestSystem;
  beforeAll(async () => {
    // Nothing runs beside the requests.
    quiet = await startSystem({ roles: ['api'] });
  });
  afterAll(() => quiet.stop());

  test('is no more than before when nothing is brought along', async () => {
    const here = new Discounts(quiet, await makeLot(quiet));
    const { code } = await here.promo();
    const limited = (await here.promo({ maxUses: 5 })).code;
    const connection = quiet.platform.orm.em.getConnection();
    const execute = connection.execute.bind(connection);
    const asked = async (more: object) => {
      let statements = 0;
      connection.execute = ((...args: Parameters<typeof execute>) => (statements++, execute(...args))) as never;
      await here.quote(here.period(4), more).finally(() => (connection.execute = execute));
      return statements;
    };
    const plain = await asked({});
    expect(plain).toBeLessThanOrEqual(3);
    expect([await asked({ promoCode: code }), await asked({ promoCode: limited })]).toEqual([plain + 1, plain + 2]);
  });
});
