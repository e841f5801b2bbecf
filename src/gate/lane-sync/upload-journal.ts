import { LockMode } from '@mikro-orm/postgresql';
import type { LaneScan } from '../../domain/lane-scan.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { Device } from '../../entities/device.ts';
import { LaneAgent } from '../../entities/lane-agent.ts';
import { LaneScanRow, type LANE_SCAN_PROBLEMS } from '../../entities/lane-scan.ts';
import { raiseIncident } from '../../incidents/raise-incident.ts';
import { reportWatched, type ReadPlate } from '../../incidents/report-watched.ts';
import { inTransaction, type Transaction } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { CHAIN_START, chainKey, nextChain } from '../lane/chain.ts';
import { mergeJournals } from './merge-journals.ts';
import { readLaneScan } from './read-entry.ts';

/** One entry of an agent's journal on its way here. */
export interface SentEntry {
  readonly seq: number;
  readonly chain: string;
  /** The canonical JSON of the scan. */
  readonly body: string;
}

/**
 * HOLE: what comes before it is missing here. FORGED: the agent cannot have written it at this place. UNREADABLE: no scan of this lot.
 */
export type EntryProblem = 'HOLE' | (typeof LANE_SCAN_PROBLEMS)[number];

export interface Acknowledgement {
  /** This entry and all before it are durable here. */
  readonly acknowledgedSeq: number;
  readonly broken: readonly { readonly seq: number; readonly problem: EntryProblem }[];
}

const MOST_ENTRIES = 500;
/** A hole that is not filled in this time is left: what is behind it must not be sent for ever. */
const HOLE_KEPT_OPEN_MS = 3_600_000;
/** How many entries behind a hole that has been filled are looked at; the next upload goes on. */
const MOST_AT_ONCE = 5000;

/**
 * Takes entries of a lane agent's journal and writes them down, each once; the answer is true when it is given. What comes after a hole is
 * taken too, and the agent asked to send again from the hole on. An entry whose chain is wrong, or that claims a place which another one
 * has, is kept without effect, and a person is told. Then what is new is merged into stays; where that fails a sweep goes on.
 * Locks the agent's row. Refuses with INVALID_INPUT, and with LOT_NOT_FOUND for whoever is no agent of this lot.
 */
export async function uploadJournal(
  platform: Platform,
  upload: { lotId: string; entries: readonly SentEntry[] },
  viewer: Viewer | undefined,
): Promise<Acknowledgement> {
  const { lotId, entries } = upload;
  if (viewer?.kind !== 'DEVICE' || viewer.role !== 'LANE' || viewer.lotId !== lotId)
    throw new Refusal('LOT_NOT_FOUND', 'This is no lot whose lanes you speak for.', { field: ['lotId'] });
  if (entries.length === 0 || entries.length > MOST_ENTRIES || entries.some(({ seq }) => seq < 1))
    throw new Refusal('INVALID_INPUT', `Send 1 to ${MOST_ENTRIES} entries, numbered from 1.`, { field: ['entries'] });
  const agentId = viewer.deviceId;
  const acknowledgement = await inTransaction(platform, async (tx) => {
    const device = await tx.em.findOneOrFail(Device, { lotId, id: agentId });
    const agent = await lockAgent(tx, { lotId, agentId });
    const inOrder = entries.toSorted((a, b) => a.seq - b.seq);
    const judged = judge(
      { agent, key: chainKey(device.keyHash), known: await knownAround(tx, agent, inOrder) },
      inOrder,
    );
    await writeDown(tx, agent, judged);
    await reportWatched(tx, judged.flatMap(platesRead));
    await advance(tx, agent);
    agent.lastContactAt = tx.now;
    const broken = judged.flatMap(({ entry, problem }) => (problem ? { seq: entry.seq, problem } : []));
    return { acknowledgedSeq: agent.acknowledgedSeq, broken };
  });
  await mergeJournals(platform, lotId).catch((error: unknown) =>
    platform.log.error({ err: error, lotId }, 'a journal could not be merged; a sweep will'),
  );
  return acknowledgement;
}

async function lockAgent(tx: Transaction, { lotId, agentId }: { lotId: string; agentId: string }): Promise<LaneAgent> {
  await tx.em.execute(
    `INSERT INTO lane_agent (lot_id, agent_id, acknowledged_seq, acknowledged_chain, last_contact_at)
     VALUES (?, ?, 0, ?, ?) ON CONFLICT DO NOTHING`,
    [lotId, agentId, CHAIN_START, tx.now],
  );
  return tx.em.findOneOrFail(LaneAgent, { lotId, agentId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

/** What stands here already at the places of these entries and just before and after them, forged ones apart. */
type Known = ReadonlyMap<number, { readonly body: string; readonly chain: string }>;

async function knownAround(tx: Transaction, agent: LaneAgent, entries: readonly SentEntry[]): Promise<Known> {
  const { lotId, agentId, acknowledgedSeq, acknowledgedChain } = agent;
  const seqs = [...new Set(entries.flatMap(({ seq }) => [seq - 1, seq, seq + 1]))];
  const rows = await tx.em.execute<{ seq: string; body: string; chain: string }[]>(
    `SELECT seq, body, chain FROM lane_scan WHERE lot_id = ? AND agent_id = ? AND problem IS DISTINCT FROM 'FORGED' AND seq IN (?)`,
    [lotId, agentId, seqs],
  );
  const known = new Map(rows.map(({ seq, body, chain }) => [Number(seq), { body, chain }]));
  if (!known.has(acknowledgedSeq)) known.set(acknowledgedSeq, { body: '', chain: acknowledgedChain });
  return known.set(0, { body: '', chain: CHAIN_START });
}

/** Watched plates are told of as soon as we hear of them, however late that is. */
function platesRead({ scan, problem, isKnown }: Judged): ReadPlate[] {
  if (scan === undefined || isKnown || problem === 'FORGED') return [];
  const { lotId, gateId, scanId, stayId, subjects, observedAt } = scan;
  const plates = subjects.flatMap((subject) => (subject.startsWith('p:') ? subject.slice(2) : []));
  return plates.map((plateIndex) => ({ lotId, gateId, scanId, stayId, plateIndex, readAt: new Date(observedAt) }));
}

interface Judged {
  readonly entry: SentEntry;
  readonly scan: LaneScan | undefined;
  readonly problem: EntryProblem | undefined;
  /** Stands here already, as it is. */
  readonly isKnown: boolean;
}

interface Journal {
  readonly agent: Pick<LaneAgent, 'lotId' | 'agentId'>;
  readonly key: Buffer;
  readonly known: Known;
}

/** What is wrong with each entry. `entries` are in order. */
function judge({ agent, key, known }: Journal, entries: readonly SentEntry[]): Judged[] {
  const taken = new Map(known);
  /** What the chain must be at a place; a forged one may claim another. */
  const expected = new Map<number, string>();
  return entries.map((entry) => {
    const { seq, chain, body } = entry;
    const before = taken.get(seq - 1);
    const there = known.get(seq);
    const scan = readLaneScan(body);
    const isKnown = there?.body === body && there.chain === chain;
    const chains = [before?.chain, expected.get(seq - 1)].filter((text) => text !== undefined);
    const right = chains.map((text) => nextChain(key, text, body));
    const [first] = right;
    if (first !== undefined) expected.set(seq, first);
    if (!taken.has(seq)) taken.set(seq, entry);
    const isOfThisPlace =
      scan === undefined || (scan.lotId === agent.lotId && scan.agentId === agent.agentId && scan.seq === seq);
    const isForged =
      (there !== undefined && !isKnown) || (right.length > 0 && !right.includes(chain)) || !isOfThisPlace;
    if (isKnown) return { entry, scan, problem: undefined, isKnown };
    const fault = scan === undefined ? 'UNREADABLE' : before === undefined ? 'HOLE' : undefined;
    return { entry, scan, problem: isForged ? 'FORGED' : fault, isKnown };
  });
}

async function writeDown(tx: Transaction, agent: LaneAgent, judged: readonly Judged[]): Promise<void> {
  const rows: ReturnType<typeof rowOf>[] = [];
  for (const found of judged) {
    if (found.isKnown) continue;
    if (found.problem === 'FORGED' && (await isForgeryKnown(tx, agent, found.entry))) continue;
    rows.push(rowOf(agent, found, tx.now));
    if (found.problem !== undefined) await tell(tx, agent, { ...found, problem: found.problem });
  }
  if (rows.length > 0) await tx.em.insertMany(LaneScanRow, rows);
}

function rowOf({ lotId, agentId }: LaneAgent, { entry, scan, problem }: Judged, now: Date) {
  const kept = problem === 'HOLE' ? null : (problem ?? null);
  return {
    ...{ lotId, id: newId(now), agentId, seq: entry.seq, body: entry.body, chain: entry.chain, problem: kept },
    scanId: scan?.scanId ?? null,
    gateId: scan?.gateId ?? null,
    operation: scan?.operation ?? null,
    opened: scan?.action === 'OPEN' && scan.operation !== 'OPEN_GATE',
    // A clock that is ahead knows nothing that has not happened.
    observedAt: scan === undefined ? null : new Date(Math.min(scan.observedAt, now.getTime())),
    subjects: [...(scan?.subjects ?? [])],
    receivedAt: now,
    mergedAt: kept === null ? null : now,
    toldAt: kept === null ? null : now,
  };
}

async function isForgeryKnown(
  tx: Transaction,
  { lotId, agentId }: LaneAgent,
  { seq, body, chain }: SentEntry,
): Promise<boolean> {
  const same = { lotId, agentId, seq, body, chain, problem: 'FORGED' as const };
  return (await tx.em.count(LaneScanRow, same)) > 0;
}

const NOTES: Readonly<Record<EntryProblem, string>> = {
  HOLE: 'is missing; what came after it is here. The lane was asked to send it again.',
  FORGED: 'is not what the lane can have written there. It has no effect until a person has settled it.',
  UNREADABLE: 'could not be read. It has no effect.',
};

async function tell(
  tx: Transaction,
  { lotId, agentId }: LaneAgent,
  { entry, scan, problem }: Omit<Judged, 'isKnown' | 'problem'> & { problem: EntryProblem },
): Promise<void> {
  const place = problem === 'HOLE' ? entry.seq - 1 : entry.seq;
  await raiseIncident(tx, {
    lotId,
    kind: problem === 'HOLE' ? 'JOURNAL_HOLE' : 'JOURNAL_FORGED',
    gateId: problem === 'HOLE' ? null : (scan?.gateId ?? null),
    scanId: problem === 'HOLE' ? null : (scan?.scanId ?? null),
    note: `Entry ${place} of the journal of lane agent ${agentId} ${NOTES[problem]}`,
    onceKey: `lane/${agentId}/${place}/${problem}`,
  });
}

/** The acknowledgement goes on over everything that is written down, and over a hole that nobody fills. */
async function advance(tx: Transaction, agent: LaneAgent): Promise<void> {
  const later = await tx.em.execute<{ seq: string; chain: string; received_at: Date | string }[]>(
    `SELECT DISTINCT ON (seq) seq, chain, received_at FROM lane_scan WHERE lot_id = ? AND agent_id = ? AND seq > ?
     ORDER BY seq, problem IS NOT DISTINCT FROM 'FORGED' LIMIT ${MOST_AT_ONCE}`,
    [agent.lotId, agent.agentId, agent.acknowledgedSeq],
  );
  for (const { seq, chain, received_at: receivedAt } of later) {
    const isNext = Number(seq) === agent.acknowledgedSeq + 1;
    if (!isNext && new Date(receivedAt).getTime() > tx.now.getTime() - HOLE_KEPT_OPEN_MS) return;
    agent.acknowledgedSeq = Number(seq);
    agent.acknowledgedChain = chain;
  }
}
