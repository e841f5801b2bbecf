import { z } from 'zod';
import { GATE_ACTIONS, GATE_REASONS } from '../../domain/admission.ts';
import { LANE_FLAGS, LANE_OPERATIONS, type LaneScan } from '../../domain/lane-scan.ts';
import { SPOT_TYPES } from '../../domain/spot-type.ts';
import { VEHICLE_CLASSES } from '../../domain/vehicle.ts';

const MOST_SUBJECTS = 20;
const text = z.string().max(200);
const instant = z.int().min(0).max(8.64e15);

/** As `LaneScan`; ids are UUIDs, texts are short. */
const schema: z.ZodType<LaneScan> = z.strictObject({
  scanId: z.uuid(),
  lotId: z.uuid(),
  gateId: z.uuid(),
  agentId: z.uuid(),
  seq: z.int().min(1),
  operation: z.enum(LANE_OPERATIONS),
  subjects: z
    .array(
      z.union([
        z.templateLiteral(['r:', z.string()]),
        z.templateLiteral(['p:', z.string()]),
        z.templateLiteral(['t:', z.string()]),
      ]),
    )
    .max(MOST_SUBJECTS),
  plate: z.strictObject({ cipher: z.string().max(1000), index: text, skeletonIndex: text }).nullable(),
  observedAt: instant,
  deviceObservedAt: instant,
  clockSkewMs: z.number(),
  action: z.enum(GATE_ACTIONS),
  reason: z.enum(GATE_REASONS),
  decidedBy: z.enum(['LANE', 'OPERATOR']),
  stayId: z.uuid().nullable(),
  reservationId: z.uuid().nullable(),
  ticketCode: text.nullable(),
  spotType: z.enum(SPOT_TYPES).nullable(),
  vehicleClass: z.enum(VEHICLE_CLASSES),
  tariffId: z.uuid().nullable(),
  dueMinor: z.int().nullable(),
  bundleVersion: z.int().min(0),
  flags: z.array(z.enum(LANE_FLAGS)).max(LANE_FLAGS.length),
  staffNote: z.string().max(2000).nullable(),
});

/** The scan that an entry of a journal holds; undefined for anything else. */
export function readLaneScan(body: string): LaneScan | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data;
  } catch {
    // Not even JSON.
    return undefined;
  }
}
