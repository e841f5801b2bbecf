import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { RESERVATION_STATES, type ReservationState } from '../domain/reservation.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import { Allow } from './access.ts';
import { QuoteType } from './availability.ts';
import { OneOf } from './build-schema.ts';
import { connectionType } from './connection.ts';
import { enumOf, SpotTypeEnum, VehicleClassEnum } from './enums.ts';
import { Money } from './money.ts';
import { Node } from './node.ts';
import { PeriodInput } from './period.ts';
import { CountryCode, DateTime, LongText, ShortText, UUID } from './scalars.ts';
import { UserError } from './user-error.ts';

export const ReservationStateEnum = enumOf<ReservationState>('ReservationState', RESERVATION_STATES, {
  description: 'How far a reservation has come. EXPIRED, CANCELLED and COMPLETED are final.',
  values: {
    HELD: 'The spot is kept until `holdExpiresAt` while the driver pays.',
    CONFIRMED: 'Paid: the driver may come.',
    CHECKED_IN: 'The vehicle is inside.',
    COMPLETED: 'The vehicle has left.',
    EXPIRED: 'Nobody paid in time; the spot was let go.',
    CANCELLED: 'Called off; the spot was let go.',
    NO_SHOW: 'Nobody came in time; the spot was let go.',
  },
});

@Allow('PUBLIC')
@ObjectType('Promises', { description: 'What was promised and agreed, one English sentence each.' })
export class PromisesType {
  @Field(() => String, { description: 'What cancelling gives back.' })
  cancellation!: string;

  @Field(() => String, { description: 'How long the spot is kept for a late driver.' })
  lateArrival!: string;

  @Field(() => String, { description: 'What not coming costs.' })
  noShow!: string;

  @Field(() => String, { description: 'What leaving early gives back.' })
  earlyDeparture!: string;
}

@Allow('PUBLIC')
@ObjectType('Reservation', {
  implements: Node,
  description:
    'A right to park. Its driver and the staff of its lot get to see it; price and policy are what was promised when it was made.',
})
export class ReservationType extends Node {
  @Field(() => String, {
    description: 'What people read to each other: "PK-7Q3M-2F". Any case and spacing is understood.',
  })
  code!: string;

  @Field(() => ReservationStateEnum, { description: 'How far it has come.' })
  state!: ReservationState;

  @Field(() => SpotTypeEnum, { description: 'The type of the spot it stands on.' })
  spotType!: SpotType;

  @Field(() => Boolean, {
    description: 'Whether the driver chose this very spot; any other may still be exchanged until check-in.',
  })
  pinned!: boolean;

  @Field(() => VehicleClassEnum, { description: 'What the vehicle is.' })
  vehicleClass!: VehicleClass;

  @Field(() => CountryCode, { nullable: true, description: 'Where the plate was issued; null when not told.' })
  plateCountry!: string | null;

  @Field(() => DateTime, { description: 'When the hold runs out if it is not paid.' })
  holdExpiresAt!: Date;

  @Field(() => DateTime, { description: 'When the spot is let go if nobody has come.' })
  graceEndsAt!: Date;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the money is not what was planned: `FREE_CANCELLATION`, `LATE_CANCELLATION`, `PAID_LATE`, `EARLY_DEPARTURE`, `NO_SHOW_…`; null while all goes to plan.',
  })
  outcomeRule!: string | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was paid; null until then.' })
  confirmedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When the vehicle came in; null until then.' })
  checkedInAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When the vehicle left; null until then.' })
  completedAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it expired, was cancelled or let go; null when it was not.',
  })
  endedAt!: Date | null;
}

export const ReservationConnection = connectionType(ReservationType, {
  name: 'Reservation',
  plural: 'reservations',
  countable: false,
});

@InputType('PlateInput', { description: 'A licence plate as it is read on the vehicle.' })
export class PlateInput {
  @Field(() => ShortText, { description: 'Letters and digits; case, spaces and hyphens do not matter.' })
  text!: string;

  @Field(() => CountryCode, { nullable: true, description: 'Where it was issued.' })
  country?: string | null;

  @Field(() => VehicleClassEnum, { nullable: true, description: 'What the vehicle is; CAR when absent.' })
  vehicleClass?: VehicleClass | null;
}

@OneOf()
@InputType('VehicleRefInput', { description: 'Which vehicle: one of the account, or any by its plate.' })
export class VehicleRefInput {
  @Field(() => ID, { nullable: true, description: 'A vehicle of the driver’s account.' })
  vehicleId?: string | null;

  @Field(() => PlateInput, { nullable: true, description: 'A vehicle that stands in no account.' })
  plate?: PlateInput | null;
}

const KEY =
  'A new UUID for each new request. Sent again with the same input it gives the first answer and has no second effect; it is kept for 24 h.';

@InputType('ReserveSpotInput', { description: 'What to hold.' })
export class ReserveSpotInput {
  @Field(() => UUID, { description: KEY })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => PeriodInput, { description: 'When. Within the lot’s policy for length and for how far ahead.' })
  period!: PeriodInput;

  @Field(() => SpotTypeEnum, {
    nullable: true,
    description: 'Only this type. Absent: the best that takes the vehicle.',
  })
  spotType?: SpotType | null;

  @Field(() => ID, { nullable: true, description: 'Only this spot, and it will not be exchanged.' })
  spotId?: string | null;

  @Field(() => VehicleRefInput, { description: 'Who comes.' })
  vehicle!: VehicleRefInput;

  @Field(() => ID, {
    nullable: true,
    description: 'The quote whose price is wanted. Absent: the price of this moment.',
  })
  quoteId?: string | null;

  @Field(() => ShortText, {
    nullable: true,
    description:
      'A promo code, in any spelling of its letters. With a quote: the one that was quoted; it need not be said again.',
  })
  promoCode?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The driver’s own monthly pass to use. With a quote: the one that was quoted; it need not be said again.',
  })
  monthlyPassId?: string | null;
}

@InputType('CompleteReservationInput', { description: 'Which reservation to pay, and how.' })
export class CompleteReservationInput {
  @Field(() => UUID, { description: KEY })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'The held reservation.' })
  reservationId!: string;

  @Field(() => LongText, {
    nullable: true,
    description:
      'The card, as the provider’s library gave it (`pm_…`). Absent: the client has confirmed the payment itself, with the `clientSecret`.',
  })
  paymentMethodId?: string | null;
}

@InputType('ChangeReservationInput', { description: 'The new end of a reservation.' })
export class ChangeReservationInput {
  @Field(() => UUID, { description: KEY })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'A confirmed reservation that is not over.' })
  reservationId!: string;

  @Field(() => DateTime, { description: 'When it shall end. See `Reservation.priceIfEndingAt` for what that costs.' })
  endsAt!: Date;

  @Field(() => LongText, {
    nullable: true,
    description: 'The card for what a later end costs more; an earlier end needs none.',
  })
  paymentMethodId?: string | null;
}

@InputType('CancelReservationInput', { description: 'Which reservation to call off.' })
export class CancelReservationInput {
  @Field(() => UUID, { description: KEY })
  idempotencyKey!: string;

  @Field(() => ID, {
    description: 'A held or confirmed reservation. See `Reservation.refundIfCancelledNow` for what comes back.',
  })
  reservationId!: string;

  @Field(() => LongText, { nullable: true, description: 'Why staff call it off: it is recorded with their name.' })
  reason?: string | null;
}

@InputType('ChangeVehicleInput', { description: 'Which vehicle comes instead.' })
export class ChangeVehicleInput {
  @Field(() => UUID, { description: KEY })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'A held or confirmed reservation whose vehicle has not come in.' })
  reservationId!: string;

  @Field(() => VehicleRefInput, {
    description: 'The other vehicle. A plate without a class is of the class that was reserved for.',
  })
  vehicle!: VehicleRefInput;
}

@InputType('AnnounceLateArrivalInput', { description: 'Whose driver is late.' })
export class AnnounceLateArrivalInput {
  @Field(() => ID, { description: 'A confirmed reservation whose grace is not over.' })
  reservationId!: string;
}

/** What the answers of all verbs of a reservation share. */
@Allow('PUBLIC')
@ObjectType('ReservationPayload')
abstract class ReservationPayload {
  @Field(() => ReservationType, {
    nullable: true,
    description: 'The reservation as it is now; null when the request was refused.',
  })
  reservation?: ReservationType | null;

  @Field(() => Boolean, { description: 'Whether this answers a request that was made before: nothing was done again.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: UserError[];
}

@Allow('PUBLIC')
@ObjectType('ReserveSpotPayload', { description: 'The hold, or why there is none.' })
export class ReserveSpotPayload extends ReservationPayload {}

@Allow('PUBLIC')
@ObjectType('CompleteReservationPayload', { description: 'The confirmed reservation, or what is still in the way.' })
export class CompleteReservationPayload extends ReservationPayload {}

@Allow('PUBLIC')
@ObjectType('ChangeReservationPayload', { description: 'The changed reservation, or why it stays as it was.' })
export class ChangeReservationPayload extends ReservationPayload {}

@Allow('PUBLIC')
@ObjectType('ChangeVehiclePayload', {
  description: 'The reservation with its other plate, or why it keeps the one it had.',
})
export class ChangeVehiclePayload extends ReservationPayload {}

@Allow('PUBLIC')
@ObjectType('AnnounceLateArrivalPayload', { description: 'Refused with RESERVATION_NOT_FOUND or RESERVATION_STATE.' })
export class AnnounceLateArrivalPayload {
  @Field(() => ReservationType, {
    nullable: true,
    description:
      'The reservation; its `graceEndsAt` says until when the spot waits. Null when the request was refused.',
  })
  reservation?: ReservationType | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: UserError[];
}

@Allow('PUBLIC')
@ObjectType('CancelReservationPayload', { description: 'The cancelled reservation and what comes back.' })
export class CancelReservationPayload extends ReservationPayload {
  @Field(() => Money, { nullable: true, description: 'What goes back to the card; zero when nothing does.' })
  refund?: Money | null;
}

@Allow('PUBLIC')
@ObjectType('PaymentNeeded', {
  implements: UserError,
  description:
    'The payment waits for its payer (codes PAYMENT_REQUIRED and PAYMENT_ACTION_REQUIRED). The hold stands until its deadline.',
})
export class PaymentNeeded extends UserError {
  @Field(() => String, {
    nullable: true,
    description: 'With this the provider’s library confirms the payment in the client.',
  })
  clientSecret!: string | null;

  @Field(() => Money, { nullable: true, description: 'What is due, where that is not the reservation’s price.' })
  due!: Money | null;
}

@Allow('PUBLIC')
@ObjectType('QuoteExpired', { implements: UserError, description: 'The price is no longer kept (code QUOTE_EXPIRED).' })
export class QuoteExpired extends UserError {
  @Field(() => QuoteType, {
    nullable: true,
    description: 'The same request at the price of this moment; null when it can’t be had any more.',
  })
  newQuote!: QuoteType | null;
}
