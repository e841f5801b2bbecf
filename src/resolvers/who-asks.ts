import type { Context } from '../context.ts';
import { mayServeLot, type Viewer } from '../domain/viewer.ts';
import { forbidden, unauthenticated } from './payload.ts';

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
