import { createHash } from 'node:crypto';
import { allocateWalkIn } from '../allocation/allocate-walk-in.ts';
import type { ChosenSpot } from '../allocation/choose-spot.ts';
import { withPools, type PoolsToLock } from '../allocation/pools.ts';
import { occupancyPercent } from '../availability/occupancy.ts';
import { noteMonthlyPass } from '../discounts/note-monthly-pass.ts';
import { reservationCode } from '../domain/code.ts';
import type { EarlierVisits } from '../domain/concessions.ts';
import type { MonthlyPassTerms } from '../domain/monthly-pass.ts';
import { isOpenAt } from '../domain/opening-hours.ts';
import { addMinutes } from '../domain/period.ts';
import type { SpotType } from '../domain/spot-type.ts';
import { multiplierPercent } from '../domain/tariff/multiplier.ts';
import { Lot } from '../entities/lot.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import type { SealedPlate } from '../platform/plate-vault.ts';
import { withinMs } from '../platform/within-ms.ts';
import type { RoomLeft } from './commit-scan.ts';
import { concessionsOf } from './concessions-of.ts';
import type { Decided, ScanFacts } from './decide-scan.ts';
import { earlierVisits } from './earlier-visits.ts';
import { lotKeys } from './index-keys.ts';
import type { IndexedStay } from './index-records.ts';
import { isPartitioned } from './lane-sync/agent-contact.ts';
import type { WalkInEntry } from './journal-entry.ts';
import { nearestWithRoom } from './lots-around.ts';
import { meantByPlate } from './plate-match.ts';
import { answerTo, stayIdOf, type Scan } from './scan.ts';
import { roomWithoutDatabase } from './unseated.ts';

/** A pool on which a rush waits may take a moment; the driver at the barrier waits no longer than this. */
const ALLOCATION_MS = 2000;

/** Where it may stand, and what that does to its price. */
interface WalkInSpot {
  /** Undefined: found without PostgreSQL, and settled later. */
  readonly spot: ChosenSpot | undefined;
  readonly spotType: SpotType;
  readonly multiplierPercent: number;
  /** What covers it, if its plate has one. */
  readonly monthlyPass: MonthlyPassTerms | undefined;
  /** From which visits it goes on, if it is back in time. */
  readonly earlier: EarlierVisits | undefined;
  /** What the commit must find still true of room that was found without PostgreSQL. */
  readonly room?: RoomLeft;
}

/**
 * Lets a vehicle in that has no right: a spot in PostgreSQL, named by the scan so that a repeated one gets the same, then the stay in
 * the index and a ticket code. LOT_FULL when there is no spot, with the nearest lot that has room; LOT_CLOSED when the lot takes nobody or not at
 * this hour, ALREADY_INSIDE for a plate that is. While PostgreSQL is away the last snapshot's free number decides, and the spot is settled when the
 * journal is applied; without a snapshot it asks for patience, unrecorded.
 */
export async function admitWalkIn(platform: Platform, facts: ScanFacts): Promise<Decided> {
  const { scan, lot } = facts;
  const inside = stayInside(platform, facts);
  // It may have left at a lane that could not tell us yet.
  if (inside !== undefined && !(await isPartitioned(platform, scan)))
    return without(scan, { action: 'DENY', reason: 'ALREADY_INSIDE' });
  if (lot.state === 'CLOSED' || !isOpenAt(lot.openingHours, lot.timeZone, scan.now))
    return without(scan, { action: 'DENY', reason: 'LOT_CLOSED' });
  const found = await findRoom(platform, facts);
  if (found === 'UNKNOWN')
    return { ...without(scan, { action: 'ASK', reason: 'SYSTEM_UNAVAILABLE' }), unrecorded: true };
  if (found !== 'LOT_FULL') return admitted(platform, facts, { ...found, inside });
  const nearestFree = await nearestWithRoom(platform, scan);
  return without(scan, { action: 'DENY', reason: 'LOT_FULL', nearestFree });
}

/** Who has waited for PostgreSQL does not wait again when the last snapshot has to be looked at twice. */
const askedInVain = new WeakSet<Scan>();

async function findRoom(platform: Platform, facts: ScanFacts): Promise<WalkInSpot | 'LOT_FULL' | 'UNKNOWN'> {
  if (facts.lookedUp !== 'AWAY' && !askedInVain.has(facts.scan)) {
    try {
      return await withinMs(ALLOCATION_MS, findSpot(platform, facts));
    } catch (error) {
      askedInVain.add(facts.scan);
      const { scanId } = facts.scan;
      platform.log.warn({ err: error, scanId }, 'a walk-in could not be given a spot; the last snapshot decides');
    }
  }
  const found = await roomWithoutDatabase(platform, facts);
  if (found === 'LOT_FULL' || found === 'UNKNOWN') return found;
  return { ...found, spot: undefined, monthlyPass: undefined, earlier: undefined };
}

function stayInside(platform: Platform, { scan, reading }: ScanFacts): IndexedStay | undefined {
  if (scan.credential.kind !== 'PLATE') return undefined;
  const plateIndex = platform.plates.exactIndex(scan.lotId, scan.credential.plates[0]);
  return reading.stays.find(({ stay }) => stay.plateIndex === plateIndex && stay.leftAt === undefined)?.stay;
}

function without(scan: Scan, decision: Parameters<typeof answerTo>[1]): Decided {
  return { verdict: 'DECIDED', answer: answerTo(scan, decision), effect: { kind: 'NONE' }, changes: {} };
}

/** Passes of the plate that was read, or that it means as surely as a lot asks for; in doubt of the reading itself alone. */
export function monthlyPassesOf(platform: Platform, { scan, lot, reading }: ScanFacts): string[] {
  const { credential, lotId } = scan;
  if (credential.kind !== 'PLATE' || reading.monthlyPasses.length === 0) return [];
  const expected = reading.monthlyPasses.flatMap(({ id, plateIndexes, plateCiphers = [] }) =>
    plateIndexes.map((plateIndex, i) => ({ id, plateIndex, plateCipher: plateCiphers[i] ?? null })),
  );
  const seen = { sight: credential.sight, expected, policy: lot.policy.plateMatching };
  const { match, found } = meantByPlate(platform.plates, lotId, seen);
  const read = platform.plates.exactIndex(lotId, credential.plates[0]);
  const meant = match === 'AMBIGUOUS' ? expected.filter(({ plateIndex }) => plateIndex === read) : found;
  return [...new Set(meant.map(({ id }) => id))];
}

async function findSpot(platform: Platform, facts: ScanFacts): Promise<WalkInSpot | 'LOT_FULL'> {
  const { scan, lot } = facts;
  const { lotId, scanId, vehicleClass } = scan;
  const monthlyPassIds = monthlyPassesOf(platform, facts);
  const seat = async (tx: Transaction, toLock: PoolsToLock): Promise<WalkInSpot | 'LOT_FULL'> => {
    const row = await tx.em.findOneOrFail(Lot, { id: lotId });
    const spot = await allocateWalkIn(tx, { lot: row, vehicleClass, stayId: stayIdOf(lotId, scanId) }, toLock);
    if (!spot) return 'LOT_FULL';
    const { spotType } = spot;
    const stay = { lotId, stayId: stayIdOf(lotId, scanId), monthlyPassIds, at: tx.now, timeZone: lot.timeZone };
    const monthlyPass = await noteMonthlyPass(tx, stay);
    const plateIndex = sealedPlate(platform, scan)?.plateIndex ?? null;
    const withinMinutes = lot.tariff.reentry?.withinMinutes;
    const earlier = await earlierVisits(tx.em, { lotId, plateIndex, at: tx.now, withinMinutes });
    if (lot.tariff.multiplier === undefined) return { spot, spotType, multiplierPercent: 100, monthlyPass, earlier };
    const period = { startsAt: tx.now, endsAt: addMinutes(tx.now, lot.policy.usualStayMinutes) };
    const occupancy = await occupancyPercent(tx.em, { lotId, spotType, period, now: tx.now });
    return { spot, spotType, multiplierPercent: multiplierPercent(lot.tariff, occupancy), monthlyPass, earlier };
  };
  return withPools((toLock) => inTransaction(platform, (tx) => seat(tx, toLock)));
}

function admitted(
  platform: Platform,
  facts: ScanFacts,
  found: WalkInSpot & { inside: IndexedStay | undefined },
): Decided {
  const { scan, lot } = facts;
  const { spot, spotType, multiplierPercent: percent, monthlyPass, earlier, room, inside } = found;
  const plate = sealedPlate(platform, scan);
  const entry: WalkInEntry = {
    stayId: stayIdOf(scan.lotId, scan.scanId),
    at: scan.alreadyOpened ? scan.observedAt.getTime() : scan.now.getTime(),
    spotId: spot?.spotId ?? null,
    spotType,
    vehicleClass: scan.vehicleClass,
    plateCipher: plate?.plateCipher ?? null,
    plateIndex: plate?.plateIndex ?? null,
    plateSkeletonIndex: plate?.plateSkeletonIndex ?? null,
    code: ticketCode(scan, facts.attempt),
    tariffId: lot.tariffId,
    multiplierPercent: percent,
    currency: lot.currency,
    ...concessionsOf({ monthlyPass, earlier }),
    ...(spot === undefined && { monthlyPassIds: monthlyPassesOf(platform, facts) }),
  };
  const spotLabel = spot?.label ?? null;
  return {
    verdict: 'DECIDED',
    answer: answerTo(scan, {
      action: 'OPEN',
      reason: 'WALK_IN',
      stayId: entry.stayId,
      ticketCode: entry.code,
      spotLabel,
      directions: spot?.directions ?? null,
    }),
    effect: { kind: 'ENTER_WALK_IN', ...entry },
    changes: {
      ...newStay(scan.lotId, { ...entry, enteredAt: entry.at, spotLabel, paidMinor: 0, paidUntil: null }, inside),
      ...(room && { room }),
    },
  };
}

/**
 * The index's records of a walk-in; the commit fails when its ticket's code is taken or its plate is inside already, on another stay than
 * the one that it takes the place of.
 */
export function newStay(
  lotId: string,
  { stayId, enteredAt, spotType, spotLabel, tariffId, multiplierPercent, currency, code, ...rest }: IndexedStay,
  replaced?: IndexedStay,
) {
  const { vehicleClass = 'CAR', plateIndex, plateSkeletonIndex, plateCipher, paidMinor, paidUntil, concessions } = rest;
  const stay: IndexedStay = {
    ...{ stayId, enteredAt, spotType, vehicleClass, spotLabel, tariffId, multiplierPercent, currency, code },
    ...{ plateIndex, plateSkeletonIndex, plateCipher, paidMinor, paidUntil },
    ...(concessions === undefined ? {} : { concessions }),
  };
  const keys = lotKeys(lotId);
  const ref = `s:${stayId}`;
  const inside = plateIndex === null ? [] : [keys.inside(plateIndex)];
  return {
    watch: [[keys.code(code), ''] as const, ...inside.map((key) => [key, replaced?.stayId ?? ''] as const)],
    set: [
      [keys.stay(stayId), JSON.stringify(stay), 0] as const,
      [keys.code(code), ref, 0] as const,
      ...inside.map((key) => [key, stayId, 0] as const),
    ],
    add: plateSkeletonIndex === null ? [] : [[keys.plate(plateSkeletonIndex), ref] as const],
    remove:
      replaced?.plateSkeletonIndex == null
        ? []
        : [[keys.plate(replaced.plateSkeletonIndex), `s:${replaced.stayId}`] as const],
  };
}

export function sealedPlate(platform: Platform, { lotId, credential }: Scan): SealedPlate | undefined {
  return credential.kind === 'PLATE' ? platform.plates.seal(lotId, credential.plates[0]) : undefined;
}

/** Drawn from the scan, so that a repeated scan prints the same ticket; drawn again when the code is taken. */
export function ticketCode({ lotId, scanId }: Scan, attempt: number): string {
  return reservationCode(createHash('sha256').update(`ticket/${lotId}/${scanId}/${attempt}`).digest());
}
