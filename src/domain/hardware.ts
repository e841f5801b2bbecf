/** Whose cameras can speak to us as they are. */
export const CAMERA_VENDORS = ['PLATE_RECOGNIZER', 'REKOR', 'AXIS', 'HIKVISION'] as const;
export type CameraVendor = (typeof CAMERA_VENDORS)[number];

/** How far a command to a barrier has come. A state never goes back; ERROR may still turn out to have been a SUCCESS. */
export const RELAY_STATES = ['NOT_SENT', 'SENT', 'RECEIVED', 'ERROR', 'SUCCESS'] as const;
export type RelayState = (typeof RELAY_STATES)[number];

/** What became of a vehicle for which a gate was opened: it drove over the loop behind the barrier, or backed away from it. */
export const PASSAGE_OUTCOMES = ['PASSED', 'BACKED_OUT'] as const;
export type PassageOutcome = (typeof PASSAGE_OUTCOMES)[number];
