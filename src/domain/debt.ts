export const DEBT_STATES = ['OPEN', 'SETTLED', 'WAIVED'] as const;
export type DebtState = (typeof DEBT_STATES)[number];

/** Why something was left owing. */
export const DEBT_REASONS = [
  'UNPAID_STAY',
  'OVERSTAY',
  'REINSTATED',
  'NO_SHOW_FEE',
  'AMENDED_STAY',
  'LOST_CREDENTIAL',
] as const;
export type DebtReason = (typeof DEBT_REASONS)[number];
