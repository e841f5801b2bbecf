import { defineEntity, p } from '@mikro-orm/postgresql';
import { COMMAND_KINDS } from '../domain/payment.ts';

/**
 * Something that has to be asked of the payment provider, with nobody waiting for it. Written in the transaction that decides it;
 * worked off by whoever claims it, until it is finished or waits for a person.
 */
const schema = defineEntity({
  name: 'ProviderCommand',
  tableName: 'provider_command',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    kind: p.enum(COMMAND_KINDS),
    /** The payment or the refund that it is about. */
    subjectId: p.uuid(),
    /** The provider's id of what the subject alone does not name: a dispute. */
    ref: p.text().nullable(),
    /** Not before; while somebody works on it, until when it is theirs. */
    nextAttemptAt: p.datetime(3),
    /** How often it was taken up. Whoever finishes it shows this number: one whose lease ran out finishes nothing. */
    attempts: p.integer(),
    /** How often it failed through no fault of the provider's; too often, and it is parked. */
    failures: p.integer(),
    createdAt: p.datetime(3),
    finishedAt: p.datetime(3).nullable(),
    parkedAt: p.datetime(3).nullable(),
  },
});

export class ProviderCommand extends schema.class {}
schema.setClass(ProviderCommand);
