import type { GateAction } from '../domain/admission.ts';
import { idFrom } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { topic } from '../platform/topics.ts';
import { commandKey, relayKeys } from './relay-keys.ts';
import { decodeCommand, type CommandRecord } from './command-record.ts';

/** An arm that goes up later than this goes up for nobody. */
const DEADLINE_MS = 10_000;
const PULSE_MS = 500;
const CHANNEL = 1;
/** Until PostgreSQL has it; it is away for hours at most. */
const KEPT_SECONDS = 24 * 3600;

/** What a gate is opened for. */
export interface Opening {
  readonly lotId: string;
  readonly gateId: string;
  readonly scanId: string;
  /** One visit enters once and leaves once: two scans of one arrival are one pulse. */
  readonly stayId: string | null;
  readonly operation: string;
}

/** Once: a command that is there stands. */
const ISSUE = `
local known = redis.call('GET', KEYS[1])
if known then return known end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[4])
redis.call('ZADD', KEYS[3], ARGV[2], KEYS[1])
return ''
`;

/**
 * Commands the barrier of a gate to open, for its relay to fetch (`takeCommands`). Asked again for the same visit and operation it gives
 * the command that is there, so no arm goes up twice for one vehicle. From Redis alone; throws when Redis does not answer. Publishes
 * to the relays of the gate.
 */
export async function commandOpening(platform: Platform, opening: Opening): Promise<CommandRecord> {
  const { lotId, gateId, scanId } = opening;
  const now = platform.clock.now().getTime();
  const command: CommandRecord = {
    ...{ id: commandIdOf(opening), lotId, gateId, scanId },
    ...{ channel: CHANNEL, pulseMs: PULSE_MS, state: 'NOT_SENT', createdAt: now, deadlineAt: now + DEADLINE_MS },
  };
  const keys = relayKeys(lotId, gateId);
  const known = String(
    await platform.redis.eval(
      ISSUE,
      3,
      ...[commandKey(lotId, command.id), keys.waiting, keys.unwritten],
      ...[JSON.stringify(command), command.deadlineAt, command.id, KEPT_SECONDS],
    ),
  );
  if (known !== '') return decodeCommand(known);
  platform.topics.publish(topic.relay(gateId), { commandId: command.id });
  return command;
}

/**
 * Commands the barrier to open if that is what was decided; gives the command's id. Null when it was not, and when Redis does not answer,
 * which is logged: whoever reads the decision may open all the same.
 */
export async function openBarrier(
  platform: Platform,
  decision: Opening & { readonly action: GateAction },
): Promise<string | null> {
  if (decision.action !== 'OPEN') return null;
  try {
    return (await commandOpening(platform, decision)).id;
  } catch (error) {
    platform.log.error({ err: error, scanId: decision.scanId }, 'a barrier could not be told to open');
    return null;
  }
}

function commandIdOf({ lotId, gateId, scanId, stayId, operation }: Opening): string {
  return idFrom(`relay/${lotId}/${gateId}/${operation}/${stayId ?? scanId}`);
}
