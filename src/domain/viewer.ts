/** Who asks. `undefined` in an operation's context means anonymous. */
export type Viewer =
  | { readonly kind: 'DRIVER'; readonly driverId: string }
  | {
      readonly kind: 'STAFF';
      readonly role: StaffRole;
      readonly staffId: string;
      readonly operatorId: string | null;
      readonly lotIds: readonly string[] | 'ALL';
    }
  | {
      readonly kind: 'DEVICE';
      readonly role: DeviceRole;
      readonly deviceId: string;
      readonly lotId: string;
      readonly gateId: string | null;
      /** Its key was good once, and for more than a minute nobody could be asked whether it still is: it may lead out, and nothing else. */
      readonly isUnverified?: true;
    }
  | { readonly kind: 'PARTNER'; readonly partnerId: string; readonly operatorId: string };

export const STAFF_ROLES = ['ATTENDANT', 'OPERATOR', 'ADMIN'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** A gate device scans and opens; a board only shows; a merchant's till validates stays; a lane agent speaks for all gates of its lot; a sensor gateway tells of spots. */
export const DEVICE_ROLES = ['GATE', 'BOARD', 'MERCHANT', 'LANE', 'SENSOR'] as const;
export type DeviceRole = (typeof DEVICE_ROLES)[number];

/** The roles a field of the schema can be open to. PUBLIC is everyone, signed in or not. */
export const ROLES = [
  'PUBLIC',
  'DRIVER',
  'ATTENDANT',
  'OPERATOR',
  'ADMIN',
  'GATE',
  'BOARD',
  'MERCHANT',
  'LANE',
  'SENSOR',
  'PARTNER',
] as const;
export type Role = (typeof ROLES)[number];

/** The one role a viewer acts in. */
export function roleOf(viewer: Viewer | undefined): Role {
  if (!viewer) return 'PUBLIC';
  if (viewer.kind === 'STAFF' || viewer.kind === 'DEVICE') return viewer.role;
  return viewer.kind;
}

/** The name under which a viewer's idempotency keys are kept: keys belong to their actor. */
export function actorKey(viewer: Viewer | undefined): string {
  if (!viewer) return 'anonymous';
  switch (viewer.kind) {
    case 'DRIVER':
      return `driver:${viewer.driverId}`;
    case 'STAFF':
      return `staff:${viewer.staffId}`;
    case 'DEVICE':
      return `device:${viewer.deviceId}`;
    case 'PARTNER':
      return `partner:${viewer.partnerId}`;
  }
}

/** Whether a viewer may see and run a lot: staff within their operator and their lots, a device in its own. Drivers and partners never. */
export function mayServeLot(viewer: Viewer | undefined, lot: { id: string; operatorId: string }): boolean {
  if (viewer?.kind === 'DEVICE') return viewer.lotId === lot.id;
  if (viewer?.kind !== 'STAFF') return false;
  if (viewer.role === 'ADMIN') return true;
  return viewer.operatorId === lot.operatorId && (viewer.lotIds === 'ALL' || viewer.lotIds.includes(lot.id));
}
