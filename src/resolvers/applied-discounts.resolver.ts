import { FieldResolver, Resolver, Root } from 'type-graphql';
import { discountsOf } from '../domain/concessions.ts';
import type { Reservation } from '../entities/reservation.ts';
import type { Stay } from '../entities/stay.ts';
import { AppliedDiscountType } from '../schema/discount.ts';
import { StayType } from '../schema/gate.ts';
import { ReservationType } from '../schema/reservation.ts';
import { shownDiscount } from './discount-views.ts';

type Cheaper = Pick<Reservation | Stay, 'concessions' | 'currency'>;

function applied({ concessions, currency }: Cheaper): AppliedDiscountType[] {
  return discountsOf(concessions ?? {}).map((discount) => {
    const { source, name } = discount;
    return { source, name, discount: shownDiscount(discount, currency) };
  });
}

@Resolver(() => ReservationType)
export class ReservationDiscountsResolver {
  @FieldResolver(() => [AppliedDiscountType], {
    description:
      'What makes it cheaper: its promo code is in its price, what merchants took over comes off at the exit.',
  })
  discounts(@Root() reservation: Reservation): AppliedDiscountType[] {
    return applied(reservation);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The name of the monthly pass it was made with, if any.',
  })
  monthlyPassName(@Root() { concessions }: Reservation): string | null {
    return concessions?.monthlyPass?.name ?? null;
  }
}

@Resolver(() => StayType)
export class StayDiscountsResolver {
  @FieldResolver(() => [AppliedDiscountType], {
    description: 'What merchants have taken over of a walk-in; on a reservation it stands there.',
  })
  discounts(@Root() stay: Stay): AppliedDiscountType[] {
    return applied(stay);
  }

  @FieldResolver(() => String, { nullable: true, description: 'The name of the monthly pass that covers it, if any.' })
  monthlyPassName(@Root() { concessions }: Stay): string | null {
    return concessions?.monthlyPass?.name ?? null;
  }
}
