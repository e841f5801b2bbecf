import DataLoader from 'dataloader';
import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { Quote } from '../availability/quote.ts';
import type { Context } from '../context.ts';
import { cardConsent, type AutomaticPayment, type CardConsent } from '../domain/card-consent.ts';
import { encodeId } from '../domain/public-id.ts';
import type { Driver } from '../entities/driver.ts';
import type { Payment } from '../entities/payment.ts';
import type { Refund } from '../entities/refund.ts';
import type { Reservation } from '../entities/reservation.ts';
import { agreeToAutomaticPayment } from '../payments/automatic-payment.ts';
import { clientSecretOf } from '../payments/client-secret.ts';
import {
  chargesOfReservations,
  disputedReservations,
  paymentsOfReservations,
  refundsOfPayments,
} from '../payments/payment-of-reservation.ts';
import { refundPayment } from '../payments/refund-payment.ts';
import { removePaymentMethod } from '../payments/remove-payment-method.ts';
import { savePaymentMethod, type SavedPaymentMethod } from '../payments/save-payment-method.ts';
import { Allow } from '../schema/access.ts';
import { DriverType } from '../schema/account.ts';
import { Money, money } from '../schema/money.ts';
import { QuoteType } from '../schema/availability.ts';
import {
  AgreeToAutomaticPaymentInput,
  AgreeToAutomaticPaymentPayload,
  AutomaticPaymentType,
  CardConsentType,
  PaymentType,
  RefundPaymentInput,
  RefundPaymentPayload,
  RefundType,
  RemovePaymentMethodPayload,
  SavePaymentMethodInput,
  SavePaymentMethodPayload,
} from '../schema/payment.ts';
import { ReservationType } from '../schema/reservation.ts';
import { Locale } from '../schema/scalars.ts';
import { cancelledNow } from './cancelled-now.ts';
import { registerNode } from './node.resolver.ts';
import { answer, forbidden, requireLotId, type Answer } from './payload.ts';
import { isPerson, maySee, requireDriver } from './who-asks.ts';

interface MoneyLoaders {
  readonly paymentOf: DataLoader<{ lotId: string; reservationId: string }, Payment | null, string>;
  readonly chargesOf: DataLoader<{ lotId: string; reservationId: string }, Payment[], string>;
  readonly refundsOf: DataLoader<Payment, Refund[], string>;
  readonly isDisputed: DataLoader<{ lotId: string; reservationId: string }, boolean, string>;
}

const loaders = new WeakMap<object, MoneyLoaders>();

/** Payments and refunds of one operation: all of one moment in one query each. */
function moneyOf({ em }: Context): MoneyLoaders {
  const known = loaders.get(em);
  if (known) return known;
  const fresh: MoneyLoaders = {
    paymentOf: new DataLoader((keys) => paymentsOfReservations(em, keys), {
      cacheKeyFn: (key) => `${key.lotId}/${key.reservationId}`,
    }),
    isDisputed: new DataLoader((keys) => disputedReservations(em, keys), {
      cacheKeyFn: (key) => `${key.lotId}/${key.reservationId}`,
    }),
    chargesOf: new DataLoader((keys) => chargesOfReservations(em, keys), {
      cacheKeyFn: (key) => `${key.lotId}/${key.reservationId}`,
    }),
    refundsOf: new DataLoader((payments) => refundsOfPayments(em, payments), {
      cacheKeyFn: (payment) => `${payment.lotId}/${payment.id}`,
    }),
  };
  loaders.set(em, fresh);
  return fresh;
}

registerNode('pay', async (context, { lotId, id }) => {
  if (lotId === null || !isPerson(context.viewer)) return null;
  const payment = await context.loaders.payment({ lotId, id });
  return payment && (await maySee(context, payment)) ? payment : null;
});

@Resolver(() => PaymentType)
export class PaymentResolver {
  @FieldResolver(() => ID, { description: 'Opaque and lasting: store it as text, at most 64 characters.' })
  id(@Root() { lotId, id }: Payment): string {
    return encodeId('pay', lotId, id);
  }

  @FieldResolver(() => Money)
  amount(@Root() { amountMinor, currency }: Payment): Money {
    return money(amountMinor, currency);
  }

  @FieldResolver(() => Money)
  captured(@Root() { capturedMinor, currency }: Payment): Money {
    return money(capturedMinor, currency);
  }

  @FieldResolver(() => Money)
  refunded(@Root() { refundedMinor, currency }: Payment): Money {
    return money(refundedMinor, currency);
  }

  @FieldResolver(() => Money, { description: 'The tax in what was paid; zero until it is captured.' })
  tax(@Root() { taxMinor, currency }: Payment): Money {
    return money(taxMinor, currency);
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description: 'In coins: what was handed over; null for other ways to pay.',
  })
  handedOver(@Root() { tenderedMinor, currency }: Payment): Money | null {
    return tenderedMinor == null ? null : money(tenderedMinor, currency);
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description: 'In coins: what was given back of that; null for other ways to pay.',
  })
  change(@Root() { tenderedMinor, cashMinor, currency }: Payment): Money | null {
    return tenderedMinor == null || cashMinor == null ? null : money(tenderedMinor - cashMinor, currency);
  }

  @FieldResolver(() => [RefundType], { description: 'What goes back of it, oldest first.' })
  refunds(@Ctx() context: Context, @Root() payment: Payment): Promise<Refund[]> {
    return moneyOf(context).refundsOf.load(payment);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'For its driver alone, null for everyone else: with this the driver’s device pays at the provider. Null when there is nothing to pay, and while the provider does not answer.',
  })
  async clientSecret(@Ctx() { platform, viewer }: Context, @Root() payment: Payment): Promise<string | null> {
    if (viewer?.kind !== 'DRIVER' || viewer.driverId !== payment.driverId) return null;
    return clientSecretOf(platform, payment);
  }

  @Allow('OPERATOR')
  @Mutation(() => RefundPaymentPayload, {
    description:
      'Sends back money that was paid by card; who did it and why is recorded. Refuses with LOT_NOT_FOUND, NOT_FOUND, REASON_REQUIRED, INVALID_INPUT, IDEMPOTENCY_KEY_REUSED.',
  })
  refundPayment(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => RefundPaymentInput, { description: 'How much of which payment, and why.' })
    { paymentId: payment, ...input }: RefundPaymentInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      if (viewer?.kind !== 'STAFF') throw forbidden();
      const { lotId, id: paymentId } = requireLotId('pay', payment, 'paymentId');
      return refundPayment(platform, { ...input, lotId, paymentId }, viewer);
    });
  }

  @Allow('DRIVER')
  @Mutation(() => SavePaymentMethodPayload, {
    description:
      'Saves the card for charges that come later, in two steps. Refuses with INVALID_INPUT, PAYMENT_UNAVAILABLE.',
  })
  savePaymentMethod(
    @Ctx() context: Context,
    @Arg('input', () => SavePaymentMethodInput, { description: 'Which step.' })
    { paymentMethodId }: SavePaymentMethodInput,
  ): Promise<Answer<SavedPaymentMethod>> {
    const driver = requireDriver(context);
    const wish = paymentMethodId == null ? {} : { paymentMethodId };
    return answer(() => savePaymentMethod(context.platform, wish, driver));
  }

  @Allow('DRIVER')
  @Mutation(() => RemovePaymentMethodPayload, {
    description: 'Lets go of the saved card, and of what was agreed to for it; without one nothing is done.',
  })
  removePaymentMethod(@Ctx() context: Context): Promise<Answer<object>> {
    const driver = requireDriver(context);
    return answer(async () => {
      await removePaymentMethod(context.platform, driver);
      return { removed: true };
    });
  }
}

@Resolver(() => DriverType)
export class AutomaticPaymentResolver {
  @Allow('DRIVER')
  @Mutation(() => AgreeToAutomaticPaymentPayload, {
    description:
      'Says whether exits may charge the saved card for visits of the account’s vehicles, and up to how much. Refuses with INVALID_INPUT.',
  })
  agreeToAutomaticPayment(
    @Ctx() context: Context,
    @Arg('input', () => AgreeToAutomaticPaymentInput, { description: 'Up to how much, or not at all.' })
    { limit }: AgreeToAutomaticPaymentInput,
  ): Promise<Answer<object>> {
    const driver = requireDriver(context);
    return answer(async () => {
      const { automaticPayment } = await agreeToAutomaticPayment(context.platform, { limit: limit ?? null }, driver);
      return { automaticPayment: shownAutomaticPayment(automaticPayment) };
    });
  }

  @FieldResolver(() => AutomaticPaymentType, {
    nullable: true,
    description: 'What exits may charge to the saved card without asking; null: nothing.',
  })
  automaticPayment(@Root() driver: Driver): AutomaticPaymentType | null {
    return shownAutomaticPayment(driver.automaticPayment ?? null);
  }
}

function shownAutomaticPayment(word: AutomaticPayment | null): AutomaticPaymentType | null {
  if (word === null) return null;
  const { text, limitMinor, currency, givenAt } = word;
  return { text, limit: money(limitMinor, currency), givenAt: new Date(givenAt) };
}

@Resolver(() => RefundType)
export class RefundResolver {
  @FieldResolver(() => Money)
  amount(@Root() { amountMinor, currency }: Refund): Money {
    return money(amountMinor, currency);
  }
}

@Resolver(() => ReservationType)
export class ReservationPaymentResolver {
  @FieldResolver(() => [PaymentType], {
    description:
      'What was charged beside its price, oldest first (the fee for not coming, an overstay, a later end), for its driver and the staff of its lot; empty for everyone else.',
  })
  async charges(@Ctx() context: Context, @Root() { lotId, id, driverId }: Reservation): Promise<Payment[]> {
    if (!(await maySee(context, { lotId, driverId }))) return [];
    return moneyOf(context).chargesOf.load({ lotId, reservationId: id });
  }

  @FieldResolver(() => PaymentType, {
    nullable: true,
    description: 'The payment that confirms it, for its driver and the staff of its lot; null when it costs nothing.',
  })
  async payment(@Ctx() context: Context, @Root() { lotId, id }: Reservation): Promise<Payment | null> {
    const payment = await moneyOf(context).paymentOf.load({ lotId, reservationId: id });
    return payment && (await maySee(context, payment)) ? payment : null;
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether the payer disputes a payment of it, of whatever kind, with their bank: nothing of that is refunded meanwhile.',
  })
  isDisputed(@Ctx() context: Context, @Root() { lotId, id }: Reservation): Promise<boolean> {
    return moneyOf(context).isDisputed.load({ lotId, reservationId: id });
  }

  @FieldResolver(() => CardConsentType, {
    nullable: true,
    description:
      'What may be charged later to the card that pays for it; null on one that was made before this was asked.',
  })
  cardConsent(@Root() { consent, currency, confirmedAt }: Reservation): CardConsentType | null {
    return consent == null ? null : shownConsent(consent, { currency, givenAt: confirmedAt ?? null });
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description:
      'What cancelling now would charge to the card: above zero only after the grace, when it costs what not coming costs. Null when it can no longer be cancelled.',
  })
  async chargeIfCancelledNow(@Ctx() context: Context, @Root() reservation: Reservation): Promise<Money | null> {
    const cancelled = await cancelledNow(context, reservation);
    return cancelled && money(cancelled.chargeMinor, reservation.currency);
  }
}

@Resolver(() => QuoteType)
export class QuoteConsentResolver {
  @FieldResolver(() => CardConsentType, { description: 'What paying would let us charge later to the card.' })
  cardConsent(
    @Root() { lot }: Quote,
    @Arg('locale', () => Locale, { defaultValue: 'en', description: 'How amounts are written.' }) locale: string,
  ): CardConsentType {
    const { policy, currency } = lot;
    return shownConsent(cardConsent(policy, currency, locale), { currency, givenAt: null });
  }
}

function shownConsent(
  { text, noShowMaxMinor }: CardConsent,
  { currency, givenAt }: { currency: string; givenAt: Date | null },
): CardConsentType {
  return { text, noShowMax: money(noShowMaxMinor, currency), givenAt };
}
