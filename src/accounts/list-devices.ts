import type { EntityManager } from '@mikro-orm/postgresql';
import { Device } from '../entities/device.ts';

/** The devices of lots by name, working and revoked. One statement, however many lots. */
export async function listDevices(em: EntityManager, lotIds: readonly string[]): Promise<Device[]> {
  return em.find(Device, { lotId: { $in: [...lotIds] } }, { orderBy: { name: 'asc', id: 'asc' } });
}
