import { defineEntity, p } from '@mikro-orm/postgresql';

/** A plate that a monthly pass lets in, sealed as the plates of its lot are. */
const schema = defineEntity({
  name: 'MonthlyPassPlate',
  tableName: 'monthly_pass_plate',
  properties: {
    lotId: p.uuid().primary(),
    monthlyPassId: p.uuid().primary(),
    plateIndex: p.text().primary(),
    plateSkeletonIndex: p.text().hidden(),
    plateCipher: p.text().hidden(),
  },
});

export class MonthlyPassPlate extends schema.class {}
schema.setClass(MonthlyPassPlate);
