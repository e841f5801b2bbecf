/** What is sold and counted: every spot has one type, every pool is of one type. */
export const SPOT_TYPES = ['MOTORCYCLE', 'COMPACT', 'STANDARD', 'LARGE', 'BUS', 'EV', 'ACCESSIBLE'] as const;
export type SpotType = (typeof SPOT_TYPES)[number];

/** True when the text names a spot type. */
export function isSpotType(text: string): text is SpotType {
  return SPOT_TYPES.some((type) => type === text);
}
