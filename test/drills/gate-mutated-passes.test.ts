import { verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Stay } from '../../src/entities/stay.ts';
import { passKeyOf, verifyPassToken, type PassKey } from '../../src/gate/pass-token.ts';
import { hoursFrom } from '../support/booking.ts';
import { startLane } from '../support/cut-off-lane.ts';
import { eventuallyPasses } from '../support/eventually.ts';
import { decide, makeGuest, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { drillMs, SEED, sizeOf } from './money-load.ts';
import { chanceOf, mutated, MUTATIONS, signedByAStranger } from './pass-mutations.ts';

/** Promised: none of 100,000. */
const READ = sizeOf({ ci: 8000, full: 100_000 });
const SENT = sizeOf({ ci: 250, full: 10_000 });
const SENT_TO_LANE = sizeOf({ ci: 120, full: 5000 });
const GUESTS = 6;

let system: TestSystem;
let lot: TestLot;
let guests: Guest[];
let passes: string[];
let key: PassKey;

beforeAll(async () => {
  system = await startSystem();
  lot = await makeLot(system, { spots: { STANDARD: GUESTS } });
  const period = hoursFrom(system.clock.now(), 1, 4);
  guests = [];
  for (let index = 0; index < GUESTS; index++) guests.push(await makeGuest(system, lot, period));
  system.clock.runFrom(new Date(period.startsAt));
  passes = guests.map(({ pass }) => pass);
  key = passKeyOf(system.platform.config.passPrivateKey);
});
afterAll(() => system.stop());

/** How the mutated passes that a reader takes for real ones were made. */
function takenIn(reads: (text: string) => boolean, count: number): string[] {
  const chance = chanceOf(SEED);
  const taken = new Set<string>();
  for (let n = 0; n < count; n++) {
    const { how, text } = mutated(passes, chance);
    if (reads(text)) taken.add(`${how} (seed ${SEED}): ${text}`);
  }
  return [...taken];
}

/** What the gate says to a pass. What is no text at all (nothing, or with a null in it) is refused before anybody looks at it. */
async function answerTo(pass: string): Promise<string> {
  try {
    const { action, reason } = await decide(system, lot.entry, { pass });
    return `${action} ${reason}`;
  } catch (error) {
    if (!String(error).includes('BAD_USER_INPUT')) throw error;
    return pass.length === 0 || pass.includes('\0') ? 'NO TEXT' : 'REFUSED';
  }
}

const readsAsAGateDoes = (text: string) => verifyPassToken(text.trim(), [key]) !== undefined;

describe('A pass that somebody changed', () => {
  test(
    'is none of ours, in whatever way it was changed',
    () => {
      expect(takenIn(readsAsAGateDoes, READ)).toEqual([]);
      expect(passes.filter(readsAsAGateDoes)).toEqual(passes);
    },
    drillMs(60_000),
  );

  test('is tried in each of the ways, many times', () => {
    const chance = chanceOf(SEED);
    const ways = Array.from({ length: READ }, () => mutated(passes, chance).how);
    const times = Object.keys(MUTATIONS).map((name) => ways.filter((how) => how === name).length);
    expect(Math.min(...times)).toBeGreaterThan(READ / 100);
  });

  test('is none of ours when somebody else signed it whose key has the same id', () => {
    const strange = signedByAStranger(passes[0]!);
    expect(strange.slice(0, 50)).toBe(passes[0]!.slice(0, 50));
    expect(readsAsAGateDoes(strange)).toBe(false);
  });

  test(
    'opens no entry, and the real one does afterwards',
    async () => {
      const chance = chanceOf(SEED + 1);
      const opened: string[] = [];
      const texts = Array.from({ length: SENT }, () => mutated(passes, chance));
      texts.push({ how: 'signed by a stranger', text: signedByAStranger(passes[0]!) });
      const send = async () => {
        for (let next = texts.pop(); next !== undefined; next = texts.pop()) {
          const said = await answerTo(next.text);
          if (said !== 'DENY PASS_FORGED' && said !== 'NO TEXT') opened.push(`${next.how}: ${said}: ${next.text}`);
        }
      };
      await Promise.all([send(), send(), send(), send()]);
      expect(opened).toEqual([]);
      expect(await system.platform.orm.em.fork().count(Stay, { lotId: lot.id })).toBe(0);
      for (const { pass } of guests)
        expect(await decide(system, lot.entry, { pass })).toMatchObject({ action: 'OPEN', reason: 'RESERVATION' });
    },
    drillMs(60_000),
  );

  test(
    'opens no entry of a lane that is cut off, which must believe a good signature',
    async () => {
      const lane = await startLane(system, lot);
      try {
        await lane.knowsTheLatest();
        lane.cable.cut();
        await lane.isAlone();
        const chance = chanceOf(SEED + 2);
        const opened: string[] = [];
        for (let n = 0; n < SENT_TO_LANE; n++) {
          const { how, text } = mutated(passes, chance);
          // More than so many in a second are refused, and sent again.
          const { action, reason } = await eventuallyPasses(() => lane.ask(lot.entry, { pass: text }));
          if (action !== 'DENY' || reason !== 'PASS_FORGED') opened.push(`${how}: ${action} ${reason}: ${text}`);
        }
        expect(opened).toEqual([]);
      } finally {
        await lane.stop();
      }
    },
    drillMs(60_000),
  );

  test.each<[string, (text: string) => boolean]>([
    ['takes any spelling of the same bytes', (text) => isSigned(Buffer.from(text, 'base64url').subarray(0, 104))],
    [
      'checks the signature of less than all it believes',
      (text) => {
        const bytes = Buffer.from(text, 'base64url');
        // As if the length were read, and not signed: it is put back before the signature is looked at.
        const signed = passes.find((pass) =>
          bytes.subarray(0, 37).equals(Buffer.from(pass, 'base64url').subarray(0, 37)),
        );
        if (signed === undefined || bytes.length !== 104) return false;
        Buffer.from(signed, 'base64url').copy(bytes, 37, 37, 40);
        return isSigned(bytes);
      },
    ],
  ])('the twin: a reader that %s takes some of them', (_, reads) => {
    expect(takenIn(reads, READ).length).toBeGreaterThan(0);
  });
});

function isSigned(bytes: Buffer): boolean {
  return bytes.length === 104 && verify(null, bytes.subarray(0, 40), key.publicKey, bytes.subarray(40));
}
