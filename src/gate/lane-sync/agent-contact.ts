import { DAY_MS } from '../../domain/period.ts';
import type { Platform } from '../../platform/platform.ts';
import { partitionOf, partitionTag } from '../../platform/redis.ts';
import { remember } from '../../platform/remember.ts';

/** Which agent of which lot spoke, and how many entries of its journal have not been acknowledged. */
export interface AgentContact {
  readonly lotId: string;
  readonly agentId: string;
  /** Undefined when it did not say. */
  readonly pending: number | undefined;
}

/** An agent looks several times a second whether we are there; this often it is written down. */
const WRITE_EVERY_MS = 1000;
/** An agent that has said nothing for this long is cut off, or has been taken down. */
const CUT_OFF_MS = 10_000;
/** After so long nobody waits for it any more. */
export const GIVEN_UP_MS = 7 * DAY_MS;
const AGENTS_REMEMBERED = 10_000;

const written = new WeakMap<Platform, Map<string, number>>();

/**
 * Writes down that an agent was heard, and that nothing it decided is missing here when it has nothing left to send: in PostgreSQL for
 * no-shows, in Redis for gates. At most once a second; a failure is logged, for the next contact says it again.
 */
export async function noteContact(platform: Platform, contact: AgentContact): Promise<void> {
  const { lotId, agentId, pending } = contact;
  const now = platform.clock.now();
  const known = written.get(platform) ?? new Map<string, number>();
  written.set(platform, known);
  const state = `${agentId}:${pending === 0}`;
  const sinceMs = now.getTime() - (known.get(state) ?? Number.NEGATIVE_INFINITY);
  if (sinceMs >= 0 && sinceMs < WRITE_EVERY_MS) return;
  remember(known, { key: state, value: now.getTime(), limit: AGENTS_REMEMBERED });
  const caughtUpAt = pending === 0 ? now : null;
  try {
    await platform.orm.em.fork().execute(
      `INSERT INTO lane_agent (lot_id, agent_id, acknowledged_seq, acknowledged_chain, last_contact_at, caught_up_at)
       VALUES (?, ?, 0, '', ?, ?)
       ON CONFLICT (lot_id, agent_id) DO UPDATE SET last_contact_at = excluded.last_contact_at,
         caught_up_at = coalesce(excluded.caught_up_at, lane_agent.caught_up_at)`,
      [lotId, agentId, now, caughtUpAt],
    );
    if (caughtUpAt) await platform.redis.hset(contactKey(lotId), agentId, String(now.getTime()));
  } catch (error) {
    known.delete(state);
    platform.log.warn({ err: error, agentId }, 'that a lane was heard could not be written down');
  }
}

/**
 * Whether a lane of the lot may have let somebody in before `at` (an instant that is past) of whom nothing stands here yet: one that has been heard at all, is not
 * revoked, and has not said since `at` that it has nothing left to send. Nobody waits longer than a day: what a lane tells later still counts.
 */
export async function isLaneBehind(platform: Platform, { lotId, at }: { lotId: string; at: Date }): Promise<boolean> {
  const nowMs = platform.clock.now().getTime();
  if (nowMs > at.getTime() + DAY_MS) return false;
  const [row] = await platform.orm.em.fork().execute<{ behind: boolean }[]>(
    `SELECT EXISTS (
       SELECT 1 FROM lane_agent agent JOIN device ON device.lot_id = agent.lot_id AND device.id = agent.agent_id
       WHERE agent.lot_id = ? AND device.revoked_at IS NULL AND agent.last_contact_at > ?
         AND (agent.caught_up_at IS NULL OR agent.caught_up_at < ?)
     ) AS behind`,
    [lotId, new Date(nowMs - GIVEN_UP_MS), at],
  );
  return row?.behind ?? false;
}

/**
 * Whether a lane of the lot is cut off now or has not sent everything: then what the gates know of who is inside may be out of date, and
 * nobody is refused for it. From Redis alone; no, while it does not answer.
 */
export async function isPartitioned(
  platform: Platform,
  { lotId, now }: { lotId: string; now: Date },
): Promise<boolean> {
  try {
    const caughtUp = await platform.gateRedis.hvals(contactKey(lotId));
    return caughtUp.some((ms) => {
      const silentMs = now.getTime() - Number(ms);
      return silentMs > CUT_OFF_MS && silentMs < GIVEN_UP_MS;
    });
  } catch (error) {
    platform.log.warn({ err: error, lotId }, 'whether a lane is cut off could not be asked');
    return false;
  }
}

/** Its key has ended: nobody waits to hear of an agent any more. Repeating it does no harm. Throws while Redis is away. */
export async function forgetContact(
  platform: Platform,
  { lotId, agentId }: Pick<AgentContact, 'lotId' | 'agentId'>,
): Promise<void> {
  await platform.redis.hdel(contactKey(lotId), agentId);
}

function contactKey(lotId: string): string {
  return `${partitionTag(partitionOf(lotId))}:lanes:${lotId}`;
}
