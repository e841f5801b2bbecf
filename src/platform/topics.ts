import { RedisPubSub } from 'graphql-redis-subscriptions';
import type { Redis } from 'ioredis';
import type { Logger } from './log.ts';

/** Names of the topics. A message says "look"; whoever hears it reads the truth for itself. */
export const topic = {
  /** There is something to relay. */
  outbox: 'outbox',
  /** Something that counts changed in this lot. */
  lotChanged: (partition: number) => `lot-changed.${partition}`,
  /** A new snapshot of the lot's availability; carries it. */
  availability: (lotId: string) => `availability.${lotId}`,
  reservation: (reservationId: string) => `reservation.${reservationId}`,
  /** An incident of the lot was raised or resolved; names it. */
  alerts: (lotId: string) => `alerts.${lotId}`,
  gateActivity: (lotId: string) => `gate-activity.${lotId}`,
  /** There is a command for the relays of this gate. */
  relay: (gateId: string) => `relay.${gateId}`,
  /** Something that lanes decide from changed in this lot. */
  rightsChanged: (lotId: string) => `rights-changed.${lotId}`,
};

/** Publish and subscribe over Redis, for this process. */
export interface Topics {
  readonly pubsub: RedisPubSub;
  /** Sends after the fact: a failure is logged, because every subscriber also recovers by reading. */
  publish(name: string, payload: Record<string, unknown>): void;
  close(): Promise<void>;
}

/**
 * A subscription that fails says so to whoever asked for it. The library also rejects a promise that only a second subscriber of the
 * same moment would hold; with none, that rejection would end the process.
 */
class ContainedPubSub extends RedisPubSub {
  override subscribe<T>(trigger: string, onMessage: (message: T) => void, options?: unknown): Promise<number> {
    const subscribed = super.subscribe(trigger, onMessage, options);
    const waiting = this['subsPendingRefsMap'] as ReadonlyMap<string, { readonly pending: Promise<unknown> }>;
    waiting.get(trigger)?.pending.catch(() => undefined);
    return subscribed;
  }
}

/**
 * The library lets go of a channel and does not look at the answer. On a connection that ends meanwhile there is nothing left to let go of,
 * and nobody's rejection would end the process.
 */
function containLettingGo(subscriber: Redis): void {
  for (const name of ['unsubscribe', 'punsubscribe'] as const) {
    const send = subscriber[name].bind(subscriber) as (...channels: string[]) => Promise<unknown>;
    Reflect.set(subscriber, name, (...channels: string[]) => {
      const sent = send(...channels);
      sent.catch(() => undefined);
      return sent;
    });
  }
}

export function createTopics(options: { publisher: Redis; subscriber: Redis; log: Logger }): Topics {
  containLettingGo(options.subscriber);
  const pubsub = new ContainedPubSub({ publisher: options.publisher, subscriber: options.subscriber });
  return {
    pubsub,
    publish: (name, payload) => {
      pubsub
        .publish(name, payload)
        .catch((error: unknown) => options.log.warn({ err: error, topic: name }, 'publish failed'));
    },
    close: async () => {
      // A connection that ends while its channels are being let go of does not answer any more: it is closed all the same.
      await pubsub
        .close()
        .catch((error: unknown) => options.log.debug({ err: error }, 'the topics were closed already'));
    },
  };
}
