// The gates of a city: virtual lanes with camera, barrier and loop; or, where there are thousands, a controller that speaks GraphQL itself.

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../src/platform/clock.ts';
import type { VehicleClass } from '../../src/domain/vehicle.ts';
import type { Chance } from '../demo/chance.ts';
import { cloudServer } from '../virtual-lane/lane-server.ts';
import { VirtualLane } from '../virtual-lane/virtual-lane.ts';
import type { CityApi } from './api.ts';
import type { Tally } from './tally.ts';

/** A gate of the city, with the key of its controller. */
export interface CityGate {
  readonly id: string;
  readonly name: string;
  readonly direction: 'ENTRY' | 'EXIT' | 'BOTH';
  readonly deviceKey: string;
}

/** A car at a gate. */
export interface CityCar {
  readonly plate: string;
  readonly country: string;
  readonly vehicleClass: VehicleClass;
}

export interface CityDecision {
  readonly action: 'OPEN' | 'DENY' | 'ASK' | null;
  readonly reason: string;
  readonly spotLabel: string | null;
  /** Told by GraphQL only. */
  readonly stayId: string | null;
  readonly passed: boolean;
}

/** Cars come to it one after another. */
export interface CityLane {
  drive(car: CityCar): Promise<CityDecision>;
  close(): Promise<void>;
}

/** Of a hundred readings. */
const MISREAD_SHARE = 0.03;
const RESENDS = 5;
const RESEND_AFTER_MS = 200;

/** One car at a time, in the order in which they came. */
function oneByOne(drive: (car: CityCar) => Promise<CityDecision>): CityLane['drive'] {
  let before: Promise<unknown> = Promise.resolve();
  return (car) => {
    const turn = before.then(() => drive(car));
    before = turn.catch(() => undefined);
    return turn;
  };
}

/** What a lane with a camera needs besides its gate. */
export interface CameraSite {
  readonly url: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly tally: Tally;
  /** How often a car is read: a second reading puts a first one right, if it comes within seconds of the clock. */
  readonly reads?: number;
}

/** A lane of the virtual kind, which reads one car in thirty wrong. */
export function virtualLane(gate: CityGate, { url, clock, chance, tally, reads = 1 }: CameraSite): CityLane {
  const server = cloudServer({ url, deviceKey: gate.deviceKey, camera: 'HIKVISION' });
  const read: typeof server.read = (sighting) => tally.timed('scan', () => server.read(sighting));
  const habits = {
    chance,
    misreads: MISREAD_SHARE,
    resends: 0.02,
    clockOffMs: 0,
    frames: reads,
    now: () => clock.now(),
  };
  const lane = new VirtualLane(gate.name, { ...server, read }, habits);
  return {
    drive: oneByOne(async ({ plate }) => {
      const { action, reason, outcome, spotLabel, passage, misread } = await lane.drive(plate);
      if (misread > 0) tally.add('misread');
      const decided = action === 'OPEN' || action === 'DENY' || action === 'ASK' ? action : null;
      return { action: decided, reason: reason ?? outcome, spotLabel, stayId: null, passed: passage === 'PASSED' };
    }),
    close: () => lane.close(),
  };
}

const DECISION = 'decision { action reason spotLabel stayId } userErrors { code }';
const CHECK_IN = {
  name: 'checkIn',
  document: `mutation ($input: CheckInInput!) { answer: checkIn(input: $input) { ${DECISION} } }`,
};
const CHECK_OUT = {
  name: 'checkOut',
  document: `mutation ($input: CheckOutInput!) { answer: checkOut(input: $input) { ${DECISION} } }`,
};
const PASSAGE = {
  name: 'reportPassage',
  document: 'mutation ($input: ReportPassageInput!) { reportPassage(input: $input) { userErrors { code } } }',
};

interface Answer {
  readonly answer: {
    readonly decision: Omit<CityDecision, 'passed'> | null;
    readonly userErrors: readonly { code: string }[];
  };
}

/** What a gate says to a car, asked by its controller. It does not say yet that the car has passed. */
export async function askGate(
  api: CityApi,
  gate: CityGate,
  { car, leaves }: { car: CityCar; leaves: boolean },
): Promise<CityDecision & { scanId: string }> {
  const scanId = randomUUID();
  const credential = { plate: { text: car.plate, country: car.country, confidence: 0.97 } };
  const vehicleClass = leaves ? {} : { vehicleClass: car.vehicleClass };
  const input = { gateId: gate.id, scanId, credential, ...vehicleClass };
  const ask = () => api.call<Answer>(leaves ? CHECK_OUT : CHECK_IN, { input }, gate.deviceKey);
  let { answer } = await ask();
  // A gate that could not tell is sent the very same scan: it may have been decided meanwhile.
  for (let again = 0; answer.decision?.reason === 'SYSTEM_UNAVAILABLE' && again < RESENDS; again++) {
    await pause(RESEND_AFTER_MS);
    ({ answer } = await ask());
  }
  const { decision, userErrors } = answer;
  if (!decision) {
    const reason = userErrors[0]?.code ?? 'NOTHING';
    return { action: null, reason, spotLabel: null, stayId: null, passed: false, scanId };
  }
  return { ...decision, passed: false, scanId };
}

/** A lane without a camera: its controller knows the plate. */
export function controllerLane(api: CityApi, gate: CityGate, { leaves }: { leaves: boolean }): CityLane {
  return {
    drive: oneByOne(async (car) => {
      const decision = await askGate(api, gate, { car, leaves });
      if (decision.action !== 'OPEN') return decision;
      const passage = { gateId: gate.id, passageId: randomUUID(), outcome: 'PASSED', scanId: decision.scanId };
      await api.call(PASSAGE, { input: passage }, gate.deviceKey);
      return { ...decision, passed: true };
    }),
    close: () => Promise.resolve(),
  };
}
