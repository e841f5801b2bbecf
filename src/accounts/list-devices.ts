import type { EntityManager } from '@mikro-orm/postgresql';
import { Device } from '../entities/device.ts';

/** The devices of a lot by name, working and revoked. */
export async function listDevices(em: EntityManager, lotId: string): Promise<Device[]> {
  return em.find(Device, { lotId }, { orderBy: { name: 'asc', id: 'asc' } });
}
