import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StepFailure } from '../../scripts/steps.mjs';
import { libraryPathOf, unpackPackages } from './debian-packages.ts';
import type { RedisProgram } from './redis.ts';

const CURE = 'install redis-server with your package manager (or set REDIS_URL to a Redis of yours).';

/** Gives a Redis unpacked from the distribution's packages, downloading them on the first call. */
export async function unpackRedis(): Promise<RedisProgram> {
  const unpacked = await unpackPackages({
    title: 'Redis',
    cure: CURE,
    folder: 'redis-program',
    packages: [
      ['redis-server', 'redis-tools'],
      ['valkey-server', 'valkey-tools'],
    ],
  });
  const binary = ['redis-server', 'valkey-server'].map((name) => join(unpacked, 'usr', 'bin', name)).find(existsSync);
  if (binary === undefined)
    throw new StepFailure('the unpacked packages hold no redis-server', `remove ${unpacked}; ${CURE}`);
  const libraryPath = libraryPathOf(unpacked);
  return { binary, ...(libraryPath === undefined ? {} : { libraryPath }) };
}
