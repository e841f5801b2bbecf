import type { EntityManager } from '@mikro-orm/postgresql';
import { Merchant } from '../../entities/merchant.ts';
import { MonthlyPassPlate } from '../../entities/monthly-pass-plate.ts';
import { MonthlyPassProduct } from '../../entities/monthly-pass-product.ts';
import { MonthlyPass } from '../../entities/monthly-pass.ts';
import { Validation } from '../../entities/validation.ts';
import { beyond, byId, type RowPage } from './list-promo-codes.ts';

/** The merchants of a lot, the newest first, also those that ended, at most `limit`. */
export async function listMerchants(em: EntityManager, lotId: string, page: RowPage): Promise<Merchant[]> {
  return em.find(Merchant, { lotId, ...beyond(page) }, { orderBy: byId(page), limit: page.limit });
}

/** What a merchant has given, the newest first, at most `limit`. */
export async function listValidations(
  em: EntityManager,
  merchant: { lotId: string; merchantId: string },
  page: RowPage,
): Promise<Validation[]> {
  return em.find(Validation, { ...merchant, ...beyond(page) }, { orderBy: byId(page), limit: page.limit });
}

/** The monthly passes of a driver, or of a lot, the newest first, also those that are over, at most `limit`. */
export async function listMonthlyPasses(
  em: EntityManager,
  whose: { readonly driverId: string } | { readonly lotId: string },
  page: RowPage,
): Promise<MonthlyPass[]> {
  return em.find(MonthlyPass, { ...whose, ...beyond(page) }, { orderBy: byId(page), limit: page.limit });
}

const MOST_ON_SALE = 100;

/** What a lot sells by the month at the moment, the cheapest first, at most 100. */
export async function listPassProducts(em: EntityManager, lotId: string): Promise<MonthlyPassProduct[]> {
  const onSale = { lotId, endedAt: null };
  return em.find(MonthlyPassProduct, onSale, { orderBy: { priceMinor: 'asc', id: 'asc' }, limit: MOST_ON_SALE });
}

/** The plates of several passes, in one statement; still sealed. */
export async function platesOfPasses(
  em: EntityManager,
  passes: readonly { lotId: string; id: string }[],
): Promise<Map<string, MonthlyPassPlate[]>> {
  const lotId = { $in: [...new Set(passes.map((pass) => pass.lotId))] };
  const plates = await em.find(MonthlyPassPlate, { lotId, monthlyPassId: { $in: passes.map(({ id }) => id) } });
  return Map.groupBy(plates, ({ monthlyPassId }) => monthlyPassId);
}
