import { defineEntity, p } from '@mikro-orm/postgresql';
import type { TariffDocument } from '../domain/tariff/document.ts';

/** One published version of a lot's pricing rules. Versions are never changed; the highest number is in force. */
const schema = defineEntity({
  name: 'Tariff',
  tableName: 'tariff',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    versionNumber: p.integer(),
    document: p.json<TariffDocument>(),
    publishedAt: p.datetime(3),
    publishedByStaffId: p.uuid().nullable(),
  },
  uniques: [{ name: 'tariff_version_number', properties: ['lotId', 'versionNumber'] }],
});

export class Tariff extends schema.class {}
schema.setClass(Tariff);
