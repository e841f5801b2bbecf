// What makes parking cheaper in the demo: a promo code for newcomers, a café that pays for its guests, a pass for commuters.

import { createPromoCode } from '../../src/accounts/operators/create-promo-code.ts';
import { offerMonthlyPass } from '../../src/accounts/operators/offer-monthly-pass.ts';
import { createMerchant } from '../../src/accounts/operators/set-up-merchant.ts';
import { smallestChargeMinor } from '../../src/domain/money.ts';
import type { Viewer } from '../../src/domain/viewer.ts';
import type { Lot } from '../../src/entities/lot.ts';
import type { Platform } from '../../src/platform/platform.ts';

const WORKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI'] as const;

/** Sets up one of each in a lot. The café has no till yet: the lot's staff validate in its name. */
export async function buildDiscounts(
  platform: Platform,
  { id: lotId, operatorId, code, currency }: Lot,
  viewer: Viewer,
): Promise<void> {
  // About half a euro in every currency of the demo.
  const unitMinor = smallestChargeMinor(currency);
  await createPromoCode(
    platform,
    {
      operatorId,
      code: `WELCOME-${code}`,
      value: { kind: 'PERCENT', percent: 20 },
      lotIds: [lotId],
      firstVisitOnly: true,
    },
    viewer,
  );
  await createMerchant(
    platform,
    { lotId, name: 'Corner café', mostMinor: 20 * unitMinor, budgetMinor: 2000 * unitMinor },
    viewer,
  );
  const hours = [{ days: WORKDAYS, from: '06:00', to: '20:00' }];
  await offerMonthlyPass(
    platform,
    { lotId, name: 'Commuter', priceMinor: 240 * unitMinor, hours, mostPlates: 2 },
    viewer,
  );
}
