import type { EntityManager } from '@mikro-orm/postgresql';
import type { MerchantMonth } from '../domain/merchant-limits.ts';

/** Which merchant. */
export interface MerchantKey {
  readonly lotId: string;
  readonly merchantId: string;
}

/**
 * What counts against a merchant's budget of a local month: what settled validations cost, what is held for those that wait. What was
 * given to a reservation that expired, was cancelled or missed does not. True while the merchant's row is locked.
 */
export async function merchantMonth(em: EntityManager, key: MerchantKey, month: string): Promise<MerchantMonth> {
  const months = await merchantMonths(em, [{ ...key, month }]);
  return months.get(key.merchantId) ?? { minor: 0, count: 0 };
}

/** As `merchantMonth` for several merchants, in one statement; by merchant. One without validations is not among them. */
export async function merchantMonths(
  em: EntityManager,
  asked: readonly (MerchantKey & { month: string })[],
): Promise<Map<string, MerchantMonth>> {
  if (asked.length === 0) return new Map();
  const rows = await em.execute<{ id: string; minor: string; count: number }[]>(
    `SELECT validation.merchant_id AS id, sum(coalesce(cost_minor, held_minor))::text AS minor, count(*)::int AS count
     FROM validation LEFT JOIN reservation
       ON reservation.lot_id = validation.lot_id AND reservation.id = validation.reservation_id
     WHERE (validation.lot_id, validation.merchant_id, validation.month) IN (${asked.map(() => '(?, ?, ?)').join(', ')})
       AND (validation.state = 'USED'
         OR (validation.state = 'GIVEN' AND coalesce(reservation.state, '') NOT IN ('EXPIRED', 'CANCELLED', 'NO_SHOW')))
     GROUP BY 1`,
    asked.flatMap(({ lotId, merchantId, month }) => [lotId, merchantId, month]),
  );
  return new Map(rows.map(({ id, minor, count }) => [id, { minor: Number(minor), count }]));
}
