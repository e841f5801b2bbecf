import { createHash } from 'node:crypto';
import { Refusal } from '../domain/refusal.ts';
import { Driver } from '../entities/driver.ts';
import { Staff } from '../entities/staff.ts';
import type { Transaction } from '../platform/db.ts';

/** The one spelling of an e-mail address: NFC, trimmed, lower case. */
export function normalizeEmail(text: string): string {
  return text.normalize('NFC').trim().toLowerCase();
}

/**
 * Keeps the address for this transaction: drivers and staff sign in through one door, so an address belongs to one account of
 * either table, which no constraint of one table can say. Locks the address (advisory) until the transaction ends.
 * Refuses with EMAIL_TAKEN.
 */
export async function claimEmail(tx: Transaction, email: string): Promise<void> {
  const lockKey = createHash('sha256').update(email).digest('hex');
  await tx.em.execute(`SELECT pg_advisory_xact_lock(hashtextextended(?, 1))`, [lockKey]);
  const driver = await tx.em.findOne(Driver, { email }, { fields: ['id'] });
  const staff = driver ?? (await tx.em.findOne(Staff, { email }, { fields: ['id'] }));
  if (staff)
    throw new Refusal('EMAIL_TAKEN', 'There is an account with this e-mail address already.', { field: ['email'] });
}
