import { randomBytes } from 'node:crypto';

/** What stands in a partition's ready marker; no two rebuilds write the same. */
export interface ReadyMarker {
  readonly rebuiltAtMs: number;
  /** Decisions of the day before the rebuild stand in PostgreSQL: an unknown scan may be one of them. */
  readonly hadEvents: boolean;
}

export function makeReadyMarker({ rebuiltAtMs, hadEvents }: ReadyMarker): string {
  return `${rebuiltAtMs}:${hadEvents ? 1 : 0}:${randomBytes(8).toString('hex')}`;
}

export function readReadyMarker(text: string): ReadyMarker {
  const [rebuiltAt = '0', hadEvents] = text.split(':');
  return { rebuiltAtMs: Number(rebuiltAt), hadEvents: hadEvents === '1' };
}
