import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../../domain/refusal.ts';
import type { StaffRole, Viewer } from '../../domain/viewer.ts';
import { Staff } from '../../entities/staff.ts';
import { inTransaction, type Transaction } from '../../platform/db.ts';
import type { Platform } from '../../platform/platform.ts';
import { endLogins } from '../login-families.ts';
import { checkScope, grantedLots } from './invite-staff.ts';

export interface UpdateStaffInput {
  readonly staffId: string;
  readonly role: StaffRole;
  /** The only lots they serve from now on; left out: every lot of the operator, also those to come. */
  readonly lotIds?: readonly string[] | undefined;
}

/**
 * Says anew what a member of staff may do, and where; it holds within seconds, because their logins end. Nobody changes their own account, or one that may
 * do more than they, and nobody an admin's: it is closed, and they are invited to an operator. Locks the account. Refuses with NOT_ALLOWED,
 * INVALID_INPUT, NOT_FOUND (the account) and LOT_NOT_FOUND.
 */
export async function updateStaff(
  platform: Platform,
  { staffId, role, lotIds: named }: UpdateStaffInput,
  viewer: Viewer | undefined,
): Promise<Staff> {
  if (role === 'ADMIN') throw new Refusal('NOT_ALLOWED', 'Nobody becomes an admin this way.', { field: ['role'] });
  const lotIds = grantedLots({ role, lotIds: named }, viewer);
  return inTransaction(platform, async (tx) => {
    const staff = await staffToChange(tx, staffId, viewer);
    if (staff.operatorId == null)
      throw new Refusal(
        'NOT_ALLOWED',
        'An admin works for no operator whose lots they could serve: invite them anew.',
        {
          field: ['staffId'],
        },
      );
    await checkScope(tx, staff.operatorId, lotIds);
    Object.assign(staff, { role, lotIds });
    await endLogins(platform, tx, { kind: 'STAFF', id: staff.id });
    return staff;
  });
}

/**
 * Closes the account of a member of staff: they are signed out within seconds and can't sign in again; what they did keeps their name. Closing it
 * again changes nothing. Nobody closes their own. Locks the account. Refuses with NOT_ALLOWED and NOT_FOUND.
 */
export async function disableStaff(
  platform: Platform,
  { staffId }: { readonly staffId: string },
  viewer: Viewer | undefined,
): Promise<Staff> {
  return inTransaction(platform, async (tx) => {
    const staff = await staffToChange(tx, staffId, viewer);
    staff.disabledAt ??= tx.now;
    await endLogins(platform, tx, { kind: 'STAFF', id: staff.id });
    return staff;
  });
}

/** The account, locked. Whether another operator's account exists is not told; nor is an admin's touched by anybody but admins. */
async function staffToChange(tx: Transaction, id: string, viewer: Viewer | undefined): Promise<Staff> {
  if (viewer?.kind !== 'STAFF' || viewer.role === 'ATTENDANT')
    throw new Refusal('NOT_ALLOWED', 'Only operators and admins change who serves.');
  const staff = await tx.em.findOne(Staff, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const isTheirs = viewer.role === 'ADMIN' || (viewer.operatorId !== null && staff?.operatorId === viewer.operatorId);
  if (!staff || !isTheirs)
    throw new Refusal('NOT_FOUND', 'There is no such member of your staff.', { field: ['staffId'] });
  if (staff.id === viewer.staffId)
    throw new Refusal('NOT_ALLOWED', 'Nobody changes their own account: ask somebody else.', { field: ['staffId'] });
  const { lotIds: own } = viewer;
  if (own !== 'ALL' && (staff.lotIds == null || staff.lotIds.some((lotId) => !own.includes(lotId))))
    throw new Refusal('NOT_ALLOWED', 'They serve lots that you do not.', { field: ['staffId'] });
  return staff;
}
