import { RELAY_STATES, type RelayState } from '../domain/hardware.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';
import { decodeCommand, type CommandRecord } from './command-record.ts';
import { commandKey, relayKeys } from './relay-keys.ts';
import type { Relay } from './take-commands.ts';
import { writeCommand } from './write-command.ts';

/** What a relay says of a command. */
export interface CommandReport {
  readonly commandId: string;
  readonly state: Exclude<RelayState, 'NOT_SENT' | 'SENT'>;
  readonly error?: string | undefined;
}

/** A state only goes forward; what was said before is not unsaid. */
const REPORT = `
local raw = redis.call('GET', KEYS[1])
if not raw then return '' end
local command = cjson.decode(raw)
if command.gateId ~= ARGV[1] or (command.deviceId and command.deviceId ~= ARGV[2]) then return '' end
local ranks = cjson.decode(ARGV[5])
if ranks[ARGV[3]] <= ranks[command.state] then return raw end
local now = tonumber(ARGV[4])
command.state = ARGV[3]
command.deviceId = ARGV[2]
if not command.receivedAt then command.receivedAt = now end
if ARGV[3] ~= 'RECEIVED' then command.endedAt = now end
command.error = nil
if ARGV[3] == 'ERROR' then command.error = ARGV[6] end
local told = cjson.encode(command)
redis.call('SET', KEYS[1], told, 'KEEPTTL')
redis.call('ZREM', KEYS[2], command.id)
if command.endedAt then redis.call('ZADD', KEYS[3], now, KEYS[1]) end
return told
`;
const RANKS = JSON.stringify(Object.fromEntries(RELAY_STATES.map((state, rank) => [state, rank])));

/**
 * Notes how far a command has come. Saying the same or less again changes nothing; a SUCCESS after the deadline counts, because the arm
 * did go up. Refuses with NOT_FOUND for a command that this relay was not sent.
 */
export async function reportCommand(platform: Platform, relay: Relay, report: CommandReport): Promise<CommandRecord> {
  const { lotId, gateId, deviceId } = relay;
  const { commandId, state, error = 'the relay says that it failed' } = report;
  const keys = relayKeys(lotId, gateId);
  const now = platform.clock.now().getTime();
  const told = String(
    await platform.redis.eval(
      REPORT,
      3,
      ...[commandKey(lotId, commandId), keys.waiting, keys.unwritten],
      ...[gateId, deviceId, state, now, RANKS, error.replace(/\p{C}/gu, ' ').slice(0, 200)],
    ),
  );
  if (told === '') throw new Refusal('NOT_FOUND', 'This relay was sent no such command.', { field: ['commandId'] });
  const command = decodeCommand(told);
  if (command.endedAt !== undefined)
    void writeCommand(platform, command).catch((err: unknown) =>
      platform.log.warn({ err, commandId }, 'the end of a command could not be written down; a sweep does it'),
    );
  return command;
}
