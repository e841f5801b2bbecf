import { describe, expect, test } from '@jest/globals';
import { AGREE_WITHIN_MS, sightOf, type SensorWord } from '../../src/domain/spot-sight.ts';

const NOW_MS = Date.UTC(2027, 2, 1);
const HOUR_MS = 3_600_000;

const says = (occupied: boolean | null, sinceMs = NOW_MS - HOUR_MS, silentAfterMs = NOW_MS + HOUR_MS): SensorWord => ({
  occupied,
  sinceMs,
  silentAfterMs,
});

describe('what is known of a spot', () => {
  test('is what its sensor says, until it has been silent for too long', () => {
    expect(sightOf([says(true)], undefined, NOW_MS)).toEqual({
      ...{ occupied: true, sinceMs: NOW_MS - HOUR_MS, disagreeSinceMs: null },
      lookAgainAtMs: NOW_MS + HOUR_MS,
    });
    expect(sightOf([says(true)], undefined, NOW_MS + HOUR_MS)).toMatchObject({ occupied: null, lookAgainAtMs: null });
  });

  test('is nothing where there is no sensor, or none that was heard', () => {
    expect(sightOf([], undefined, NOW_MS)).toMatchObject({ occupied: null, lookAgainAtMs: null });
    expect(sightOf([says(null)], undefined, NOW_MS)).toMatchObject({ occupied: null, lookAgainAtMs: NOW_MS + HOUR_MS });
  });

  test('is what most of its sensors say, at once, and the others are reported after a minute', () => {
    const early = sightOf([says(true), says(true), says(false, NOW_MS)], undefined, NOW_MS);
    expect(early).toMatchObject({ occupied: true, disagreeSinceMs: null, lookAgainAtMs: NOW_MS + AGREE_WITHIN_MS });
    const later = sightOf([says(true), says(true), says(false, NOW_MS)], undefined, NOW_MS + AGREE_WITHIN_MS);
    expect(later).toMatchObject({ occupied: true, disagreeSinceMs: NOW_MS });
  });

  test('is what the newer of two says for a minute, and then nobody knows', () => {
    const words = [says(false), says(true, NOW_MS)];
    expect(sightOf(words, undefined, NOW_MS)).toMatchObject({ occupied: true, disagreeSinceMs: null });
    expect(sightOf(words, undefined, NOW_MS + AGREE_WITHIN_MS)).toMatchObject({
      occupied: null,
      disagreeSinceMs: NOW_MS,
    });
  });

  test('is not asked of a silent sensor: the other one of two decides', () => {
    const words = [says(false, NOW_MS - HOUR_MS, NOW_MS - 1), says(true)];
    expect(sightOf(words, undefined, NOW_MS)).toMatchObject({ occupied: true, disagreeSinceMs: null });
  });

  test.each([
    ['OCCUPIED', true],
    ['FREE', false],
    ['UNKNOWN', null],
  ] as const)('is %s because a person says so, until that expires', (sight, occupied) => {
    const override = { sight, saidAtMs: NOW_MS - 1000, expiresAtMs: NOW_MS + 60_000 };
    const words = [says(occupied === false)];
    expect(sightOf(words, override, NOW_MS)).toMatchObject({ occupied, lookAgainAtMs: NOW_MS + 60_000 });
    expect(sightOf(words, override, NOW_MS + 60_000)).toMatchObject({ occupied: occupied === false });
  });
});
