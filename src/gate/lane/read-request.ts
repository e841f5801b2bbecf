import { z } from 'zod';
import { decodeId } from '../../domain/public-id.ts';
import { VEHICLE_CLASSES, type VehicleClass } from '../../domain/vehicle.ts';
import type { CredentialSent } from './lane-credential.ts';

/** What is wrong with what a device sent; nothing of it is repeated. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
  readonly field: readonly string[];

  constructor(message: string, field: readonly string[]) {
    super(message);
    this.field = field;
  }
}

const MAX_TEXT = 200;
const MAX_LONG_TEXT = 2000;
const MAX_CANDIDATES = 50;
const text = z.string().max(MAX_TEXT);
const confidence = z.number().min(0).max(1).nullish();

const credential = z
  .object({
    plate: z
      .object({
        text,
        country: text.nullish(),
        confidence,
        candidates: z.array(z.object({ text, confidence })).max(MAX_CANDIDATES).nullish(),
        arrivalKey: text.nullish(),
      })
      .nullish(),
    pass: z.string().max(MAX_LONG_TEXT).nullish(),
    code: text.nullish(),
    unreadable: z.literal(true).nullish(),
    ticket: z.literal(true).nullish(),
  })
  .refine((sent) => Object.values(sent).filter((part) => part != null).length === 1, {
    message: 'Send exactly one of plate, pass, code, unreadable: true and ticket: true.',
  });

const instant = z.iso.datetime({ offset: true }).transform((written) => new Date(written));
const gateId = text.transform((publicId, context) => {
  const gate = decodeId('gat', publicId);
  if (gate?.lotId != null) return { lotId: gate.lotId, id: gate.id, publicId };
  context.addIssue({ code: 'custom', message: 'must be the id of a gate' });
  return z.NEVER;
});

const scanBody = z.object({
  operation: z.enum(['CHECK_IN', 'CHECK_OUT']),
  gateId,
  scanId: z.uuid(),
  credential,
  observedAt: instant.nullish(),
  /** By the device's own measure, which no wrong clock disturbs. */
  ageMs: z.number().int().min(0).nullish(),
  alreadyOpened: z.boolean().nullish(),
  vehicleClass: z.enum(VEHICLE_CLASSES).nullish(),
  supersedes: z.uuid().nullish(),
});
const openBody = z.object({
  gateId,
  idempotencyKey: z.uuid(),
  reason: z.string().trim().min(1).max(MAX_LONG_TEXT),
  staff: text.nullish(),
});
const passageBody = z.object({ gateId, scanId: z.uuid().nullish(), observedAt: instant.nullish() });

export interface GateRef {
  readonly lotId: string;
  readonly id: string;
  readonly publicId: string;
}

/** A scan as a device sends it: the cloud's input, which operation it is, and how old it is where it is handed over late. */
export interface ScanRequest {
  readonly operation: 'CHECK_IN' | 'CHECK_OUT';
  readonly gateId: GateRef;
  readonly scanId: string;
  readonly credential: CredentialSent;
  readonly observedAt?: Date | null | undefined;
  readonly ageMs?: number | null | undefined;
  readonly alreadyOpened?: boolean | null | undefined;
  readonly vehicleClass?: VehicleClass | null | undefined;
  readonly supersedes?: string | null | undefined;
}
export type OpenRequest = z.output<typeof openBody>;
export type PassageRequest = z.output<typeof passageBody>;

/** Each throws BadRequest with the first thing that is wrong. */
export const readScan = (body: unknown): ScanRequest => read(scanBody, body);
export const readOpen = (body: unknown): OpenRequest => read(openBody, body);
export const readPassage = (body: unknown): PassageRequest => read(passageBody, body);

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BadRequest(issue?.message ?? 'not understood', (issue?.path ?? []).map(String));
}
