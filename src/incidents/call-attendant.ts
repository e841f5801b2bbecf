import type { HelpReason } from '../domain/incident.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { raiseIncident } from './raise-incident.ts';

const NOTES: Readonly<Record<HelpReason, string | undefined>> = {
  HELP: undefined,
  LOST_TICKET: 'The ticket is lost.',
  PAYING: 'Paying does not work.',
};

/** Who presses again within this time presses for the same help. */
const REPEAT_MS = 2 * 60_000;

/**
 * Calls the staff of a lot to one of its gates: an urgent incident, once in two minutes for each gate and reason. Gives whether this call
 * raised it, or one before. Locks nothing; publishes alerts.
 */
export async function callAttendant(
  platform: Platform,
  call: { readonly lotId: string; readonly gateId: string; readonly reason: HelpReason },
): Promise<{ readonly isFirst: boolean }> {
  const { lotId, gateId, reason } = call;
  return inTransaction(platform, async (tx) => {
    const moment = Math.floor(tx.now.getTime() / REPEAT_MS);
    const onceKey = `help:${gateId}:${reason}:${moment}`;
    const raised = await raiseIncident(tx, { lotId, gateId, kind: 'HELP_WANTED', note: NOTES[reason], onceKey });
    return { isFirst: raised !== undefined };
  });
}
