import { bundleDelta, type LaneBundle } from '../../domain/lane-bundle.ts';
import { monotonicMs } from '../../platform/clock.ts';
import type { Platform } from '../../platform/platform.ts';
import { partitionOf } from '../../platform/redis.ts';
import { topic } from '../../platform/topics.ts';
import { encodeBundle } from '../lane/bundle-codec.ts';
import { currentBundle, earlierBundle } from './bundle-versions.ts';
import { laneKeysOf } from './lane-keys.ts';

export interface BundleAsked {
  readonly lotId: string;
  /** The version that the lane has; undefined: none. */
  readonly have: number | undefined;
  /** How long to wait for a newer one. */
  readonly waitMs: number;
  /** True once nobody waits for the answer any more. */
  readonly isOver: () => boolean;
}

export interface SentBundle {
  readonly kind: 'full' | 'delta';
  readonly version: number;
  readonly bytes: Buffer;
}

/** A busy lot changes all the time: it is looked at this often at most. */
const LOOK_AGAIN_MS = 1000;
/** How soon a wait notices that nobody waits any more. */
const SLICE_MS = 250;

/**
 * The bundle that a lane needs: the difference to the version that it has where that is still known and the difference is smaller, else
 * the whole. UNCHANGED when `have` is the newest and stays it for `waitMs`. NO_LOT when there is no such lot.
 */
export async function sendBundle(platform: Platform, asked: BundleAsked): Promise<SentBundle | 'UNCHANGED' | 'NO_LOT'> {
  const { lotId, have } = asked;
  const untilMs = monotonicMs() + asked.waitMs;
  const base = have === undefined ? undefined : await earlierBundle(platform, { lotId, version: have });
  const changes = asked.waitMs > 0 ? await hearOfChanges(platform, lotId) : undefined;
  try {
    for (;;) {
      const bundle = await currentBundle(platform, lotId);
      if (bundle === undefined) return 'NO_LOT';
      if (bundle.version !== have) return encoded(platform, { base, bundle });
      const changed = await changes?.next({ untilMs, isOver: asked.isOver });
      if (changed !== true) return 'UNCHANGED';
    }
  } finally {
    changes?.stop();
  }
}

function encoded(
  platform: Platform,
  { base, bundle }: { base: LaneBundle | undefined; bundle: LaneBundle },
): SentBundle {
  const { bundleKey } = laneKeysOf(platform);
  const { version } = bundle;
  const delta = base && encodeBundle({ kind: 'DELTA', delta: bundleDelta(base, bundle) }, bundleKey);
  const full = () => encodeBundle({ kind: 'FULL', bundle }, bundleKey);
  return delta ? { kind: 'delta', version, bytes: delta } : { kind: 'full', version, bytes: full() };
}

interface Changes {
  /** True once something may have changed since the last time; false when the time is over. */
  next(until: { untilMs: number; isOver: () => boolean }): Promise<boolean>;
  stop(): void;
}

/** Listens first, so that nothing falls between looking and waiting. What nobody tells of is found at the lane's next question. */
async function hearOfChanges(platform: Platform, lotId: string): Promise<Changes> {
  const { pubsub } = platform.topics;
  let isNews = false;
  const hear = (message: unknown) => {
    if (isAbout(message, lotId)) isNews = true;
  };
  const topics = [topic.gateActivity(lotId), topic.lotChanged(partitionOf(lotId)), topic.rightsChanged(lotId)];
  const subscriptions = await Promise.all(topics.map((name) => pubsub.subscribe(name, hear)));
  let lookedAtMs = monotonicMs();
  return {
    next: async ({ untilMs, isOver }) => {
      while (!isNews || monotonicMs() - lookedAtMs < LOOK_AGAIN_MS) {
        if (monotonicMs() >= untilMs || isOver()) return false;
        await new Promise((resolve) => setTimeout(resolve, SLICE_MS));
      }
      isNews = false;
      lookedAtMs = monotonicMs();
      return true;
    },
    stop: () => subscriptions.forEach((id) => pubsub.unsubscribe(id)),
  };
}

function isAbout(message: unknown, lotId: string): boolean {
  return typeof message === 'object' && message !== null && 'lotId' in message && message.lotId === lotId;
}
