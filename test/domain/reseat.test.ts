import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { reseat, type ReseatClaim, type ReseatProblem, type ReseatSpot } from '../../src/domain/reseat.ts';
import { boardOf } from '../../src/domain/reseat-board.ts';
import { withAnyMoves } from '../../src/domain/reseat-sweep.ts';
import { anyMixedPools, anyPoolOfEquals, existsSeating, wrongWith } from './reseat-problems.ts';

const spot = (id: string, more: Partial<ReseatSpot> = {}): ReseatSpot => ({
  ...{ id, spotType: 'STANDARD', maxHeightCm: null, maxLengthCm: null },
  ...more,
});
const claim = (id: string, spotId: string, [startsAt, endsAt]: [number, number]): ReseatClaim => ({
  ...{ id, spotId, startsAt, endsAt, mayMoveTo: ['STANDARD'] },
});
const staying = (one: ReseatClaim): ReseatClaim => ({ ...one, mayMoveTo: [] });
const wish = (startsAt: number, endsAt: number, more: Partial<ReseatProblem['wish']> = {}) => ({
  ...{ startsAt, endsAt, spotTypes: ['STANDARD'] as const },
  ...more,
});
const RUNS = process.env['PARKWELL_FULL'] === '1' ? 100_000 : 3000;

test('a free spot is taken without moving anybody, the first that will do', () => {
  const spots = [spot('a'), spot('b'), spot('c')];
  const problem = { spots, claims: [claim('x', 'a', [0, 4])], wish: wish(1, 3) };
  expect(reseat(problem)).toMatchObject({ outcome: 'FITS', spotId: 'b', moves: [] });
});

test('two spots that are each taken for a part of the time have room when one driver moves', () => {
  const spots = [spot('a'), spot('b')];
  const problem = { spots, claims: [claim('x', 'a', [0, 2]), claim('y', 'b', [2, 4])], wish: wish(0, 4) };
  const found = reseat(problem);
  expect(found).toMatchObject({ outcome: 'FITS', moves: [expect.anything()] });
  if (found.outcome === 'FITS') expect(wrongWith(problem, found)).toEqual([]);
});

test('where at one instant everybody is needed elsewhere, there is no room, and no search', () => {
  const spots = [spot('a'), spot('b')];
  const claims = [claim('x', 'a', [0, 3]), claim('y', 'b', [2, 4])];
  expect(reseat({ spots, claims, wish: wish(0, 4) })).toEqual({ outcome: 'NONE', because: 'NO_ROOM', steps: 0 });
});

test('whoever stays is not moved, and every way is tried before there is said to be none', () => {
  const spots = [spot('a'), spot('b')];
  const claims = [staying(claim('x', 'a', [0, 2])), staying(claim('y', 'b', [2, 4]))];
  expect(reseat({ spots, claims, wish: wish(0, 4) })).toMatchObject({ outcome: 'NONE', because: 'TRIED_ALL' });
});

test('nobody is moved to a spot that is lower or shorter than their own', () => {
  const claims = [claim('x', 'a', [0, 2]), claim('y', 'b', [2, 4])];
  const low = { maxHeightCm: 190 };
  const found = reseat({ spots: [spot('a'), spot('b', low)], claims, wish: wish(0, 4) });
  expect(found).toMatchObject({ outcome: 'FITS', spotId: 'b', moves: [{ claimId: 'y', spotId: 'a' }] });
  const pinned = staying(claim('y', 'b', [2, 4]));
  const asked = { spots: [spot('a'), spot('b', low)], claims: [claims[0]!, pinned], wish: wish(0, 4) };
  expect(reseat(asked)).toMatchObject({ outcome: 'NONE' });
});

test('for one named spot its holder moves away', () => {
  const problem = {
    spots: [spot('a'), spot('b')],
    claims: [claim('x', 'a', [0, 2])],
    wish: wish(0, 4, { spotId: 'a' }),
  };
  expect(reseat(problem)).toMatchObject({
    outcome: 'FITS',
    spotId: 'a',
    moves: [{ claimId: 'x', spotId: 'b' }],
  });
});

test('a search that may not look any further says that it gave up', () => {
  const spots = [spot('a'), spot('b'), spot('c')];
  const claims = [claim('x', 'a', [0, 2]), claim('y', 'b', [2, 4]), claim('z', 'c', [1, 3])];
  expect(reseat({ spots, claims, wish: wish(0, 4) }, { maxSteps: 4 })).toMatchObject({ outcome: 'GAVE_UP' });
  expect(reseat({ spots, claims, wish: wish(0, 4) })).toMatchObject({ outcome: 'FITS' });
});

test('among equals a request fits if and only if at no instant all spots are taken', () => {
  fc.assert(
    fc.property(anyPoolOfEquals, (problem) => {
      const { spots, claims, wish: wanted } = problem;
      const hours = Array.from({ length: wanted.endsAt - wanted.startsAt }, (_, hour) => wanted.startsAt + hour);
      const fits = hours.every((at) => claims.filter((c) => c.startsAt <= at && at < c.endsAt).length < spots.length);
      const found = reseat(problem);
      expect(found.outcome).toBe(fits ? 'FITS' : 'NONE');
      if (found.outcome === 'FITS') expect(wrongWith(problem, found)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

test('with types, limits, claims that stay and named spots it finds what trying everything finds', () => {
  fc.assert(
    fc.property(anyMixedPools, (problem) => {
      const found = reseat(problem);
      expect(found.outcome).toBe(existsSeating(problem) ? 'FITS' : 'NONE');
      if (found.outcome === 'FITS') expect(wrongWith(problem, found)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

test('so it does when everybody may be seated anew at once', () => {
  fc.assert(
    fc.property(fc.oneof(anyMixedPools, anyPoolOfEquals), (problem) => {
      const found = withAnyMoves(boardOf(problem), { left: 1_000_000 });
      expect(typeof found === 'string' ? found : 'FITS').toBe(existsSeating(problem) ? 'FITS' : 'NONE');
      if (typeof found !== 'string') expect(wrongWith(problem, found)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});
