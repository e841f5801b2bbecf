/** What a plan of a lot shows of a spot. */
export const SPOT_STATES = ['FREE', 'RESERVED', 'OCCUPIED', 'OUT_OF_SERVICE'] as const;
export type SpotState = (typeof SPOT_STATES)[number];
