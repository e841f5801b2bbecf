import { formatMoney } from './money.ts';
import type { LotPolicy } from './policies.ts';

/** A lot's promises as a driver reads them before paying, one English sentence each. */
export interface PolicySentences {
  readonly cancellation: string;
  readonly lateArrival: string;
  readonly noShow: string;
  readonly earlyDeparture: string;
}

/** Puts a policy into words; amounts are in the lot's currency and written as the locale does. */
export function describePolicy(policy: LotPolicy, currency: string, locale: string): PolicySentences {
  return {
    cancellation: cancellationSentence(policy),
    lateArrival: lateArrivalSentence(policy),
    noShow: noShowSentence(policy, currency, locale),
    earlyDeparture: earlyDepartureSentence(policy),
  };
}

function cancellationSentence({ cancellation }: LotPolicy): string {
  const { freeUntilMinutesBefore, refundPercentAfter } = cancellation;
  const free = freeUntilMinutesBefore === 0 ? 'the start' : `${timeText(freeUntilMinutesBefore)} before the start`;
  return `Cancel free of charge until ${free}; after that ${shareText(refundPercentAfter)} is refunded.`;
}

function lateArrivalSentence({ graceMinutes, lateNoticeMinutes = 0, reinstateLateArrival }: LotPolicy): string {
  const longer =
    lateNoticeMinutes > 0 ? `, and ${timeText(lateNoticeMinutes)} longer if you say that you are late` : '';
  const kept = `Your spot is kept for ${timeText(graceMinutes)} after the start${longer}`;
  return reinstateLateArrival ? `${kept}; if you come later you get a spot if one is free.` : `${kept}, not longer.`;
}

function noShowSentence({ noShow }: LotPolicy, currency: string, locale: string): string {
  const { fee, fixedMinor = 0, percent = 0, hours = 0 } = noShow;
  switch (fee) {
    case 'NONE':
      return 'If you do not come, everything is refunded.';
    case 'FIXED':
      return `If you do not come, the fee is ${formatMoney({ amountMinor: fixedMinor, currency }, locale)}: it is kept of what you paid, and what is missing is charged to your card.`;
    case 'PERCENT':
      return `If you do not come, ${percent} % of what you paid is kept.`;
    case 'FIRST_HOURS':
      return `If you do not come, the price of the first ${hours} h is kept, at most what you paid.`;
    case 'FULL':
      return 'If you do not come, nothing is refunded.';
  }
}

function earlyDepartureSentence({ earlyDeparture }: LotPolicy): string {
  const { refundPercent, minimumChargeMinutes } = earlyDeparture;
  if (refundPercent === 0) return 'If you leave early, nothing is refunded.';
  const least = minimumChargeMinutes > 0 ? `; at least ${timeText(minimumChargeMinutes)} is charged` : '';
  return `If you leave early, ${refundPercent} % of the price of the unused time is refunded${least}.`;
}

function shareText(percent: number): string {
  return percent === 0 ? 'nothing' : `${percent} % of the price`;
}

function timeText(minutes: number): string {
  return minutes % 60 === 0 && minutes > 0 ? `${minutes / 60} h` : `${minutes} min`;
}
