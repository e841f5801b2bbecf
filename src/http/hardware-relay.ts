import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Refusal } from '../domain/refusal.ts';
import { PASSAGE_OUTCOMES } from '../domain/hardware.ts';
import { reportPassage } from '../gate/report-passage.ts';
import type { CommandRecord } from '../hardware/command-record.ts';
import { findCommand } from '../hardware/find-command.ts';
import { reportCommand } from '../hardware/report-command.ts';
import { waitForCommands } from '../hardware/take-commands.ts';
import { carsPassed } from '../hardware/watch-camera.ts';
import type { Platform } from '../platform/platform.ts';
import { gateDeviceOf, HardwareProblem, type GateDevice, type HardwareDoor } from './hardware-auth.ts';

const LONGEST_WAIT_SECONDS = 25;

const waitSchema = z.object({ waitSeconds: z.coerce.number().min(0).max(LONGEST_WAIT_SECONDS).default(0) });
const reportSchema = z.object({
  state: z.enum(['RECEIVED', 'SUCCESS', 'ERROR']),
  error: z.string().max(200).optional(),
});
const passageSchema = z.object({
  passageId: z.uuid(),
  outcome: z.enum(PASSAGE_OUTCOMES),
  scanId: z.uuid().nullish(),
  commandId: z.uuid().nullish(),
  observedAt: z.iso.datetime({ offset: true }).nullish(),
});

/**
 * What a relay box at a gate asks and tells, with the key of a device of that gate. GET /hardware/v1/commands?waitSeconds=25 waits for
 * commands; POST /hardware/v1/commands/<id> tells RECEIVED, then SUCCESS or ERROR; POST /hardware/v1/passages tells who drove over the
 * loop, and who backed away.
 */
export function registerRelayDoor(scope: FastifyInstance, door: HardwareDoor): void {
  const { platform } = door;
  const closing = new AbortController();
  scope.addHook('preClose', (done) => {
    closing.abort();
    done();
  });
  scope.get('/hardware/v1/commands', async (request, reply) => {
    const { waitSeconds } = parsed(waitSchema, request.query, '`waitSeconds` is a number from 0 to 25.');
    const relay = await gateDeviceOf(door, request, {});
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const signal = AbortSignal.any([closing.signal, gone.signal]);
    const waitMs = signal.aborted ? 0 : waitSeconds * 1000;
    const commands = await waitForCommands(platform, relay, { waitMs, signal });
    return { commands: commands.map((command) => shownCommand(platform, command)) };
  });
  scope.post<{ Params: { id: string } }>('/hardware/v1/commands/:id', async (request) => {
    const relay = await gateDeviceOf(door, request, {});
    const report = parsed(
      reportSchema,
      jsonOf(request),
      'Send { "state": "RECEIVED" | "SUCCESS" | "ERROR", "error": … }.',
    );
    const commandId = parsed(z.uuid(), request.params.id, 'A command’s id is a UUID.');
    return shownCommand(platform, await orProblem(reportCommand(platform, relay, { commandId, ...report })));
  });
  scope.post('/hardware/v1/passages', async (request) => {
    const device = await gateDeviceOf(door, request, {});
    const told = parsed(
      passageSchema,
      jsonOf(request),
      'Send { "passageId": a UUID of yours, "outcome": "PASSED" | "BACKED_OUT", "commandId" or "scanId": of what opened }.',
    );
    const { passageId, outcome, observedAt } = told;
    const passage = { passageId, outcome, scanId: await openedBy(platform, device, told) };
    const seenAt = observedAt == null ? undefined : new Date(observedAt);
    const { scanId, settledAt } = await orProblem(reportPassage(platform, { ...passage, observedAt: seenAt }, device));
    carsPassed(platform, device.gateId);
    return { passageId, outcome, scanId: scanId ?? null, settled: settledAt != null };
  });
}

/** Which scan had opened: as told, or that of the command. */
async function openedBy(
  platform: Platform,
  { lotId, gateId }: GateDevice,
  { scanId, commandId }: z.infer<typeof passageSchema>,
): Promise<string | undefined> {
  if (scanId != null) return scanId;
  return commandId == null ? undefined : (await findCommand(platform, { lotId, gateId, commandId }))?.scanId;
}

/** Without the clocks of two machines: how long it still holds, not until when. */
function shownCommand(platform: Platform, { id, state, scanId, channel, pulseMs, deadlineAt, error }: CommandRecord) {
  const expiresInMs = Math.max(0, deadlineAt - platform.clock.now().getTime());
  return { id, state, scanId, channel, pulseMs, expiresInMs, error: error ?? null };
}

function jsonOf({ body }: FastifyRequest): unknown {
  try {
    return Buffer.isBuffer(body) ? (JSON.parse(body.toString('utf8')) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, advice: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new HardwareProblem(422, 'INVALID_INPUT', { advice });
}

async function orProblem<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const status = error.code.endsWith('NOT_FOUND') ? 404 : error.code === 'IDEMPOTENCY_KEY_REUSED' ? 409 : 422;
    throw new HardwareProblem(status, error.code, { advice: error.message });
  }
}
