import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Debt } from '../../src/entities/debt.ts';
import { Incident } from '../../src/entities/incident.ts';
import { Payment } from '../../src/entities/payment.ts';
import { Stay } from '../../src/entities/stay.ts';
import type { GateDecision } from '../../src/gate/lane/cloud-link.ts';
import { openLaneClient } from '../../src/gate/lane/lane-client.ts';
import { runSweeps } from '../../src/jobs/run.ts';
import { moneySettled } from '../journeys/payment-steps.ts';
import { eventually } from '../support/eventually.ts';
import { PAY_STAY } from '../support/gate.ts';
import { timed } from '../support/standstill.ts';
import {
  atTheExit,
  combinations,
  fillWorld,
  KINDS,
  SHARED_FAULTS,
  startWorld,
  type Faults,
  type FaultyLane,
  type FaultyWorld,
  type Inside,
  type Kind,
  type SharedFault,
} from './gate-256-world.ts';
import { drillMs, sizeOf } from './money-load.ts';

/** An exit that is not waiting for a person who can pay is open by then. */
const LIMIT_MS = 3000;
const PHASES = combinations(SHARED_FAULTS);
/** Of each combination one vehicle in turn, or one of each kind. */
const KINDS_TRIED = sizeOf({ ci: 1, full: KINDS.length });
/** All 256 combinations; beside the other tests 32 of them, in which any three faults meet in all eight ways. */
const isFull = sizeOf({ ci: 0, full: 1 }) === 1;
/** Where nothing is away that all share, few come at once: so that the cloud is fast enough to ask for money. */
const AT_ONCE = { calm: 4, trouble: 32 };

interface Exit {
  readonly name: string;
  readonly lane: FaultyLane;
  readonly shared: Faults<SharedFault>;
  readonly kind: Kind | 'UNKNOWN';
  /** Of whoever was known when it came in. */
  readonly stayId: string | undefined;
  readonly scanId: string;
  readonly ms: number;
  readonly first: GateDecision;
  /** What came of it in the end, where a person was asked first. */
  readonly last: GateDecision;
  readonly paid: boolean;
}

let world: FaultyWorld;
const exits: Exit[] = [];

/** What leaves of a lane in a phase: vehicles of these kinds, and one that nobody knows. */
function leavingIn(lane: number, phase: number): { kinds: Kind[]; unknown: boolean } {
  const all = Array.from({ length: KINDS_TRIED }, (_, n) => KINDS[(lane + phase + n + 2) % KINDS.length]!);
  if (isFull) return { kinds: all, unknown: true };
  const chosen = wordOf(lane);
  const [isWord, isOpposite] = [phase === (chosen & 7), phase === (~chosen & 7)];
  const knownIn = (chosen & 8) === 0;
  return {
    kinds: (isWord && knownIn) || (isOpposite && !knownIn) ? all : [],
    unknown: (isWord && !knownIn) || (isOpposite && knownIn),
  };
}

/** The other half of a word of the extended Hamming code: of its sixteen words any three places show all eight patterns. */
function wordOf(bits: number): number {
  const parity = (mask: number) => [...(bits & mask).toString(2)].filter((bit) => bit === '1').length % 2;
  return parity(0b0111) | (parity(0b1011) << 1) | (parity(0b1101) << 2) | (parity(0b1110) << 3);
}

beforeAll(async () => {
  world = await startWorld();
  await fillWorld(world, (lane) => PHASES.flatMap((_, phase) => leavingIn(lane, phase).kinds));
}, drillMs(120_000));
afterAll(() => world?.stop());

function nameOf(lane: FaultyLane, shared: Faults<SharedFault>, kind: string): string {
  const on = Object.entries({ ...shared, ...lane.faults, plateUnknown: kind === 'UNKNOWN' });
  return `${kind}: ${on.flatMap(([fault, is]) => (is ? [fault] : [])).join(' + ') || 'nothing is wrong'}`;
}

/** Takes away what is to be away, each time in another of the two ways in which things go. */
async function setFaults(shared: Faults<SharedFault>, phase: number): Promise<() => Promise<void>> {
  const { cable, redis, whole, lanes } = world;
  const isSilent = phase % 2 === 1;
  const takeAway = (wire: { cut(): void; hold(): void }) => (isSilent ? wire.hold() : wire.cut());
  const bringBack = (wire: { mend(): void; goOn(): void }) => (isSilent ? wire.goOn() : wire.mend());
  for (const lane of lanes) {
    lane.setClockWrong(isSilent);
    if (lane.faults.agentRestarting) takeAway(lane.localCable);
  }
  if (shared.redis) takeAway(redis);
  if (shared.payment) whole.stripe.faults.set({ down: isSilent ? 'unavailable' : 'refuse' });
  if (shared.cloud) takeAway(cable);
  return async () => {
    if (shared.cloud) bringBack(cable);
    if (shared.redis) bringBack(redis);
    whole.stripe.faults.reset();
    for (const { faults, localCable } of lanes) if (faults.agentRestarting) bringBack(localCable);
    await Promise.all(lanes.map(({ lane }) => lane.isBack()));
  };
}

async function leave(lane: FaultyLane, shared: Faults<SharedFault>, inside: Inside | undefined): Promise<Exit> {
  const credential = inside?.credential ?? { plate: { text: `G${randomUUID().slice(0, 6).toUpperCase()}` } };
  const kind: Exit['kind'] = inside?.kind ?? 'UNKNOWN';
  const scanId = randomUUID();
  const { result: first, ms } = await timed(() => atTheExit(lane, credential, scanId));
  const exit = { name: nameOf(lane, shared, kind), lane, shared, kind, stayId: inside?.stayId, scanId, ms, first };
  if (first.action === 'OPEN') return { ...exit, last: first, paid: false };
  // Whoever is asked tries to pay; whether that works or not, the exit opens then, as soon as the camera looks again.
  const input = { idempotencyKey: randomUUID(), stay: { stayId: first.stayId }, paymentMethodId: 'pm_card_visa' };
  const { data } = await world.cloud.client().query(PAY_STAY, { input });
  const paid = data['payStay'].userErrors.length === 0;
  const look = () => atTheExit(lane, credential);
  const { result: last, ms: lastMs } = await timed(() =>
    eventually(look, ({ action }) => action === 'OPEN', 2 * LIMIT_MS),
  );
  return { ...exit, scanId: last.scanId, ms: Math.max(ms, lastMs), last, paid };
}

test(
  'In all 256 combinations of what can be wrong an exit opens within three seconds, or waits for a person who can pay',
  async () => {
    for (const [phase, shared] of PHASES.entries()) {
      const leaving = world.lanes.flatMap((lane, n) => {
        const { kinds, unknown } = leavingIn(n, phase);
        const known: (Inside | undefined)[] = lane.inside.splice(0, kinds.length);
        return [...known, ...(unknown ? [undefined] : [])].map((inside) => ({ lane, inside }));
      });
      const lift = await setFaults(shared, phase);
      const atOnce = phase === 0 ? AT_ONCE.calm : AT_ONCE.trouble;
      for (let next = leaving.splice(0, atOnce); next.length > 0; next = leaving.splice(0, atOnce))
        exits.push(...(await Promise.all(next.map(({ lane, inside }) => leave(lane, shared, inside)))));
      await lift();
    }
    expect(exits).toHaveLength(isFull ? 128 * (KINDS_TRIED + 1) : 32);
    const tooLate = exits.filter(({ ms }) => ms > LIMIT_MS).map(({ name, ms }) => `${name}: ${Math.round(ms)} ms`);
    expect(tooLate).toEqual([]);
    const trapped = exits.filter(({ last }) => last.action !== 'OPEN');
    expect(trapped.map(({ name, last }) => `${name}: ${last.action} ${last.reason}`)).toEqual([]);
    // Only a walk-in that owes something is ever asked, and only where somebody can take its money.
    const asked = exits.filter(({ first }) => first.action !== 'OPEN');
    expect(
      asked.filter(({ kind, shared, first }) => kind !== 'WALK_IN' || shared.cloud || first.reason !== 'PAYMENT_DUE'),
    ).toEqual([]);
    // Whoever could be asked by the cloud was; a lane that had to decide alone asked nobody.
    const letOut = exits.filter(
      ({ kind, shared, first }) =>
        kind === 'WALK_IN' &&
        !shared.payment &&
        first.decidedBy === 'CLOUD' &&
        first.action === 'OPEN' &&
        first.due !== null,
    );
    expect(letOut.map(({ name, first }) => `${name}: ${first.reason}`)).toEqual([]);
  },
  drillMs(120_000),
);

test(
  'What was not paid is a debt or an incident when all is well again, and nobody is inside any more',
  async () => {
    const { whole, lanes } = world;
    for (const { faults, lane, door } of lanes) {
      door.set('/lane/v1/bundle', 'OPEN');
      if (faults.diskFull) await lane.restart();
    }
    for (const lane of lanes) {
      await eventually(
        () => lane.controller.handOver(),
        (left) => left === 0,
      );
      await lane.lane.hasUploaded();
    }
    const em = () => whole.platform.orm.em.fork();
    const lotIds = lanes.map(({ lot }) => lot.id);
    const inside = () => em().count(Stay, { lotId: { $in: lotIds }, state: 'INSIDE' });
    await eventually(inside, (count) => count === 0).catch(() => undefined);
    await runSweeps(whole.platform);
    await moneySettled(whole);
    const wrong: string[] = [];
    for (const exit of exits) wrong.push(...(await whatIsWrong(exit)));
    expect(wrong).toEqual([]);
    expect(await inside()).toBe(0);

    async function whatIsWrong({ name, lane, kind, scanId, stayId, paid }: Exit): Promise<string[]> {
      const lotId = lane.lot.id;
      if (stayId === undefined) {
        const incidents = await em().count(Incident, { lotId, scanId });
        return incidents > 0 ? [] : [`${name}: nobody was told`];
      }
      const { state, reservationId } = await em().findOneOrFail(Stay, { lotId, id: stayId });
      if (state !== 'LEFT') return [`${name}: it is still ${state}`];
      if (kind === 'PREPAID' || paid) return [];
      const debts = await em().count(Debt, { lotId, stayId });
      // The provider was there: a card was charged at once.
      const charges = await em().count(Payment, {
        ...{ lotId, reservationId: reservationId ?? null, kind: 'OVERSTAY', capturedAt: { $ne: null } },
      });
      return debts + charges > 0 ? [] : [`${name}: left unpaid, and nothing tells of it`];
    }
  },
  drillMs(120_000),
);

test('The twin: a controller that is more patient with a silent agent and a silent cloud keeps a vehicle waiting', async () => {
  const { lanes, cable } = world;
  const [{ lot, localCable }] = lanes as [FaultyLane];
  const patient = openLaneClient({
    ...{ agentUrl: new URL(localCable.url).origin, cloudUrl: new URL(cable.url).origin },
    ...{ deviceKey: lot.exit.deviceKey, patienceMs: 1600 },
  });
  const scan = { operation: 'CHECK_OUT', gateId: lot.exit.publicId, credential: { unreadable: true } } as const;
  localCable.hold();
  cable.hold();
  try {
    const startedAt = performance.now();
    const decision = await patient.decide({ ...scan, scanId: randomUUID() });
    expect(decision).toMatchObject({ action: 'OPEN', decidedBy: 'LANE' });
    expect(performance.now() - startedAt).toBeGreaterThan(LIMIT_MS);
  } finally {
    localCable.goOn();
    cable.goOn();
    await patient.close();
  }
});

test('A controller whose own disk takes nothing opens its exit all the same, and hands the scan over later', async () => {
  const { lanes, cable, whole } = world;
  const { lot } = lanes[0]!;
  cable.cut();
  const controller = openLaneClient({
    ...{ cloudUrl: new URL(cable.url).origin, deviceKey: lot.exit.deviceKey, clock: whole.clock },
    memoryFile: '/proc/no-such-folder/scans.json',
  });
  try {
    const scanId = randomUUID();
    const scan = { operation: 'CHECK_OUT', gateId: lot.exit.publicId, credential: { unreadable: true } } as const;
    expect(await controller.decide({ ...scan, scanId })).toMatchObject({ action: 'OPEN', durable: false });
    expect(controller.pending()).toBe(1);
    cable.mend();
    await eventually(
      () => controller.handOver(),
      (left) => left === 0,
    );
    expect(await whole.platform.orm.em.fork().count(Incident, { lotId: lot.id, scanId })).toBe(1);
  } finally {
    cable.mend();
    await controller.close();
  }
});
