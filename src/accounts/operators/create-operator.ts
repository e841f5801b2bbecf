import { Refusal } from '../../domain/refusal.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { Operator } from '../../entities/operator.ts';
import { inTransaction } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { readText } from './lot-details.ts';

export interface CreateOperatorInput {
  readonly name: string;
  /** What stands on receipts. */
  readonly legalName: string;
  readonly taxNumber?: string | undefined;
}

/**
 * Makes a company that runs lots; it has neither lots nor staff yet. For admins.
 * Refuses with NOT_ALLOWED and INVALID_INPUT (texts).
 */
export async function createOperator(
  platform: Platform,
  input: CreateOperatorInput,
  viewer: Viewer | undefined,
): Promise<Operator> {
  if (viewer?.kind !== 'STAFF' || viewer.role !== 'ADMIN')
    throw new Refusal('NOT_ALLOWED', 'Only an admin makes operators.');
  const name = readText('name', input.name);
  const legalName = readText('legalName', input.legalName);
  const taxNumber = input.taxNumber === undefined ? null : readText('taxNumber', input.taxNumber);
  return inTransaction(platform, (tx) => {
    const operator = { id: newId(tx.now), name, legalName, taxNumber, createdAt: tx.now };
    return Promise.resolve(tx.em.create(Operator, operator));
  });
}
