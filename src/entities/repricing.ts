import { defineEntity, p } from '@mikro-orm/postgresql';
import type { LeftOutReason } from '../domain/repricing.ts';
import type { TariffDocument } from '../domain/tariff/document.ts';

export const REPRICING_STATES = ['RUNNING', 'DONE', 'CANCELLED'] as const;
export type RepricingState = (typeof REPRICING_STATES)[number];

/** Past stays of a lot priced again by another tariff, to see what would change. Changes no price, charges and refunds nothing. */
const schema = defineEntity({
  name: 'Repricing',
  tableName: 'repricing',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    state: p.enum(REPRICING_STATES),
    /** The published version; null for a draft. */
    tariffId: p.uuid().nullable(),
    document: p.json<TariffDocument>(),
    currency: p.text(),
    /** The stays whose vehicles left from then on … */
    fromAt: p.datetime(3),
    /** … and before then. */
    untilAt: p.datetime(3),
    requestedByStaffId: p.uuid().nullable(),
    /** The last stay that was looked at: everything before it is done. */
    cursorLeftAt: p.datetime(3).nullable(),
    cursorStayId: p.uuid().nullable(),
    staysTotal: p.integer(),
    staysDone: p.integer(),
    staysChanged: p.integer(),
    /** How many stays were not priced again, by reason. */
    leftOut: p.json<Partial<Record<LeftOutReason, number>>>(),
    oldTotalMinor: p.bigint('number'),
    newTotalMinor: p.bigint('number'),
    refundDueMinor: p.bigint('number'),
    additionalMinor: p.bigint('number'),
    /** When giving back what was paid too much was asked for; null: nobody has. */
    refundsAskedAt: p.datetime(3).nullable(),
    refundsDoneAt: p.datetime(3).nullable(),
    refundedMinor: p.bigint('number'),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    finishedAt: p.datetime(3).nullable(),
  },
});

export class Repricing extends schema.class {}
schema.setClass(Repricing);
