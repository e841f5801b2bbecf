import type { EntityManager } from '@mikro-orm/postgresql';
import { notApplicable, type PromoCodeProblem } from '../domain/promo-code.ts';
import type { PromoCode } from '../entities/promo-code.ts';

/** A reservation that expired, was cancelled, or whose hold has run out has given back what it used. */
export const STANDS = `state NOT IN ('EXPIRED', 'CANCELLED') AND NOT (state = 'HELD' AND hold_expires_at <= ?)`;

/** Whether the uses of a code are limited at all; otherwise nobody has to count. */
export function isLimited({ maxUses, usesPerDriver, firstVisitOnly }: PromoCode): boolean {
  return maxUses != null || usesPerDriver != null || firstVisitOnly;
}

/**
 * Why a code can't be used once more, or undefined. Uses are counted, never kept: those of reservations that stand. True while the code's
 * row is locked. One statement for a limited code, none for another.
 */
export async function promoUsesLeft(
  em: EntityManager,
  promoCode: PromoCode,
  { driverId, now }: { driverId: string | undefined; now: Date },
): Promise<PromoCodeProblem | undefined> {
  if (!isLimited(promoCode)) return undefined;
  const { maxUses, usesPerDriver, firstVisitOnly } = promoCode;
  const { uses, own, visits } = await countUses(em, promoCode, { driverId, now });
  if (maxUses != null && uses >= maxUses) return usedUp('This promo code has been used up.');
  if (driverId === undefined) return undefined;
  if (usesPerDriver != null && own >= usesPerDriver)
    return usedUp('You have used this promo code as often as you may.');
  if (firstVisitOnly && visits > 0) return notApplicable('This promo code is for a first visit.');
  return undefined;
}

function usedUp(message: string): PromoCodeProblem {
  return { code: 'PROMO_CODE_USED_UP', message };
}

interface Uses {
  readonly uses: number;
  readonly own: number;
  readonly visits: number;
}

/** `visits`: reservations of the driver at the operator's lots that stand, with whatever code. */
async function countUses(
  em: EntityManager,
  { id, operatorId, firstVisitOnly }: PromoCode,
  { driverId, now }: { driverId: string | undefined; now: Date },
): Promise<Uses> {
  const asked = driverId ?? null;
  const visits =
    firstVisitOnly && driverId !== undefined
      ? `(SELECT count(*)::int FROM reservation AS booked JOIN lot ON lot.id = booked.lot_id
          WHERE booked.driver_id = ? AND lot.operator_id = ? AND booked.state NOT IN ('EXPIRED', 'CANCELLED')
            AND NOT (booked.state = 'HELD' AND booked.hold_expires_at <= ?))`
      : '0';
  const [row] = await em.execute<Uses[]>(
    `SELECT count(*)::int AS uses, (count(*) FILTER (WHERE promo_use.driver_id = ?))::int AS own, ${visits} AS visits
     FROM promo_use JOIN reservation ON reservation.lot_id = promo_use.lot_id AND reservation.id = promo_use.reservation_id
     WHERE promo_use.promo_code_id = ? AND ${STANDS}`,
    [asked, ...(visits === '0' ? [] : [asked, operatorId, now]), id, now],
  );
  return row ?? { uses: 0, own: 0, visits: 0 };
}
