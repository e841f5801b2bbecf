import type { AppPolicyFragment } from '../../generated/graphql.ts';
import { formatAmount } from '../../format/money.ts';
import { formatDayAndClock, formatDuration, type Place } from '../../format/time.ts';
import type { AppFacts } from '../frame/app-context.ts';

const MINUTE_MS = 60_000;

type Speaker = Pick<AppFacts, 'say' | 'locale'>;

/** What cancelling gives back, in a sentence with the hour at which that changes. */
export function cancellationText(
  { say, locale }: Speaker,
  policy: AppPolicyFragment,
  of: { startsAt: string } & Pick<Place, 'timeZone'>,
): string {
  const { freeUntilMinutesBefore, refundPercentAfter } = policy.cancellation;
  const until = new Date(Date.parse(of.startsAt) - freeUntilMinutesBefore * MINUTE_MS);
  return say('cancelRule', {
    until: formatDayAndClock(until, { locale, timeZone: of.timeZone }),
    percent: refundPercentAfter,
  });
}

/** How long the spot waits, and what not coming costs. */
export function noShowText(
  { say, locale }: Speaker,
  { graceMinutes, lateNoticeMinutes, noShow }: AppPolicyFragment,
): string {
  const { fee, fixed, hours, percent } = noShow;
  return say('noShowRule', {
    grace: formatDuration(graceMinutes * MINUTE_MS, locale),
    late: lateNoticeMinutes > 0 ? 'yes' : 'no',
    longer: formatDuration(lateNoticeMinutes * MINUTE_MS, locale),
    fee,
    amount: fixed ? formatAmount(fixed, locale) : '',
    hours: hours ?? 0,
    percent: percent ?? 0,
  });
}

/** What leaving before the end gives back. */
export function earlyDepartureText({ say, locale }: Speaker, { earlyDeparture }: AppPolicyFragment): string {
  const { refundPercent, minimumChargeMinutes } = earlyDeparture;
  return say('earlyRule', {
    percent: refundPercent,
    minimum: formatDuration(minimumChargeMinutes * MINUTE_MS, locale),
  });
}
