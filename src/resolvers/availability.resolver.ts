import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { Alternative } from '../availability/alternatives.ts';
import { nextSpotPrices } from '../availability/price-spot.ts';
import { quote, type Quote } from '../availability/quote.ts';
import type { AvailabilitySnapshot } from '../availability/snapshot.ts';
import { MAX_LOTS_WATCHED, watchAvailability } from '../availability/watch-availability.ts';
import { watchReservation, type ReservationKey } from '../booking/watch-reservation.ts';
import type { Context } from '../context.ts';
import { decodeId } from '../domain/public-id.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Lot } from '../entities/lot.ts';
import { Reservation } from '../entities/reservation.ts';
import { Allow } from '../schema/access.ts';
import { AlternativeType, QuoteInput, QuotePayload, QuoteType, SpotUnavailable } from '../schema/availability.ts';
import { LotPolicyType } from '../schema/lot-policy.ts';
import { AvailabilityType, LotType } from '../schema/lot.ts';
import { NextPriceType, PriceType, shownNext, shownPrice } from '../schema/price.ts';
import { ReservationType } from '../schema/reservation.ts';
import { shownAvailability, shownPolicy } from './lot-views.ts';
import { asPromoGuess } from './code-guess.ts';
import { answer, badInput, notFound, registerUserError, requireId, requireLotId, type Answer } from './payload.ts';

registerUserError('SPOT_UNAVAILABLE', ({ details }) => ({
  __typename: SpotUnavailable.name,
  alternatives: details['alternatives'] ?? [],
}));

interface Subscribing<T> {
  readonly context: Context;
  readonly args: T;
}

/** A subscription has no payload to put a refusal into: it is a top-level error. */
async function orNotFound<T>(watched: Promise<T>): Promise<T> {
  try {
    return await watched;
  } catch (error) {
    throw error instanceof Refusal ? notFound(error.message) : error;
  }
}

@Resolver(() => QuoteType)
export class AvailabilityResolver {
  @Allow('PUBLIC')
  @Query(() => QuotePayload, { description: 'Is it free, at what price, and if not what is near. Holds nothing.' })
  quote(
    @Ctx() context: Context,
    @Arg('input', () => QuoteInput, { description: 'What a price is wanted for.' }) input: QuoteInput,
  ): Promise<Answer<{ quote: Quote }>> {
    return answer(async () => {
      const { period, spotType, vehicleClass, vehicleId, promoCode, monthlyPassId } = input;
      const { platform, viewer } = context;
      const request = {
        lotId: requireId('lot', input.lotId, 'lotId').id,
        period: { startsAt: period.startsAt, endsAt: period.endsAt },
        ...(spotType == null ? {} : { spotType }),
        ...(vehicleClass == null ? {} : { vehicleClass }),
        ...(vehicleId == null ? {} : { vehicleId: requireId('veh', vehicleId, 'vehicleId').id }),
        ...(promoCode == null ? {} : { promoCode }),
        ...(monthlyPassId == null ? {} : { monthlyPassId: requireLotId('mps', monthlyPassId, 'monthlyPassId').id }),
      };
      return { quote: await asPromoGuess(context, promoCode, () => quote(platform, request, viewer)) };
    });
  }

  @FieldResolver(() => ID)
  id(@Root() { quoteId }: Quote): string {
    return quoteId;
  }

  @FieldResolver(() => PriceType)
  price(@Root() { price }: Quote): PriceType {
    return shownPrice(price);
  }

  @FieldResolver(() => [NextPriceType])
  next(@Root() { priced, price }: Quote): NextPriceType[] {
    return shownNext(nextSpotPrices(priced), price.currency);
  }

  @FieldResolver(() => LotPolicyType)
  policy(@Root() { lot }: Quote): LotPolicyType {
    return shownPolicy(lot.policy, lot.currency);
  }

  @Allow('PUBLIC')
  @Subscription(() => AvailabilityType, {
    description: `The snapshot of each lot first, then every change, at most four a second a lot. For 1 to ${MAX_LOTS_WATCHED} lots; NOT_FOUND when one is not there.`,
    subscribe: ({ context, args }: Subscribing<{ lotIds: readonly string[] }>) =>
      orNotFound(watchAvailability(context.platform, lotIdsOf(args.lotIds))),
  })
  availability(
    @Root() snapshot: AvailabilitySnapshot,
    @Arg('lotIds', () => [ID], { description: `The lots to watch, at most ${MAX_LOTS_WATCHED}.` }) _lotIds: string[],
  ): AvailabilityType {
    return shownAvailability(snapshot);
  }
}

@Resolver()
export class ReservationWatchResolver {
  @Allow('DRIVER', 'ATTENDANT', 'OPERATOR')
  @Subscription(() => ReservationType, {
    description:
      'The reservation as it stands, then again whenever it changes; for its driver and the staff of its lot. NOT_FOUND for others.',
    subscribe: ({ context, args }: Subscribing<{ id: string }>) =>
      orNotFound(watchReservation(context.platform, reservationKey(args.id), context.viewer)),
  })
  async reservation(
    @Ctx() { platform }: Context,
    @Root() { lotId, reservationId }: ReservationKey,
    @Arg('id', () => ID, { description: 'The reservation to watch.' }) _id: string,
  ): Promise<Reservation> {
    // An entity manager for this event alone: one that lived as long as the subscription would answer from memory.
    return platform.orm.em.fork().findOneOrFail(Reservation, { lotId, id: reservationId });
  }
}

@Resolver(() => AlternativeType)
export class AlternativeResolver {
  @FieldResolver(() => LotType)
  async lot(@Ctx() { loaders }: Context, @Root() { lotId }: Alternative): Promise<Lot> {
    const lot = await loaders.lot(lotId);
    if (!lot) throw notFound('This lot is gone.');
    return lot;
  }
}

function lotIdsOf(texts: readonly string[]): string[] {
  if (texts.length === 0 || texts.length > MAX_LOTS_WATCHED) throw badInput(`name 1 to ${MAX_LOTS_WATCHED} lots`);
  return texts.map((text) => decodeId('lot', text)?.id ?? missing('lot'));
}

function reservationKey(text: string): ReservationKey {
  const { lotId, id } = decodeId('res', text) ?? missing('reservation');
  return lotId === null ? missing('reservation') : { lotId, reservationId: id };
}

function missing(what: string): never {
  throw notFound(`There is no such ${what}.`);
}
