import { noteMonthlyPass } from '../discounts/note-monthly-pass.ts';
import { fittingSpotTypes } from '../domain/fit.ts';
import { addMinutes } from '../domain/period.ts';
import { Refusal } from '../domain/refusal.ts';
import type { SpotType } from '../domain/spot-type.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import type { SealedPlate } from '../platform/plate-vault.ts';
import { withinMs } from '../platform/within-ms.ts';
import { askIndex } from './ask-index.ts';
import type { IndexChanges } from './commit-scan.ts';
import { concessionsOf } from './concessions-of.ts';
import type { Decided, ScanFacts, Verdict } from './decide-scan.ts';
import { lotKeys } from './index-keys.ts';
import type { IndexedStay } from './index-records.ts';
import type { GateAnswer, WalkInEntry } from './journal-entry.ts';
import { answerInDatabase } from './look-up.ts';
import { readIndex, type ReadRight, type ReadStay } from './read-index.ts';
import { answerTo, type Scan } from './scan.ts';
import { admitWalkIn, monthlyPassesOf, newStay, sealedPlate, ticketCode } from './walk-in.ts';

type JudgeEntry = (
  platform: Platform,
  facts: ScanFacts,
  admit: (platform: Platform, facts: ScanFacts) => Promise<Decided>,
) => Promise<Verdict>;

/** The visit that the earlier scan began, as the index knows it. */
type Begun =
  | { readonly of: 'WALK_IN'; readonly read: ReadStay; readonly stayId: string; readonly enteredAt: number }
  | { readonly of: 'RESERVATION'; readonly read: ReadRight; readonly stayId: string; readonly enteredAt: number };

const LOOK_UP_MS = 1000;
/** A device corrects the vehicle that stands there: a later one is another, whatever a camera that counts anew calls it. */
const SAME_VEHICLE_MINUTES = 10;

/**
 * A better reading of a vehicle that was read before. Where the gate stayed closed, or never heard of the earlier scan, it is judged as any. Where it
 * opened, the visit that began goes over to whoever it is now: the reservation of the right plate, or a walk-in with it; a reservation for
 * which it had been taken is free again. There is one stay before and after. Whoever would not have been let in is inside all the
 * same: the answer says so, nothing is moved, and a person hears of it.
 * Refuses with INVALID_INPUT for a scan of another gate, and SCAN_NOT_CORRECTABLE when the visit has ended, was paid or was corrected by another,
 * or began more than ten minutes before a device saw this one (a person may correct it later).
 */
export async function judgeCorrection(platform: Platform, facts: ScanFacts, judge: JudgeEntry): Promise<Verdict> {
  const { scan } = facts;
  const earlier = await earlierAnswer(platform, scan);
  if (earlier?.action !== 'OPEN' || earlier.stayId === null) return judge(platform, facts, admitWalkIn);
  const begun = isOfAnother(scan, earlier) ? undefined : await begunBy(platform, scan, earlier);
  if (!begun) {
    throw new Refusal(
      'SCAN_NOT_CORRECTABLE',
      'The vehicle of the earlier scan came long before, has left, has paid, or was corrected by another scan: send this one without `supersedes`.',
      { field: ['supersedes'] },
    );
  }
  const verdict = await judge(platform, asThoughOutside(facts, begun), (_platform, outside) =>
    asWalkIn(platform, outside, { earlier, begun }),
  );
  if (verdict.verdict !== 'DECIDED' || verdict.unrecorded) return verdict;
  if (verdict.effect.kind === 'ENTER') return toReservation(facts, { decided: verdict, earlier, begun });
  if (verdict.answer.action === 'OPEN') return verdict;
  return { ...verdict, incident: { kind: 'CORRECTED_TOO_LATE', note: null } };
}

async function earlierAnswer(platform: Platform, scan: Scan): Promise<GateAnswer | undefined> {
  const { lotId, supersedes: scanId = '' } = scan;
  const stored = await askIndex(platform, (redis) => redis.get(lotKeys(lotId).scan(scanId)));
  const answer =
    stored === null
      ? await withinMs(LOOK_UP_MS, answerInDatabase(platform, { lotId, scanId })).catch(() => undefined)
      : (JSON.parse(stored.slice(stored.indexOf('|') + 1)) as GateAnswer);
  if (answer === undefined || (answer.gateId === scan.gateId && answer.operation === scan.operation)) return answer;
  throw new Refusal('INVALID_INPUT', 'The earlier scan was of another gate or another way.', { field: ['supersedes'] });
}

function isOfAnother({ staffId, observedAt }: Scan, { decidedAt }: GateAnswer): boolean {
  return staffId === null && observedAt > addMinutes(new Date(decidedAt), SAME_VEHICLE_MINUTES);
}

async function begunBy(platform: Platform, scan: Scan, earlier: GateAnswer): Promise<Begun | undefined> {
  const { lotId, gateId, scanId } = scan;
  const { stayId, reservationId } = earlier;
  if (stayId === null) return undefined;
  const refs = reservationId === null ? [`s:${stayId}`] : [`r:${reservationId}`];
  const question = { lotId, gateId, scanId, arrivalKey: undefined, refs };
  const { rights, stays } = await readIndex(platform, question);
  for (const read of rights)
    if (read.presence.at === 'INSIDE' && read.presence.stayId === stayId)
      return { of: 'RESERVATION', read, stayId, enteredAt: read.presence.enteredAt };
  for (const read of stays)
    if (read.stay.leftAt === undefined && read.stay.paidMinor === 0)
      return { of: 'WALK_IN', read, stayId, enteredAt: read.stay.enteredAt };
  return undefined;
}

/** What was read, without the visit that is being corrected. */
function asThoughOutside(facts: ScanFacts, { stayId }: Begun): ScanFacts {
  const { reading } = facts;
  const rights = reading.rights.map((read): ReadRight => {
    if (read.presence.at !== 'INSIDE' || read.presence.stayId !== stayId) return read;
    return { ...read, presence: { at: 'OUTSIDE' }, right: { ...read.right, state: 'CONFIRMED' } };
  });
  const stays = reading.stays.filter(({ stay }) => stay.stayId !== stayId);
  return { ...facts, reading: { ...reading, rights, stays } };
}

interface Correction {
  readonly earlier: GateAnswer;
  readonly begun: Begun;
}

function toReservation({ scan }: ScanFacts, { decided, earlier, begun }: Correction & { decided: Decided }): Decided {
  const { reservationId } = decided.answer;
  const { stayId, enteredAt } = begun;
  if (reservationId === null || reservationId === earlier.reservationId) return asBefore(scan, earlier);
  const keys = lotKeys(scan.lotId);
  const presence = JSON.stringify({ at: 'INSIDE', stayId, enteredAt });
  const freed = withoutVisit(scan, begun, reservationId);
  return {
    verdict: 'DECIDED',
    answer: { ...decided.answer, stayId },
    effect: {
      ...{ kind: 'CORRECT', stayId, at: enteredAt, reservationId },
      ...{ fromReservationId: earlier.reservationId, spotType: typeOf(begun) },
    },
    changes: {
      ...freed,
      watch: [...(decided.changes.watch ?? []), ...(freed.watch ?? [])],
      set: [...(freed.set ?? []), [keys.presence(reservationId), presence, 0]],
    },
  };
}

function typeOf({ of, read }: Begun): SpotType {
  return of === 'WALK_IN' ? read.stay.spotType : read.right.spotType;
}

const CLOSED_TTL_SECONDS = 3600;
const TICKET_TTL_SECONDS = 14 * 24 * 3600;

/** What takes a visit away from whom it had been taken for. A ticket that was printed leads to the reservation that it is of. */
function withoutVisit({ lotId }: Scan, begun: Begun, reservationId: string | undefined): IndexChanges {
  const keys = lotKeys(lotId);
  if (begun.of === 'RESERVATION') {
    const key = keys.presence(begun.read.right.reservationId);
    return { watch: [[key, begun.read.presenceRaw]], set: [[key, JSON.stringify({ at: 'OUTSIDE' }), 0]] };
  }
  const { stay, raw } = begun.read;
  const { stayId, code, plateIndex, plateSkeletonIndex, spotLabel, spotType } = stay;
  const closed: IndexedStay = { ...stay, leftAt: stay.enteredAt };
  return {
    watch: [[keys.stay(stayId), raw]],
    set: [
      [keys.stay(stayId), JSON.stringify(closed), CLOSED_TTL_SECONDS],
      ...(reservationId === undefined ? [] : [[keys.code(code), `r:${reservationId}`, TICKET_TTL_SECONDS] as const]),
    ],
    del: plateIndex === null ? [] : [keys.inside(plateIndex)],
    remove: plateSkeletonIndex === null ? [] : [[keys.plate(plateSkeletonIndex), `s:${stayId}`]],
    ...(spotLabel === null && { vacate: { key: keys.unseated(spotType), stayId } }),
  };
}

/** The better reading says the same. */
function asBefore(scan: Scan, earlier: GateAnswer): Decided {
  const { scanId, credential, now } = scan;
  const answer = { ...earlier, scanId, credentialKey: credential.key, decidedAt: now.getTime() };
  return { verdict: 'DECIDED', answer, effect: { kind: 'NONE' }, changes: {} };
}

/** Nobody has the right to the plate: it is a walk-in, and inside already. */
async function asWalkIn(platform: Platform, facts: ScanFacts, { earlier, begun }: Correction): Promise<Decided> {
  const { scan, reading } = facts;
  const plate = sealedPlate(platform, scan);
  if (plate === undefined) return asBefore(scan, earlier);
  const isInside = reading.stays.some(({ stay }) => stay.plateIndex === plate.plateIndex && stay.leftAt === undefined);
  if (isInside) {
    const answer = answerTo(scan, { action: 'DENY', reason: 'ALREADY_INSIDE' });
    return { verdict: 'DECIDED', answer, effect: { kind: 'NONE' }, changes: {} };
  }
  if (begun.of === 'RESERVATION') return outOfReservation(platform, facts, { begun, plate });
  if (begun.read.stay.plateIndex === plate.plateIndex) return asBefore(scan, earlier);
  const concessions = await concessionsOfPlate(platform, facts, begun.stayId);
  return withPlate(facts, { earlier, begun, plate: { ...plate, ...concessions } });
}

async function concessionsOfPlate(platform: Platform, facts: ScanFacts, stayId: string) {
  const { scan, lot } = facts;
  const monthlyPassIds = monthlyPassesOf(platform, facts);
  if (monthlyPassIds.length === 0) return {};
  const arriving = { lotId: scan.lotId, stayId, monthlyPassIds, at: scan.now, timeZone: lot.timeZone };
  const noted = inTransaction(platform, (tx) => noteMonthlyPass(tx, arriving));
  return concessionsOf({ monthlyPass: await withinMs(LOOK_UP_MS, noted), earlier: undefined });
}

function withPlate(
  { scan }: ScanFacts,
  {
    earlier,
    begun,
    plate,
  }: { earlier: GateAnswer; begun: Extract<Begun, { of: 'WALK_IN' }>; plate: SealedPlate & Partial<IndexedStay> },
): Decided {
  const { stay, raw } = begun.read;
  const { stayId } = stay;
  const { spotType } = stay;
  const keys = lotKeys(scan.lotId);
  const freed = withoutVisit(scan, begun, undefined);
  const inside = keys.inside(plate.plateIndex);
  return {
    ...asBefore(scan, earlier),
    effect: {
      ...{ kind: 'CORRECT', stayId, at: stay.enteredAt, spotType, plate },
      ...{ fromReservationId: null, reservationId: null },
    },
    changes: {
      watch: [
        [keys.stay(stayId), raw],
        [inside, ''],
      ],
      set: [
        [keys.stay(stayId), JSON.stringify({ ...stay, ...plate }), 0],
        [inside, stayId, 0],
      ],
      ...(freed.del && { del: freed.del }),
      // Two plates that look alike have one set: what is put there is not taken out again.
      ...(freed.remove && stay.plateSkeletonIndex !== plate.plateSkeletonIndex && { remove: freed.remove }),
      add: [[keys.plate(plate.plateSkeletonIndex), `s:${stayId}`]],
    },
  };
}

/** Its spot is found when the journal is applied: it must not wait for one at a barrier that is open. */
function outOfReservation(
  platform: Platform,
  facts: ScanFacts,
  { begun, plate }: { begun: Extract<Begun, { of: 'RESERVATION' }>; plate: SealedPlate },
): Decided {
  const { scan, lot, attempt } = facts;
  const { stayId, enteredAt } = begun;
  const { right } = begun.read;
  const { vehicleClass } = scan;
  const walkIn: WalkInEntry = {
    ...{ stayId, at: enteredAt, spotId: null, vehicleClass, ...plate },
    spotType: fittingSpotTypes(vehicleClass)[0] ?? right.spotType,
    ...{ code: ticketCode(scan, attempt), tariffId: lot.tariffId, multiplierPercent: 100, currency: lot.currency },
    monthlyPassIds: monthlyPassesOf(platform, facts),
  };
  const freed = withoutVisit(scan, begun, undefined);
  const added = newStay(scan.lotId, { ...walkIn, enteredAt, spotLabel: null, paidMinor: 0, paidUntil: null });
  const { code: ticket } = walkIn;
  return {
    verdict: 'DECIDED',
    answer: answerTo(scan, { action: 'OPEN', reason: 'WALK_IN', stayId, ticketCode: ticket }),
    effect: {
      ...{ kind: 'CORRECT', stayId, at: enteredAt, walkIn, spotType: right.spotType },
      ...{ fromReservationId: right.reservationId, reservationId: null },
    },
    changes: {
      watch: [...(freed.watch ?? []), ...added.watch],
      set: [...(freed.set ?? []), ...added.set],
      add: added.add,
    },
  };
}
