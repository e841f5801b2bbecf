import { defineEntity, p } from '@mikro-orm/postgresql';
import type { LotPolicy } from '../domain/policies.ts';
import type { ReceiptDetails } from '../domain/receipt.ts';
import type { OpeningHours } from '../domain/opening-hours.ts';

export const LOT_STATES = ['OPEN', 'CLOSED'] as const;

/** A place with spots. Times in it are told in `timeZone`, prices in `currency`. */
const schema = defineEntity({
  name: 'Lot',
  tableName: 'lot',
  properties: {
    id: p.uuid().primary(),
    operatorId: p.uuid().index('lot_operator_id'),
    /** Short name for people and URLs, unique over all operators ("HEL1"). */
    code: p.text().unique('lot_code'),
    name: p.text(),
    address: p.text(),
    latitude: p.double().$type<number>(),
    longitude: p.double().$type<number>(),
    /** ISO 3166-1 alpha-2. */
    country: p.text(),
    timeZone: p.text(),
    currency: p.text(),
    openingHours: p.json<OpeningHours>(),
    policy: p.json<LotPolicy>(),
    state: p.enum(LOT_STATES),
    /** Which of the 64 Redis partitions holds this lot's index and journal; settled when the lot is made, never changed. */
    partition: p.smallint(),
    /** What stands on its receipts, where it is not the operator's own. */
    receiptDetails: p.json<ReceiptDetails>().nullable(),
    createdAt: p.datetime(3),
  },
});

export class Lot extends schema.class {}
schema.setClass(Lot);
