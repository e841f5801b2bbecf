import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';

/** Money at the provider that carries ids of ours and that no row of ours knows. */
export interface Unknown {
  readonly kind: 'PAYMENT' | 'REFUND';
  readonly ref: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Writes down that the provider has a payment or refund of ours that we do not know, once, for a person to settle: only they can say
 * whether it is given back or booked by hand. Announces `payment.unknown_at_provider` for its lot. Gives whether it was news.
 */
export async function reportUnknown(
  platform: Platform,
  { kind, ref, amountMinor, currency, metadata }: Unknown,
): Promise<boolean> {
  const lotId = uuidIn(metadata, 'lotId');
  const isNew = await inTransaction(platform, async (tx) => {
    const written = await tx.em.execute<unknown[]>(
      `INSERT INTO provider_finding (ref, kind, lot_id, amount_minor, currency, metadata, found_at)
       VALUES (?, ?, ?, ?, ?, ?::jsonb, ?) ON CONFLICT (ref) DO NOTHING RETURNING ref`,
      [ref, kind, lotId, amountMinor, currency, JSON.stringify(metadata), tx.now],
    );
    const aggregateId = uuidIn(metadata, 'paymentId');
    if (written.length > 0 && lotId !== null && aggregateId !== null) {
      const payload = { ref, kind, amountMinor, currency };
      tx.announce({ lotId, type: 'payment.unknown_at_provider', aggregateId, payload });
    }
    return written.length > 0;
  });
  if (!isNew) return false;
  platform.log.error(
    { kind, ref, lotId, amountMinor, currency },
    'the payment provider has money in our name that we do not know',
  );
  platform.metrics.unknownAtProvider.inc({ kind: kind.toLowerCase() });
  return true;
}

function uuidIn(metadata: Readonly<Record<string, string>>, name: string): string | null {
  const value = metadata[name] ?? '';
  return UUID.test(value) ? value : null;
}
