import { hash } from 'node:crypto';
import type { Platform } from '../platform/platform.ts';
import { lotKeys } from './index-keys.ts';
import type { GateAnswer } from './journal-entry.ts';
import type { IndexReading } from './read-index.ts';
import type { Scan, ScanResult } from './scan.ts';

/** Several readings of one vehicle that stands at one gate. */
export interface Arrival {
  /** Names no plate: a keyed hash of the camera's own id of the car, or of what its plate looks like. */
  readonly key: string;
  /** For how long readings still belong to it. */
  readonly ttlSeconds: number;
}

const TTL_SECONDS = 300;
/** Without the camera's word for it, readings that look alike are of one vehicle for so long. */
const LIKENESS_TTL_SECONDS = 10;
/** A gate that stays closed answers the same reading again for so long before it looks anew. */
const CLOSED_MS = 1000;

/** The arrival that a reading of a plate belongs to; a pass or a code that is shown again is another question. */
export function arrivalOf({ plates }: Platform, { lotId, credential }: Scan): Arrival | undefined {
  if (credential.kind !== 'PLATE') return undefined;
  const { arrivalKey } = credential;
  return arrivalKey === undefined
    ? { key: `like/${plates.skeletonIndex(lotId, credential.plates[0])}`, ttlSeconds: LIKENESS_TTL_SECONDS }
    : { key: `car/${plates.exactIndex(lotId, `arrival/${arrivalKey}`)}`, ttlSeconds: TTL_SECONDS };
}

/** Whether an earlier reading is recent enough to be of the same vehicle. Redis forgets by its own clock. */
function isRecent({ ttlSeconds }: Arrival, { now }: Scan, { decidedAt }: GateAnswer): boolean {
  return Math.abs(now.getTime() - decidedAt) <= ttlSeconds * 1000;
}

/**
 * Whether the answer that an earlier reading of this arrival has had holds for `scan` without looking further. A gate that opened for it
 * has opened, however the plate is read now, unless it is exactly that of another who is expected. One that stayed closed looks anew
 * after a second, at another reading, when the index says something else, and for a vehicle that is through.
 */
export function isAnswered(
  platform: Platform,
  scan: Scan,
  { first, reading }: { readonly first: GateAnswer; readonly reading: IndexReading },
): boolean {
  const arrival = arrivalOf(platform, scan);
  if (arrival === undefined || !isRecent(arrival, scan, first)) return false;
  if (first.operation !== scan.operation || scan.supersedes !== undefined) return false;
  if (first.action === 'OPEN' && isReadBetter(platform, scan, first)) return false;
  if (first.action === 'OPEN') return !meansAnother(platform, scan, { first, reading });
  if (scan.alreadyOpened || first.credentialKey !== scan.credential.key) return false;
  const isFresh = Math.abs(scan.now.getTime() - first.decidedAt) < CLOSED_MS;
  return isFresh && reading.arrivalRaw.endsWith(`|${seenIn(scan, reading)}`);
}

/**
 * Whether an exit has opened for somebody whom nobody knew, and the plate of the same arrival is read otherwise now: whoever that is has
 * left, and is asked nothing any more.
 */
export function isReadBetter(platform: Platform, scan: Scan, first: GateAnswer): boolean {
  const arrival = arrivalOf(platform, scan);
  if (arrival === undefined || !isRecent(arrival, scan, first)) return false;
  const wasUnknown = first.action === 'OPEN' && first.stayId === null && first.reservationId === null;
  const isExit = scan.operation === 'CHECK_OUT' && first.operation === 'CHECK_OUT';
  return isExit && wasUnknown && first.credentialKey !== scan.credential.key;
}

/** Whether a new decision only says again what an earlier reading of this arrival was told: then it is not written down again. */
export function saysTheSame(
  arrival: Arrival,
  scan: Scan,
  { first, again }: { first: GateAnswer; again: GateAnswer },
): boolean {
  if (!isRecent(arrival, scan, first)) return false;
  const told = ({ operation, credentialKey, action, reason, reservationId, stayId, dueMinor }: GateAnswer) =>
    JSON.stringify([operation, credentialKey, action, reason, reservationId, stayId, dueMinor]);
  return first.action !== 'OPEN' && told(first) === told(again);
}

function meansAnother(
  { plates }: Platform,
  { operation, lotId, credential }: Scan,
  { first, reading }: { readonly first: GateAnswer; readonly reading: IndexReading },
): boolean {
  if (credential.kind !== 'PLATE' || credential.arrivalKey !== undefined) return false;
  if (first.credentialKey === credential.key) return false;
  const read = plates.exactIndex(lotId, credential.plates[0]);
  const where = operation === 'CHECK_IN' ? 'OUTSIDE' : 'INSIDE';
  return (
    reading.rights.some(
      ({ right, presence }) =>
        right.plateIndex === read && right.reservationId !== first.reservationId && presence.at === where,
    ) ||
    (operation === 'CHECK_OUT' &&
      reading.stays.some(
        ({ stay }) => stay.plateIndex === read && stay.stayId !== first.stayId && stay.leftAt === undefined,
      ))
  );
}

/** How a plate was told and what the index says about it, in short. */
export function seenIn({ credential }: Scan, { rights, stays, monthlyPasses }: IndexReading): string {
  const texts = [
    toldBy(credential),
    ...rights.flatMap(({ rightRaw, presenceRaw }) => [rightRaw, presenceRaw]),
    ...stays.map(({ raw }) => raw),
    ...monthlyPasses.map((pass) => JSON.stringify(pass)),
  ];
  return hash('sha256', texts.sort().join('\n'), 'base64url').slice(0, 16);
}

/** What a person typed is another question than what a camera guessed. */
function toldBy(credential: Scan['credential']): string {
  return credential.kind === 'PLATE' && credential.sight.read.confidence === undefined ? 'TYPED' : 'READ';
}

/** For as long as a device may send a reading again whose answer does not stand in PostgreSQL. */
const KEPT_SECONDS = 600;

/**
 * Gives the answer of an earlier reading of the arrival to this one too. Until that answer is durable it is kept under this scan as well, so
 * that a device which sends it again is told the same, whatever has changed since.
 */
export function answerAgain(platform: Platform, scan: Scan, first: ScanResult): ScanResult {
  const { lotId, scanId, credential } = scan;
  const answer = { ...first.answer, scanId, credentialKey: credential.key };
  if (!first.durable && first.streamId !== undefined) {
    const kept = `${first.streamId}|${JSON.stringify(answer)}`;
    platform.gateRedis.set(lotKeys(lotId).scan(scanId), kept, 'EX', KEPT_SECONDS, 'NX').catch((error: unknown) => {
      platform.log.warn({ err: error, scanId }, 'the answer of a reading could not be kept');
    });
  }
  return { ...first, answer, replayed: true };
}

/** A reading that is being decided. */
interface Turn {
  readonly told: string;
  readonly scanId: string;
  readonly result: Promise<ScanResult>;
}
const runningOn = new WeakMap<Platform, Map<string, Turn>>();

/**
 * Decides one reading of an arrival at a time: fifty a second of one camera cost one decision, and those that wait get its answer if
 * they read the same. A guard of one process alone; between processes the commit compares.
 */
export async function inTurnOfArrival(
  platform: Platform,
  scan: Scan,
  decide: () => Promise<ScanResult>,
): Promise<ScanResult> {
  const arrival = arrivalOf(platform, scan);
  if (arrival === undefined || scan.alreadyOpened || scan.supersedes !== undefined) return decide();
  const running = runningOn.get(platform) ?? new Map<string, Turn>();
  runningOn.set(platform, running);
  const { operation, lotId, gateId, scanId, credential } = scan;
  const told = `${toldBy(credential)} ${credential.key}`;
  // Who may ask is looked at for each asker.
  const key = [operation, lotId, gateId, scan.deviceId ?? scan.staffId, arrival.key].join(' ');
  for (let ahead = running.get(key); ahead !== undefined; ahead = running.get(key)) {
    if (ahead.scanId === scanId) return decide();
    const result = await ahead.result.catch(() => undefined);
    if (result && ahead.told === told) return answerAgain(platform, scan, result);
  }
  const result = decide();
  running.set(key, { told, scanId, result });
  try {
    return await result;
  } finally {
    if (running.get(key)?.result === result) running.delete(key);
  }
}
