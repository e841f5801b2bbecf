import { createHmac, hkdfSync } from 'node:crypto';
import type { LaneScan } from '../../domain/lane-scan.ts';

/** The chain before the first entry. */
export const CHAIN_START = '';

/** The one text of a scan: its keys in the order of the interface, whatever order the object has them in. */
export function canonicalJson(scan: LaneScan): string {
  const { plate } = scan;
  const ordered: LaneScan = {
    scanId: scan.scanId,
    lotId: scan.lotId,
    gateId: scan.gateId,
    agentId: scan.agentId,
    seq: scan.seq,
    operation: scan.operation,
    subjects: scan.subjects,
    plate: plate && { cipher: plate.cipher, index: plate.index, skeletonIndex: plate.skeletonIndex },
    observedAt: scan.observedAt,
    deviceObservedAt: scan.deviceObservedAt,
    clockSkewMs: scan.clockSkewMs,
    action: scan.action,
    reason: scan.reason,
    decidedBy: scan.decidedBy,
    stayId: scan.stayId,
    reservationId: scan.reservationId,
    ticketCode: scan.ticketCode,
    spotType: scan.spotType,
    vehicleClass: scan.vehicleClass,
    tariffId: scan.tariffId,
    dueMinor: scan.dueMinor,
    bundleVersion: scan.bundleVersion,
    flags: scan.flags,
    staffNote: scan.staffNote,
  };
  return JSON.stringify(ordered);
}

/** The key of a journal's chain, from what both sides keep of the agent's device key: its SHA-256 in hex. */
export function chainKey(deviceKeyHash: string): Buffer {
  return Buffer.from(hkdfSync('sha256', deviceKeyHash, '', 'parkwell lane journal', 32));
}

/** The chain at an entry: what it must be for the entries up to here to be those that the agent wrote, in this order. */
export function nextChain(key: Buffer, previousChain: string, body: string): string {
  return createHmac('sha256', key).update(`${previousChain}\n${body}`).digest('base64url');
}
