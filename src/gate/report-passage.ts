import type { PassageOutcome } from '../domain/hardware.ts';
import { addMinutes, earlierOf, laterOf } from '../domain/period.ts';
import { Refusal } from '../domain/refusal.ts';
import { Passage } from '../entities/passage.ts';
import { raiseIncident } from '../incidents/raise-incident.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { settlePassage } from './settle-passages.ts';

/** What a loop behind a barrier tells. */
export interface PassageReport {
  /** Made by the device: telling it twice is telling it once. */
  readonly passageId: string;
  readonly outcome: PassageOutcome;
  /** The scan that opened the gate for it; without one it is found among the openings of the moment. */
  readonly scanId?: string | undefined;
  /** By the device's clock; now unless told, never later, and never more than a day ago. */
  readonly observedAt?: Date | undefined;
}

/** At which gate, told by whom. */
export interface PassagePlace {
  readonly lotId: string;
  readonly gateId: string;
  readonly deviceId: string | null;
}

const OLDEST_MINUTES = 24 * 60;
const CONTRADICTS = 'It drove over the loop, and is said to have backed out. The visit stands.';

/**
 * A vehicle drove over the loop of a gate, or backed away from it. Only then is an entry certain: one that was backed out of is undone
 * (`backOut`). Settled at once when it names a scan that stands in PostgreSQL, else within seconds by a sweep. A second one on the same
 * opening is one without (TAILGATING); one that backed out of an opening on which somebody passed is told of. Refuses with IDEMPOTENCY_KEY_REUSED. Locks nothing.
 */
export async function reportPassage(platform: Platform, report: PassageReport, place: PassagePlace): Promise<Passage> {
  const { passageId, outcome, scanId } = report;
  const { lotId, gateId, deviceId } = place;
  const passage = await inTransaction(platform, async (tx) => {
    const first = await tx.em.findOne(Passage, { lotId, id: passageId });
    if (first) return sameAs(first, { gateId, outcome });
    const isTaken = scanId !== undefined && (await tx.em.findOne(Passage, { lotId, scanId })) !== null;
    const told = report.observedAt ?? tx.now;
    // It has passed, and is said to have backed out: nobody else's entry is undone for it.
    const contradicts = isTaken && outcome === 'BACKED_OUT';
    if (contradicts)
      await raiseIncident(tx, { lotId, gateId, scanId, kind: 'READ_WITHOUT_PASSAGE', note: CONTRADICTS });
    return tx.em.create(Passage, {
      ...{ lotId, id: passageId, gateId, deviceId, outcome },
      scanId: isTaken ? null : (scanId ?? null),
      observedAt: laterOf(earlierOf(told, tx.now), addMinutes(tx.now, -OLDEST_MINUTES)),
      reportedAt: tx.now,
      settledAt: contradicts ? tx.now : null,
    });
  });
  if (passage.settledAt == null && passage.scanId != null) await settlePassage(platform, passage);
  return platform.orm.em.fork().findOneOrFail(Passage, { lotId, id: passageId });
}

function sameAs(first: Passage, { gateId, outcome }: { gateId: string; outcome: PassageOutcome }): Passage {
  if (first.gateId === gateId && first.outcome === outcome) return first;
  throw new Refusal(
    'IDEMPOTENCY_KEY_REUSED',
    'This passage was told before, of another gate or with another outcome.',
    {
      field: ['passageId'],
    },
  );
}
