import type { Viewer } from '../domain/viewer.ts';
import type { Driver } from '../entities/driver.ts';
import type { Staff } from '../entities/staff.ts';

/** A person as the viewer they become by signing in. */
export type PersonViewer = Extract<Viewer, { kind: 'DRIVER' | 'STAFF' }>;

export function driverViewer(driver: Pick<Driver, 'id'>): PersonViewer {
  return { kind: 'DRIVER', driverId: driver.id };
}

export function staffViewer(staff: Pick<Staff, 'id' | 'role' | 'operatorId' | 'lotIds'>): PersonViewer {
  const { id, role, operatorId, lotIds } = staff;
  return { kind: 'STAFF', role, staffId: id, operatorId: operatorId ?? null, lotIds: lotIds ?? 'ALL' };
}
