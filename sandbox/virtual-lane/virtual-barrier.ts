// A barrier with its relay box: fetches commands, says how far it is, and pulses once for each.

import type { LaneCommand, LaneServer } from './lane-server.ts';

const WAIT_SECONDS = 5;
const AFTER_TROUBLE_MS = 250;

/** How a relay box does its work. LOST_WORD: it pulses, and its first word of it is lost. STUCK: the arm does not move. */
export type BarrierHabit = 'WORKS' | 'LOST_WORD' | 'STUCK';

export class VirtualBarrier {
  /** How often the arm went up for each command; more than once is a fault of ours. */
  readonly pulses = new Map<string, number>();
  habit: BarrierHabit = 'WORKS';
  private readonly server: LaneServer;
  private readonly stopped = new AbortController();
  private readonly raised: string[] = [];
  private isStuck = false;
  private onRaised: (() => void) | undefined;
  private onWord: (() => void) | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(server: LaneServer) {
    this.server = server;
  }

  start(): void {
    if (!this.server.opensByAnswer) this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  /** The answer of a controller that opens by itself. */
  open(scanId: string): void {
    this.raise(scanId);
  }

  /** What raised the arm, once it is up; undefined when it does not go up in time. */
  async goesUp(withinMs: number): Promise<string | undefined> {
    if (this.raised.length === 0 && !this.isStuck) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
        this.onRaised = resolve;
      });
      clearTimeout(timer);
      this.onRaised = undefined;
    }
    return this.raised.shift();
  }

  /** Resolves once the relay has said that it did what it was told. */
  saysSo(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.onWord = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private raise(by: string): void {
    this.pulses.set(by, (this.pulses.get(by) ?? 0) + 1);
    this.raised.push(by);
    this.onRaised?.();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      try {
        for (const command of await this.server.commands(WAIT_SECONDS, signal)) await this.carryOut(command);
      } catch {
        // The server is away, or nobody waits any more.
        if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, AFTER_TROUBLE_MS));
      }
    }
  }

  private async carryOut({ id }: LaneCommand): Promise<void> {
    const isKnown = this.pulses.has(id);
    if (this.habit === 'STUCK') {
      await this.server.report(id, { state: 'ERROR', error: 'the arm does not move' });
      // Whoever waits in front of it sees that.
      this.isStuck = true;
      this.onRaised?.();
      return;
    }
    // A command that comes again is one whose word was lost, not a second one.
    if (!isKnown) this.raise(id);
    if (this.habit === 'LOST_WORD' && !isKnown) return;
    await this.server.report(id, { state: 'RECEIVED' });
    await this.server.report(id, { state: 'SUCCESS' });
    this.onWord?.();
  }
}
