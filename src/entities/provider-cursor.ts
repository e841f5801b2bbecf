import { defineEntity, p } from '@mikro-orm/postgresql';

/**
 * How far the provider's lists have been compared with ours. It is restored together with the rows: what a restore has lost lies
 * behind it.
 */
const schema = defineEntity({
  name: 'ProviderCursor',
  tableName: 'provider_cursor',
  properties: {
    name: p.text().primary(),
    readUntil: p.datetime(3),
  },
});

export class ProviderCursor extends schema.class {}
schema.setClass(ProviderCursor);
