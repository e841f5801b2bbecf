import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { quote, type Quote, type QuoteRequest } from '../availability/quote.ts';
import { cancelReservation } from '../booking/cancel-reservation.ts';
import { changeReservation, priceWithEnd } from '../booking/change-reservation.ts';
import { completeReservation } from '../booking/complete-reservation.ts';
import { listReservations } from '../booking/list-reservations.ts';
import { reserveSpot } from '../booking/reserve-spot.ts';
import type { Context } from '../context.ts';
import { parseReservationCode } from '../domain/code.ts';
import { describePolicy } from '../domain/policy-sentences.ts';
import { Refusal } from '../domain/refusal.ts';
import { actorKey } from '../domain/viewer.ts';
import { decodeId, encodeId } from '../domain/public-id.ts';
import type { Reservation } from '../entities/reservation.ts';
import { passOf } from '../gate/passes.ts';
import { Allow } from '../schema/access.ts';
import { QuoteType } from '../schema/availability.ts';
import { ConnectionArgs, connectionFrom, pageRequest, type Connection } from '../schema/connection.ts';
import { Money, money } from '../schema/money.ts';
import { Period } from '../schema/period.ts';
import { PriceType, shownPrice } from '../schema/price.ts';
import {
  CancelReservationInput,
  CancelReservationPayload,
  ChangeReservationInput,
  ChangeReservationPayload,
  CompleteReservationInput,
  CompleteReservationPayload,
  PaymentNeeded,
  PromisesType,
  QuoteExpired,
  ReservationConnection,
  ReservationStateEnum,
  ReservationType,
  ReserveSpotInput,
  ReserveSpotPayload,
} from '../schema/reservation.ts';
import { DateTime, Locale, ShortText } from '../schema/scalars.ts';
import type { ReservationState } from '../domain/reservation.ts';
import { cancelledNow } from './cancelled-now.ts';
import { asGuess, asPromoGuess, thrownByQuery } from './code-guess.ts';
import { registerNode } from './node.resolver.ts';
import { answer, badInput, forbidden, registerUserError, requireId, requireLotId, type Answer } from './payload.ts';
import { timeKey } from './time-key.ts';
import { vehicleRef } from './vehicle-ref.ts';
import { isPerson, maySee, requireDriver } from './who-asks.ts';

registerUserError('PAYMENT_REQUIRED', ({ details }) => paymentNeeded(details));
registerUserError('PAYMENT_ACTION_REQUIRED', ({ details }) => paymentNeeded(details));

registerUserError('QUOTE_EXPIRED', ({ details }) => ({ __typename: QuoteExpired.name, request: details['request'] }));

function paymentNeeded(details: Readonly<Record<string, unknown>>) {
  const due = details['due'] as { amountMinor: number; currency: string } | undefined;
  return {
    __typename: PaymentNeeded.name,
    clientSecret: details['clientSecret'] ?? null,
    due: due ? money(due.amountMinor, due.currency) : null,
  };
}

registerNode('res', (context, { lotId, id }) =>
  lotId === null ? Promise.resolve(null) : visible(context, { lotId, id }),
);

/** The reservation, to its driver and the staff of its lot; null to anybody else. */
async function visible(context: Context, key: { lotId: string; id: string }): Promise<Reservation | null> {
  if (!isPerson(context.viewer)) return null;
  const reservation = await context.loaders.reservation(key);
  return reservation && (await maySee(context, reservation)) ? reservation : null;
}

/** The latest reservation with a code that the viewer may see. */
async function visibleByCode(context: Context, code: string): Promise<Reservation | null> {
  const canonical = parseReservationCode(code);
  if (canonical === undefined) return null;
  const page = { limit: 20, direction: 'FORWARD', from: undefined } as const;
  for (const reservation of await listReservations(context.em, { code: canonical }, page)) {
    if (await maySee(context, reservation)) return reservation;
  }
  return null;
}

@Resolver(() => ReservationType)
export class ReservationResolver {
  @Allow('DRIVER')
  @Mutation(() => ReserveSpotPayload, {
    description: 'Holds a spot for the time the lot gives for paying. Then `completeReservation`.',
  })
  reserveSpot(
    @Ctx() context: Context,
    @Arg('input', () => ReserveSpotInput, { description: 'What to hold.' }) input: ReserveSpotInput,
  ): Promise<Answer<object>> {
    return answer(() => {
      const { idempotencyKey, period, spotType, spotId, quoteId, promoCode, monthlyPassId } = input;
      const { id: lotId } = requireId('lot', input.lotId, 'lotId');
      const wish = {
        idempotencyKey,
        lotId,
        period: { startsAt: period.startsAt, endsAt: period.endsAt },
        vehicle: vehicleRef(input.vehicle),
        ...(spotType == null ? {} : { spotType }),
        ...(spotId == null ? {} : { spotId: requireId('spt', spotId, 'spotId').id }),
        ...(quoteId == null ? {} : { quoteId }),
        ...(promoCode == null ? {} : { promoCode }),
        ...(monthlyPassId == null ? {} : { monthlyPassId: requireLotId('mps', monthlyPassId, 'monthlyPassId').id }),
      };
      return asPromoGuess(context, promoCode, () => reserveSpot(context.platform, wish, requireDriver(context)));
    });
  }

  @Allow('DRIVER')
  @Mutation(() => CompleteReservationPayload, {
    description:
      'Pays for a held reservation and confirms it. The provider’s webhook does the same: whichever comes first.',
  })
  completeReservation(
    @Ctx() context: Context,
    @Arg('input', () => CompleteReservationInput, { description: 'Which, and how to pay.' })
    input: CompleteReservationInput,
  ): Promise<Answer<object>> {
    return answer(() => {
      const { lotId, id } = requireLotId('res', input.reservationId, 'reservationId');
      const { idempotencyKey, paymentMethodId } = input;
      const wish = {
        lotId,
        reservationId: id,
        idempotencyKey,
        ...(paymentMethodId == null ? {} : { paymentMethodId }),
      };
      return completeReservation(context.platform, wish, requireDriver(context));
    });
  }

  @Allow('DRIVER')
  @Mutation(() => ChangeReservationPayload, {
    description: 'Moves the end of a reservation: later for the difference, earlier with money back by policy.',
  })
  changeReservation(
    @Ctx() context: Context,
    @Arg('input', () => ChangeReservationInput, { description: 'Which, and its new end.' })
    input: ChangeReservationInput,
  ): Promise<Answer<object>> {
    return answer(() => {
      const { lotId, id } = requireLotId('res', input.reservationId, 'reservationId');
      const { idempotencyKey, endsAt, paymentMethodId } = input;
      const wish = {
        lotId,
        reservationId: id,
        idempotencyKey,
        endsAt,
        ...(paymentMethodId == null ? {} : { paymentMethodId }),
      };
      return changeReservation(context.platform, wish, requireDriver(context));
    });
  }

  @Allow('DRIVER', 'ATTENDANT', 'OPERATOR')
  @Mutation(() => CancelReservationPayload, {
    description: 'Calls a reservation off, frees its spot at once and sends back what its policy gives.',
  })
  cancelReservation(
    @Ctx() context: Context,
    @Arg('input', () => CancelReservationInput, { description: 'Which.' }) input: CancelReservationInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, id } = requireLotId('res', input.reservationId, 'reservationId');
      const { viewer, platform } = context;
      if (!viewer) throw forbidden();
      const cancelled = await cancelReservation(
        platform,
        { lotId, reservationId: id, idempotencyKey: input.idempotencyKey, reason: input.reason ?? undefined },
        viewer,
      );
      return { ...cancelled, refund: money(cancelled.refundMinor, cancelled.reservation.currency) };
    });
  }

  @Allow('DRIVER', 'ATTENDANT', 'OPERATOR')
  @Query(() => ReservationType, {
    nullable: true,
    description:
      'One reservation by id or code; null when it is not there or not yours to see. RATE_LIMITED after five wrong codes a minute.',
  })
  async reservation(
    @Ctx() context: Context,
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id?: string | null,
    @Arg('code', () => ShortText, {
      nullable: true,
      description: 'Its code, written in any way; the latest one of several.',
    })
    code?: string | null,
  ): Promise<Reservation | null> {
    if ((id == null) === (code == null)) throw badInput('send `id` or `code`, one of them');
    const key = id == null ? undefined : decodeId('res', id);
    if (key) return key.lotId === null ? null : visible(context, { lotId: key.lotId, id: key.id });
    if (code == null) return null;
    const guess = { purpose: 'reservation-code', subject: actorKey(context.viewer) };
    return asGuess(context, guess, () => visibleByCode(context, code)).catch((error: unknown) => {
      throw thrownByQuery(error);
    });
  }

  @Allow('DRIVER')
  @Query(() => ReservationConnection, { description: 'The driver’s own reservations, the latest start first.' })
  async reservations(
    @Ctx() context: Context,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Arg('states', () => [ReservationStateEnum], { nullable: true, description: 'Only those in one of these states.' })
    states?: ReservationState[] | null,
  ): Promise<Connection<Reservation>> {
    const page = pageRequest(args);
    const filter = { driverId: requireDriver(context).driverId, ...(states == null ? {} : { states }) };
    const rows = await listReservations(context.em, filter, { ...page, from: timeKey(page.from) });
    return connectionFrom(rows, page, ({ startsAt, id }) => [String(startsAt.getTime()), id]);
  }

  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: Reservation): string {
    return encodeId('res', lotId, id);
  }

  @FieldResolver(() => Period, { description: 'When the spot is the driver’s.' })
  period(@Root() { startsAt, endsAt }: Reservation): Period {
    return { startsAt, endsAt };
  }

  @FieldResolver(() => PriceType, { description: 'What was promised, line by line.' })
  price(@Root() { price }: Reservation): PriceType {
    return shownPrice(price);
  }

  @FieldResolver(() => Money, { description: 'What goes or went back, in all.' })
  refunded(@Root() { refundedMinor, currency }: Reservation): Money {
    return money(refundedMinor, currency);
  }

  @FieldResolver(() => Money, { description: 'What was kept of what was paid, for cancelling late or not coming.' })
  fee(@Root() { feeMinor, currency }: Reservation): Money {
    return money(feeMinor, currency);
  }

  @FieldResolver(() => String, { description: 'The licence plate that opens the gates.' })
  plate(@Ctx() { platform }: Context, @Root() { plateCipher }: Reservation): string {
    return platform.plates.open(plateCipher);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The signed pass to show as QR at the gates; to its driver, while it opens something.',
  })
  pass(@Ctx() { platform, viewer }: Context, @Root() reservation: Reservation): string | null {
    const usable = reservation.state === 'CONFIRMED' || reservation.state === 'CHECKED_IN';
    return usable && viewer?.kind === 'DRIVER' ? passOf(platform, reservation) : null;
  }

  @FieldResolver(() => PromisesType, { description: 'The policy it was made under, in sentences.' })
  promises(
    @Root() { policy, currency }: Reservation,
    @Arg('locale', () => Locale, { defaultValue: 'en', description: 'How amounts are written.' }) locale: string,
  ): PromisesType {
    return describePolicy(policy, currency, locale);
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description: 'What cancelling now would give back; null when it can no longer be cancelled.',
  })
  async refundIfCancelledNow(@Ctx() context: Context, @Root() reservation: Reservation): Promise<Money | null> {
    const cancelled = await cancelledNow(context, reservation);
    return cancelled && money(cancelled.refundMinor, reservation.currency);
  }

  @FieldResolver(() => PriceType, {
    nullable: true,
    description:
      'What the whole would cost with another end, by the promised tariff; null when the end is not after the start.',
  })
  async priceIfEndingAt(
    @Ctx() { loaders }: Context,
    @Root() reservation: Reservation,
    @Arg('endsAt', () => DateTime, { description: 'The other end.' }) endsAt: Date,
  ): Promise<PriceType | null> {
    const { lotId, tariffId, startsAt, policy } = reservation;
    const tooLong = endsAt.getTime() - startsAt.getTime() > policy.maxStayMinutes * 60_000;
    const [lot, tariff] = await Promise.all([loaders.lot(lotId), loaders.tariff({ lotId, id: tariffId })]);
    if (!lot || !tariff || endsAt <= startsAt || tooLong) return null;
    return shownPrice(priceWithEnd({ tariff, lot, reservation }, endsAt));
  }
}

@Resolver(() => QuoteExpired)
export class QuoteExpiredResolver {
  @FieldResolver(() => QuoteType, { nullable: true })
  async newQuote(
    @Ctx() { platform, viewer }: Context,
    @Root() { request }: { request: QuoteRequest },
  ): Promise<Quote | null> {
    try {
      return await quote(platform, request, viewer);
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  }
}
