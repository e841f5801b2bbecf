import type { GateAction, GateReason } from '../domain/admission.ts';
import type { CameraVendor } from '../domain/hardware.ts';
import { DAY_MS } from '../domain/period.ts';
import { checkIn } from '../gate/check-in.ts';
import { checkOut } from '../gate/check-out.ts';
import { lotKeys } from '../gate/index-keys.ts';
import type { ScanInput, ScanResult } from '../gate/scan.ts';
import type { Arrival, Placed } from '../hardware/arrivals.ts';
import type { CameraRead } from '../hardware/cameras/camera-read.ts';
import { openBarrier } from '../hardware/command-opening.ts';
import {
  correctedInstant,
  keepImageRef,
  noteCamera,
  watchCamera,
  type CameraDevice,
  type CameraWatch,
} from '../hardware/watch-camera.ts';
import { idFrom } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { HardwareProblem, type GateDevice } from './hardware-auth.ts';

/** Which way the vehicles go that a camera sees; without it the gate's own direction counts, and how the vehicle moves. */
export type Sees = 'entering' | 'leaving' | 'both';

export interface SeenThrough {
  readonly device: GateDevice;
  readonly vendor: CameraVendor;
  readonly direction: 'ENTRY' | 'EXIT' | 'BOTH';
  readonly sees: Sees | undefined;
}

/** What became of one reading. No plate: who sent it knows it. */
export interface ReadOutcome {
  readonly outcome: 'DECIDED' | 'SAME_ARRIVAL' | 'UNSURE' | 'NO_DIRECTION' | 'OTHER_WAY' | 'TOO_LATE';
  readonly scanId?: string;
  readonly operation?: 'CHECK_IN' | 'CHECK_OUT';
  readonly action?: GateAction;
  readonly reason?: GateReason;
  readonly spotLabel?: string | null;
  readonly ticketCode?: string | null;
  readonly due?: { readonly amountMinor: number; readonly currency: string } | null;
  readonly commandId?: string | null;
  /** False: nothing could be written down; send the reading again. */
  readonly recorded?: boolean;
}

/** Under this a frame of a car says nothing; the next one may. */
const SURE_ENOUGH = 0.3;
/** A reading that comes later than this opens no arm: its car has gone. */
const TOO_LATE_MS = 30_000;
const MOST_UNRECORDED = 50;

/**
 * Turns one reading of a camera into a scan and gives the gate's decision. All readings of one car are one arrival with one answer; a
 * corrected plate moves the decision; what the camera sends again changes nothing. An OPEN commands the barrier, once a visit. A reading
 * that comes late opens nothing; an exit is recorded all the same. Throws HardwareProblem: 409 for a reading that is more than a day old.
 */
export async function takeReading(platform: Platform, through: SeenThrough, read: CameraRead): Promise<ReadOutcome> {
  const camera = cameraOf(through);
  const watch = await watchCamera<ReadOutcome>(platform, camera);
  const now = platform.clock.now();
  const { observedAt, ageMs } = correctedInstant(watch, { read, now });
  noteCamera(platform, camera, watch);
  if (ageMs > DAY_MS)
    throw new HardwareProblem(409, 'REPLAYED', {
      advice:
        'This reading is more than a day old by the camera’s usual clock. If the clock was set anew, the next readings are taken.',
    });
  if (read.isFrame && (read.plate?.confidence ?? 1) < SURE_ENOUGH) return { outcome: 'UNSURE' };
  const operation = operationOf(through, read);
  if (operation === 'OTHER_WAY' || operation === 'NO_DIRECTION') return { outcome: operation };
  if (operation === 'CHECK_IN' && ageMs > TOO_LATE_MS) return { outcome: 'TOO_LATE' };
  const seen = { scanId: scanIdOf(camera, read), read, nowMs: now.getTime() };
  const placed = watch.arrivals.place(seen);
  if (placed.kind === 'AGAIN') return { ...(await placed.arrival.answer), outcome: 'SAME_ARRIVAL' };
  const asked = { camera, watch, operation, observedAt, placed, seen, isLate: ageMs > TOO_LATE_MS };
  const answer = decide(platform, through.device, asked);
  const arrival = watch.arrivals.begin(seen, placed, answer);
  return settle(watch, arrival, answer);
}

async function settle(
  watch: CameraWatch<ReadOutcome>,
  arrival: Arrival<ReadOutcome>,
  answer: Promise<ReadOutcome>,
): Promise<ReadOutcome> {
  try {
    const told = await answer;
    arrival.isOpen = told.action === 'OPEN';
    if (told.recorded === false) watch.arrivals.forget(arrival);
    return told;
  } catch (error) {
    watch.arrivals.forget(arrival);
    throw error;
  }
}

interface Asked {
  readonly camera: CameraDevice;
  readonly watch: CameraWatch<ReadOutcome>;
  readonly operation: 'CHECK_IN' | 'CHECK_OUT';
  readonly observedAt: Date;
  readonly placed: Exclude<Placed<ReadOutcome>, { kind: 'AGAIN' }>;
  readonly seen: { readonly scanId: string; readonly read: CameraRead };
  readonly isLate: boolean;
}

async function decide(platform: Platform, device: GateDevice, asked: Asked): Promise<ReadOutcome> {
  const { camera, watch, operation, placed, seen } = asked;
  const { lotId, gateId } = device;
  const { scanId, read } = seen;
  const input: ScanInput = {
    ...{ lotId, gateId, scanId, observedAt: asked.observedAt },
    vehicleClass: read.vehicleClass ?? null,
    alreadyOpened: watch.openedUnrecorded.has(scanId),
    credential: credentialOf(read, placed.kind === 'FIRST' ? placed.key : placed.arrival.key),
    ...(placed.kind === 'CORRECTED' && operation === 'CHECK_IN' ? { supersedes: placed.arrival.scanId } : {}),
  };
  const result = await (operation === 'CHECK_IN' ? checkIn : checkOut)(platform, input, device);
  const recorded = await isRecorded(platform, { lotId, scanId, result });
  noteUnrecorded(watch, { scanId, isOpen: result.answer.action === 'OPEN', recorded });
  const commandId = asked.isLate ? null : await openBarrier(platform, result.answer);
  keepImageRef(platform, camera, seen);
  return { outcome: 'DECIDED', operation, commandId, recorded, ...shownAnswer(result) };
}

function credentialOf({ plate }: CameraRead, arrivalKey: string | undefined): ScanInput['credential'] {
  if (plate === undefined) return { unreadable: true };
  const { text, confidence, candidates, country } = plate;
  return { plate: { text, candidates, arrivalKey, confidence: confidence ?? null, country: country ?? null } };
}

function shownAnswer({ answer }: ScanResult): Partial<ReadOutcome> {
  const { scanId, action, reason, spotLabel, ticketCode, dueMinor, currency } = answer;
  const due = dueMinor === null || currency === null ? null : { amountMinor: dueMinor, currency };
  return { scanId, action, reason, spotLabel, ticketCode, due };
}

/** What Redis has in the journal comes to PostgreSQL by itself. */
async function isRecorded(
  platform: Platform,
  { lotId, scanId, result }: { lotId: string; scanId: string; result: ScanResult },
): Promise<boolean> {
  if (result.durable || result.replayed) return true;
  const found = await platform.gateRedis.exists(lotKeys(lotId).scan(scanId)).catch(() => 0);
  return found === 1;
}

function noteUnrecorded(
  { openedUnrecorded }: CameraWatch<ReadOutcome>,
  { scanId, isOpen, recorded }: { scanId: string; isOpen: boolean; recorded: boolean },
): void {
  if (recorded) openedUnrecorded.delete(scanId);
  else if (isOpen && openedUnrecorded.size < MOST_UNRECORDED) openedUnrecorded.add(scanId);
}

function operationOf(
  { direction, sees }: SeenThrough,
  { motion }: CameraRead,
): 'CHECK_IN' | 'CHECK_OUT' | 'OTHER_WAY' | 'NO_DIRECTION' {
  const way = sees === 'entering' ? 'ENTRY' : sees === 'leaving' ? 'EXIT' : undefined;
  if (direction === 'BOTH' && way === undefined) {
    if (motion === undefined) return 'NO_DIRECTION';
    return motion === 'APPROACHING' ? 'CHECK_IN' : 'CHECK_OUT';
  }
  // Told which way it sees, a camera is believed that this one drives the other way.
  if (way !== undefined && motion === 'RECEDING') return 'OTHER_WAY';
  return (direction === 'BOTH' ? way : direction) === 'ENTRY' ? 'CHECK_IN' : 'CHECK_OUT';
}

/** The same for a reading that is sent again, and no other's. */
function scanIdOf({ lotId, deviceId }: CameraDevice, { eventId }: CameraRead): string {
  return idFrom(`camera/${lotId}/${deviceId}/${eventId}`);
}

function cameraOf({ device, vendor }: SeenThrough): CameraDevice {
  const { lotId, deviceId, gateId } = device;
  return { lotId, deviceId, gateId, vendor };
}
