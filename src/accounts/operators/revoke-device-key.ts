import { Refusal } from '../../domain/refusal.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { Device } from '../../entities/device.ts';
import { inTransaction } from '../../platform/db.ts';
import type { Platform } from '../../platform/platform.ts';
import { forgetDeviceKey } from '../device-keys.ts';
import { lotToServe } from './lot-access.ts';

/**
 * Ends a device's key, effective at once (within 60 seconds if Redis is away). Revoking it again changes nothing.
 * Refuses with LOT_NOT_FOUND and DEVICE_NOT_FOUND.
 */
export async function revokeDeviceKey(
  platform: Platform,
  input: { lotId: string; deviceId: string },
  viewer: Viewer | undefined,
): Promise<Device> {
  const { lotId, deviceId: id } = input;
  return inTransaction(platform, async (tx) => {
    const lot = await lotToServe(tx.em, lotId, viewer);
    const device = await tx.em.findOne(Device, { lotId: lot.id, id });
    if (!device) throw new Refusal('DEVICE_NOT_FOUND', 'This lot has no such device.', { field: ['deviceId'] });
    device.revokedAt ??= tx.now;
    tx.afterCommit(() => forgetDeviceKey(platform, { lotId, id }));
    return device;
  });
}
