import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addMinutes } from '../../src/domain/period.ts';
import {
  graceEndsAt,
  holdLapsed,
  isTerminal,
  moveReservation,
  occupiesSpot,
  RESERVATION_EVENTS,
  RESERVATION_STATES,
} from '../../src/domain/reservation.ts';
import type { ReservationEvent, ReservationState } from '../../src/domain/reservation.ts';
import { anyPeriod, period } from './arbitraries.ts';

/** Written down a second time, from the promise and not from the code: every move that exists. */
const LEGAL_MOVES = [
  'HELD CONFIRM CONFIRMED',
  'HELD EXPIRE EXPIRED',
  'HELD CANCEL CANCELLED',
  'CONFIRMED CHECK_IN CHECKED_IN',
  'CONFIRMED CANCEL CANCELLED',
  'CONFIRMED RELEASE_NO_SHOW NO_SHOW',
  'CHECKED_IN CHECK_OUT COMPLETED',
  'CHECKED_IN BACK_OUT CONFIRMED',
  'NO_SHOW REINSTATE CHECKED_IN',
];

function after(state: ReservationState, event: ReservationEvent): ReservationState {
  const move = moveReservation(state, event);
  return 'state' in move ? move.state : state;
}

describe('the life of a reservation', () => {
  test('has exactly the moves that are promised', () => {
    const moves = RESERVATION_STATES.flatMap((from) =>
      RESERVATION_EVENTS.flatMap((event) => {
        const move = moveReservation(from, event);
        return 'state' in move ? [`${from} ${event} ${move.state}`] : [];
      }),
    );
    expect(moves.sort()).toEqual([...LEGAL_MOVES].sort());
  });

  test('refuses every other move and says which', () => {
    expect(moveReservation('EXPIRED', 'CONFIRM')).toEqual({
      reason: 'ILLEGAL_MOVE',
      from: 'EXPIRED',
      event: 'CONFIRM',
    });
    expect(moveReservation('CHECKED_IN', 'RELEASE_NO_SHOW')).toMatchObject({ reason: 'ILLEGAL_MOVE' });
  });

  test('10,000 random sequences of commands never leave the legal moves, and what is over stays over', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...RESERVATION_EVENTS), { maxLength: 40 }), (events) => {
        let state: ReservationState = 'HELD';
        let arrivals = 0;
        for (const event of events) {
          const next = after(state, event);
          if (next === state) continue;
          expect(LEGAL_MOVES).toContain(`${state} ${event} ${next}`);
          expect(['EXPIRED', 'CANCELLED', 'COMPLETED']).not.toContain(state);
          if (state === 'NO_SHOW') expect(next).toBe('CHECKED_IN');
          if (next === 'CHECKED_IN') arrivals += 1;
          if (event === 'BACK_OUT') arrivals -= 1;
          expect(arrivals === 1).toBe(['CHECKED_IN', 'COMPLETED'].includes(next));
          state = next;
        }
      }),
      { numRuns: 10_000 },
    );
  });

  test('ends in EXPIRED, CANCELLED or COMPLETED', () => {
    expect(RESERVATION_STATES.filter(isTerminal)).toEqual(['COMPLETED', 'EXPIRED', 'CANCELLED']);
  });

  test('claims a spot while it is held, confirmed or checked in', () => {
    expect(RESERVATION_STATES.filter(occupiesSpot)).toEqual(['HELD', 'CONFIRMED', 'CHECKED_IN']);
  });
});

describe('deadlines', () => {
  const noon = new Date('2026-06-01T12:00:00Z');

  test('a hold lapses at its minute and not before', () => {
    const hold = { state: 'HELD', holdExpiresAt: noon } as const;
    expect(holdLapsed(hold, new Date(noon.getTime() - 1))).toBe(false);
    expect(holdLapsed(hold, noon)).toBe(true);
  });

  test('only a hold can lapse, and only one with a deadline', () => {
    for (const state of RESERVATION_STATES.filter((candidate) => candidate !== 'HELD')) {
      expect(holdLapsed({ state, holdExpiresAt: noon }, addMinutes(noon, 60))).toBe(false);
    }
    expect(holdLapsed({ state: 'HELD', holdExpiresAt: null }, noon)).toBe(false);
  });

  test('the grace ends some minutes after the start, but never after the end', () => {
    expect(graceEndsAt(period(noon.getTime(), 60), 30)).toEqual(addMinutes(noon, 30));
    expect(graceEndsAt(period(noon.getTime(), 20), 30)).toEqual(addMinutes(noon, 20));
    fc.assert(
      fc.property(anyPeriod, fc.integer({ min: 0, max: 1440 }), (booked, graceMinutes) => {
        const end = graceEndsAt(booked, graceMinutes);
        return booked.startsAt <= end && end <= booked.endsAt;
      }),
    );
  });
});
