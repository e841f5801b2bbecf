import type { TestSystem } from './system.ts';

interface Running {
  readonly system: Pick<TestSystem, 'platform' | 'stripe' | 'databaseUrl'>;
  unchecked?: string;
  uncompared?: string;
}

const running = new Map<string, Running>();

/** The systems of this test file, one a database. */
export function runningSystems(): readonly Running[] {
  return [...running.values()];
}

export function noteStarted(system: Running['system']): void {
  if (!running.has(system.databaseUrl)) running.set(system.databaseUrl, { system });
}

export function noteStopped(system: Running['system']): void {
  if (running.get(system.databaseUrl)?.system === system) running.delete(system.databaseUrl);
}

/**
 * From now on nobody looks whether the books of this system balance after each test: for tests that break them, or the database, on
 * purpose. Say why.
 */
export function leaveBooksUnchecked(system: Pick<TestSystem, 'databaseUrl'>, because: string): void {
  const noted = running.get(system.databaseUrl);
  if (noted) noted.unchecked = because;
}

/**
 * From now on its books are looked at by themselves, and not beside the provider's list: for tests whose provider was told less, or more,
 * on purpose. Say why.
 */
export function leaveProviderUncompared(system: Pick<TestSystem, 'databaseUrl'>, because: string): void {
  const noted = running.get(system.databaseUrl);
  if (noted) noted.uncompared = because;
}
