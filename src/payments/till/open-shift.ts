import { Refusal } from '../../domain/refusal.ts';
import { actorKey } from '../../domain/viewer.ts';
import { Device } from '../../entities/device.ts';
import { Shift } from '../../entities/shift.ts';
import { inTransaction, type Transaction } from '../../platform/db.ts';
import { claimKey } from '../../platform/idempotency.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { transfer } from '../ledger.ts';
import { servedLot, type StaffViewer } from './served-lot.ts';
import { isCountable } from './shift-row.ts';

export interface OpenShiftInput {
  readonly idempotencyKey: string;
  readonly lotId: string;
  /** The till's own device, if it has one. */
  readonly deviceId?: string | undefined;
  /** The coins that the drawer begins with, in minor units of the lot's currency. */
  readonly openingMinor: number;
}

/**
 * Begins an attendant's shift with the coins that lie in the drawer: they come out of the safe. One shift a person and one a device
 * at a time. Refuses with LOT_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, INVALID_INPUT (no amount that a till holds), DEVICE_NOT_FOUND, SHIFT_OPEN.
 * Announces `shift.opened`.
 */
export async function openShift(
  platform: Platform,
  input: OpenShiftInput,
  staff: StaffViewer,
): Promise<{ shift: Shift; replayed: boolean }> {
  const { lotId, idempotencyKey: key, deviceId, openingMinor } = input;
  if (!isCountable(openingMinor))
    throw new Refusal('INVALID_INPUT', 'A drawer begins with nothing or more, and with what a till can hold.', {
      field: ['openingMinor'],
    });
  const { shiftId, replayed } = await inTransaction(platform, async (tx) => {
    const { currency } = await servedLot(tx.em, lotId, staff);
    const keyed = { actor: actorKey(staff), key, operation: 'openShift', input: { lotId, deviceId, openingMinor } };
    const claimed = await claimKey(tx, { ...keyed, result: { shiftId: newId(tx.now) } });
    const { shiftId: id } = claimed.result;
    if (claimed.replayed) return { shiftId: id, replayed: true };
    await mustBeFree(tx, input, staff);
    const opened = { staffId: staff.staffId, deviceId: deviceId ?? null, currency, openingMinor, openedAt: tx.now };
    tx.insert(Shift, { lotId, id, ...opened });
    if (openingMinor > 0)
      await transfer(tx, {
        ...{ lotId, causeKind: 'SHIFT_OPENED', causeId: id, currency, amountMinor: openingMinor },
        debit: 'cash:drawer',
        credit: 'cash:safe',
      });
    tx.announce({ lotId, type: 'shift.opened', aggregateId: id, payload: { shiftId: id } });
    return { shiftId: id, replayed: false };
  });
  return { shift: await platform.orm.em.fork().findOneOrFail(Shift, { lotId, id: shiftId }), replayed };
}

/** Two who begin at once: the table refuses the second, whatever was read here. */
async function mustBeFree(tx: Transaction, { lotId, deviceId }: OpenShiftInput, { staffId }: StaffViewer) {
  if (deviceId !== undefined && !(await tx.em.findOne(Device, { lotId, id: deviceId, revokedAt: null })))
    throw new Refusal('DEVICE_NOT_FOUND', 'There is no such device in this lot.', { field: ['deviceId'] });
  const whose = deviceId === undefined ? [{ staffId }] : [{ staffId }, { deviceId }];
  if (await tx.em.findOne(Shift, { lotId, closedAt: null, $or: whose }))
    throw new Refusal('SHIFT_OPEN', 'You, or somebody at this device, has an open shift here. Close it first.');
}
