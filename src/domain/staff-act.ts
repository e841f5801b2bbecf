/** What staff do by hand and have to answer for; each leaves a row with the reason. */
export const STAFF_ACTS = [
  'INCIDENT_RESOLVED',
  'STAY_MARKED_LEFT',
  'VEHICLE_MARKED_INSIDE',
  'INSIDE_LIST_PRINTED',
  'SPOT_OVERRIDDEN',
  'SPOT_OVERRIDE_ENDED',
  'WATCH_ADDED',
  'WATCH_ENDED',
  'WATCH_LIST_READ',
  'RESERVATION_CANCELLED',
] as const;
export type StaffAct = (typeof STAFF_ACTS)[number];
