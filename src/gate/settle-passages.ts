import { matchPassages, OPENING_HOLDS_MS } from '../domain/match-passages.ts';
import { GateEvent } from '../entities/gate-event.ts';
import { Passage } from '../entities/passage.ts';
import { raiseIncident } from '../incidents/raise-incident.ts';
import { inTransaction } from '../platform/db.ts';
import { eachFound } from '../platform/each-found.ts';
import type { Platform } from '../platform/platform.ts';
import { backOut } from './back-out.ts';
import { splitStored } from './decide-scan.ts';
import { lotKeys } from './index-keys.ts';
import type { GateAnswer } from './journal-entry.ts';

/** Longer than a decision takes to PostgreSQL. */
const JOURNAL_MS = 5000;
/** A scan that is not there by then does not come: the passage is told of without it. */
const GIVE_UP_MS = 300_000;
/** Whoever backs away does so before anybody is behind them; later than this a report of it undoes nothing. */
const BACKS_OUT_WITHIN_MS = 600_000;
const BATCH = 100;

/**
 * Brings a passage together with its opening, once: a vehicle that backed out of an entry has it undone, one that passed without an
 * opening is TAILGATING, one that backed out while its visit stands is READ_WITHOUT_PASSAGE. Gives whether it is settled: false while its
 * scan is still on its way.
 */
export async function settlePassage(platform: Platform, passage: Passage): Promise<boolean> {
  const { lotId, id, scanId, outcome } = passage;
  const event = scanId == null ? undefined : await decisionOf(platform, { lotId, scanId });
  const ageMs = platform.clock.now().getTime() - passage.reportedAt.getTime();
  if (scanId != null && !event && ageMs < GIVE_UP_MS) return false;
  const standing = event && outcome === 'BACKED_OUT' ? await undoEntry(platform, passage, event) : undefined;
  await inTransaction(platform, async (tx) => {
    const { gateId, observedAt } = passage;
    const settled = await tx.em.nativeUpdate(
      Passage,
      { lotId, id, settledAt: null },
      { settledAt: tx.now, scanId: scanId ?? null },
    );
    if (settled === 0) return;
    if (standing) await raiseIncident(tx, { lotId, gateId, scanId, kind: 'READ_WITHOUT_PASSAGE', ...standing });
    if (event || outcome !== 'PASSED') return;
    const note = `At ${observedAt.toISOString()} a vehicle drove over the loop, and nothing had opened the gate for it.`;
    await raiseIncident(tx, { lotId, gateId, kind: 'TAILGATING', note, onceKey: `tailgating:${id}` });
  });
  return true;
}

type Decision = Pick<GateAnswer, 'operation' | 'gateId' | 'stayId' | 'reservationId' | 'decidedAt'> & {
  readonly action: string;
};

/** What was decided: Redis knows it at once, PostgreSQL for good. */
async function decisionOf(platform: Platform, scan: { lotId: string; scanId: string }): Promise<Decision | undefined> {
  const stored = await platform.redis.get(lotKeys(scan.lotId).scan(scan.scanId)).catch(() => null);
  if (stored !== null) return splitStored(stored).answer;
  const event = await platform.orm.em.fork().findOne(GateEvent, scan);
  if (!event) return undefined;
  const { operation, action, gateId, stayId = null, reservationId = null, decidedAt } = event;
  return { operation, action, gateId, stayId, reservationId, decidedAt: decidedAt.getTime() };
}

/** The visit that stands although its vehicle is said to have backed away, and why. */
interface Standing {
  readonly stayId: string;
  readonly note: string;
  readonly onceKey: string;
}

/**
 * Undoes the entry that was opened at this gate a moment ago. Nothing else is undone on a loop's word, or a visit of hours would end unpaid:
 * gives the visit that stands, for a person to look at. A scan for which nothing opened is nobody's entry.
 */
async function undoEntry(platform: Platform, passage: Passage, event: Decision): Promise<Standing | undefined> {
  const { lotId, gateId, id: passageId, observedAt: at, deviceId = null } = passage;
  const { stayId, reservationId, operation } = event;
  if (event.action !== 'OPEN' || stayId === null) return undefined;
  const standing = (note: string) => ({ stayId, note, onceKey: `backed-out:${passageId}` });
  if (operation !== 'CHECK_IN') return standing('It backed away from the exit; the visit stands as if it had left.');
  if (event.gateId !== gateId || Math.abs(at.getTime() - event.decidedAt) > BACKS_OUT_WITHIN_MS)
    return standing('A loop says that it backed out, of another gate or at another time; the visit stands.');
  const backedOut = { lotId, gateId, passageId, stayId, reservationId, at, deviceId };
  if ((await backOut(platform, backedOut)) === 'DONE') return undefined;
  return standing('It backed out of the entry; the visit stands, because it is paid or over, or was a no-show before.');
}

/**
 * Settles the passages that are not: those that name no scan are brought together with the openings of their gate, the oldest first. Goes
 * on past those that still wait for their scan. Gives how many.
 */
export async function sweepPassages(platform: Platform): Promise<number> {
  const ripe = { settledAt: null, reportedAt: { $lte: new Date(platform.clock.now().getTime() - JOURNAL_MS) } };
  const orderBy = { reportedAt: 'asc', id: 'asc' } as const;
  let settled = 0;
  for (let last: Passage | undefined; ;) {
    const later = last && {
      $or: [{ reportedAt: { $gt: last.reportedAt } }, { reportedAt: last.reportedAt, id: { $gt: last.id } }],
    };
    const passages = await platform.orm.em
      .fork()
      .find(Passage, { $and: [ripe, later ?? {}] }, { orderBy, limit: BATCH });
    settled += await settleTogether(platform, passages);
    last = passages.at(-1);
    if (passages.length < BATCH) return settled;
  }
}

async function settleTogether(platform: Platform, passages: readonly Passage[]): Promise<number> {
  const gates = Map.groupBy(passages, ({ lotId, gateId }) => `${lotId} ${gateId}`);
  let settled = 0;
  for (const ofGate of gates.values()) {
    const matched = await matchWithOpenings(platform, ofGate);
    settled += await eachFound(platform, ofGate, async (passage) => {
      passage.scanId ??= matched.get(passage.id) ?? null;
      return settlePassage(platform, passage);
    });
  }
  return settled;
}

/** Openings of one gate on which nobody has passed yet, for those who did. */
async function matchWithOpenings(
  platform: Platform,
  passages: readonly Passage[],
): Promise<ReadonlyMap<string, string>> {
  const unnamed = passages.filter(({ scanId }) => scanId == null);
  const [first] = unnamed;
  if (!first) return new Map();
  const times = unnamed.map(({ observedAt }) => observedAt.getTime());
  const openings = await platform.orm.em.fork().execute<{ scan_id: string; decided_at: Date }[]>(
    `SELECT event.scan_id, event.decided_at FROM gate_event event
     WHERE event.lot_id = ? AND event.gate_id = ? AND event.action = 'OPEN' AND event.decided_at BETWEEN ? AND ?
       AND NOT EXISTS (SELECT 1 FROM passage WHERE passage.lot_id = event.lot_id AND passage.scan_id = event.scan_id)
       AND NOT EXISTS (SELECT 1 FROM passage WHERE passage.lot_id = event.lot_id AND passage.id = event.scan_id)`,
    [
      first.lotId,
      first.gateId,
      new Date(Math.min(...times) - OPENING_HOLDS_MS),
      new Date(Math.max(...times) + OPENING_HOLDS_MS),
    ],
  );
  return matchPassages(
    unnamed.map(({ id, observedAt, outcome }) => ({ id, at: observedAt.getTime(), outcome })),
    openings.map(({ scan_id: scanId, decided_at: at }) => ({ scanId, at: new Date(at).getTime() })),
  );
}

/** After so long nobody comes any more, and before it may be on its way. */
const UNPASSED_MINUTES = { from: 10, until: 3 };

/**
 * Tells of openings on which nobody passed (READ_WITHOUT_PASSAGE), at gates whose loop was heard in the last week. A vehicle that is read
 * again after it was let out opens again: only openings of a visit count. Gives how many it told of.
 */
export async function sweepUnpassed(platform: Platform): Promise<number> {
  const now = platform.clock.now().getTime();
  const openings = await platform.orm.em.fork().execute<UnpassedOpening[]>(
    `SELECT event.lot_id AS "lotId", event.gate_id AS "gateId", event.scan_id AS "scanId", event.stay_id AS "stayId", event.operation
     FROM gate_event event
     WHERE event.action = 'OPEN' AND event.stay_id IS NOT NULL AND event.decided_by <> 'LANE' AND event.decided_at BETWEEN ? AND ?
       AND EXISTS (SELECT 1 FROM passage heard WHERE heard.lot_id = event.lot_id AND heard.gate_id = event.gate_id AND heard.observed_at > ?)
       AND NOT EXISTS (SELECT 1 FROM passage WHERE passage.lot_id = event.lot_id AND passage.scan_id = event.scan_id)
       AND NOT EXISTS (SELECT 1 FROM passage WHERE passage.lot_id = event.lot_id AND passage.id = event.scan_id)
       AND NOT EXISTS (SELECT 1 FROM incident WHERE incident.lot_id = event.lot_id AND incident.once_key = 'no-passage:' || event.scan_id)
     LIMIT ${BATCH}`,
    [minutesAgo(now, UNPASSED_MINUTES.from), minutesAgo(now, UNPASSED_MINUTES.until), minutesAgo(now, 7 * 24 * 60)],
  );
  return eachFound(platform, openings, async ({ lotId, gateId, scanId, stayId, operation }) => {
    const note =
      operation === 'CHECK_IN' ? 'The visit stands as if it had come in.' : 'The visit stands as if it had left.';
    const told = {
      lotId,
      gateId,
      scanId,
      stayId,
      kind: 'READ_WITHOUT_PASSAGE',
      note,
      onceKey: `no-passage:${scanId}`,
    } as const;
    return inTransaction(platform, async (tx) => (await raiseIncident(tx, told)) !== undefined);
  });
}

interface UnpassedOpening {
  readonly lotId: string;
  readonly gateId: string;
  readonly scanId: string;
  readonly stayId: string;
  readonly operation: string;
}

const minutesAgo = (now: number, minutes: number) => new Date(now - minutes * 60_000);
