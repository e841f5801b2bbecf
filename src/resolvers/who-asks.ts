import type { Context } from '../context.ts';
import { mayServeLot, type Viewer } from '../domain/viewer.ts';
import type { Lot } from '../entities/lot.ts';
import { noSuchGate } from '../gate/scanner.ts';
import { forbidden, requireLotId, unauthenticated } from './payload.ts';

/** The driver who asks. Throws UNAUTHENTICATED for nobody and FORBIDDEN for anybody else. */
export function requireDriver({ viewer }: Context): Extract<Viewer, { kind: 'DRIVER' }> {
  if (viewer?.kind !== 'DRIVER') throw viewer ? forbidden() : unauthenticated();
  return viewer;
}

/** The driver or member of staff who asks. Throws UNAUTHENTICATED for nobody and FORBIDDEN for machines. */
export function requirePerson({ viewer }: Context): Extract<Viewer, { kind: 'DRIVER' | 'STAFF' }> {
  if (viewer?.kind !== 'DRIVER' && viewer?.kind !== 'STAFF') throw viewer ? forbidden() : unauthenticated();
  return viewer;
}

/** The member of staff who asks. Throws UNAUTHENTICATED for nobody and FORBIDDEN for anybody else. */
export function requireStaff({ viewer }: Pick<Context, 'viewer'>): Extract<Viewer, { kind: 'STAFF' }> {
  if (viewer?.kind !== 'STAFF') throw viewer ? forbidden() : unauthenticated();
  return viewer;
}

/** Whether a member of staff asks who serves a lot: its devices do not. */
export function isStaffOf(viewer: Viewer | undefined, lot: Lot): boolean {
  return viewer?.kind === 'STAFF' && mayServeLot(viewer, lot);
}

/** Throws FORBIDDEN for all but the staff of a lot. */
export function requireStaffOf({ viewer }: Pick<Context, 'viewer'>, lot: Lot): void {
  if (!isStaffOf(viewer, lot)) throw forbidden();
}

/** The gate that is meant, of the device that asks. Throws FORBIDDEN for people, and refuses with GATE_NOT_FOUND for a gate that it does not serve. */
export function requireOwnGate(
  { viewer }: Pick<Context, 'viewer'>,
  given: string,
): { lotId: string; gateId: string; deviceId: string } {
  if (viewer?.kind !== 'DEVICE') throw forbidden();
  const { lotId, id: gateId } = requireLotId('gat', given, 'gateId');
  if (viewer.lotId !== lotId || (viewer.gateId !== null && viewer.gateId !== gateId)) throw noSuchGate();
  return { lotId, gateId, deviceId: viewer.deviceId };
}

/** Whether a driver or a member of staff asks: nobody else sees what is a driver's own, so for nobody else it is read. */
export function isPerson(viewer: Viewer | undefined): boolean {
  return viewer?.kind === 'DRIVER' || viewer?.kind === 'STAFF';
}

/** Whether a driver's own thing in a lot (a reservation, a payment) is for the eyes of who asks: its driver, and the staff of the lot. */
export async function maySee(
  { viewer, loaders }: Context,
  { lotId, driverId }: { readonly lotId: string; readonly driverId?: string | null | undefined },
): Promise<boolean> {
  if (viewer?.kind === 'DRIVER') return viewer.driverId === driverId;
  const lot = viewer?.kind === 'STAFF' ? await loaders.lot(lotId) : undefined;
  return lot !== undefined && mayServeLot(viewer, lot);
}
