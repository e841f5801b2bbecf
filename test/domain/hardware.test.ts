import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchPassages, OPENING_HOLDS_MS } from '../../src/domain/match-passages.ts';
import { Arrivals, type Placed } from '../../src/hardware/arrivals.ts';
import type { CameraRead } from '../../src/hardware/cameras/camera-read.ts';
import { countryOfPlate } from '../../src/hardware/cameras/plate-country.ts';
import { vehicleClassOf } from '../../src/hardware/cameras/vehicle-class.ts';
import { isClockOff, readClock, UNWATCHED, watchFrom, type ClockWatch } from '../../src/hardware/clock-skew.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** Feeds messages one after the other; `offMs`: what the camera's clock shows more than ours. */
function watching(messages: readonly { at: number; offMs: number; lateMs?: number }[], from: ClockWatch = UNWATCHED) {
  let watch = from;
  return messages.map(({ at, offMs, lateMs = 0 }) => {
    const reading = readClock(watch, { seenAt: at - lateMs + offMs, receivedAt: at });
    watch = reading.watch;
    return reading;
  });
}

const every = (...[seconds, count, offMs, from = 0]: [seconds: number, count: number, offMs: number, from?: number]) =>
  Array.from({ length: count }, (_, index) => ({ at: from + index * seconds * SECOND_MS, offMs }));

describe('the clock of a camera', () => {
  test('is taken as it is from the first message on, however far off', () => {
    for (const offMs of [-10 * MINUTE_MS, 0, 3 * 3600 * SECOND_MS]) {
      const [first] = watching([{ at: 0, offMs }]);
      expect(first).toMatchObject({ skewMs: 0 - offMs, ageMs: 0 });
    }
  });

  test('is not moved by slow messages, nor by a burst of what was held back', () => {
    const burst = Array.from({ length: 200 }, (_, index) => ({
      at: 200_000 + index * 10,
      offMs: 0,
      lateMs: 90_000 - index * 200,
    }));
    const slow = every(10, 20, 0).map((message, index) => ({ ...message, lateMs: index % 3 === 0 ? 900 : 80 }));
    const readings = watching([...slow, ...burst, { at: 300_000, offMs: 0, lateMs: 100 }]);
    const last = readings.at(-1);
    expect(Math.abs(last?.skewMs ?? Infinity)).toBeLessThan(SECOND_MS);
    expect(last?.ageMs).toBeLessThan(SECOND_MS);
    expect(readings[20]?.ageMs).toBeGreaterThan(80_000);
  });

  test('that is put back is believed at the second message, one that is put forward at the first', () => {
    const back = watching([...every(10, 10, 0), ...every(5, 2, -10 * MINUTE_MS, 100_000)]);
    expect(back[10]?.ageMs).toBe(10 * MINUTE_MS);
    expect(back[11]).toMatchObject({ ageMs: 0, skewMs: 10 * MINUTE_MS });
    const forward = watching([...every(10, 10, 0), { at: 100_000, offMs: 10 * MINUTE_MS }]);
    expect(forward[10]).toMatchObject({ ageMs: 0, skewMs: -10 * MINUTE_MS });
  });

  test('begins, after a restart of ours, with what was measured before: an old message stays old', () => {
    const [replayed] = watching([{ at: 0, offMs: 0, lateMs: 3600 * SECOND_MS }], watchFrom(0));
    expect(replayed?.ageMs).toBe(3600 * SECOND_MS);
  });

  test('whatever comes in whatever order, ages are never negative and the skew is one that was measured', () => {
    const message = fc.record({
      at: fc.integer({ min: 0, max: 10 ** 9 }),
      offMs: fc.integer({ min: -(10 ** 8), max: 10 ** 8 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60 }), (messages) => {
        const offsets = messages.map(({ offMs }) => -offMs);
        for (const { ageMs, skewMs } of watching(messages)) {
          expect(ageMs).toBeGreaterThanOrEqual(0);
          expect(offsets).toContain(skewMs);
        }
      }),
    );
  });

  test('is told of when it is more than two minutes off, unless that is a time zone', () => {
    expect([0, 119_000, -119_000].map(isClockOff)).toEqual([false, false, false]);
    expect([121_000, -600_000, 7 * MINUTE_MS].map(isClockOff)).toEqual([true, true, true]);
    expect([3600_000, -7200_000, 5.5 * 3600_000, 45 * MINUTE_MS + 20_000].map(isClockOff)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('readings in front of one camera', () => {
  const read = (plate: string | undefined, more: Partial<CameraRead> & { confidence?: number } = {}): CameraRead => ({
    ...{
      eventId: '',
      carId: undefined,
      seenAt: undefined,
      motion: undefined,
      vehicleClass: undefined,
      imageRef: undefined,
      isFrame: false,
    },
    plate:
      plate === undefined
        ? undefined
        : { text: plate, confidence: more.confidence ?? 0.9, candidates: [], country: undefined },
    ...more,
  });

  /** A camera of which each new question is answered at once, the gate opening or not. */
  class Bench {
    readonly arrivals = new Arrivals<string>();
    private count = 0;

    see(nowMs: number, reading: CameraRead, isOpen = true): Placed<string>['kind'] {
      const seen = { scanId: `scan-${++this.count}`, read: reading, nowMs };
      const placed = this.arrivals.place(seen);
      if (placed.kind !== 'AGAIN') this.arrivals.begin(seen, placed, Promise.resolve('')).isOpen = isOpen;
      return placed.kind;
    }
  }

  test('of one plate are one arrival while the car stands there, and another one when it comes again', () => {
    const bench = new Bench();
    expect([0, 500, 9000, 20_000].map((at) => bench.see(at, read('ABC123')))).toEqual([
      'FIRST',
      'AGAIN',
      'AGAIN',
      'AGAIN',
    ]);
    expect(bench.see(40_000, read('ABC123'))).toBe('FIRST');
  });

  test('that look alike are one car; that differ more are one only while the arm goes up', () => {
    const bench = new Bench();
    expect(bench.see(0, read('KLM482'))).toBe('FIRST');
    expect(bench.see(1000, read('KLM4B2'))).toBe('AGAIN');
    expect(bench.see(2000, read('KLM48'))).toBe('AGAIN');
    expect(bench.see(3000, read('XYZ999'))).toBe('FIRST');
    expect(bench.see(6000, read('KLM483'))).toBe('FIRST');
  });

  test('of the next car are not those of the one that has passed', () => {
    const bench = new Bench();
    bench.see(0, read('KLM482'));
    bench.arrivals.passed();
    expect(bench.see(1000, read('KLM483'))).toBe('FIRST');
  });

  test('of a car that was turned away ask again after five seconds, of one that was let in after a minute', () => {
    const bench = new Bench();
    expect(bench.see(0, read('ABC123'), false)).toBe('FIRST');
    expect([1000, 4900, 5100, 6000].map((at) => bench.see(at, read('ABC123'), false))).toEqual([
      'AGAIN',
      'AGAIN',
      'ASK_AGAIN',
      'AGAIN',
    ]);
    const standing = new Bench();
    const kinds = Array.from({ length: 8 }, (_, index) => standing.see(index * 10_000, read('ABC123')));
    expect(kinds).toEqual(['FIRST', 'AGAIN', 'AGAIN', 'AGAIN', 'AGAIN', 'AGAIN', 'AGAIN', 'FIRST']);
  });

  test('correct each other when they are surer, twice at most, and a car id is believed only for a plate like the one before', () => {
    const bench = new Bench();
    const seen = (at: number, plate: string, confidence: number) =>
      bench.see(at, read(plate, { carId: '7', confidence }));
    expect(seen(0, 'KLM48Z', 0.6)).toBe('FIRST');
    expect(seen(100, 'KLM482', 0.5)).toBe('AGAIN');
    expect(seen(200, 'KLM482', 0.7)).toBe('CORRECTED');
    expect(seen(300, 'KLN482', 0.8)).toBe('CORRECTED');
    expect(seen(400, 'KLM482', 0.9)).toBe('AGAIN');
    // The camera was restarted and counts from the beginning.
    expect(seen(500, 'XYZ119', 0.9)).toBe('FIRST');
  });

  test('with a car id that was used before get an arrival of their own at the gate', () => {
    const bench = new Bench();
    const placed = (at: number, plate: string) =>
      bench.arrivals.place({ scanId: `s${at}`, read: read(plate, { carId: '7' }), nowMs: at });
    const first = placed(0, 'ABC123');
    expect(first).toEqual({ kind: 'FIRST', key: '7' });
    bench.see(0, read('ABC123', { carId: '7' }));
    expect(placed(60_000, 'XYZ119')).toEqual({ kind: 'FIRST', key: 's60000' });
  });
});

describe('passages and openings', () => {
  test('each opening lets one vehicle through, the oldest that still held', () => {
    const openings = [
      { scanId: 'b', at: 10_000 },
      { scanId: 'a', at: 0 },
    ];
    const passages = [
      { id: 'p1', at: 5000, outcome: 'PASSED' as const },
      { id: 'p2', at: 15_000, outcome: 'PASSED' as const },
      { id: 'p3', at: 16_000, outcome: 'PASSED' as const },
    ];
    expect([...matchPassages(passages, openings)]).toEqual([
      ['p1', 'a'],
      ['p2', 'b'],
    ]);
    const alone = (at: number) => [{ id: 'p', at, outcome: 'PASSED' as const }];
    expect(matchPassages(alone(OPENING_HOLDS_MS + 1), [{ scanId: 'a', at: 0 }]).size).toBe(0);
    expect(matchPassages(alone(0), [{ scanId: 'a', at: 60_000 }]).size).toBe(0);
  });

  test('who backs out was let in last: the one before may have passed unheard', () => {
    const openings = [
      { scanId: 'a', at: 0 },
      { scanId: 'b', at: 10_000 },
    ];
    expect([...matchPassages([{ id: 'p', at: 15_000, outcome: 'BACKED_OUT' }], openings)]).toEqual([['p', 'b']]);
  });

  test('the order in which they are told does not matter, and nothing is used twice', () => {
    const times = fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 12 });
    fc.assert(
      fc.property(times, times, fc.infiniteStream(fc.nat()), (passed, opened, chance) => {
        const passages = passed.map((at, index) => ({
          id: `p${index}`,
          at,
          outcome: index % 3 === 0 ? ('BACKED_OUT' as const) : ('PASSED' as const),
        }));
        const openings = opened.map((at, index) => ({ scanId: `o${index}`, at }));
        const matched = matchPassages(passages, openings);
        expect(new Set(matched.values()).size).toBe(matched.size);
        const mix = <T>(list: readonly T[]) =>
          list
            .map((item) => ({ item, key: chance.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item);
        expect(new Map([...matchPassages(mix(passages), mix(openings))].sort())).toEqual(new Map([...matched].sort()));
      }),
    );
  });
});

test('countries and kinds of vehicle are told in our words, or not at all', () => {
  expect(['FIN', 'fi', 'us-mo', 'eu-de', 'eu', '58', '', undefined].map(countryOfPlate)).toEqual([
    'FI',
    'FI',
    'US',
    'DE',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(['Sedan', 'Big Truck', 'Pickup Truck', 'Bus', 'motorcycle', 'Van', 'unknown'].map(vehicleClassOf)).toEqual([
    'CAR',
    'TRUCK',
    'VAN',
    'BUS',
    'MOTORCYCLE',
    'VAN',
    undefined,
  ]);
});
