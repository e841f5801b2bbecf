import { Refusal } from '../../domain/refusal.ts';
import type { DeviceRole, Viewer } from '../../domain/viewer.ts';
import { Device } from '../../entities/device.ts';
import { Gate } from '../../entities/gate.ts';
import { Merchant } from '../../entities/merchant.ts';
import { inTransaction } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { makeDeviceKey, tellOfDevice } from '../device-keys.ts';
import { lotToServe } from './lot-access.ts';
import { readText } from './lot-details.ts';

export interface IssueDeviceKeyInput {
  readonly lotId: string;
  readonly name: string;
  readonly role: DeviceRole;
  /** The gate that a GATE device serves; no other device has one. */
  readonly gateId?: string | undefined;
  /** The merchant whose till a MERCHANT device is; no other device has one. */
  readonly merchantId?: string | undefined;
}

/**
 * Registers a device of a lot and gives it its key, which is shown this once and stored nowhere.
 * Refuses with INVALID_INPUT (name, a GATE without a gate, a MERCHANT without a merchant, another with one), LOT_NOT_FOUND, GATE_NOT_FOUND and MERCHANT_NOT_FOUND.
 */
export async function issueDeviceKey(
  platform: Platform,
  input: IssueDeviceKeyInput,
  viewer: Viewer | undefined,
): Promise<{ device: Device; key: string }> {
  const name = readText('name', input.name);
  const gateId = input.gateId ?? null;
  if ((input.role === 'GATE') !== (gateId !== null)) {
    throw new Refusal('INVALID_INPUT', 'A gate device names its gate, and no other device does.', {
      field: ['gateId'],
    });
  }
  const merchantId = input.merchantId ?? null;
  if ((input.role === 'MERCHANT') !== (merchantId !== null)) {
    throw new Refusal('INVALID_INPUT', 'The till of a merchant names it, and no other device does.', {
      field: ['merchantId'],
    });
  }
  return inTransaction(platform, async (tx) => {
    const lot = await lotToServe(tx.em, input.lotId, viewer);
    if (gateId !== null && !(await tx.em.findOne(Gate, { lotId: lot.id, id: gateId }))) {
      throw new Refusal('GATE_NOT_FOUND', 'This lot has no such gate.', { field: ['gateId'] });
    }
    if (merchantId !== null && !(await tx.em.findOne(Merchant, { lotId: lot.id, id: merchantId, endedAt: null }))) {
      throw new Refusal('MERCHANT_NOT_FOUND', 'This lot has no such merchant.', { field: ['merchantId'] });
    }
    const id = newId(tx.now);
    const { key, keyHash } = makeDeviceKey({ lotId: lot.id, id });
    const device = tx.em.create(Device, {
      lotId: lot.id,
      id,
      gateId,
      merchantId,
      name,
      role: input.role,
      keyHash,
      createdAt: tx.now,
    });
    tx.afterCommit(() => tellOfDevice(platform, device));
    return { device, key };
  });
}
