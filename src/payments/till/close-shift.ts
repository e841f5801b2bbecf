import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../../domain/refusal.ts';
import { actorKey } from '../../domain/viewer.ts';
import { Shift } from '../../entities/shift.ts';
import { inTransaction, type Transaction } from '../../platform/db.ts';
import { claimKey } from '../../platform/idempotency.ts';
import type { Platform } from '../../platform/platform.ts';
import { post, type Line } from '../ledger.ts';
import { servedLot, type StaffViewer } from './served-lot.ts';
import { drawerMinor, isCountable } from './shift-row.ts';

export interface CloseShiftInput {
  readonly idempotencyKey: string;
  readonly lotId: string;
  readonly shiftId: string;
  /** What was counted in the drawer, in minor units. */
  readonly countedMinor: number;
}

/**
 * Ends a shift: what was counted goes to the safe, and what is missing or too much stands in the books as a difference. An attendant ends
 * their own; whoever runs the lot ends any of it. Refuses with LOT_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, INVALID_INPUT, SHIFT_NOT_FOUND.
 * Locks the shift. Announces `shift.closed`.
 */
export async function closeShift(
  platform: Platform,
  input: CloseShiftInput,
  staff: StaffViewer,
): Promise<{ shift: Shift; replayed: boolean }> {
  const { lotId, shiftId, countedMinor, idempotencyKey: key } = input;
  if (!isCountable(countedMinor))
    throw new Refusal('INVALID_INPUT', 'Count what is in the drawer: nothing or more, and what a till can hold.', {
      field: ['countedMinor'],
    });
  const replayed = await inTransaction(platform, async (tx) => {
    await servedLot(tx.em, lotId, staff);
    const keyed = { actor: actorKey(staff), key, operation: 'closeShift', input: { lotId, shiftId, countedMinor } };
    const claimed = await claimKey(tx, { ...keyed, result: { shiftId } });
    if (!claimed.replayed) await close(tx, input, staff);
    return claimed.replayed;
  });
  return { shift: await platform.orm.em.fork().findOneOrFail(Shift, { lotId, id: shiftId }), replayed };
}

async function close(tx: Transaction, { lotId, shiftId, countedMinor }: CloseShiftInput, staff: StaffViewer) {
  const whose = staff.role === 'ATTENDANT' ? { staffId: staff.staffId } : {};
  const open = { lotId, id: shiftId, closedAt: null, ...whose };
  const shift = await tx.em.findOne(Shift, open, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!shift) throw new Refusal('SHIFT_NOT_FOUND', 'There is no such open shift of yours.', { field: ['shiftId'] });
  const expectedMinor = await drawerMinor(tx, shift);
  Object.assign(shift, { expectedMinor, countedMinor, closedAt: tx.now });
  const lines: Line[] = [
    { account: 'cash:safe', amountMinor: countedMinor },
    { account: 'cash:difference', amountMinor: expectedMinor - countedMinor },
    { account: 'cash:drawer', amountMinor: -expectedMinor },
  ];
  const moved = lines.filter(({ amountMinor }) => amountMinor !== 0);
  const { currency } = shift;
  if (moved.length > 0) await post(tx, { lotId, causeKind: 'SHIFT_CLOSED', causeId: shiftId, currency, lines: moved });
  tx.announce({ lotId, type: 'shift.closed', aggregateId: shiftId, payload: { shiftId } });
}
