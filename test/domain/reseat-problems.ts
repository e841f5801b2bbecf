import fc from 'fast-check';
import type { ReseatClaim, ReseatMove, ReseatProblem, ReseatSpot } from '../../src/domain/reseat.ts';

/** Hours suffice: what matters is which periods meet. */
const HOURS = 12;

interface Sitter {
  id: string;
  startsAt: number;
  endsAt: number;
  mayTake: (spot: ReseatSpot) => boolean;
}

/**
 * Whether some seating of everybody exists, found by trying every spot for every one of them. Written without looking at the search: no
 * order, no bound, no kinds.
 */
export function existsSeating(problem: ReseatProblem): boolean {
  const taken = new Map<string, { startsAt: number; endsAt: number }[]>(problem.spots.map(({ id }) => [id, []]));
  const { wish } = problem;
  const sitters: Sitter[] = [
    {
      id: 'wish',
      startsAt: wish.startsAt,
      endsAt: wish.endsAt,
      mayTake: (spot) =>
        wish.spotId === undefined
          ? wish.spotTypes.includes(spot.spotType) && holds(spot, wish.room)
          : wish.spotId === spot.id,
    },
  ];
  for (const claim of problem.claims) {
    const own = problem.spots.find(({ id }) => id === claim.spotId);
    if (!own) continue;
    if (claim.mayMoveTo.length === 0) taken.get(own.id)?.push(claim);
    else sitters.push({ ...claim, mayTake: (spot) => maySit(claim, own, spot) });
  }
  const seat = (index: number): boolean => {
    const sitter = sitters[index];
    if (!sitter) return true;
    return problem.spots.some((spot) => {
      const here = taken.get(spot.id)!;
      if (!sitter.mayTake(spot) || here.some((other) => meet(other, sitter))) return false;
      here.push(sitter);
      const done = seat(index + 1);
      here.pop();
      return done;
    });
  };
  return seat(0);
}

/** What is wrong with moves that are said to make room: empty when nothing is. */
export function wrongWith(problem: ReseatProblem, found: { spotId: string; moves: readonly ReseatMove[] }): string[] {
  const wrong: string[] = [];
  const after = problem.claims.map((claim) => {
    const to = found.moves.find(({ claimId }) => claimId === claim.id)?.spotId;
    if (to === undefined) return claim;
    const own = problem.spots.find(({ id }) => id === claim.spotId);
    const spot = problem.spots.find(({ id }) => id === to);
    if (!own || !spot || to === claim.spotId || claim.mayMoveTo.length === 0 || !maySit(claim, own, spot))
      wrong.push(`${claim.id} must not move to ${to}`);
    return { ...claim, spotId: to };
  });
  const { wish } = problem;
  const chosen = problem.spots.find(({ id }) => id === found.spotId);
  const fits =
    wish.spotId === undefined ? chosen && wish.spotTypes.includes(chosen.spotType) : chosen?.id === wish.spotId;
  if (!fits || !chosen || !holds(chosen, wish.room)) wrong.push(`the wish does not fit on ${found.spotId}`);
  const all = [...after, { ...wish, id: 'wish', spotId: found.spotId }];
  all.forEach((a, index) =>
    all.slice(index + 1).forEach((b) => {
      if (a.spotId === b.spotId && meet(a, b)) wrong.push(`${a.id} and ${b.id} meet on ${a.spotId}`);
    }),
  );
  return wrong;
}

function maySit(claim: ReseatClaim, own: ReseatSpot, spot: ReseatSpot): boolean {
  return spot.id === own.id || (claim.mayMoveTo.includes(spot.spotType) && holds(spot, own));
}

function holds(
  spot: ReseatSpot,
  room: { maxHeightCm: number | null; maxLengthCm: number | null } | undefined,
): boolean {
  if (!room) return true;
  const enough = (limit: number | null, asked: number | null) => limit === null || (asked !== null && limit >= asked);
  return enough(spot.maxHeightCm, room.maxHeightCm) && enough(spot.maxLengthCm, room.maxLengthCm);
}

function meet(a: { startsAt: number; endsAt: number }, b: { startsAt: number; endsAt: number }): boolean {
  return a.startsAt < b.endsAt && b.startsAt < a.endsAt;
}

const anyHours = fc
  .tuple(fc.integer({ min: 0, max: HOURS - 1 }), fc.integer({ min: 1, max: 6 }))
  .map(([startsAt, hours]) => ({ startsAt, endsAt: startsAt + hours }));

interface Drawn {
  spots: ReseatSpot[];
  wanted: { startsAt: number; endsAt: number; spot: number; stays: boolean; wide: boolean }[];
  wish: ReseatProblem['wish'];
}

/** Claims are put where they were drawn unless somebody is there: so what stands is always possible. */
function problemOf({ spots, wanted, wish }: Drawn): ReseatProblem {
  const claims: ReseatClaim[] = [];
  for (const { spot, stays, wide, startsAt, endsAt } of wanted) {
    const { id: spotId, spotType } = spots[spot % spots.length]!;
    if (claims.some((claim) => claim.spotId === spotId && meet(claim, { startsAt, endsAt }))) continue;
    const mayMoveTo = stays ? [] : wide ? (['STANDARD', 'LARGE'] as const) : [spotType];
    claims.push({ id: `c${claims.length}`, spotId, startsAt, endsAt, mayMoveTo });
  }
  return { spots, claims, wish };
}

function anyWanted(stays: fc.Arbitrary<boolean>, maxLength: number): fc.Arbitrary<Drawn['wanted']> {
  const one = fc.tuple(anyHours, fc.nat(20), stays, fc.boolean());
  return fc
    .array(one, { maxLength })
    .map((drawn) => drawn.map(([hours, spot, isStaying, wide]) => ({ ...hours, spot, stays: isStaying, wide })));
}

const spotOf = (index: number, more: Partial<ReseatSpot> = {}): ReseatSpot => ({
  id: `s${index}`,
  spotType: 'STANDARD',
  maxHeightCm: null,
  maxLengthCm: null,
  ...more,
});

/** Spots of one kind; nobody stays. */
export const anyPoolOfEquals: fc.Arbitrary<ReseatProblem> = fc
  .record({
    spots: fc.integer({ min: 1, max: 4 }).map((count) => Array.from({ length: count }, (_, index) => spotOf(index))),
    wanted: anyWanted(fc.constant(false), 14),
    wish: anyHours.map((hours) => ({ ...hours, spotTypes: ['STANDARD' as const] })),
  })
  .map(problemOf);

/** Two types, limits of height, claims that stay, wishes for one spot: everything at once, and small. */
export const anyMixedPools: fc.Arbitrary<ReseatProblem> = fc
  .record({
    spots: fc
      .array(
        fc.record({
          spotType: fc.constantFrom('STANDARD' as const, 'STANDARD' as const, 'LARGE' as const),
          maxHeightCm: fc.constantFrom(null, null, 200, 220),
        }),
        { minLength: 1, maxLength: 4 },
      )
      .map((drawn) => drawn.map((more, index) => spotOf(index, more))),
    wanted: anyWanted(
      fc.integer({ min: 0, max: 3 }).map((chance) => chance === 0),
      9,
    ),
    wish: fc.record({
      hours: anyHours,
      spotTypes: fc.constantFrom(['STANDARD'] as const, ['STANDARD', 'LARGE'] as const, ['LARGE'] as const),
      spotId: fc.option(fc.constantFrom('s0', 's1', 'elsewhere')),
      room: fc.option(fc.constant({ maxHeightCm: 210, maxLengthCm: null })),
    }),
  })
  .map(({ spots, wanted, wish: { hours, spotTypes, spotId, room } }) => {
    const named = spotId === null ? {} : { spotId };
    const roomy = room === null || spotId !== null ? {} : { room };
    return problemOf({ spots, wanted, wish: { ...hours, spotTypes, ...named, ...roomy } });
  });
