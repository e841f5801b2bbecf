import { randomUUID } from 'node:crypto';
import { decodeId } from '../../src/domain/public-id.ts';
import type { LaneClock } from '../../src/gate/lane/clock-watch.ts';
import { openLaneClient, type LaneClient } from '../../src/gate/lane/lane-client.ts';
import { hoursFrom } from '../support/booking.ts';
import { startLane, type TestLane } from '../support/cut-off-lane.ts';
import { openDoor, type Door } from '../support/door.ts';
import { decide, makeGuest, type Credential } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { layWire, type Wire } from '../support/wire.ts';
import { makeLot, type TestLot } from '../support/world.ts';

const HOUR_MS = 3_600_000;
/** A bundle is good for a day. */
const BUNDLE_MS = 24 * HOUR_MS;
/** By how much a clock is wrong: more than the ten minutes of which promises speak. */
const CLOCK_OFF_MS = 20 * 60_000;
const SMALLEST_FILE_BYTES = 4096;

/** What stays wrong with a lane for the whole drill. */
export const LANE_FAULTS = ['bundleExpired', 'clockWrong', 'diskFull', 'agentRestarting'] as const;
/** What is wrong for all lanes at once, for a while. */
export const SHARED_FAULTS = ['cloud', 'redis', 'payment'] as const;
export type LaneFault = (typeof LANE_FAULTS)[number];
export type SharedFault = (typeof SHARED_FAULTS)[number];
export type Faults<F extends string> = Readonly<Record<F, boolean>>;

/** Every combination of some faults. */
export function combinations<F extends string>(faults: readonly F[]): Faults<F>[] {
  return Array.from(
    { length: 2 ** faults.length },
    (_, bits) => Object.fromEntries(faults.map((fault, place) => [fault, ((bits >> place) & 1) === 1])) as Faults<F>,
  );
}

export const KINDS = ['PREPAID', 'OVER_ITS_TIME', 'WALK_IN'] as const;
export type Kind = (typeof KINDS)[number];

/** A vehicle inside, and how it will say who it is at the exit. */
export interface Inside {
  readonly kind: Kind;
  readonly credential: Credential;
  readonly stayId: string;
}
type Coming = Omit<Inside, 'stayId'>;

/** One lot with its agent, the controller of its exit, and what is wrong with them. */
export interface FaultyLane {
  readonly faults: Faults<LaneFault>;
  readonly lot: TestLot;
  readonly lane: TestLane;
  /** Between the controller and the agent. */
  readonly localCable: Wire;
  readonly door: Door;
  readonly controller: LaneClient;
  readonly inside: Inside[];
  /** Its machine's clock is set wrong by so much, in either direction. */
  setClockWrong(isAhead: boolean): void;
}

/** A cloud whose Redis and whose cable to the lanes can be taken away, with a worker that keeps its own of both. */
export interface FaultyWorld {
  readonly whole: TestSystem;
  readonly cloud: TestSystem;
  readonly redis: Wire;
  readonly cable: Wire;
  readonly lanes: FaultyLane[];
  stop(): Promise<void>;
}

export async function startWorld(): Promise<FaultyWorld> {
  const whole = await startSystem();
  const redis = await layWire(whole.redisUrl);
  const cloud = await startSystem({ beside: whole, roles: ['api'], env: { REDIS_URL: redis.url } });
  const cable = await layWire(cloud.url);
  const lanes: FaultyLane[] = [];
  return {
    ...{ whole, cloud, redis, cable, lanes },
    stop: async () => {
      for (const { lane, localCable, door, controller } of lanes) {
        await controller.close();
        await lane.stop();
        await Promise.all([localCable.stop(), door.stop()]);
      }
      await cable.stop();
      await cloud.stop();
      await redis.stop();
      await whole.stop();
    },
  };
}

/** So many vehicles of each kind inside each lane's lot, and everything about the lane wrong that is to be wrong for long. */
export async function fillWorld(world: FaultyWorld, vehiclesOf: (lane: number) => readonly Kind[]): Promise<void> {
  const { whole } = world;
  const all = combinations(LANE_FAULTS);
  // At the turn of the hour all reservations of all lots begin.
  const periods = { long: hoursFrom(whole.clock.now(), 1, 48), short: hoursFrom(whole.clock.now(), 1, 2) };
  const lots = await Promise.all(all.map((_, n) => makeLot(whole, { spots: { STANDARD: vehiclesOf(n).length } })));
  const guests = await Promise.all(
    lots.map(async (lot, n) => {
      const kinds = vehiclesOf(n).filter((kind) => kind !== 'WALK_IN');
      const made: Coming[] = [];
      for (const kind of kinds) {
        const guest = await makeGuest(whole, lot, kind === 'PREPAID' ? periods.long : periods.short);
        made.push({
          kind,
          credential: made.length % 2 === 0 ? { pass: guest.pass } : { plate: { text: guest.plate } },
        });
      }
      return made;
    }),
  );
  whole.clock.runFrom(new Date(periods.long.startsAt));
  for (const [n, faults] of all.entries()) {
    const lot = lots[n]!;
    const walkIns = vehiclesOf(n).flatMap((kind, index) =>
      kind === 'WALK_IN' ? [{ kind, credential: { plate: { text: plateOf(n, index) } } }] : [],
    );
    const inside = await Promise.all([...guests[n]!, ...walkIns].map((coming) => enter(whole, lot, coming)));
    world.lanes.push({ ...(await laneOf(world, lot, faults)), inside });
  }
  await Promise.all(world.lanes.map(({ lane }) => lane.knowsTheLatest()));
  await goWrong(world);
}

function plateOf(lane: number, index: number): string {
  return `W${String.fromCharCode(75 + lane)}${String(100 + index)}X`;
}

async function enter(whole: TestSystem, lot: TestLot, coming: Coming): Promise<Inside> {
  const { action, reason, stayId } = await decide(whole, lot.entry, coming.credential);
  if (action !== 'OPEN') throw new Error(`the entry said ${action} ${reason}`);
  return { ...coming, stayId: decodeId('sty', stayId!)!.id };
}

async function laneOf(
  world: FaultyWorld,
  lot: TestLot,
  faults: Faults<LaneFault>,
): Promise<Omit<FaultyLane, 'inside'>> {
  const { whole, cable } = world;
  const door = await openDoor(cable.url);
  let offMs = 0;
  const truth = () => whole.clock.now().getTime();
  const clock: LaneClock = { now: () => new Date(truth() + offMs), elapsedMs: truth };
  const lane = await startLane(whole, lot, { clock, cloudUrl: door.url });
  const localCable = await layWire(lane.agent.url);
  const controller = openLaneClient({
    ...{ agentUrl: new URL(localCable.url).origin, cloudUrl: new URL(lane.cable.url).origin },
    ...{ deviceKey: lot.exit.deviceKey, clock },
  });
  const setClockWrong = (isAhead: boolean) => {
    if (faults.clockWrong) offMs = isAhead ? CLOCK_OFF_MS : -CLOCK_OFF_MS;
  };
  return { faults, lot, lane, localCable, door, controller, setClockWrong };
}

/** Bundles of some expire, the disks of some are full; a day and an hour pass for all. */
async function goWrong({ whole, lanes }: FaultyWorld): Promise<void> {
  for (const { faults, door } of lanes) if (faults.bundleExpired) door.set('/lane/v1/bundle', 'UNCHANGED');
  whole.clock.advance(BUNDLE_MS + HOUR_MS);
  const [current, full] = [
    lanes.filter(({ faults }) => !faults.bundleExpired),
    lanes.filter(({ faults }) => faults.diskFull),
  ];
  // A lane that waits for news would be told only at the end of its wait that its bundle was issued anew: it asks again.
  for (const { lane } of current) lane.cable.cut();
  await Promise.all(current.map(({ lane }) => lane.isAlone()));
  for (const { lane } of current) lane.cable.mend();
  await Promise.all(current.map(({ lane }) => lane.knowsTheLatest()));
  await Promise.all(full.map(({ lane, lot }) => fillDisk(lane, lot)));
}

/** Its file may not grow any more; what room is left in it is used up by exits that nobody could read. */
async function fillDisk(lane: TestLane, lot: TestLot): Promise<void> {
  await lane.restart({ mostBytes: SMALLEST_FILE_BYTES });
  lane.cable.cut();
  await lane.isAlone();
  for (let n = 100; lane.agent.state().queue.heldInMemory === 0; n++)
    await lane.ask(lot.exit, { plate: { text: `FULL${n}` } });
  lane.cable.mend();
}

/** What a controller asks about a vehicle that stands at its exit. */
export function atTheExit({ controller, lot }: FaultyLane, credential: Credential, scanId: string = randomUUID()) {
  return controller.decide({ operation: 'CHECK_OUT', gateId: lot.exit.publicId, scanId, credential });
}
