import { z } from 'zod';
import { RELAY_STATES } from '../domain/hardware.ts';

const recordSchema = z.object({
  id: z.string(),
  lotId: z.string(),
  gateId: z.string(),
  scanId: z.string(),
  deviceId: z.string().optional(),
  channel: z.number(),
  pulseMs: z.number(),
  state: z.enum(RELAY_STATES),
  error: z.string().optional(),
  createdAt: z.number(),
  deadlineAt: z.number(),
  sentAt: z.number().optional(),
  receivedAt: z.number().optional(),
  endedAt: z.number().optional(),
});

/** A command to a barrier as Redis keeps it; instants in ms since 1970. */
export type CommandRecord = z.infer<typeof recordSchema>;

export function decodeCommand(raw: string): CommandRecord {
  return recordSchema.parse(JSON.parse(raw));
}
