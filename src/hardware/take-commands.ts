import { monotonicMs } from '../platform/clock.ts';
import type { Platform } from '../platform/platform.ts';
import { topic } from '../platform/topics.ts';
import { decodeCommand, type CommandRecord } from './command-record.ts';
import { relayKeys } from './relay-keys.ts';

/** A relay of a gate: the device that asks. */
export interface Relay {
  readonly lotId: string;
  readonly gateId: string;
  readonly deviceId: string;
}

/** What was handed out and not heard of for so long is handed out again, to the same relay. */
const SEND_AGAIN_MS = 1000;
const SEEN_SECONDS = 24 * 3600;

/** Hands out, in one step: of two relays only one gets a command. What is past its deadline is left to the sweep. */
const TAKE = `
local now, again, device = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
redis.call('SET', KEYS[2], device, 'EX', ARGV[5])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local taken = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, 9)) do
  local key = ARGV[4] .. id
  local raw = redis.call('GET', key)
  if raw then
    local command = cjson.decode(raw)
    local isNew = command.state == 'NOT_SENT'
    local isDue = command.state == 'SENT' and command.deviceId == device and now - command.sentAt >= again
    if isNew or isDue then
      command.state = 'SENT'
      command.deviceId = device
      command.sentAt = now
      local sent = cjson.encode(command)
      redis.call('SET', key, sent, 'KEEPTTL')
      taken[#taken + 1] = sent
    end
  else
    redis.call('ZREM', KEYS[1], id)
  end
end
return taken
`;

/**
 * The commands that the relay of a gate should carry out now, oldest deadline first; each is SENT from then on, to this relay alone, and
 * is told again every second until it is reported RECEIVED. A relay knows a command by its id and pulses for it once.
 */
export async function takeCommands(platform: Platform, relay: Relay): Promise<CommandRecord[]> {
  const { lotId, gateId, deviceId } = relay;
  const keys = relayKeys(lotId, gateId);
  const now = platform.clock.now().getTime();
  const prefix = `${keys.tag}:relay-command:${lotId}:`;
  const taken = (await platform.redis.eval(
    TAKE,
    2,
    ...[keys.waiting, keys.seen],
    ...[now, SEND_AGAIN_MS, deviceId, prefix, SEEN_SECONDS],
  )) as string[];
  return taken.map(decodeCommand);
}

/**
 * As `takeCommands`, and when there is none waits for one, `waitMs` at most or until `signal` says that nobody waits any more. Listens
 * before it looks, so that nothing falls between, and looks every second for what is to be told again.
 */
export async function waitForCommands(
  platform: Platform,
  relay: Relay,
  { waitMs, signal }: { waitMs: number; signal: AbortSignal },
): Promise<CommandRecord[]> {
  let wake: () => void = () => undefined;
  const { pubsub } = platform.topics;
  const subscription = await pubsub.subscribe(topic.relay(relay.gateId), () => wake());
  const giveUp = () => wake();
  signal.addEventListener('abort', giveUp);
  try {
    const untilMs = monotonicMs() + waitMs;
    for (;;) {
      // Before looking: what comes while it looks wakes it, too.
      const woken = new Promise<void>((resolve) => (wake = resolve));
      const taken = await takeCommands(platform, relay);
      const leftMs = untilMs - monotonicMs();
      if (taken.length > 0 || leftMs <= 0 || signal.aborted) return taken;
      const timer = setTimeout(wake, Math.min(leftMs, SEND_AGAIN_MS));
      await woken;
      clearTimeout(timer);
      if (signal.aborted) return [];
    }
  } finally {
    signal.removeEventListener('abort', giveUp);
    pubsub.unsubscribe(subscription);
  }
}
