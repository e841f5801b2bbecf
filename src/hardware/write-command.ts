import { RELAY_STATES } from '../domain/hardware.ts';
import { raiseIncident } from '../incidents/raise-incident.ts';
import { inTransaction } from '../platform/db.ts';
import { eachFound } from '../platform/each-found.ts';
import type { Platform } from '../platform/platform.ts';
import { PARTITIONS, partitionTag } from '../platform/redis.ts';
import { decodeCommand, type CommandRecord } from './command-record.ts';
import { relayKeys, unwrittenKey } from './relay-keys.ts';

const PAST_DEADLINE = 'it was not carried out by its deadline';
const AT_ONCE = 100;

/**
 * Writes a command's record, unless one that is further stands there. One that failed at a gate with a relay is an incident: a driver
 * stands in front of a closed arm.
 */
export async function writeCommand(platform: Platform, command: CommandRecord): Promise<void> {
  const { lotId, gateId, scanId, state } = command;
  const hasRelay = state === 'ERROR' && (await platform.redis.exists(relayKeys(lotId, gateId).seen)) === 1;
  const at = (ms: number | undefined) => (ms === undefined ? null : new Date(ms));
  await inTransaction(platform, async (tx) => {
    await tx.em.execute(
      `INSERT INTO relay_command (lot_id, id, gate_id, scan_id, device_id, channel, pulse_ms, state, error, created_at, deadline_at, sent_at,
         received_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (lot_id, id) DO UPDATE SET state = excluded.state, error = excluded.error, device_id = excluded.device_id,
         sent_at = excluded.sent_at, received_at = excluded.received_at, ended_at = excluded.ended_at
       WHERE array_position(?::text[], excluded.state) > array_position(?::text[], relay_command.state)`,
      [
        ...[lotId, command.id, gateId, scanId, command.deviceId ?? null, command.channel, command.pulseMs, state],
        ...[command.error ?? null, at(command.createdAt), at(command.deadlineAt), at(command.sentAt)],
        ...[at(command.receivedAt), at(command.endedAt), `{${RELAY_STATES.join(',')}}`, `{${RELAY_STATES.join(',')}}`],
      ],
    );
    if (!hasRelay) return;
    const note = `The command was ${command.sentAt === undefined ? 'never fetched' : 'fetched'}: ${command.error ?? ''}.`;
    await raiseIncident(tx, { lotId, gateId, scanId, kind: 'BARRIER_FAILED', note, onceKey: `relay:${command.id}` });
  });
}

/**
 * Ends the commands whose deadline has passed (ERROR) and writes down those that nobody could. Gives how many. What can't be written now
 * is found again.
 */
export async function sweepCommands(platform: Platform): Promise<number> {
  let written = 0;
  const now = platform.clock.now().getTime();
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const unwritten = unwrittenKey(partitionTag(partition));
    const keys = await platform.redis.zrangebyscore(unwritten, '-inf', now, 'LIMIT', 0, AT_ONCE);
    written += await eachFound(
      platform,
      keys.map((key) => ({ key })),
      async ({ key }) => {
        const command = await endOf(platform, key, now);
        if (command) await writeCommand(platform, command);
        await platform.redis.zrem(unwritten, key);
        return command !== undefined;
      },
    );
  }
  return written;
}

/** In one step: a report that comes at the same moment is not overwritten. */
const LAPSE = `
local raw = redis.call('GET', KEYS[1])
if not raw then return '' end
local command = cjson.decode(raw)
if command.endedAt or command.deadlineAt > tonumber(ARGV[1]) then return raw end
command.state = 'ERROR'
command.error = ARGV[2]
command.endedAt = tonumber(ARGV[1])
local told = cjson.encode(command)
redis.call('SET', KEYS[1], told, 'KEEPTTL')
return told
`;

async function endOf(platform: Platform, key: string, now: number): Promise<CommandRecord | undefined> {
  const raw = String(await platform.redis.eval(LAPSE, 1, key, now, PAST_DEADLINE));
  return raw === '' ? undefined : decodeCommand(raw);
}
