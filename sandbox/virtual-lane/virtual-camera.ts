// A camera that reads cars: right most of the time, in its maker's way of telling, with a clock of its own.

import type { Chance } from '../demo/chance.ts';
import type { Sighting } from './camera-messages.ts';
import type { LaneAnswer, LaneServer } from './lane-server.ts';

export interface CameraHabits {
  readonly chance: Chance;
  /** How often a frame is misread. */
  readonly misreads: number;
  /** How often a message is sent twice, because its answer seemed lost. */
  readonly resends: number;
  /** What is added to the true time. */
  readonly clockOffMs: number;
  /** How often a car is told of. */
  readonly frames: number;
  readonly now: () => Date;
}

/** What cameras take for each other. */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  ...{
    '0': 'O',
    O: '0',
    '1': 'I',
    I: '1',
    '2': 'Z',
    Z: '2',
    '5': 'S',
    S: '5',
    '8': 'B',
    B: '8',
    '6': 'G',
    G: '6',
    D: 'O',
    Q: 'O',
  },
};

/** What one car got from one camera. */
export interface CarRead {
  /** The last answer that decided something; the last one at all when none did. */
  readonly answer: LaneAnswer;
  readonly reads: number;
  readonly misread: number;
}

export class VirtualCamera {
  private cars = 0;
  private sequence = 0;
  private readonly server: LaneServer;
  private readonly habits: CameraHabits;

  constructor(server: LaneServer, habits: CameraHabits) {
    this.server = server;
    this.habits = habits;
  }

  /** Reads a car that stands there, frame by frame: a camera does not know whether the gate opens. */
  async readCar(plate: string): Promise<CarRead> {
    const { frames, resends, chance } = this.habits;
    this.cars += 1;
    let last: LaneAnswer | undefined;
    let misread = 0;
    let reads = 0;
    for (let frame = 0; frame < Math.max(1, frames); frame++) {
      const sighting = this.sight(plate, frame);
      if (sighting.plate !== plate) misread += 1;
      const answer = await this.server.read(sighting);
      reads += 1;
      if (chance.happens(resends)) {
        await this.server.read({ ...sighting, upload: 2 });
        reads += 1;
      }
      if (last === undefined || answer.action !== null) last = answer;
    }
    if (!last) throw new Error('a camera read no frame');
    return { answer: last, reads, misread };
  }

  private sight(plate: string, frame: number): Sighting {
    const { chance, misreads, clockOffMs, now } = this.habits;
    const wrong = chance.happens(misreads) ? misreadOf(plate, chance) : plate;
    this.sequence += 1;
    return {
      plate: wrong,
      confidence: wrong === plate ? 0.88 + chance.int(0, 10) / 100 : 0.55 + chance.int(0, 20) / 100,
      candidates: wrong === plate ? [misreadOf(plate, chance)] : [plate],
      at: new Date(now().getTime() + clockOffMs),
      car: this.cars,
      sequence: this.sequence,
      approaching: true,
      state: frame === 0 ? 'new' : 'update',
    };
  }
}

/** The plate with one character taken for another that looks like it. */
export function misreadOf(plate: string, chance: Chance): string {
  const places = [...plate].flatMap((character, index) => (LOOKS_LIKE[character] === undefined ? [] : [index]));
  if (places.length === 0) return plate;
  const at = chance.pick(places);
  return `${plate.slice(0, at)}${LOOKS_LIKE[plate[at] ?? ''] ?? ''}${plate.slice(at + 1)}`;
}
