import { MINUTE_MS } from '../../domain/period.ts';
import { raiseIncident } from '../../incidents/raise-incident.ts';
import { resolveByItself } from '../../incidents/resolve-incident.ts';
import { inTransaction } from '../../platform/db.ts';
import type { Platform } from '../../platform/platform.ts';
import { forgetContact, GIVEN_UP_MS } from './agent-contact.ts';

/** A link that flaps, or a machine that starts anew, is back before. */
const SILENT_MS = 5 * MINUTE_MS;

interface Silence {
  readonly lot_id: string;
  readonly name: string;
  readonly last_contact_at: Date | string;
  readonly once_key: string;
}

/** An incident names the contact after which nothing was heard: each silence is told of once. */
const ONCE_KEY = `'lane-silent/' || agent.agent_id || '/' || (extract(epoch FROM agent.last_contact_at) * 1000)::bigint`;
const AGENTS = 'lane_agent agent JOIN device ON device.lot_id = agent.lot_id AND device.id = agent.agent_id';

const SILENT = `SELECT agent.lot_id, device.name, agent.last_contact_at, ${ONCE_KEY} AS once_key FROM ${AGENTS}
  WHERE device.revoked_at IS NULL AND agent.last_contact_at BETWEEN ? AND ?
    AND NOT EXISTS (SELECT 1 FROM incident WHERE incident.lot_id = agent.lot_id AND incident.once_key = ${ONCE_KEY})`;

const OVER = `SELECT incident.lot_id, incident.once_key FROM ${AGENTS}
  JOIN incident ON incident.lot_id = agent.lot_id AND incident.kind = 'LANE_SILENT' AND incident.resolved_at IS NULL
    AND incident.once_key LIKE 'lane-silent/' || agent.agent_id || '/%'
  WHERE device.revoked_at IS NOT NULL OR incident.once_key <> ${ONCE_KEY}`;

/**
 * Tells a person of each lane agent that has not been heard for five minutes, once a silence, and settles that when it is heard again or
 * its key has ended. Who is inside is certain again once the key of a silent lane has ended. Gives 0: nothing was missed here. Publishes
 * alerts. Throws while PostgreSQL or Redis is away.
 */
export async function watchLanes(platform: Platform): Promise<number> {
  const nowMs = platform.clock.now().getTime();
  const [since, silentSince] = [new Date(nowMs - GIVEN_UP_MS), new Date(nowMs - SILENT_MS)];
  await inTransaction(platform, async (tx) => {
    for (const silence of await tx.em.execute<Silence[]>(SILENT, [since, silentSince])) {
      const note = `${silence.name}, last heard ${new Date(silence.last_contact_at).toISOString()}. No-shows of the lot wait for it for up to a day, and nobody is refused for being inside already. Was it taken down for good? Then end its key.`;
      await raiseIncident(tx, { lotId: silence.lot_id, kind: 'LANE_SILENT', note, onceKey: silence.once_key });
    }
    for (const over of await tx.em.execute<Pick<Silence, 'lot_id' | 'once_key'>[]>(OVER)) {
      const settled = { lotId: over.lot_id, onceKey: over.once_key };
      await resolveByItself(tx, { ...settled, reason: 'It was heard again, or its key has ended.' });
    }
  });
  await forgetRevoked(platform, since);
  return 0;
}

async function forgetRevoked(platform: Platform, revokedSince: Date): Promise<void> {
  const revoked = await platform.orm.em
    .fork()
    .execute<{ lot_id: string; agent_id: string }[]>(
      `SELECT agent.lot_id, agent.agent_id FROM ${AGENTS} WHERE device.revoked_at > ?`,
      [revokedSince],
    );
  for (const { lot_id: lotId, agent_id: agentId } of revoked) await forgetContact(platform, { lotId, agentId });
}
