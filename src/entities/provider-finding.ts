import { defineEntity, p } from '@mikro-orm/postgresql';

/** Money that moved at the provider in our name and that no row of ours knows: for a person to look at. */
const schema = defineEntity({
  name: 'ProviderFinding',
  tableName: 'provider_finding',
  properties: {
    /** The provider's id. */
    ref: p.text().primary(),
    kind: p.enum(['PAYMENT', 'REFUND'] as const),
    /** Where it belongs, if what we wrote on it says so. */
    lotId: p.uuid().nullable(),
    amountMinor: p.bigint('number'),
    currency: p.text(),
    /** What we wrote on it when we made it: ids of ours, nothing of people. */
    metadata: p.json<Record<string, string>>(),
    foundAt: p.datetime(3),
    resolvedAt: p.datetime(3).nullable(),
  },
});

export class ProviderFinding extends schema.class {}
schema.setClass(ProviderFinding);
