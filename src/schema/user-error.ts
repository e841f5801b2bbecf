import { Field, InterfaceType, ObjectType } from 'type-graphql';
import { REFUSAL_CODES, type RefusalCode } from '../domain/refusal.ts';
import { Allow } from './access.ts';
import { enumOf } from './enums.ts';
import { typeNameOf } from './node.ts';

export const UserErrorCode = enumOf<RefusalCode>('UserErrorCode', REFUSAL_CODES, {
  description: 'Why something was refused. When several reasons hold, the first of this order is told.',
  values: {
    IDEMPOTENCY_KEY_REUSED: 'The idempotency key was used for another request: make a new one.',
    INVALID_INPUT: 'A value is out of range; `field` says which.',
    SCAN_NOT_CORRECTABLE:
      'What the earlier scan led to cannot be changed any more: the vehicle has left, has paid, or was corrected before.',
    NOT_FOUND: 'There is no such thing, or it is not yours to see.',
    LOT_NOT_FOUND: 'There is no such lot.',
    LOT_CLOSED: 'The lot does not take vehicles at that time.',
    SPOT_NOT_FOUND: 'There is no such spot.',
    SPOT_OF_ANOTHER_LOT: 'The spot belongs to another lot.',
    SPOT_OUT_OF_SERVICE: 'The spot is closed.',
    SPOT_DOES_NOT_FIT: 'The vehicle does not fit such a spot.',
    VEHICLE_NOT_FOUND: 'There is no such vehicle in your account.',
    PLATE_INVALID: 'The text is no licence plate: 2 to 12 letters and digits.',
    PERIOD_BACKWARDS: 'The period ends before it begins.',
    PERIOD_IN_PAST: 'The period begins in the past.',
    PERIOD_TOO_SHORT: 'The lot sells no period as short as this.',
    PERIOD_TOO_LONG: 'The lot sells no period as long as this.',
    PERIOD_TOO_FAR_AHEAD: 'The lot does not sell that far ahead yet.',
    QUOTE_INVALID: 'The quote is not ours or belongs to another request.',
    QUOTE_EXPIRED: 'The quote is too old: ask for a new one.',
    PROMO_CODE_UNKNOWN: 'There is no such promo code.',
    PROMO_CODE_EXPIRED: 'The promo code is no longer valid.',
    PROMO_CODE_USED_UP: 'The promo code has been used as often as it may be, by everybody or by this driver.',
    PROMO_CODE_NOT_APPLICABLE: 'The promo code is not for this lot, time, price or driver; the message says which.',
    MONTHLY_PASS_NOT_FOUND: 'There is no such monthly pass, or it is not yours, or it is over.',
    MONTHLY_PASS_USED_UP: 'The monthly pass has covered all the stays of this month that it may cover.',
    MERCHANT_NOT_FOUND: 'There is no such merchant in your lots, or it no longer validates.',
    VALIDATION_LIMIT: 'The stay has as many validations as it may have, or one that stands alone.',
    BUDGET_USED_UP: 'What the merchant may give this month is used up.',
    SPOT_UNAVAILABLE: 'No fitting spot is free for the whole period.',
    RESERVATION_NOT_FOUND: 'There is no such reservation, or it is not yours.',
    RESERVATION_STATE: 'The reservation is past the state in which this can be done.',
    HOLD_LAPSED: 'The reservation was not paid in time and has been let go: reserve again.',
    PAYMENT_REQUIRED: 'It has to be paid first.',
    PAYMENT_DECLINED: 'The card was declined: use another one.',
    PAYMENT_ACTION_REQUIRED: 'The bank wants the payer to confirm the payment.',
    PAYMENT_UNAVAILABLE: 'The payment provider does not answer: try again in a minute.',
    PAYMENT_IMPOSSIBLE:
      'The payment provider will never take this payment (its amount is too small for a card): another card does not help.',
    STAY_NOT_FOUND: 'There is no such stay, or it is over.',
    DEBT_NOT_FOUND: 'There is no such debt, or it is not open any more.',
    SHIFT_NOT_FOUND: 'There is no such shift of yours, or it is over.',
    SHIFT_OPEN: 'There is an open shift already: close it first.',
    NOTHING_DUE: 'There is nothing to pay.',
    GATE_NOT_FOUND: 'There is no such gate in your lot.',
    INCIDENT_NOT_FOUND: 'There is no such incident in your lots.',
    SENSOR_NOT_FOUND: 'There is no such sensor in your lots.',
    DEVICE_NOT_FOUND: 'There is no such device in your lots.',
    EMAIL_TAKEN: 'There is an account with this e-mail address.',
    CREDENTIALS_INVALID: 'E-mail address or password is wrong.',
    PASSWORD_TOO_WEAK: 'The password is too short or too common.',
    TOKEN_INVALID: 'The token is expired, used or not ours: sign in again.',
    REASON_REQUIRED: 'Say why: it is recorded.',
    CODE_TAKEN: 'The code is in use.',
    TARIFF_INVALID: 'The tariff breaks a rule; the message says which.',
    POLICY_INVALID: 'The policy breaks a rule; the message says which.',
    REPRICING_RUNNING: 'The repricing has not ended yet: wait, or call it off.',
    ACCOUNT_IN_USE: 'The account has a reservation that is not over, owes money, or has a monthly pass.',
    TOO_MANY_ATTEMPTS: 'Too many attempts: wait a minute.',
    NOT_ALLOWED: 'Your role or your lots do not allow this.',
    NAME_TAKEN: 'The name is in use here.',
    SPOTS_IN_USE: 'There are reservations or vehicles on the spots.',
  },
});

@InterfaceType('UserError', {
  description: 'Something that was refused for a reason the caller can act on. Nothing has been changed.',
  resolveType: typeNameOf,
})
export abstract class UserError {
  @Field(() => String, { description: 'One sentence for people, in English.' })
  message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Path of the input field at fault, `["period", "startsAt"]`; null: the request as a whole.',
  })
  field!: string[] | null;

  @Field(() => UserErrorCode, { description: 'The reason for programs.' })
  code!: RefusalCode;
}

@Allow('PUBLIC')
@ObjectType('PlainUserError', { implements: UserError, description: 'A refusal that says all with its code.' })
export class PlainUserError extends UserError {}
