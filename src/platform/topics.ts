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
  gateActivity: (lotId: string) => `gate-activity.${lotId}`,
};

/** Publish and subscribe over Redis, for this process. */
export interface Topics {
  readonly pubsub: RedisPubSub;
  /** Sends after the fact: a failure is logged, because every subscriber also recovers by reading. */
  publish(name: string, payload: Record<string, unknown>): void;
  close(): Promise<void>;
}

export function createTopics(options: { publisher: Redis; subscriber: Redis; log: Logger }): Topics {
  const pubsub = new RedisPubSub({ publisher: options.publisher, subscriber: options.subscriber });
  return {
    pubsub,
    publish: (name, payload) => {
      pubsub
        .publish(name, payload)
        .catch((error: unknown) => options.log.warn({ err: error, topic: name }, 'publish failed'));
    },
    close: async () => {
      await pubsub.close();
    },
  };
}
