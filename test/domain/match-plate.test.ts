import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SETTINGS, madeUpLot, tally } from '../../bench/evaluate/plates.ts';
import { matchPlate, platesOf, surenessNeeded, type PlateEye, type PlateSight } from '../../src/domain/match-plate.ts';
import { confusedWith, confusionsBetween, plateSkeleton } from '../../src/domain/plate.ts';
import { otherSpellings } from '../../src/domain/plate-forms.ts';
import { DEFAULT_PLATE_MATCHING, type PlateMatchingPolicy } from '../../src/domain/policies.ts';

interface Due {
  readonly plate: string;
  readonly country?: string;
  readonly stakeMinor?: number;
}

const eye: PlateEye<Due> = {
  keyOf: ({ plate }) => plate,
  keyOfPlate: (plate) => plate,
  confusions: ({ plate }, read) => confusionsBetween(plate, read),
  countryOf: ({ country }) => country,
  stakeMinorOf: ({ stakeMinor = 0 }) => stakeMinor,
};
/** A lane that is cut off: only skeletons can be compared. */
const laneEye: PlateEye<Due> = {
  ...eye,
  confusions: ({ plate }, read) => (plateSkeleton(plate) === plateSkeleton(read) && plate !== read ? 1 : undefined),
};

function seen(text: string, more: Partial<PlateSight> & { confidence?: number } = {}): PlateSight {
  const { confidence, others = [], ...rest } = more;
  return { read: { plate: text, confidence }, others, ...rest };
}

const due = (...plates: string[]): Due[] => plates.map((plate) => ({ plate }));

function meant(sight: PlateSight, expected: readonly Due[], policy?: PlateMatchingPolicy): string {
  const { match, found } = matchPlate(sight, expected, { eye, policy });
  return [match, ...new Set(found.map(({ plate }) => plate))].join(' ');
}

describe('which plate was meant', () => {
  test.each([
    ['the plate itself', seen('ABC123'), due('ABC123', 'XYZ999'), 'EXACT ABC123'],
    ['nobody’s plate', seen('ABC124'), due('ABC123', 'XYZ999'), 'NONE'],
    ['one that a camera confuses', seen('A8C123'), due('ABC123', 'XYZ999'), 'CONFUSED ABC123'],
    ['two confusions are one too many', seen('A8CI23'), due('ABC123'), 'NONE'],
    ['two that it could be', seen('ABD123'), due('ABO123', 'AB0123'), 'AMBIGUOUS'],
    ['the camera’s own guess', seen('KBC456', { others: [{ plate: 'NBC456' }] }), due('NBC456'), 'CONFUSED NBC456'],
    [
      'two of its guesses',
      seen('MKA444', { others: [{ plate: 'MKA111' }, { plate: 'MKA777' }] }),
      due('MKA111', 'MKA777'),
      'AMBIGUOUS',
    ],
    [
      'a guess and a confusion that do not agree',
      seen('A8C123', { others: [{ plate: 'A8C128' }] }),
      due('ABC123', 'A8C128'),
      'AMBIGUOUS',
    ],
    ['a twin, read surely', seen('ZUO555', { confidence: 0.99 }), due('ZUO555', 'ZU0555'), 'EXACT ZUO555'],
    ['a twin, typed', seen('ZUO555'), due('ZUO555', 'ZU0555'), 'EXACT ZUO555'],
    ['a twin, read with a doubt', seen('ZUO555', { confidence: 0.7 }), due('ZUO555', 'ZU0555'), 'AMBIGUOUS'],
    ['no expected plates', seen('ABC123'), [], 'NONE'],
  ])('%s', (...[, sight, expected, answer]) => {
    expect(meant(sight, expected)).toBe(answer);
  });

  test('several of one plate are one match', () => {
    const expected = [{ plate: 'ABC123' }, { plate: 'ABC123' }, { plate: 'XYZ999' }];
    expect(matchPlate(seen('A8C123'), expected, { eye }).found).toEqual(expected.slice(0, 2));
  });

  test('the lot says how many confusions it takes', () => {
    const policy = (maxConfusions: number) => ({ ...DEFAULT_PLATE_MATCHING, maxConfusions });
    expect(meant(seen('A8C123'), due('ABC123'), policy(0))).toBe('NONE');
    expect(meant(seen('A8CI23'), due('ABC123'), policy(2))).toBe('CONFUSED ABC123');
    expect(meant(seen('A8CI23'), due('ABC123', 'A8C123'), policy(2))).toBe('CONFUSED A8C123');
    expect(meant(seen('A8C128'), due('ABC12B'), policy(2))).toBe('CONFUSED ABC12B');
  });

  test('the more is at stake, the surer the camera must be; from a point on only the plate itself counts', () => {
    const at = (stakeMinor: number, confidence: number) =>
      meant(seen('A8C123', { confidence }), [{ plate: 'ABC123', stakeMinor }]);
    expect(at(500, 0.5)).toBe('CONFUSED ABC123');
    expect(at(10_000, 0.5)).toBe('AMBIGUOUS');
    expect(at(10_000, 0.95)).toBe('CONFUSED ABC123');
    expect(at(20_000, 1)).toBe('AMBIGUOUS');
    expect(meant(seen('ABC123', { confidence: 0.4 }), [{ plate: 'ABC123', stakeMinor: 90_000 }])).toBe('EXACT ABC123');
  });

  test('a plate of another country is meant only by itself', () => {
    const expected = [{ plate: 'ABC123', country: 'SE' }];
    expect(meant(seen('A8C123', { country: 'FI' }), expected)).toBe('NONE');
    expect(meant(seen('A8C123', { country: 'SE' }), expected)).toBe('CONFUSED ABC123');
    expect(meant(seen('A8C123'), expected)).toBe('CONFUSED ABC123');
    expect(meant(seen('ABC123', { country: 'FI' }), expected)).toBe('EXACT ABC123');
  });
});

describe('how a country writes its plates', () => {
  test.each([
    ['GB', 'AB1ZCDE', ['A812CDE', 'AB12CDE']],
    ['GB', 'AB12CDE', []],
    ['GB', 'A123BCD', []],
    ['FR', 'A8123CD', ['AB123CD']],
    ['FR', 'AA1Z3CD', ['AA123CD']],
    ['FR', '0A123CD', ['DA123CD', 'QA123CD']],
    ['DE', 'MUXY12', ['MÜXY12']],
    ['DE', 'MÜXY12', ['MUXY12']],
    ['US', 'A812CDE', []],
    [undefined, 'A812CDE', []],
  ])('%s: %s may be %j', (country, plate, spellings) => {
    expect([...otherSpellings(plate, country)].sort()).toEqual([...spellings].sort());
  });

  test('decides between plates of which only one can exist, and finds those that lost their marks', () => {
    const expected = due('AB12CDE', 'A8I2CDE');
    expect(meant(seen('A812CDE', { country: 'GB' }), expected)).toBe('AMBIGUOUS');
    expect(meant(seen('A8I2CDE', { country: 'GB' }), due('AB12CDE'))).toBe('CONFUSED AB12CDE');
    expect(meant(seen('A8I2CDE'), due('AB12CDE'))).toBe('NONE');
    expect(meant(seen('MUXY12', { country: 'DE' }), due('MÜXY12'))).toBe('CONFUSED MÜXY12');
    expect(platesOf(seen('MUXY12', { country: 'DE' }))).toEqual(['MUXY12', 'MÜXY12']);
  });
});

const anyPlate = fc.string({ unit: fc.constantFrom(...'ABDGIOQSZ0125678'), minLength: 2, maxLength: 4 });
const anyDue = fc.record({ plate: anyPlate, stakeMinor: fc.nat(25_000) });
const anySight = fc
  .record({
    plate: anyPlate,
    confidence: fc.option(fc.double({ min: 0.3, max: 1, noNaN: true }), { nil: undefined }),
    others: fc.array(fc.record({ plate: anyPlate, confidence: fc.double({ min: 0, max: 1, noNaN: true }) }), {
      maxLength: 4,
    }),
  })
  .map(({ plate, confidence, others }): PlateSight => ({ read: { plate, confidence }, others }));
const anyPolicy = fc.record({ maxConfusions: fc.nat(2), exactFromMinor: fc.nat(30_000) });
const RUNS = { numRuns: 3000 };

describe('whatever is read and whoever is expected', () => {
  test('those who are found have one plate, and it is the reading, a guess, or no further than the lot allows', () => {
    fc.assert(
      fc.property(anySight, fc.array(anyDue, { maxLength: 8 }), anyPolicy, (sight, expected, policy) => {
        const { match, found } = matchPlate(sight, expected, { eye, policy });
        const plates = [...new Set(found.map(({ plate }) => plate))];
        expect(plates.length).toBe(match === 'EXACT' || match === 'CONFUSED' ? 1 : 0);
        for (const plate of plates) {
          const isGuess = sight.others.some((guess) => guess.plate === plate);
          const confusions = confusionsBetween(sight.read.plate, plate) ?? 99;
          expect(isGuess || confusions <= policy.maxConfusions).toBe(true);
          expect(match === 'EXACT').toBe(plate === sight.read.plate);
          expect(found).toHaveLength(expected.filter((one) => one.plate === plate).length);
        }
      }),
      RUNS,
    );
  });

  test('the order of the expected changes nothing', () => {
    fc.assert(
      fc.property(anySight, fc.array(anyDue, { maxLength: 8 }), anyPolicy, (sight, expected, policy) => {
        expect(meant(sight, expected.toReversed(), policy)).toBe(meant(sight, expected, policy));
      }),
      RUNS,
    );
  });

  test('more at stake never makes a doubt into a certainty, nor one person into another', () => {
    fc.assert(
      fc.property(anySight, fc.array(anyDue, { maxLength: 6 }), fc.nat(30_000), (sight, expected, more) => {
        const dearer = expected.map((one) => ({ ...one, stakeMinor: one.stakeMinor + more }));
        const [before, after] = [meant(sight, expected), meant(sight, dearer)];
        expect([before, 'AMBIGUOUS']).toContain(after);
        if (before === 'AMBIGUOUS' || before === 'NONE') expect(after).toBe(before);
      }),
      RUNS,
    );
  });

  test('one more who is expected takes nobody’s place without being read: it is doubt at most', () => {
    fc.assert(
      fc.property(anySight, fc.array(anyDue, { maxLength: 6 }), anyDue, (sight, expected, more) => {
        fc.pre(expected.every(({ plate }) => plate !== more.plate));
        const [before, after] = [meant(sight, expected), meant(sight, [...expected, more])];
        const newcomer = after.endsWith(` ${more.plate}`);
        if (before.startsWith('EXACT')) expect([before, 'AMBIGUOUS']).toContain(after);
        else if (!newcomer) expect([before, 'AMBIGUOUS']).toContain(after);
      }),
      RUNS,
    );
  });

  test('a lane with indexes alone never names another than the server, and never without a doubt where the server has one', () => {
    fc.assert(
      fc.property(anySight, fc.array(anyDue, { maxLength: 6 }), (sight, expected) => {
        const server = matchPlate(sight, expected, { eye });
        const lane = matchPlate(sight, expected, { eye: laneEye });
        if (server.found[0] && lane.found[0]) expect(lane.found[0].plate).toBe(server.found[0].plate);
        if (server.match === 'AMBIGUOUS') expect(lane.match).toBe('AMBIGUOUS');
      }),
      RUNS,
    );
  });

  test('a confusion is mutual, and no character is confused with itself', () => {
    for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') {
      expect(confusedWith(character)).not.toContain(character);
      for (const other of confusedWith(character)) expect(confusedWith(other)).toContain(character);
    }
    expect(surenessNeeded(DEFAULT_PLATE_MATCHING, 0)).toBeLessThan(surenessNeeded(DEFAULT_PLATE_MATCHING, 1000));
  });
});

test('on a made-up day more vehicles are recognised than by exact plates, and hardly anybody is taken for another', () => {
  const lot = madeUpLot(300, { reads: 20_000, seed: 7, errors: 2 });
  const [exact, , usual, , dear, two] = SETTINGS.map((setting) => tally(lot, setting));
  expect(usual!.right).toBeGreaterThan(exact!.right + 400);
  expect(usual!.wrong).toBeLessThanOrEqual(exact!.wrong + 4);
  expect(two!.missed).toBeLessThanOrEqual(usual!.missed);
  // The dearer, the more are asked instead.
  expect(dear!.asked).toBeGreaterThan(usual!.asked + 100);
  expect(dear!.wrong).toBeLessThanOrEqual(usual!.wrong);
  expect(tally(madeUpLot(300, { reads: 20_000, seed: 7, errors: 2 }), SETTINGS[2]!)).toEqual(usual);
});
