// Where a virtual lane's devices speak to: the server itself, as real hardware does, or the lot's own lane agent.

import type { CameraVendor } from '../../src/domain/hardware.ts';
import { readCamera } from '../../src/hardware/cameras/read-camera.ts';
import { idFrom } from '../../src/platform/ids.ts';
import { messageOf, type CameraMessageBody, type Sighting } from './camera-messages.ts';

/** What a camera gets for one reading. */
export interface LaneAnswer {
  readonly status: number;
  /** What became of the reading; of an error its name. */
  readonly outcome: string;
  readonly scanId: string | null;
  readonly operation: string | null;
  readonly action: 'OPEN' | 'DENY' | 'ASK' | null;
  readonly reason: string | null;
  readonly spotLabel: string | null;
  readonly advice: string | null;
}

/** A command to the barrier. */
export interface LaneCommand {
  readonly id: string;
  readonly pulseMs: number;
  readonly expiresInMs: number;
}

export interface PassageTold {
  readonly passageId: string;
  readonly outcome: 'PASSED' | 'BACKED_OUT';
  /** The command, or (of an agent) the scan, that had opened. */
  readonly openedBy: string | null;
}

/** What the devices of one gate say to whoever decides. */
export interface LaneServer {
  /** Whether the barrier goes up by the camera's answer; it fetches its commands otherwise. */
  readonly opensByAnswer: boolean;
  read(sighting: Sighting): Promise<LaneAnswer>;
  /** Sends what no camera would. */
  send(message: CameraMessageBody): Promise<LaneAnswer>;
  commands(waitSeconds: number, signal: AbortSignal): Promise<readonly LaneCommand[]>;
  report(commandId: string, report: { state: 'RECEIVED' | 'SUCCESS' | 'ERROR'; error?: string }): Promise<void>;
  passage(told: PassageTold): Promise<void>;
}

export interface LaneAddress {
  /** `http://127.0.0.1:4000` */
  readonly url: string;
  readonly deviceKey: string;
  readonly camera: CameraVendor;
}

/** The id that stands in a device's key. */
export function deviceIdOf(deviceKey: string): string {
  return `dev_${deviceKey.slice('pwk_'.length, 'pwk_'.length + 43)}`;
}

type Json = Record<string, unknown>;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function answerOf(status: number, told: Json): LaneAnswer {
  const scans = Array.isArray(told['scans']) ? (told['scans'] as Json[]) : [];
  const scan = scans[0] ?? {};
  const action = textOf(scan['action']);
  return {
    status,
    outcome: textOf(scan['outcome']) ?? textOf(told['nothing']) ?? textOf(told['error']) ?? 'NOTHING',
    scanId: textOf(scan['scanId']),
    operation: textOf(scan['operation']),
    action: action === 'OPEN' || action === 'DENY' || action === 'ASK' ? action : null,
    reason: textOf(scan['reason']),
    spotLabel: textOf(scan['spotLabel']),
    advice: textOf(told['advice']),
  };
}

async function call(url: string, init: RequestInit): Promise<{ status: number; told: Json }> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, told: text === '' ? {} : (JSON.parse(text) as Json) };
}

/** The server's own door for hardware: messages in the maker's shape, commands by long poll. */
export function cloudServer({ url, deviceKey, camera }: LaneAddress): LaneServer {
  const authorization = `Bearer ${deviceKey}`;
  const door = `${url}/hardware/v1`;
  const post = (path: string, body: object) =>
    call(`${door}/${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const send = async ({ contentType, body }: CameraMessageBody): Promise<LaneAnswer> => {
    const headers = { authorization, 'content-type': contentType };
    const bytes = typeof body === 'string' ? body : new Uint8Array(body);
    const { status, told } = await call(`${door}/${camera}/${deviceIdOf(deviceKey)}`, {
      method: 'POST',
      headers,
      body: bytes,
    });
    return answerOf(status, told);
  };
  return {
    opensByAnswer: false,
    send,
    read: (sighting) => send(messageOf(camera, sighting)),
    commands: async (waitSeconds, signal) => {
      const { told } = await call(`${door}/commands?waitSeconds=${waitSeconds}`, {
        headers: { authorization },
        signal,
      });
      return (told['commands'] ?? []) as LaneCommand[];
    },
    report: async (commandId, report) => void (await post(`commands/${commandId}`, report)),
    passage: async ({ passageId, outcome, openedBy }) =>
      void (await post('passages', { passageId, outcome, ...(openedBy === null ? {} : { commandId: openedBy }) })),
  };
}

/** A lot's lane agent: the controller beside the camera reads its message and asks; its answer opens the barrier. */
export function agentServer(
  { url, deviceKey, camera }: LaneAddress,
  gate: { gateId: string; operation: 'CHECK_IN' | 'CHECK_OUT' },
): LaneServer {
  const headers = { authorization: `Bearer ${deviceKey}`, 'content-type': 'application/json' };
  const post = (path: string, body: object) =>
    call(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const send = async ({ contentType, body }: CameraMessageBody): Promise<LaneAnswer> => {
    const { message } = readCamera(camera, { contentType, body: Buffer.from(body as string) });
    const read = message.kind === 'READS' ? message.reads[0] : undefined;
    if (!read) return answerOf(200, {});
    const plate = read.plate && {
      ...{ text: read.plate.text, confidence: read.plate.confidence ?? null, country: read.plate.country ?? null },
      ...{ candidates: read.plate.candidates.map(({ text }) => ({ text })), arrivalKey: read.carId ?? null },
    };
    const credential = plate ? { plate } : { unreadable: true };
    const scanId = idFrom(`${deviceKey}/${read.eventId}`);
    const { status, told } = await post('/v1/scans', { ...gate, scanId, credential });
    const { operation } = gate;
    return answerOf(status, status === 200 ? { scans: [{ outcome: 'DECIDED', operation, ...told, scanId }] } : told);
  };
  return {
    opensByAnswer: true,
    send,
    read: (sighting) => send(messageOf(camera, sighting)),
    commands: () => Promise.resolve([]),
    report: () => Promise.resolve(),
    passage: async ({ openedBy: scanId }) => void (await post('/v1/passages', { gateId: gate.gateId, scanId })),
  };
}
