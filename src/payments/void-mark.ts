import type { RefundReason } from '../domain/payment.ts';
import type { Payment } from '../entities/payment.ts';

/** What a payment remembers of having been called off while its card may be under charge, and why its money would go back. */
export function voidMark({ detail }: Payment, reason: RefundReason): Record<string, unknown> {
  return { ...detail, void: true, voidReason: reason };
}

/** True for a payment that was called off: should its money still come, it goes back. */
export function isVoid({ detail }: Payment): boolean {
  return detail?.['void'] === true;
}

/** Why it goes back. */
export function voidReason({ detail }: Payment): RefundReason {
  return detail?.['voidReason'] === 'PAID_TWICE' ? 'PAID_TWICE' : 'NO_SHOW';
}
