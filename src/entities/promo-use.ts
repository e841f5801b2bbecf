import { defineEntity, p } from '@mikro-orm/postgresql';

/**
 * The use of a promo code by a reservation. It counts while the reservation does: one that expired or was cancelled has given its use
 * back, without anything being written.
 */
const schema = defineEntity({
  name: 'PromoUse',
  tableName: 'promo_use',
  properties: {
    lotId: p.uuid().primary(),
    reservationId: p.uuid().primary(),
    promoCodeId: p.uuid(),
    driverId: p.uuid(),
    claimedAt: p.datetime(3),
  },
  indexes: [{ name: 'promo_use_code_driver', properties: ['promoCodeId', 'driverId'] }],
});

export class PromoUse extends schema.class {}
schema.setClass(PromoUse);
