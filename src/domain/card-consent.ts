import { formatMoney } from './money.ts';
import type { LotPolicy } from './policies.ts';

/**
 * What a driver agrees to have charged later, without being asked again, to the card with which they pay. Stored with the reservation
 * in the words that were shown.
 */
export interface CardConsent {
  readonly text: string;
  /** The most that is charged to the card because nobody came, whatever the policy says by then; minor units. */
  readonly noShowMaxMinor: number;
}

/**
 * The consent that a lot's policy asks for: only a FIXED fee may be more than what was paid, so only that is ever charged to the card
 * for not coming; a stay past its end costs the tariff's price of the time. The text is English, amounts as the locale writes them.
 */
export function cardConsent(policy: Pick<LotPolicy, 'noShow'>, currency: string, locale: string): CardConsent {
  const { fee, fixedMinor = 0 } = policy.noShow;
  const noShowMaxMinor = fee === 'FIXED' ? fixedMinor : 0;
  const noShow =
    noShowMaxMinor === 0
      ? 'nothing if I do not come'
      : `at most ${formatMoney({ amountMinor: noShowMaxMinor, currency }, locale)} if I do not come`;
  const text = `The card I pay with may be charged later without asking me again: ${noShow}, and the price of the time by the tariff of this reservation if I stay beyond its end. What the card does not pay I owe.`;
  return { text, noShowMaxMinor };
}

/** A driver's word that visits of their vehicles may be charged to the saved card at the exit, in the words that were shown. */
export interface AutomaticPayment {
  readonly text: string;
  /** The most for one visit; what costs more is asked for. Minor units. */
  readonly limitMinor: number;
  readonly currency: string;
  /** ISO 8601. */
  readonly givenAt: string;
}

/** What a driver agrees to who lets exits charge their card: English, the amount as the locale writes it. */
export function automaticPaymentText(limit: { amountMinor: number; currency: string }, locale: string): string {
  return `When a vehicle of my account leaves without having paid, its visit may be charged to my saved card without asking me, up to ${formatMoney(limit, locale)} for each visit. I can take this back at any time.`;
}
