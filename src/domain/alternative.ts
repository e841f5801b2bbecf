/** In what an offer differs from what was asked for and is not free: the type of spot, the time, or the lot. */
export const ALTERNATIVE_KINDS = ['OTHER_TYPE', 'LATER', 'OTHER_LOT'] as const;
export type AlternativeKind = (typeof ALTERNATIVE_KINDS)[number];
