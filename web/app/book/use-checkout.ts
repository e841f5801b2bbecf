import { useEffect, useState } from 'preact/hooks';
import type { CombinedError } from '@urql/core';
import { useDo } from '../../data/ask.ts';
import {
  AppCancelDocument,
  AppCompleteDocument,
  AppReserveDocument,
  type AppAlternativeFragment,
  type SpotType,
} from '../../generated/graphql.ts';
import { forgetKey, keyFor, useKept } from '../frame/kept.ts';
import { useNow } from '../../data/now.ts';
import type { Refused } from '../frame/problem.tsx';
import { STRIPE_KEY } from '../../pay/stripe-js.ts';
import { askBank } from '../pay/stripe-steps.ts';
import type { Quote } from './quote-card.tsx';

/** After these there is nothing to pay for any more: another spot can be chosen. */
const HOLD_IS_GONE: ReadonlySet<string> = new Set(['RESERVATION_STATE', 'RESERVATION_NOT_FOUND', 'HOLD_LAPSED']);

/** A spot that is kept while its driver pays. */
export interface Hold {
  readonly id: string;
  readonly holdExpiresAt: string;
  readonly total: { readonly amountMinor: number; readonly currency: string };
  /** What it was taken on. Asked for again, the lot may be full: of this hold. */
  readonly quote: Quote;
}

/** What is wanted, on which quote. */
export interface Wanted {
  readonly lotId: string;
  readonly quote: Quote;
  /** Only where a driver chose it; else whatever fits. */
  readonly spotType?: SpotType;
  readonly plate: string;
  readonly vehicleClass: 'CAR' | 'SMALL_CAR' | 'ELECTRIC_CAR' | 'VAN' | 'MOTORCYCLE' | 'BUS' | 'TRUCK';
}

export interface Checkout {
  readonly hold: Hold | undefined;
  readonly isBusy: boolean;
  readonly error: CombinedError | undefined;
  readonly refused: Refused | undefined;
  readonly alternatives: readonly AppAlternativeFragment[] | undefined;
  /** Holds a spot where none is held yet and pays for it; gives the reservation's id when it stands. */
  readonly pay: (wanted: Wanted, card: string) => Promise<string | undefined>;
  /** Lets the held spot go, so that something else can be chosen. */
  readonly letGo: () => Promise<void>;
}

/**
 * Reserves and pays in two steps that may be interrupted between: a hold is remembered, so that after a refused card, a lost connection or a
 * reload the same spot is paid for, and nothing is asked for twice.
 */
export function useCheckout(lotCode: string): Checkout {
  const [hold, setHold] = useKept<Hold | undefined>(`hold.${lotCode}`, () => undefined);
  const [refused, setRefused] = useState<Refused>();
  const [alternatives, setAlternatives] = useState<readonly AppAlternativeFragment[]>();
  const [reserving, reserve] = useDo(AppReserveDocument);
  const [completing, payHold] = usePayHold();
  const [cancelling, cancel] = useDo(AppCancelDocument);

  const isBusy = reserving.fetching || completing.fetching || cancelling.fetching;
  const isLapsed = useNow(1000) >= Date.parse(hold?.holdExpiresAt ?? '9999-12-31');
  useEffect(() => {
    if (!isLapsed || isBusy) return;
    setHold(undefined);
    setRefused({ code: 'HOLD_LAPSED', message: '' });
  }, [isLapsed, isBusy]);

  const takeHold = async ({ plate, vehicleClass, quote, ...rest }: Wanted): Promise<Hold | undefined> => {
    const { startsAt, endsAt } = quote.period;
    const vehicle = { plate: { text: plate, vehicleClass } };
    const input = { ...rest, quoteId: quote.id, period: { startsAt, endsAt }, vehicle };
    const answer = await reserve({ input: { ...input, idempotencyKey: keyFor('reserve', input) } });
    const made = answer?.reserveSpot.reservation;
    if (made) {
      forgetKey('reserve');
      const { id, holdExpiresAt } = made;
      const held = { id, holdExpiresAt, total: made.price.total, quote: { ...quote, expiresAt: holdExpiresAt } };
      setHold(held);
      return held;
    }
    const [why] = answer?.reserveSpot.userErrors ?? [];
    if (why?.__typename === 'SpotUnavailable') setAlternatives(why.alternatives);
    setRefused(why);
    return undefined;
  };

  const pay = async (wanted: Wanted, card: string) => {
    setRefused(undefined);
    setAlternatives(undefined);
    const held = hold ?? (await takeHold(wanted));
    if (!held) return undefined;
    const payload = await payHold(held.id, held.total.amountMinor > 0 ? card : undefined);
    if (!payload) return undefined;
    const [why] = payload.userErrors;
    setRefused(why);
    if (why && HOLD_IS_GONE.has(why.code)) setHold(undefined);
    if (!payload.reservation) return undefined;
    setHold(undefined);
    return held.id;
  };

  const letGo = async () => {
    if (!hold) return;
    const input = { reservationId: hold.id };
    const answer = await cancel({ input: { ...input, idempotencyKey: keyFor('let-go', input) } });
    if (answer) setHold(undefined);
    setRefused(undefined);
  };

  return {
    hold,
    isBusy,
    error: completing.error ?? reserving.error ?? cancelling.error,
    refused,
    alternatives,
    pay,
    letGo,
  };
}

/** Pays for what is held. Where the bank wants to ask, it asks in front of the page; then it is looked whether it was paid. */
export function usePayHold() {
  const [state, complete] = useDo(AppCompleteDocument);
  const completeOnce = async (reservationId: string, card: string | undefined) => {
    const input = { reservationId, ...(card === undefined ? {} : { paymentMethodId: card }) };
    const answer = await complete({ input: { ...input, idempotencyKey: keyFor('complete', input) } });
    if (answer) forgetKey('complete');
    return answer?.completeReservation;
  };

  const payHold = async (reservationId: string, card: string | undefined) => {
    const payload = await completeOnce(reservationId, card);
    const why = payload?.userErrors[0];
    const secret = why?.__typename === 'PaymentNeeded' ? why.clientSecret : null;
    if (STRIPE_KEY === undefined || secret == null) return payload;
    const wrong = await askBank(STRIPE_KEY, secret);
    return wrong === undefined ? completeOnce(reservationId, undefined) : payload;
  };
  return [state, payHold] as const;
}
