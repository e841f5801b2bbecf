import { randomUUID } from 'node:crypto';
import { plateSkeleton } from '../../src/domain/plate.ts';
import type { LaneScan, SubjectKey } from '../../src/domain/lane-scan.ts';
import { canonicalJson, CHAIN_START, chainKey, nextChain } from '../../src/gate/lane/chain.ts';
import { sealPlate } from '../../src/gate/lane/plate-seal.ts';
import { laneKeysOf } from '../../src/gate/lane-sync/lane-keys.ts';
import { stayIdOf } from '../../src/gate/scan.ts';
import { Device } from '../../src/entities/device.ts';
import type { Guest } from './gate.ts';
import type { TestSystem } from './system.ts';
import { makeDevice, type TestGate, type TestLot } from './world.ts';

export const UPLOAD = `mutation ($input: UploadLaneJournalInput!) { uploadLaneJournal(input: $input) {
  acknowledgedSeq broken { seq problem } userErrors { code field } } }`;

export interface Entry {
  seq: number;
  chain: string;
  body: string;
}

export interface Uploaded {
  acknowledgedSeq: number | null;
  broken: { seq: number; problem: string }[] | null;
  userErrors: { code: string }[];
}

/** Who stands there. */
export type Who = { plate: string } | { guest: Guest } | { code: string };

/** The journal of a lane agent that is cut off, as its file would hold it; nothing is sent unless the test sends it. */
export interface TestJournal {
  readonly agentId: string;
  readonly deviceKey: string;
  readonly entries: Entry[];
  /** Writes down that a vehicle was let through. */
  passed(...passage: [gate: TestGate, who: Who, at: Date, more?: Partial<LaneScan>]): LaneScan;
  /** By what somebody is known. */
  named(who: Who): readonly SubjectKey[];
  /** Sends these entries, or all. */
  upload(entries?: readonly Entry[]): Promise<Uploaded>;
}

/** A lane agent of the lot with a key of its own. */
export async function makeJournal(system: TestSystem, lot: TestLot): Promise<TestJournal> {
  const { deviceId: agentId, deviceKey } = await makeDevice(system, {
    ...{ lotId: lot.id, gateId: null, role: 'LANE', name: 'Lane' },
  });
  const { keyHash } = await system.platform.orm.em.fork().findOneOrFail(Device, { lotId: lot.id, id: agentId });
  const key = chainKey(keyHash);
  const entries: Entry[] = [];
  return {
    ...{ agentId, deviceKey, entries },
    passed: (...[gate, who, at, more = {}]) => {
      const scan = { ...scanOf(system, lot, { gate, who, at }), agentId, seq: entries.length + 1, ...more };
      const body = canonicalJson(scan);
      entries.push({ seq: scan.seq, body, chain: nextChain(key, entries.at(-1)?.chain ?? CHAIN_START, body) });
      return scan;
    },
    named: (who) => namesOf(system, lot, who).subjects,
    upload: async (sent = entries) => {
      const input = { lotId: lot.publicId, entries: sent };
      const { data, errors } = await system.client(deviceKey).query(UPLOAD, { input });
      if (errors) throw new Error(`the upload was answered with errors: ${JSON.stringify(errors)}`);
      return data['uploadLaneJournal'];
    },
  };
}

function scanOf(
  system: TestSystem,
  lot: TestLot,
  { gate, who, at }: { gate: TestGate; who: Who; at: Date },
): Omit<LaneScan, 'agentId' | 'seq'> {
  const isExit = gate.direction === 'EXIT';
  const scanId = randomUUID();
  const reservationId = 'guest' in who ? who.guest.id : null;
  const named = namesOf(system, lot, who);
  return {
    ...{ scanId, lotId: lot.id, gateId: gate.id, operation: isExit ? 'CHECK_OUT' : 'CHECK_IN' },
    ...named,
    ...{ observedAt: at.getTime(), deviceObservedAt: at.getTime(), clockSkewMs: 0 },
    ...{ action: 'OPEN', reason: isExit ? 'BILLED_LATER' : reservationId ? 'RESERVATION' : 'WALK_IN' },
    ...{ decidedBy: 'LANE', stayId: isExit ? null : stayIdOf(lot.id, scanId), reservationId },
    ...{ spotType: 'STANDARD', vehicleClass: 'CAR', tariffId: lot.tariffId },
    ...{ dueMinor: null, bundleVersion: 1, flags: [], staffNote: null },
  };
}

function namesOf(system: TestSystem, lot: TestLot, who: Who): Pick<LaneScan, 'subjects' | 'plate' | 'ticketCode'> {
  if ('code' in who) return { subjects: [`t:${who.code}`], plate: null, ticketCode: null };
  if ('guest' in who) return { subjects: [`r:${who.guest.id}`], plate: null, ticketCode: null };
  const { plates } = system.platform;
  const index = plates.exactIndex(lot.id, who.plate);
  const skeletonIndex = plates.skeletonIndex(lot.id, plateSkeleton(who.plate));
  const cipher = sealPlate(laneKeysOf(system.platform).sealPublicKey, who.plate);
  const subjects: SubjectKey[] = [`p:${index}`];
  return { subjects, plate: { cipher, index, skeletonIndex }, ticketCode: null };
}
