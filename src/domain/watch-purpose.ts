/** Why a plate may be watched for at all. Nothing else is a purpose. */
export const WATCH_PURPOSES = ['UNPAID_DEBTS', 'BANNED', 'STOLEN', 'DAMAGE', 'SAFETY'] as const;
export type WatchPurpose = (typeof WATCH_PURPOSES)[number];

/** The longest that a plate is watched for without somebody asking again. */
export const LONGEST_WATCH_DAYS = 90;
