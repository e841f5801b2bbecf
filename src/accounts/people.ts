import type { EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Driver } from '../entities/driver.ts';
import { Staff } from '../entities/staff.ts';
import { driverViewer, staffViewer, type PersonViewer } from './viewers.ts';

/** Somebody who can sign in, and as whom. */
export interface Person {
  readonly account: Driver | Staff;
  readonly viewer: PersonViewer;
}

/**
 * A person's account as it stands, undefined when it is gone or disabled. Whoever opens a login locks it for reading, whoever ends all
 * of them for writing, before any refresh token: no login slips through between.
 */
export async function findPerson(
  em: EntityManager,
  { kind, id }: { kind: PersonViewer['kind']; id: string },
  lockMode?: LockMode,
): Promise<Person | undefined> {
  const options = lockMode === undefined ? {} : { lockMode };
  if (kind === 'DRIVER') {
    const driver = await em.findOne(Driver, { id }, options);
    return driver ? { account: driver, viewer: driverViewer(driver) } : undefined;
  }
  const staff = await em.findOne(Staff, { id, disabledAt: null }, options);
  return staff ? { account: staff, viewer: staffViewer(staff) } : undefined;
}

/** Which row a person's account is. */
export function personKey(viewer: PersonViewer): { kind: PersonViewer['kind']; id: string } {
  return { kind: viewer.kind, id: viewer.kind === 'DRIVER' ? viewer.driverId : viewer.staffId };
}
