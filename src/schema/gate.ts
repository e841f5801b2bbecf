import { Arg, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { GATE_ACTIONS, GATE_REASONS, type GateAction, type GateReason } from '../domain/admission.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import { Allow } from './access.ts';
import { OneOf } from './build-schema.ts';
import { enumOf, SpotTypeEnum, VehicleClassEnum } from './enums.ts';
import { displaySentence } from './gate-display.ts';
import { Money } from './money.ts';
import { Node } from './node.ts';
import { CountryCode, DateTime, Locale, LongText, ShortText, UUID } from './scalars.ts';
import { UserError } from './user-error.ts';

export const GateActionEnum = enumOf<GateAction>('GateAction', GATE_ACTIONS, {
  description: 'What the barrier does.',
  values: {
    OPEN: 'It opens.',
    DENY: 'It stays closed, and says why.',
    ASK: 'It stays closed until what is asked for is there: a code, a pass, a payment, a moment.',
  },
});

export const GateReasonEnum = enumOf<GateReason>('GateReason', GATE_REASONS, {
  description: 'Why. When several reasons hold, the first of this order is told.',
  values: {
    RESERVATION: 'A paid reservation is due.',
    STAY_PREPAID: 'The stay was paid ahead.',
    STAY_PAID: 'The stay was paid a moment ago.',
    WALK_IN: 'No reservation, but a spot was free.',
    NOTHING_DUE: 'There is nothing to pay.',
    BILLED_LATER: 'Nobody is trapped: what is owed is collected afterwards.',
    STAFF: 'A person opened it.',
    UNKNOWN_CREDENTIAL: 'The pass or code stands for nothing here.',
    PASS_FORGED: 'The pass was not signed by us.',
    PASS_OF_ANOTHER_LOT: 'The pass belongs to another lot.',
    PASS_STALE:
      'The lot lets passes in only with the code of the moment, and it came without one or with an old one: ask for the pass on the phone.',
    WRONG_DIRECTION: 'The gate leads the other way.',
    NOT_CONFIRMED: 'The reservation is not paid.',
    CANCELLED: 'The reservation was cancelled.',
    EXPIRED: 'The reservation was not paid in time.',
    NO_SHOW_RELEASED: 'The spot was given away because nobody came in time.',
    TOO_EARLY: 'The reservation does not begin yet.',
    TOO_LATE: 'The reservation is over.',
    ALREADY_INSIDE: 'The vehicle is inside already.',
    ALREADY_LEFT: 'The reservation was used.',
    NOT_INSIDE: 'The vehicle is not inside.',
    LOT_FULL: 'No fitting spot is free.',
    PAYMENT_DUE: 'The stay has to be paid first; `due` says how much.',
    AMBIGUOUS: 'Several vehicles could be meant: ask for the pass or the code.',
    UNREADABLE: 'Nothing could be read: ask for the pass, the code or the plate typed in, and offer a ticket.',
    LOT_CLOSED: 'The lot or this gate takes nobody now.',
    SYSTEM_UNAVAILABLE: 'We cannot tell right now: send the scan again.',
  },
});

const DECIDERS = ['CLOUD', 'LANE', 'OPERATOR'] as const;
export const DecidedByEnum = enumOf<(typeof DECIDERS)[number]>('DecidedBy', DECIDERS, {
  description: 'Who decided.',
  values: { CLOUD: 'The server.', LANE: 'The lane, while it was cut off.', OPERATOR: 'A person.' },
});

const OPERATIONS = ['CHECK_IN', 'CHECK_OUT', 'OPEN_GATE'] as const;
export const GateOperationEnum = enumOf<(typeof OPERATIONS)[number]>('GateOperation', OPERATIONS, {
  description: 'What was asked of a gate.',
  values: { CHECK_IN: 'A vehicle wanted in.', CHECK_OUT: 'A vehicle wanted out.', OPEN_GATE: 'A person opened it.' },
});

const STAY_KINDS = ['RESERVED', 'WALK_IN'] as const;
export const StayKindEnum = enumOf<(typeof STAY_KINDS)[number]>('StayKind', STAY_KINDS, {
  description: 'How the visit came about.',
  values: { RESERVED: 'On a reservation.', WALK_IN: 'Without one.' },
});
const STAY_STATES = ['INSIDE', 'LEFT'] as const;
export const StayStateEnum = enumOf<(typeof STAY_STATES)[number]>('StayState', STAY_STATES, {
  description: 'Where the vehicle is.',
  values: { INSIDE: 'In the lot.', LEFT: 'Gone.' },
});

@InputType('PlateCandidateInput', { description: 'What else a camera thought the plate could be.' })
export class PlateCandidateInput {
  @Field(() => ShortText, { description: 'The plate’s characters.' })
  text!: string;

  @Field(() => Float, { nullable: true, description: 'How sure the camera is, 0 to 1.' })
  confidence?: number | null;
}

@InputType('PlateReadInput', {
  description: 'One reading of a plate. Upper or lower case, spaces and hyphens do not matter.',
})
export class PlateReadInput {
  @Field(() => ShortText, { description: 'The plate’s characters as read or typed.' })
  text!: string;

  @Field(() => CountryCode, { nullable: true, description: 'The country of the plate, if the camera knows.' })
  country?: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'How sure the camera is, 0 to 1; absent for a plate that a person typed.',
  })
  confidence?: number | null;

  @Field(() => [PlateCandidateInput], {
    nullable: true,
    description: 'Its other guesses, best first; the first four are looked at.',
  })
  candidates?: PlateCandidateInput[] | null;

  @Field(() => ShortText, {
    nullable: true,
    description: 'The camera’s own id of the car that stands there. Readings with the same id are one arrival.',
  })
  arrivalKey?: string | null;
}

@OneOf()
@InputType('CredentialInput', { description: 'How a vehicle says who it is: exactly one of these.' })
export class CredentialInput {
  @Field(() => PlateReadInput, { nullable: true, description: 'Its plate.' })
  plate?: PlateReadInput | null;

  @Field(() => LongText, {
    nullable: true,
    description: 'The text of the QR: the pass, and behind a dot the code of the moment if the phone added one.',
  })
  pass?: string | null;

  @Field(() => ShortText, {
    nullable: true,
    description: 'The code of a reservation or of a walk-in’s ticket, as a person types it.',
  })
  code?: string | null;

  @Field(() => Boolean, { nullable: true, description: '`true`: there is a vehicle and nothing could be read.' })
  unreadable?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      '`true`: the driver asks for a ticket (the button, or the kiosk after UNREADABLE): a walk-in with a code and no plate. Means nothing at an exit.',
  })
  ticket?: boolean | null;
}

/** What every scan has; the schema shows it as fields of the inputs that extend it. */
@InputType()
abstract class ScanFields {
  @Field(() => ID, { description: 'The gate it stands at.' })
  gateId!: string;

  @Field(() => UUID, {
    description:
      'Made by the device, once for each reading, and sent again with it until `durable`. The same id has the same answer.',
  })
  scanId!: string;

  @Field(() => CredentialInput, { description: 'How it says who it is.' })
  credential!: CredentialInput;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True when the barrier has opened for this scan before, on an answer that was not `durable`: the vehicle is through, so it is recorded rather than asked.',
  })
  alreadyOpened?: boolean | null;
}

@InputType('CheckInInput', { description: 'A vehicle wants in.' })
export class CheckInInput extends ScanFields {
  @Field(() => DateTime, {
    nullable: true,
    description: 'When the device saw it, by its own clock. Matters for a scan that is sent late.',
  })
  observedAt?: Date | null;

  @Field(() => VehicleClassEnum, {
    nullable: true,
    description: 'What it is, for a vehicle without a reservation; CAR unless told.',
  })
  vehicleClass?: VehicleClass | null;

  @Field(() => UUID, { nullable: true, description: 'The earlier scan of the same arrival that this one corrects.' })
  supersedes?: string | null;
}

@InputType('CheckOutInput', { description: 'A vehicle wants out.' })
export class CheckOutInput extends ScanFields {
  @Field(() => DateTime, {
    nullable: true,
    description: 'When the device saw it, by its own clock: that is when it left.',
  })
  observedAt?: Date | null;
}

@InputType('OpenGateInput', { description: 'A person opens a gate.' })
export class OpenGateInput {
  @Field(() => UUID, { description: 'The same key has the same answer and one effect. Send it again until `durable`.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'The gate.' })
  gateId!: string;

  @Field(() => LongText, { description: 'Why; it is recorded with your name.' })
  reason!: string;
}

@InputType('TicketInput', { description: 'A walk-in’s ticket.' })
export class TicketInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => ShortText, { description: 'The code on the ticket.' })
  code!: string;
}

@OneOf()
@InputType('StayRefInput', { description: 'Which visit is meant: exactly one of these.' })
export class StayRefInput {
  @Field(() => ID, { nullable: true, description: 'Its id, from the gate’s answer.' })
  stayId?: string | null;

  @Field(() => TicketInput, { nullable: true, description: 'The ticket of a walk-in.' })
  ticket?: TicketInput | null;
}

@InputType('PayStayInput', { description: 'A vehicle without a reservation pays before it leaves.' })
export class PayStayInput {
  @Field(() => UUID, { description: 'The same key pays once.' })
  idempotencyKey!: string;

  @Field(() => StayRefInput, { description: 'Which visit.' })
  stay!: StayRefInput;

  @Field(() => ShortText, {
    nullable: true,
    description: 'The card to charge (`pm_…`). Absent: confirm with `clientSecret`, then drive to the exit.',
  })
  paymentMethodId?: string | null;
}

@Allow('PUBLIC')
@ObjectType('NearestFreeLot', { description: 'Where a vehicle that was turned away finds room.' })
export class NearestFreeLotType {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => String, { description: 'Its name, for the display.' })
  lotName!: string;

  @Field(() => Int, { description: 'How far it is as the crow flies.' })
  distanceMeters!: number;

  @Field(() => Int, { description: 'How many spots that fit the vehicle were free there a moment ago.' })
  free!: number;
}

@Allow('PUBLIC')
@ObjectType('GateDecision', { description: 'What a gate does about one scan. A decision is data, never an error.' })
export class GateDecisionType {
  @Field(() => UUID, { description: 'The scan it is about.' })
  scanId!: string;

  @Field(() => GateActionEnum, { description: 'What the barrier does.' })
  action!: GateAction;

  @Field(() => GateReasonEnum, { description: 'Why.' })
  reason!: GateReason;

  @Field(() => String, { description: 'What to show to the driver.' })
  displayText(
    @Arg('locale', () => Locale, { defaultValue: 'en', description: 'The driver’s language.' }) locale: string,
  ): string {
    return displaySentence(this.reason, locale);
  }

  @Field(() => String, { nullable: true, description: 'The code of the reservation; null for a vehicle without one.' })
  reservationCode!: string | null;

  @Field(() => ID, { nullable: true, description: 'The visit; null when there is none, or nobody knows which.' })
  stayId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The code that a walk-in shows at the exit when its plate is not read: print or show it.',
  })
  ticketCode!: string | null;

  @Field(() => String, { nullable: true, description: 'Where to park ("2-117").' })
  spotLabel!: string | null;

  @Field(() => String, { nullable: true, description: 'How to get there.' })
  directions!: string | null;

  @Field(() => Money, {
    nullable: true,
    description: 'What is to be paid now (ASK), or is billed later (OPEN); null when nothing is.',
  })
  due!: Money | null;

  @Field(() => NearestFreeLotType, {
    nullable: true,
    description: 'Told with LOT_FULL: the nearest lot within five kilometres that has room; null when there is none.',
  })
  nearestFree!: NearestFreeLotType | null;

  @Field(() => DateTime, { description: 'When it was decided.' })
  decidedAt!: Date;

  @Field(() => DecidedByEnum, { description: 'Who decided.' })
  decidedBy!: (typeof DECIDERS)[number];

  @Field(() => Boolean, {
    description: 'True once the scan stands in PostgreSQL; a device sends the scan again until it does.',
  })
  durable!: boolean;
}

@Allow('PUBLIC')
@ObjectType('CheckInPayload', { description: 'The answer to a vehicle that wants in.' })
export class CheckInPayload {
  @Field(() => GateDecisionType, { nullable: true, description: 'Null when the request itself was wrong.' })
  decision?: GateDecisionType;

  @Field(() => Boolean, { description: 'True when this scan had its answer before.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was decided; empty when it was.' })
  userErrors!: UserError[];
}

@Allow('PUBLIC')
@ObjectType('CheckOutPayload', { description: 'The answer to a vehicle that wants out.' })
export class CheckOutPayload extends CheckInPayload {}

@Allow('PUBLIC')
@ObjectType('OpenGatePayload', { description: 'The record of a gate that a person opened.' })
export class OpenGatePayload extends CheckInPayload {}

@Allow('PUBLIC')
@ObjectType('Stay', {
  implements: Node,
  description:
    'One visit of one vehicle, from entry to exit. Whoever knows its id or ticket may pay for it; no plate is shown.',
})
export class StayType extends Node {
  @Field(() => StayKindEnum, { description: 'How it came about.' })
  kind!: (typeof STAY_KINDS)[number];

  @Field(() => StayStateEnum, { description: 'Where the vehicle is.' })
  state!: (typeof STAY_STATES)[number];

  @Field(() => SpotTypeEnum, { description: 'What it is priced as.' })
  spotType!: SpotType;

  @Field(() => DateTime, { description: 'When it came in.' })
  enteredAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it left; null while it is inside.' })
  leftAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Paid until this minute; the exit opens for the lot’s exit grace after it.',
  })
  paidUntil!: Date | null;
}

@Allow('PUBLIC')
@ObjectType('PayStayPayload', { description: 'What paying led to.' })
export class PayStayPayload {
  @Field(() => StayType, { nullable: true, description: 'The visit, paid when `due` is zero.' })
  stay?: StayType;

  @Field(() => String, {
    nullable: true,
    description: 'With this the client confirms the payment at the provider; null once it is paid.',
  })
  clientSecret?: string | null;

  @Field(() => Boolean, { description: 'True when this key was used before.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was paid; empty when it was.' })
  userErrors!: UserError[];
}

@Allow('ATTENDANT', 'OPERATOR')
@ObjectType('GateEvent', { description: 'One decision at a gate, told once it stands in PostgreSQL.' })
export class GateEventType {
  @Field(() => ID, { description: 'The gate.' })
  gateId!: string;

  @Field(() => GateOperationEnum, { description: 'What was asked.' })
  operation!: (typeof OPERATIONS)[number];

  @Field(() => GateDecisionType, { description: 'What was decided.' })
  decision!: GateDecisionType;
}
