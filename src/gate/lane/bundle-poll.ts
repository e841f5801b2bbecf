import type { LaneBundle } from '../../domain/lane-bundle.ts';
import { monotonicMs } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { BundleStore } from './bundle-store.ts';
import type { CloudLink } from './cloud-link.ts';
import type { Reply } from './http-call.ts';

const WAIT_SECONDS = 20;
/** The cloud answers within the wait; what takes so much longer does not come. */
const LATE_MS = 10_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5000;
/** A cloud that always has something newer is asked this often at most. */
const CALM_MS = 200;
const OK = 200;
const UNCHANGED = 304;

export interface BundlePollParts {
  readonly link: CloudLink;
  readonly store: BundleStore;
  readonly log: Logger;
  readonly pending: () => number;
  /** The key that bundles must be signed with; undefined until the first answer names it, where the agent was started without one. */
  readonly pinnedKey: () => string | undefined;
  readonly pinKey: (key: string) => void;
  readonly onBundle: (bundle: LaneBundle) => void;
  readonly onRefused: () => void;
}

/** Keeps the bundle new: asks for what is newer and waits for it at the cloud, again and again. Nothing that is not good is taken. */
export class BundlePoll {
  private readonly parts: BundlePollParts;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private pauseMs = FIRST_PAUSE_MS;

  constructor(parts: BundlePollParts) {
    this.parts = parts;
  }

  start(): void {
    void this.run();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    const startedMs = monotonicMs();
    const isFine = await this.look().catch((error: unknown) => {
      this.parts.log.error({ err: error }, 'a bundle could not be taken');
      return false;
    });
    if (this.isClosed) return;
    this.pauseMs = isFine ? FIRST_PAUSE_MS : Math.min(2 * this.pauseMs, LONGEST_PAUSE_MS);
    const leastMs = isFine ? CALM_MS - (monotonicMs() - startedMs) : this.pauseMs;
    this.timer = setTimeout(() => void this.run(), Math.max(0, leastMs));
  }

  private async look(): Promise<boolean> {
    const { link, store, pending } = this.parts;
    const have = store.have();
    // The first one is wanted now.
    const waitSeconds = have === undefined ? 0 : WAIT_SECONDS;
    const asked = `waitSeconds=${waitSeconds}&pending=${pending()}${have === undefined ? '' : `&have=${have}`}`;
    const reply = await link.call({
      method: 'GET',
      path: `/lane/v1/bundle?${asked}`,
      headers: link.credentials(),
      timeoutMs: waitSeconds * 1000 + LATE_MS,
    });
    if (reply?.status === UNCHANGED) return true;
    return reply?.status === OK && this.take(reply);
  }

  private take({ headers, body }: Reply): boolean {
    const { store, log, pinnedKey, pinKey, onBundle, onRefused } = this.parts;
    const told = headers['parkwell-key'];
    const key = pinnedKey() ?? (typeof told === 'string' ? told : undefined);
    if (key === undefined || this.isClosed) return false;
    const taken = store.take(body, key);
    if ('refused' in taken) {
      log.error({ refused: taken.refused, bytes: body.length }, 'a bundle was not taken, the last good one stays');
      onRefused();
      if (taken.refused === 'NEEDS_FULL') store.wantWhole();
      return false;
    }
    if (pinnedKey() === undefined) pinKey(key);
    const { version, expiresAt } = taken.bundle;
    log.debug({ version, expiresAt, kind: taken.kind, bytes: body.length }, 'a bundle was taken');
    onBundle(taken.bundle);
    return true;
  }
}
