import { checkPeriod, DAY_MS, MINUTE_MS, type Period } from '../domain/period.ts';
import { badInput } from './payload.ts';

const MAX_MINUTES = (366 * DAY_MS) / MINUTE_MS;
const MAX_AHEAD_DAYS = 2 * 366;

/** A period that free spots can be counted for: what is past is not among the claims any more. Throws BAD_USER_INPUT for any other. */
export function countablePeriod(period: Period, now: Date): Period {
  const reason = checkPeriod(period, { now, maxMinutes: MAX_MINUTES, maxAdvanceDays: MAX_AHEAD_DAYS });
  if (reason)
    throw badInput(
      `a period must end after it starts, start now or later and within two years, and last a year at most (${reason})`,
    );
  return { startsAt: period.startsAt, endsAt: period.endsAt };
}
