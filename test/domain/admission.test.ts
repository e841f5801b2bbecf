import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { admitEntry, GATE_REASONS, OPEN_REASONS, REFUSAL_REASONS } from '../../src/domain/admission.ts';
import type { EntryQuestion, Presence, Right, RightInPlace } from '../../src/domain/admission.ts';
import { RESERVATION_STATES } from '../../src/domain/reservation.ts';
import type { ReservationState } from '../../src/domain/reservation.ts';
import { MINUTE_MS } from './arbitraries.ts';

/** The reservation of these tests: 10:00 to 14:00. Early entry from 09:45, grace until 10:30, exit grace until 14:15. */
const TEN = Date.parse('2026-06-01T10:00:00Z');
const policy = {
  earlyEntryMinutes: 15,
  graceMinutes: 30,
  exitGraceMinutes: 15,
  reinstateLateArrival: true,
  usualStayMinutes: 240,
};

const OUTSIDE: Presence = { at: 'OUTSIDE' };
const INSIDE: Presence = { at: 'INSIDE', stayId: 'stay', enteredAt: TEN };
const LEFT: Presence = { at: 'LEFT', stayId: 'stay', leftAt: TEN };

function releasedAt(clock: string): Presence {
  return { at: 'RELEASED', releasedAt: at(clock).getTime() };
}

function at(clock: string): Date {
  return new Date(`2026-06-01T${clock.length === 5 ? `${clock}:00` : clock}Z`);
}

function rightOf(more: Partial<Right> = {}): Right {
  return {
    lotId: 'lot',
    reservationId: 'reservation',
    revision: 1,
    state: 'CONFIRMED',
    startsAt: TEN,
    endsAt: TEN + 240 * MINUTE_MS,
    spotId: 'spot',
    spotLabel: '2-117',
    directions: null,
    code: 'PK-7Q3M-2F',
    paidMinor: 1000,
    currency: 'EUR',
    ...more,
  };
}

function answer(rights: readonly RightInPlace[], clock: string, more: Partial<EntryQuestion> = {}): string {
  const decision = admitEntry({ rights, policy, observedAt: at(clock), ...more });
  if (decision.action === 'WALK_IN') return 'WALK_IN';
  const again = 'reinstatable' in decision && decision.reinstatable ? ' REINSTATABLE' : '';
  return `${decision.action} ${decision.reason}${again}`;
}

describe('an entry by pass or code', () => {
  test.each<[string, ReservationState, Presence, string, string]>([
    ['in time', 'CONFIRMED', OUTSIDE, '10:00', 'OPEN RESERVATION'],
    ['as early as the lot allows', 'CONFIRMED', OUTSIDE, '09:45', 'OPEN RESERVATION'],
    ['a moment before that', 'CONFIRMED', OUTSIDE, '09:44:59.999', 'DENY TOO_EARLY'],
    ['late, while nobody has released the spot', 'CONFIRMED', OUTSIDE, '11:00', 'OPEN RESERVATION'],
    ['in the last moment', 'CONFIRMED', OUTSIDE, '13:59:59.999', 'OPEN RESERVATION'],
    ['at the end, which is the next driver’s', 'CONFIRMED', OUTSIDE, '14:00', 'DENY TOO_LATE'],
    ['unpaid', 'HELD', OUTSIDE, '10:00', 'DENY NOT_CONFIRMED'],
    ['cancelled', 'CANCELLED', OUTSIDE, '10:00', 'DENY CANCELLED'],
    ['lapsed', 'EXPIRED', OUTSIDE, '10:00', 'DENY EXPIRED'],
    ['used by a vehicle that is inside', 'CONFIRMED', INSIDE, '10:10', 'DENY ALREADY_INSIDE'],
    ['inside by the book, the gate having forgotten', 'CHECKED_IN', OUTSIDE, '10:10', 'DENY ALREADY_INSIDE'],
    ['used by a vehicle that has left', 'CONFIRMED', LEFT, '11:00', 'DENY ALREADY_LEFT'],
    ['left, while the book is a moment behind', 'CHECKED_IN', LEFT, '11:00', 'DENY ALREADY_LEFT'],
    ['completed', 'COMPLETED', OUTSIDE, '11:00', 'DENY ALREADY_LEFT'],
    ['completed by hand, the gate not knowing', 'COMPLETED', INSIDE, '11:00', 'DENY ALREADY_LEFT'],
    ['after the release', 'CONFIRMED', releasedAt('10:30'), '10:31', 'DENY NO_SHOW_RELEASED REINSTATABLE'],
    [
      'at the very moment of the release',
      'CONFIRMED',
      releasedAt('10:30'),
      '10:30',
      'DENY NO_SHOW_RELEASED REINSTATABLE',
    ],
    ['before the release, told after it', 'NO_SHOW', releasedAt('10:30'), '10:29', 'OPEN RESERVATION'],
    ['a no-show, the index rebuilt', 'NO_SHOW', OUTSIDE, '10:31', 'DENY NO_SHOW_RELEASED REINSTATABLE'],
    ['seen before the grace ended, the index rebuilt', 'NO_SHOW', OUTSIDE, '10:29', 'OPEN RESERVATION'],
    ['a no-show after its period', 'NO_SHOW', releasedAt('10:30'), '14:00', 'DENY NO_SHOW_RELEASED'],
    ['inside before the release reached the book', 'NO_SHOW', INSIDE, '10:40', 'DENY ALREADY_INSIDE'],
    [
      'taken back, the gate still showing the release',
      'CHECKED_IN',
      releasedAt('10:30'),
      '11:00',
      'DENY ALREADY_INSIDE',
    ],
    ['cancelled, however early', 'CANCELLED', OUTSIDE, '03:00', 'DENY CANCELLED'],
    ['unpaid, however late', 'HELD', OUTSIDE, '20:00', 'DENY NOT_CONFIRMED'],
  ])('%s', (...[, state, presence, clock, expected]) => {
    const rights = [{ right: rightOf({ state }), presence }];
    expect(answer(rights, clock)).toBe(expected);
    expect(answer(rights, clock, { credential: 'PASS' })).toBe(expected);
    expect(answer(rights, clock, { credential: 'CODE' })).toBe(expected);
  });

  test('of another lot is refused, whatever its state', () => {
    for (const state of RESERVATION_STATES) {
      const rights = [{ right: rightOf({ state }), presence: OUTSIDE }];
      expect(answer(rights, '10:00', { lotId: 'other' })).toBe('DENY PASS_OF_ANOTHER_LOT');
    }
    expect(answer([{ right: rightOf(), presence: OUTSIDE }], '10:00', { lotId: 'lot' })).toBe('OPEN RESERVATION');
  });

  test('that nobody knows is refused', () => {
    expect(answer([], '10:00', { credential: 'PASS' })).toBe('DENY UNKNOWN_CREDENTIAL');
    expect(answer([], '10:00', { credential: 'CODE' })).toBe('DENY UNKNOWN_CREDENTIAL');
  });

  test('is not taken back late where the lot does not', () => {
    const rights = [{ right: rightOf({ state: 'NO_SHOW' }), presence: releasedAt('10:30') }];
    const strict = { ...policy, reinstateLateArrival: false };
    expect(answer(rights, '11:00', { policy: strict })).toBe('DENY NO_SHOW_RELEASED');
    expect(answer(rights, '11:00', { policy: strict, credential: 'PLATE' })).toBe('WALK_IN');
  });
});

describe('an entry by plate', () => {
  test.each<[string, ReservationState, Presence, string, string]>([
    ['with a reservation that is due', 'CONFIRMED', OUTSIDE, '10:00', 'OPEN RESERVATION'],
    ['half an hour before its reservation', 'CONFIRMED', OUTSIDE, '09:30', 'DENY TOO_EARLY'],
    ['with time for a usual stay before its reservation', 'CONFIRMED', OUTSIDE, '06:00', 'WALK_IN'],
    ['with a moment too little for one', 'CONFIRMED', OUTSIDE, '06:00:00.001', 'DENY TOO_EARLY'],
    ['after its reservation', 'CONFIRMED', OUTSIDE, '14:00', 'WALK_IN'],
    ['with a cancelled reservation', 'CANCELLED', OUTSIDE, '10:00', 'WALK_IN'],
    ['whose reservation was cancelled while it is inside', 'CANCELLED', INSIDE, '12:00', 'DENY CANCELLED'],
    ['whose reservation has ended while it is inside', 'CHECKED_IN', INSIDE, '15:00', 'DENY TOO_LATE'],
    ['with a lapsed one', 'EXPIRED', OUTSIDE, '10:00', 'WALK_IN'],
    ['back after it left', 'COMPLETED', LEFT, '12:00', 'WALK_IN'],
    ['while it is inside', 'CHECKED_IN', INSIDE, '12:00', 'DENY ALREADY_INSIDE'],
    ['with an unpaid reservation that is due', 'HELD', OUTSIDE, '10:00', 'DENY NOT_CONFIRMED'],
    ['with an unpaid reservation for later', 'HELD', OUTSIDE, '05:00', 'WALK_IN'],
    [
      'late, where late drivers are taken back',
      'NO_SHOW',
      releasedAt('10:30'),
      '11:00',
      'DENY NO_SHOW_RELEASED REINSTATABLE',
    ],
    ['too late even for that', 'NO_SHOW', releasedAt('10:30'), '15:00', 'WALK_IN'],
  ])('%s', (...[, state, presence, clock, expected]) => {
    expect(answer([{ right: rightOf({ state }), presence }], clock, { credential: 'PLATE' })).toBe(expected);
  });

  test('that has no right here may be a walk-in', () => {
    expect(answer([], '10:00', { credential: 'PLATE' })).toBe('WALK_IN');
    expect(answer([], '10:00')).toBe('WALK_IN');
  });

  test('takes the right that is due, whatever else the plate has', () => {
    const due = rightOf({ reservationId: 'due' });
    const rights = [
      { right: rightOf({ reservationId: 'old', state: 'COMPLETED', startsAt: TEN - 10 * 3_600_000 }), presence: LEFT },
      { right: rightOf({ reservationId: 'dropped', state: 'CANCELLED' }), presence: OUTSIDE },
      { right: due, presence: OUTSIDE },
      {
        right: rightOf({ reservationId: 'tomorrow', startsAt: TEN + 86_400_000, endsAt: TEN + 90_000_000 }),
        presence: OUTSIDE,
      },
    ];
    const decision = admitEntry({ rights, policy, observedAt: at('10:00'), credential: 'PLATE' });
    expect(decision).toEqual({ action: 'OPEN', reason: 'RESERVATION', right: due });
  });

  test('takes the earlier of two that are due', () => {
    const second = { right: rightOf({ reservationId: 'a', startsAt: TEN + 5 * MINUTE_MS }), presence: OUTSIDE };
    const first = { right: rightOf({ reservationId: 'b' }), presence: OUTSIDE };
    const decision = admitEntry({ rights: [second, first], policy, observedAt: at('10:10'), credential: 'PLATE' });
    expect(decision).toMatchObject({ action: 'OPEN', right: { reservationId: 'b' } });
  });
});

test('of two rights that start together the same one is taken in either order', () => {
  const one = { right: rightOf({ reservationId: 'a' }), presence: OUTSIDE };
  const two = { right: rightOf({ reservationId: 'b' }), presence: OUTSIDE };
  for (const rights of [
    [one, two],
    [two, one],
  ]) {
    expect(admitEntry({ rights, policy, observedAt: at('10:00') })).toMatchObject({ right: { reservationId: 'a' } });
  }
});

test('a plate that is inside stays known as inside, whatever other reservations it once had', () => {
  const cancelled = { right: rightOf({ reservationId: 'a', state: 'CANCELLED' }), presence: OUTSIDE };
  const parked = { right: rightOf({ reservationId: 'b', state: 'CHECKED_IN' }), presence: INSIDE };
  expect(answer([cancelled, parked], '11:00', { credential: 'PLATE' })).toBe('DENY ALREADY_INSIDE');
  expect(answer([parked, cancelled], '11:00', { credential: 'PLATE' })).toBe('DENY ALREADY_INSIDE');
});

/** Every instant at which the answer for a right may change. */
function deadlinesOf({ right, presence }: RightInPlace, question: EntryQuestion): number[] {
  const { earlyEntryMinutes, graceMinutes, usualStayMinutes = 240 } = question.policy;
  return [
    right.startsAt - earlyEntryMinutes * MINUTE_MS,
    right.startsAt - usualStayMinutes * MINUTE_MS,
    Math.min(right.startsAt + graceMinutes * MINUTE_MS, right.endsAt),
    right.endsAt,
    ...(presence.at === 'RELEASED' ? [presence.releasedAt] : []),
  ];
}

describe('every entry', () => {
  const anyPresence: fc.Arbitrary<Presence> = fc.oneof(
    fc.constant(OUTSIDE),
    fc.constant(INSIDE),
    fc.constant(LEFT),
    fc
      .integer({ min: -60, max: 300 })
      .map((minutes): Presence => ({ at: 'RELEASED', releasedAt: TEN + minutes * MINUTE_MS })),
  );
  const anyRight: fc.Arbitrary<RightInPlace> = fc
    .record({
      state: fc.constantFrom(...RESERVATION_STATES),
      presence: anyPresence,
      startsIn: fc.integer({ min: -600, max: 600 }),
      minutes: fc.integer({ min: 1, max: 600 }),
      reservationId: fc.uuid(),
    })
    .map(({ state, presence, startsIn, minutes, reservationId }) => {
      const startsAt = TEN + startsIn * MINUTE_MS;
      return { right: rightOf({ reservationId, state, startsAt, endsAt: startsAt + minutes * MINUTE_MS }), presence };
    });
  const anyQuestion: fc.Arbitrary<EntryQuestion> = fc.record(
    {
      rights: fc.array(anyRight, { maxLength: 5 }),
      policy: fc.record({
        earlyEntryMinutes: fc.integer({ min: 0, max: 60 }),
        graceMinutes: fc.integer({ min: 0, max: 120 }),
        exitGraceMinutes: fc.integer({ min: 0, max: 60 }),
        reinstateLateArrival: fc.boolean(),
      }),
      observedAt: fc.integer({ min: -600, max: 900 }).map((minutes) => new Date(TEN + minutes * MINUTE_MS)),
      credential: fc.constantFrom('PLATE' as const, 'PASS' as const, 'CODE' as const),
    },
    { requiredKeys: ['rights', 'policy', 'observedAt'] },
  );

  test('that opens does so for a paid right in its window, whose vehicle is not inside', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const decision = admitEntry(question);
        if (decision.action !== 'OPEN') return;
        const { right } = decision;
        const presence = question.rights.find((candidate) => candidate.right === right)?.presence;
        const observedMs = question.observedAt.getTime();
        expect(['CONFIRMED', 'NO_SHOW']).toContain(right.state);
        expect(['OUTSIDE', 'RELEASED']).toContain(presence?.at);
        expect(observedMs).toBeGreaterThanOrEqual(right.startsAt - question.policy.earlyEntryMinutes * MINUTE_MS);
        expect(observedMs).toBeLessThan(right.endsAt);
        if (presence?.at === 'RELEASED') expect(observedMs).toBeLessThan(presence.releasedAt);
      }),
      { numRuns: 5000 },
    );
  });

  test('opens whenever a confirmed vehicle stands outside in its window', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const observedMs = question.observedAt.getTime();
        const isWelcome = question.rights.some(
          ({ right, presence }) =>
            right.state === 'CONFIRMED' &&
            presence.at === 'OUTSIDE' &&
            observedMs >= right.startsAt - question.policy.earlyEntryMinutes * MINUTE_MS &&
            observedMs < right.endsAt,
        );
        if (isWelcome) expect(admitEntry(question).action).toBe('OPEN');
      }),
      { numRuns: 5000 },
    );
  });

  test('is decided the same in whatever order the rights are known', () => {
    const shuffled = anyQuestion.chain((question) =>
      fc.tuple(
        fc.constant(question),
        fc.shuffledSubarray([...question.rights], {
          minLength: question.rights.length,
          maxLength: question.rights.length,
        }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([question, rights]) => {
        expect(admitEntry({ ...question, rights })).toEqual(admitEntry(question));
      }),
      { numRuns: 3000 },
    );
  });

  test('is decided alike by clocks five minutes apart, unless a deadline lies between them', () => {
    const drift = fc.integer({ min: -5, max: 5 });
    fc.assert(
      fc.property(anyQuestion, drift, (question, driftMinutes) => {
        const observedMs = question.observedAt.getTime();
        const driftedMs = observedMs + driftMinutes * MINUTE_MS;
        const isBetween = (deadline: number) =>
          Math.min(observedMs, driftedMs) <= deadline && deadline <= Math.max(observedMs, driftedMs);
        fc.pre(!question.rights.some((candidate) => deadlinesOf(candidate, question).some(isBetween)));
        expect(admitEntry({ ...question, observedAt: new Date(driftedMs) })).toEqual(admitEntry(question));
      }),
      { numRuns: 3000 },
    );
  });

  test('by pass or code never becomes a walk-in', () => {
    fc.assert(
      fc.property(anyQuestion, fc.constantFrom('PASS' as const, 'CODE' as const), (question, credential) => {
        expect(admitEntry({ ...question, credential }).action).not.toBe('WALK_IN');
      }),
      { numRuns: 2000 },
    );
  });
});

test('every reason has one place in the order of precedence', () => {
  expect(new Set(GATE_REASONS).size).toBe(GATE_REASONS.length);
  expect(GATE_REASONS).toEqual([...OPEN_REASONS, ...REFUSAL_REASONS]);
});
