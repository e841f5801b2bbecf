/** The requests under way, so that the house can close after the last one has left. */
export class Drain {
  private underWay = 0;
  private onEmpty: (() => void) | undefined;
  private refusing = false;

  /** Whether new work should go elsewhere. */
  get isDraining(): boolean {
    return this.refusing;
  }

  /** From now on the process says that it is not ready. */
  begin(): void {
    this.refusing = true;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.underWay++;
    try {
      return await work();
    } finally {
      this.underWay--;
      if (this.underWay === 0) this.onEmpty?.();
    }
  }

  /** Resolves when nothing is under way, and after `timeoutMs` at the latest. */
  async emptied(timeoutMs: number): Promise<void> {
    if (this.underWay === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
