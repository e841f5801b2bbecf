import { randomBytes } from 'node:crypto';
import { Refusal } from '../../domain/refusal.ts';
import type { StaffRole, Viewer } from '../../domain/viewer.ts';
import { Lot } from '../../entities/lot.ts';
import { Operator } from '../../entities/operator.ts';
import { Staff } from '../../entities/staff.ts';
import { inTransaction, type Transaction } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { claimEmail, normalizeEmail } from '../email.ts';
import { hashPassword } from '../passwords.ts';
import { readText } from './lot-details.ts';

const PASSWORD_BYTES = 15;
const MAX_LOTS = 500;

export interface InviteStaffInput {
  readonly email: string;
  readonly name: string;
  readonly role: StaffRole;
  /** Only an admin names it, or the lots, which tell it; others invite to their own operator. */
  readonly operatorId?: string | undefined;
  /** The only lots they serve; left out: every lot of the operator, also those to come. */
  readonly lotIds?: readonly string[] | undefined;
}

/**
 * Makes an account for a member of staff, with a password that is shown this once. Nobody gives more than they have: an operator
 * invites attendants and operators of their own lots, an admin anybody. Locks the e-mail address (advisory).
 * Refuses with NOT_ALLOWED, INVALID_INPUT, NOT_FOUND (operator), LOT_NOT_FOUND and EMAIL_TAKEN.
 */
export async function inviteStaff(
  platform: Platform,
  input: InviteStaffInput,
  viewer: Viewer | undefined,
): Promise<{ staff: Staff; oneTimePassword: string }> {
  const email = normalizeEmail(input.email);
  const name = readText('name', input.name);
  const granted = grantedOperator(input, viewer);
  const lotIds = grantedLots(input, viewer);
  const oneTimePassword = randomBytes(PASSWORD_BYTES).toString('base64url');
  const passwordHash = await hashPassword(oneTimePassword);
  return inTransaction(platform, async (tx) => {
    const operatorId = granted ?? (await operatorOf(tx, lotIds));
    await checkScope(tx, operatorId, lotIds);
    await claimEmail(tx, email);
    const id = newId(tx.now);
    const staff = tx.em.create(Staff, {
      id,
      operatorId,
      email,
      name,
      passwordHash,
      role: input.role,
      lotIds,
      createdAt: tx.now,
    });
    return { staff, oneTimePassword };
  });
}

function grantedOperator({ role, operatorId, lotIds }: InviteStaffInput, viewer: Viewer | undefined): string | null {
  if (viewer?.kind !== 'STAFF' || viewer.role === 'ATTENDANT')
    throw new Refusal('NOT_ALLOWED', 'Only operators and admins invite staff.');
  if (viewer.role !== 'ADMIN') {
    if (role === 'ADMIN') throw new Refusal('NOT_ALLOWED', 'Only an admin makes an admin.', { field: ['role'] });
    if (operatorId !== undefined && operatorId !== viewer.operatorId) {
      throw new Refusal('NOT_ALLOWED', 'You may invite to your own operator only.', { field: ['operatorId'] });
    }
    return viewer.operatorId;
  }
  if (role !== 'ADMIN' && operatorId === undefined && lotIds === undefined) {
    throw new Refusal('INVALID_INPUT', 'Name the operator they work for, or their lots.', { field: ['operatorId'] });
  }
  return role === 'ADMIN' ? null : (operatorId ?? null);
}

/** The lots that somebody may give to somebody else; null: every lot of the operator. Refuses with INVALID_INPUT and NOT_ALLOWED. */
export function grantedLots(
  { role, lotIds }: Pick<InviteStaffInput, 'role' | 'lotIds'>,
  viewer: Viewer | undefined,
): string[] | null {
  const wanted = lotIds === undefined ? null : [...new Set(lotIds)];
  if (wanted !== null && (wanted.length === 0 || wanted.length > MAX_LOTS || role === 'ADMIN')) {
    throw new Refusal('INVALID_INPUT', `Name 1 to ${MAX_LOTS} lots, or none for all; an admin has them all.`, {
      field: ['lotIds'],
    });
  }
  const own = viewer?.kind === 'STAFF' ? viewer.lotIds : [];
  const exceeds = own !== 'ALL' && (wanted === null || wanted.some((lotId) => !own.includes(lotId)));
  if (exceeds) throw new Refusal('NOT_ALLOWED', 'You may give only the lots that you serve.', { field: ['lotIds'] });
  return wanted;
}

/** Whose lots these are; null without any, or for a lot that is not there. */
async function operatorOf(tx: Transaction, lotIds: readonly string[] | null): Promise<string | null> {
  const [first] = lotIds ?? [];
  return first === undefined ? null : ((await tx.em.findOne(Lot, { id: first }))?.operatorId ?? null);
}

/** Refuses with NOT_FOUND for an operator that is not there, and with LOT_NOT_FOUND for lots that are not all theirs. */
export async function checkScope(tx: Transaction, operatorId: string | null, lotIds: string[] | null): Promise<void> {
  if (operatorId !== null && !(await tx.em.findOne(Operator, { id: operatorId }))) {
    throw new Refusal('NOT_FOUND', 'There is no such operator.', { field: ['operatorId'] });
  }
  if (lotIds === null) return;
  const known = await tx.em.count(Lot, { id: { $in: lotIds }, operatorId });
  if (known < lotIds.length) throw new Refusal('LOT_NOT_FOUND', 'The operator has no such lot.', { field: ['lotIds'] });
}
