import { randomUUID } from 'node:crypto';
import { decodeId } from '../../src/domain/public-id.ts';
import { projectRight } from '../../src/gate/project-right.ts';
import type { Scan } from '../../src/gate/scan.ts';
import { freshPlate, reserveAndPay, reserveInput } from './booking.ts';
import { eventually } from './eventually.ts';
import type { TestSystem } from './system.ts';
import { loginOf, makeDriver, type TestGate, type TestLot } from './world.ts';

const DECISION = `decision { scanId action reason displayText reservationCode stayId ticketCode spotLabel directions due { amountMinor currency } nearestFree { lotId lotName distanceMeters free } decidedAt decidedBy durable }
  replayed userErrors { code field }`;
export const CHECK_IN = `mutation ($input: CheckInInput!) { checkIn(input: $input) { ${DECISION} } }`;
export const CHECK_OUT = `mutation ($input: CheckOutInput!) { checkOut(input: $input) { ${DECISION} } }`;
export const OPEN_GATE = `mutation ($input: OpenGateInput!) { openGate(input: $input) { ${DECISION} } }`;
export const PAY_STAY = `mutation ($input: PayStayInput!) { payStay(input: $input) {
  stay { id state paidUntil due { amountMinor } paid { amountMinor } } clientSecret replayed userErrors { code } } }`;

export interface Decision {
  scanId: string;
  action: string;
  reason: string;
  displayText: string;
  reservationCode: string | null;
  stayId: string | null;
  ticketCode: string | null;
  spotLabel: string | null;
  directions: string | null;
  due: { amountMinor: number; currency: string } | null;
  nearestFree: { lotId: string; lotName: string; distanceMeters: number; free: number } | null;
  decidedAt: string;
  decidedBy: string;
  durable: boolean;
}

export interface Answered {
  decision: Decision | null;
  replayed: boolean;
  userErrors: { code: string; field: string[] | null }[];
}

export type Credential =
  | { plate: { text: string; [key: string]: unknown } }
  | { pass: string }
  | { code: string }
  | { unreadable: true }
  | { ticket: true };

type ScanArguments = [
  system: TestSystem,
  gate: TestGate,
  credential: Credential,
  more?: Record<string, unknown> & { token?: string; out?: boolean },
];

/** A gate's device: sends a scan through the door. */
export async function scan(...[system, gate, credential, more = {}]: ScanArguments): Promise<Answered> {
  const { token = gate.deviceKey, out = gate.direction === 'EXIT', ...rest } = more;
  const input = { gateId: gate.publicId, scanId: randomUUID(), credential, ...rest };
  const { data, errors } = await system.client(token).query(out ? CHECK_OUT : CHECK_IN, { input });
  if (errors) throw new Error(`the gate answered with errors: ${JSON.stringify(errors)}`);
  return data[out ? 'checkOut' : 'checkIn'];
}

/** As `scan`, of a request that is in order. */
export async function decide(...args: ScanArguments): Promise<Decision> {
  const { decision, userErrors } = await scan(...args);
  if (!decision) throw new Error(`not decided: ${JSON.stringify(userErrors)}`);
  return decision;
}

/** As a device does: the same scan again until it is durable. */
export async function untilDurable(...[system, gate, credential, more = {}]: ScanArguments): Promise<Decision> {
  const scanId = randomUUID();
  return eventually(
    () => decide(system, gate, credential, { scanId, ...more }),
    ({ durable }) => durable,
  );
}

export interface Guest {
  id: string;
  lotId: string;
  publicId: string;
  code: string;
  pass: string;
  plate: string;
  driver: { id: string };
}

/** A driver with a paid reservation of that period, for that plate or a fresh one, known to the gates. */
export async function makeGuest(
  system: TestSystem,
  lot: TestLot,
  { plate = freshPlate(), ...period }: { startsAt: string; endsAt: string; plate?: string },
): Promise<Guest> {
  const driver = await makeDriver(system);
  const client = system.client(await loginOf(system, driver));
  const reservation = await reserveAndPay(client, reserveInput(lot, period, { vehicle: { plate: { text: plate } } }));
  const { lotId, id } = decodeId('res', reservation.id)!;
  await projectRight(system.platform, { lotId: lotId!, reservationId: id });
  return { id, lotId: lotId!, publicId: reservation.id, code: reservation.code, pass: reservation.pass, plate, driver };
}

/** An arrival by pass as the gate's own code sees it, for tests that interleave its steps. */
export function passScan(lot: TestLot, guest: Guest, of: { gateId: string; scanId: string; now: Date }): Scan {
  return {
    ...{ operation: 'CHECK_IN', lotId: lot.id, gateId: of.gateId, scanId: of.scanId, observedAt: of.now, now: of.now },
    ...{ vehicleClass: 'CAR', alreadyOpened: false, deviceId: null, staffId: null },
    credential: { kind: 'PASS', key: `pass:${guest.id}`, reservationId: guest.id, isLive: false },
  };
}
