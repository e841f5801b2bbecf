/** Thrown when so many calls wait that this one had better be made later. It was not made. */
export class TooManyCalls extends Error {
  override readonly name = 'TooManyCalls';
}

interface Turns {
  free: number;
  readonly waiting: (() => void)[];
}

const WINDOW_MS = 1000;

/**
 * At most so many calls of each endpoint in any second of this process, so that a burst (two thousand no-shows at
 * midnight) is spread out by us and not refused by the provider. Whoever comes when nobody waits does not wait.
 */
export class Pace {
  private readonly perSecond: number;
  private readonly longestQueue: number;
  private readonly endpoints = new Map<string, Turns>();

  constructor(limits: { perSecond: number; longestQueue: number }) {
    this.perSecond = limits.perSecond;
    this.longestQueue = limits.longestQueue;
  }

  /** Resolves when the call may be made. Throws {@link TooManyCalls} when the queue is full. */
  async turn(endpoint: string): Promise<void> {
    const turns = this.endpoints.get(endpoint) ?? { free: this.perSecond, waiting: [] };
    this.endpoints.set(endpoint, turns);
    if (turns.free > 0) turns.free -= 1;
    else if (turns.waiting.length >= this.longestQueue) throw new TooManyCalls(`too many calls of ${endpoint} wait`);
    else await new Promise<void>((resolve) => turns.waiting.push(resolve));
    setTimeout(() => giveBack(turns), WINDOW_MS).unref();
  }
}

function giveBack(turns: Turns): void {
  const next = turns.waiting.shift();
  if (next) next();
  else turns.free += 1;
}
