import { isWithinPromise, reservedDue } from '../domain/reserved-due.ts';
import { exitGraceMinutes } from '../domain/tariff/engine.ts';
import type { Platform } from '../platform/platform.ts';
import type { ScanFacts } from './decide-scan.ts';
import type { IndexedRight, IndexedStay } from './index-records.ts';
import { walkInDue } from './stay-due.ts';
import { tariffOf } from './tariffs.ts';

/** What a reservation owes when it stands at the exit, minor units. Undefined where its tariff is not at hand: the journal's reader has the row. */
export async function dueOfReserved(
  platform: Platform,
  { scan, lot }: ScanFacts,
  { right, enteredAt }: { right: IndexedRight; enteredAt: number },
): Promise<number | undefined> {
  const leftAt = scan.observedAt;
  if (isWithinPromise(right, leftAt)) return 0;
  const tariff = await tariffOf(platform, { lotId: scan.lotId, tariffId: right.tariffId, lot });
  if (tariff === undefined) return undefined;
  // So it is where the version of the entry prices it and is not at hand.
  if (tariff.versionAt === 'ENTRY' && lot.tariffId !== right.tariffId) return undefined;
  const { timeZone, tariff: currentTariff } = lot;
  return reservedDue({ right, enteredAt: new Date(enteredAt), leftAt, timeZone, tariff, currentTariff });
}

/** What a walk-in owes when it stands at the exit, and how long it had from where it paid to there. */
export interface WalkInAtExit {
  /** Undefined where its tariff is not at hand. */
  readonly dueMinor: number | undefined;
  readonly graceMinutes: number;
}

export async function dueOfWalkIn(
  platform: Platform,
  { scan, lot }: ScanFacts,
  stay: IndexedStay,
): Promise<WalkInAtExit> {
  const { exitGraceMinutes: policyMinutes } = lot.policy;
  const tariff = await tariffOf(platform, { lotId: scan.lotId, tariffId: stay.tariffId, lot });
  if (tariff === undefined) return { dueMinor: undefined, graceMinutes: policyMinutes };
  const pricedBy = tariff.versionAt === 'EXIT' ? lot.tariff : tariff;
  const dueMinor = walkInDue(
    { ...stay, enteredAt: new Date(stay.enteredAt) },
    { now: scan.observedAt, tariff: pricedBy, timeZone: lot.timeZone },
  );
  return { dueMinor, graceMinutes: exitGraceMinutes(pricedBy, policyMinutes, stay.payPoint) };
}
