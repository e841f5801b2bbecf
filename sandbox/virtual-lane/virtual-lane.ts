// A gate without a gate: camera, barrier, loop and drivers, against any server. For tests, the demo, and whoever connects real hardware.

import { randomUUID } from 'node:crypto';
import type { LaneServer } from './lane-server.ts';
import { VirtualBarrier } from './virtual-barrier.ts';
import { VirtualCamera, type CameraHabits } from './virtual-camera.ts';

/** What a driver does in front of an open gate. */
export type Manner = 'DRIVES_THROUGH' | 'BACKS_OUT' | 'IS_TAILGATED' | 'STAYS_PUT';

/** What happened to one car at one gate. */
export interface LaneEvent {
  readonly lane: string;
  readonly plate: string;
  readonly reads: number;
  readonly misread: number;
  /** What became of the last reading that decided something. */
  readonly outcome: string;
  readonly operation: string | null;
  readonly action: string | null;
  readonly reason: string | null;
  readonly spotLabel: string | null;
  /** How often the arm went up for it. */
  readonly pulses: number;
  /** What the loop felt. */
  readonly passage: 'PASSED' | 'BACKED_OUT' | 'NONE';
  readonly advice: string | null;
}

/** As long as a driver waits for an arm that was told to go up. */
const ARM_MS = 8000;

export class VirtualLane {
  readonly name: string;
  readonly barrier: VirtualBarrier;
  readonly server: LaneServer;
  private readonly camera: VirtualCamera;

  constructor(name: string, server: LaneServer, habits: CameraHabits) {
    this.name = name;
    this.server = server;
    this.camera = new VirtualCamera(server, habits);
    this.barrier = new VirtualBarrier(server);
    this.barrier.start();
  }

  /** A car comes, is read, and does what its driver does once the arm is up. */
  async drive(plate: string, manner: Manner = 'DRIVES_THROUGH'): Promise<LaneEvent> {
    const { answer, reads, misread } = await this.camera.readCar(plate);
    const { outcome, operation, action, reason, spotLabel, advice } = answer;
    const told = { lane: this.name, plate, reads, misread, outcome, operation, action, reason, spotLabel, advice };
    if (action !== 'OPEN') return { ...told, pulses: 0, passage: 'NONE' };
    if (this.server.opensByAnswer && answer.scanId !== null) this.barrier.open(answer.scanId);
    const raisedBy = await this.barrier.goesUp(ARM_MS);
    if (raisedBy === undefined) return { ...told, pulses: 0, passage: 'NONE' };
    const passage = await this.pass(raisedBy, manner);
    return { ...told, pulses: this.barrier.pulses.get(raisedBy) ?? 0, passage };
  }

  /** Ends the barrier's waiting. */
  close(): Promise<void> {
    return this.barrier.stop();
  }

  private async pass(openedBy: string, manner: Manner): Promise<LaneEvent['passage']> {
    if (manner === 'STAYS_PUT') return 'NONE';
    const outcome = manner === 'BACKS_OUT' ? 'BACKED_OUT' : 'PASSED';
    await this.server.passage({ passageId: randomUUID(), outcome, openedBy });
    // Whoever follows through the open gate has no command of their own.
    if (manner === 'IS_TAILGATED') await this.server.passage({ passageId: randomUUID(), outcome, openedBy });
    return outcome;
  }
}
