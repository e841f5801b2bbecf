/** Thrown when a call's turn did not come in time: it had better be made later. It was not made. */
export class TooManyCalls extends Error {
  override readonly name = 'TooManyCalls';
}

interface Turns {
  free: number;
  /** Those who wait, in the order of their coming. */
  readonly waiting: Set<() => void>;
}

const WINDOW_MS = 1000;

/**
 * At most so many calls of each endpoint in any second of this process, so that a burst (two thousand no-shows at
 * midnight) is spread out by us and not refused by the provider. Whoever comes when nobody waits does not wait.
 */
export class Pace {
  private readonly perSecond: number;
  private readonly longestWaitMs: number;
  private readonly endpoints = new Map<string, Turns>();

  constructor(limits: { perSecond: number; longestWaitMs: number }) {
    this.perSecond = limits.perSecond;
    this.longestWaitMs = limits.longestWaitMs;
  }

  /** Makes the call when its turn has come. Throws {@link TooManyCalls}, without calling, when it does not come in time. */
  async inTurn<T>(endpoint: string, call: () => Promise<T>): Promise<T> {
    const turns = this.endpoints.get(endpoint) ?? { free: this.perSecond, waiting: new Set() };
    this.endpoints.set(endpoint, turns);
    if (turns.free > 0) turns.free -= 1;
    else await this.wait(endpoint, turns);
    try {
      return await call();
    } finally {
      // A second after the end, not the start: nobody knows when in between the provider has counted it.
      setTimeout(() => giveBack(turns), WINDOW_MS).unref();
    }
  }

  private wait(endpoint: string, turns: Turns): Promise<void> {
    return new Promise((resolve, reject) => {
      const takeTurn = (): void => {
        clearTimeout(patience);
        resolve();
      };
      const patience = setTimeout(() => {
        turns.waiting.delete(takeTurn);
        reject(new TooManyCalls(`too many calls of ${endpoint} wait`));
      }, this.longestWaitMs);
      turns.waiting.add(takeTurn);
    });
  }
}

function giveBack(turns: Turns): void {
  const [next] = turns.waiting;
  if (!next) {
    turns.free += 1;
    return;
  }
  turns.waiting.delete(next);
  next();
}
