import type { Platform } from '../platform/platform.ts';
import { decodeCommand, type CommandRecord } from './command-record.ts';
import { commandKey } from './relay-keys.ts';

/** A command of a gate while Redis keeps it (a day); undefined when there is none. */
export async function findCommand(
  platform: Platform,
  { lotId, gateId, commandId }: { lotId: string; gateId: string; commandId: string },
): Promise<CommandRecord | undefined> {
  const raw = await platform.redis.get(commandKey(lotId, commandId));
  const command = raw === null ? undefined : decodeCommand(raw);
  return command?.gateId === gateId ? command : undefined;
}
