import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { startSystem } from '../support/system.ts';

test('a subscription that is let go of when the connection has ended already fails nobody', async () => {
  const system = await startSystem({ roles: ['api'] });
  const { pubsub } = system.platform.topics;
  const unhandled: unknown[] = [];
  const hear = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', hear);
  try {
    const id = await pubsub.subscribe('a-topic', () => undefined);
    await system.platform.topics.close();
    pubsub.unsubscribe(id);
    // A rejection that nobody took is told of after the turn in which it happened.
    await pause(50);
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', hear);
    await system.stop();
  }
});

test('closing fails nobody whose connection has ended meanwhile', async () => {
  const system = await startSystem({ roles: ['api'] });
  system.platform.topics.pubsub.getSubscriber().disconnect();
  await expect(system.platform.topics.close()).resolves.toBeUndefined();
  await expect(system.stop()).resolves.toBeUndefined();
});
