import type { ServerResponse } from 'node:http';

/** The requests under way, so that the house can close after the last one has left. */
export class Drain {
  private readonly underWay = new Set<ServerResponse>();
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

  /** Counts a request from its head on, so also while its body arrives, until it is answered or given up. */
  count(response: ServerResponse): void {
    this.underWay.add(response);
    response.once('close', () => {
      this.underWay.delete(response);
      if (this.underWay.size === 0) this.onEmpty?.();
    });
  }

  /** Resolves when nothing is under way. */
  async emptied(): Promise<void> {
    if (this.underWay.size === 0) return;
    await new Promise<void>((resolve) => (this.onEmpty = resolve));
  }
}
