import { partitionOf, partitionTag } from '../platform/redis.ts';

/** The form of the records is a part of the name: an index in an older one is not ready, and is made anew from PostgreSQL. */
export const READY = 'ready:2';

/** The keys of the gates' index in Redis that belong to one partition. */
export function partitionKeys(partition: number) {
  const tag = partitionTag(partition);
  return {
    tag,
    /** Stands while the index is whole; its value changes with every rebuild. */
    ready: `${tag}:${READY}`,
    /** Stands while a rebuild writes; when it is gone at the end, what was written is gone too. */
    rebuilding: `${tag}:rebuilding`,
    /** The last stream id that PostgreSQL has. */
    applied: `${tag}:applied`,
    journal: `${tag}:journal`,
    /** Which process applies the journal at the moment. */
    reader: `${tag}:reader`,
  };
}

const LOTS_REMEMBERED = 5000;
const remembered = new Map<string, ReturnType<typeof makeLotKeys>>();

/** The keys of one lot in the gates' index. None contains a plate: `skeletonIndex` and `plateIndex` are keyed hashes. */
export function lotKeys(lotId: string): ReturnType<typeof makeLotKeys> {
  const known = remembered.get(lotId);
  if (known) return known;
  if (remembered.size >= LOTS_REMEMBERED) remembered.clear();
  const keys = makeLotKeys(lotId);
  remembered.set(lotId, keys);
  return keys;
}

function makeLotKeys(lotId: string) {
  const partition = partitionKeys(partitionOf(lotId));
  const own = (kind: string, id: string) => `${partition.tag}:${kind}:${lotId}:${id}`;
  return {
    ...partition,
    lot: `${partition.tag}:lot:${lotId}`,
    gate: (gateId: string) => own('gate', gateId),
    right: (reservationId: string) => own('right', reservationId),
    presence: (reservationId: string) => own('presence', reservationId),
    stay: (stayId: string) => own('stay', stayId),
    monthlyPass: (monthlyPassId: string) => own('monthly', monthlyPassId),
    /** Set of `r:<reservationId>`, `s:<stayId>` and `m:<monthlyPassId>` whose plates look alike. */
    plate: (skeletonIndex: string) => own('plate', skeletonIndex),
    /** The walk-in stay of exactly this plate: one vehicle is inside once. */
    inside: (plateIndex: string) => own('inside', plateIndex),
    /** Who was let in on a spot of a type while PostgreSQL was away, by the journal's ms; what it has applied no longer counts. */
    unseated: (spotType: string) => own('unseated', spotType),
    /** `r:<reservationId>` or `s:<stayId>`. */
    code: (code: string) => own('code', code),
    scan: (scanId: string) => own('scan', scanId),
    /** The scan that let the arrival (a camera's car id at one gate) through. */
    arrival: (gateId: string, arrivalKey: string) => own('arrival', `${gateId}:${arrivalKey}`),
  };
}
/** The kinds of keys that a rebuild writes afresh. Not the answers of scans and not the journal: those are facts, not copies. */
export const REBUILT_KINDS = [
  'lot',
  'gate',
  'right',
  'presence',
  'stay',
  'plate',
  'inside',
  'code',
  'monthly',
  'unseated',
] as const;
