// What can happen at a lane, as short scripts.

import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../demo/chance.ts';
import type { CameraVendor } from '../../src/domain/hardware.ts';
import type { LaneServer } from './lane-server.ts';
import { misreadOf, type CameraHabits } from './virtual-camera.ts';
import { VirtualLane, type LaneEvent } from './virtual-lane.ts';

/** Where a scenario is played: an entry, and an exit if it needs one. */
export interface Stage {
  readonly vendor: CameraVendor;
  readonly entry: LaneServer;
  readonly exit: LaneServer | undefined;
  readonly chance: Chance;
  /** Of the first car; others, and all when it is not told, are made up. */
  readonly plate: string | undefined;
  /** How many cars of a random day. */
  readonly cars: number;
  /** Between two cars. */
  readonly pauseMs: number;
  readonly now: () => Date;
  readonly say: (event: LaneEvent) => void;
}

export const SCENARIOS = {
  visit: 'a car drives in, and out again when there is an exit',
  misread: 'each second frame of each car is misread by one character',
  frames: 'the camera tells of one car fifty times',
  resent: 'every message is sent twice',
  'backs-out': 'a driver backs away from the open gate, and comes again',
  tailgated: 'a second car follows through the open gate',
  'stays-put': 'a driver does not move when the gate opens',
  'lost-word': 'the relay box pulses, and its word of it is lost',
  stuck: 'the arm does not move',
  'wrong-clock': 'the camera’s clock is ten minutes behind',
  garbage: 'the camera sends what no camera sends, and then a car',
  random: 'cars come and go, with a little of everything',
} as const;
export type Scenario = keyof typeof SCENARIOS;

export const isScenario = (text: string): text is Scenario => Object.hasOwn(SCENARIOS, text);

/** Plays one scenario and gives what happened, in order. The same seed plays the same. */
export async function play(scenario: Scenario, stage: Stage): Promise<LaneEvent[]> {
  const playing = new Playing(scenario, stage);
  try {
    await playing.run();
    return playing.events;
  } finally {
    await playing.close();
  }
}

const QUIET = { misreads: 0, resends: 0, clockOffMs: 0 };
/** An Axis says twice what it sees of a car, Rekor says it of each frame; the others once. */
const FRAMES: Readonly<Record<CameraVendor, number>> = { PLATE_RECOGNIZER: 1, REKOR: 5, AXIS: 2, HIKVISION: 1 };

const HABITS: Readonly<Partial<Record<Scenario, Partial<CameraHabits>>>> = {
  misread: { misreads: 0.5 },
  frames: { frames: 50 },
  resent: { resends: 1 },
  'wrong-clock': { clockOffMs: -600_000 },
  random: { misreads: 0.1, resends: 0.1 },
};

/** A command comes again after a second, on a busy machine later. */
const LOST_WORD_MS = 8000;

class Playing {
  readonly events: LaneEvent[] = [];
  private readonly scenario: Scenario;
  private readonly stage: Stage;
  private readonly entry: VirtualLane;
  private readonly exit: VirtualLane | undefined;
  private readonly inside: string[] = [];

  constructor(scenario: Scenario, stage: Stage) {
    this.scenario = scenario;
    this.stage = stage;
    const { vendor, chance, now } = stage;
    const habits = { ...QUIET, chance, now, frames: FRAMES[vendor], ...HABITS[scenario] };
    this.entry = new VirtualLane('entry', stage.entry, habits);
    this.exit = stage.exit && new VirtualLane('exit', stage.exit, habits);
  }

  async close(): Promise<void> {
    await Promise.all([this.entry.close(), this.exit?.close()]);
  }

  async run(): Promise<void> {
    const { entry, stage } = this;
    const plate = stage.plate ?? madeUp(stage.chance);
    switch (this.scenario) {
      case 'backs-out':
        await this.tell(entry.drive(plate, 'BACKS_OUT'));
        return this.tell(entry.drive(plate));
      case 'tailgated':
        return this.tell(entry.drive(plate, 'IS_TAILGATED'));
      case 'stays-put':
        return this.tell(entry.drive(plate, 'STAYS_PUT'));
      case 'lost-word':
        entry.barrier.habit = 'LOST_WORD';
        return this.loseWord(plate);
      case 'stuck':
        entry.barrier.habit = 'STUCK';
        return this.tell(entry.drive(plate));
      case 'garbage':
        await this.sendGarbage();
        return this.tell(entry.drive(plate));
      case 'random':
        return this.randomDay();
      default:
        return this.visit(plate);
    }
  }

  private async visit(plate: string): Promise<void> {
    await this.tell(this.entry.drive(plate));
    if (this.exit) await this.tell(this.exit.drive(plate));
  }

  /** Until the command has come again, and the relay has said so. */
  private async loseWord(plate: string): Promise<void> {
    const said = this.entry.barrier.saysSo(LOST_WORD_MS);
    await this.tell(this.entry.drive(plate));
    await said;
  }

  private async sendGarbage(): Promise<void> {
    for (const body of ['', '{', '<html>', '{"carID": {}}', `{"plate":"${'A'.repeat(5000)}"}`]) {
      const { status, outcome, advice } = await this.stage.entry.send({ contentType: 'application/json', body });
      const nothing = {
        operation: null,
        action: null,
        reason: null,
        spotLabel: null,
        pulses: 0,
        passage: 'NONE',
      } as const;
      this.add({ lane: 'entry', plate: '', reads: 1, misread: 0, outcome: `${status} ${outcome}`, advice, ...nothing });
    }
  }

  private async randomDay(): Promise<void> {
    const { cars, chance, pauseMs } = this.stage;
    for (let car = 0; car < cars; car++) {
      const leaving =
        this.inside.length > 0 && this.exit !== undefined && chance.happens(0.45) ? this.inside.shift() : undefined;
      if (leaving !== undefined && this.exit) await this.tell(this.exit.drive(leaving));
      else await this.randomEntry();
      if (pauseMs > 0) await pause(pauseMs);
    }
  }

  private async randomEntry(): Promise<void> {
    const { chance } = this.stage;
    const plate = madeUp(chance);
    const manner = chance.happens(0.05) ? 'BACKS_OUT' : chance.happens(0.03) ? 'IS_TAILGATED' : 'DRIVES_THROUGH';
    const event = await this.entry.drive(plate, manner);
    if (event.passage === 'PASSED') this.inside.push(plate);
    this.add(event);
  }

  private async tell(driven: Promise<LaneEvent>): Promise<void> {
    this.add(await driven);
  }

  private add(event: LaneEvent): void {
    this.events.push(event);
    this.stage.say(event);
  }
}

const LETTERS = 'ABCEFGHJKLMNPRSTUVXYZ';

/** A plate that nobody has, of letters and digits that can be misread. */
export function madeUp(chance: Chance): string {
  const letters = Array.from({ length: 3 }, () => LETTERS[chance.int(0, LETTERS.length - 1)]).join('');
  const plate = `${letters}${chance.int(100, 999)}`;
  return misreadOf(plate, chance) === plate ? `${letters}${chance.int(10, 99)}8` : plate;
}
