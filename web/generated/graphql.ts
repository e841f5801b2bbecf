/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The latest refresh token of a login. */
export type RefreshLoginInput = {
  /** From the last sign-in or refresh. */
  refreshToken: string;
};

/** Drivers and staff sign in alike. Five wrong guesses a minute for one account. */
export type SignInInput = {
  /** In any case. */
  email: string;
  /** The password. */
  password: string;
};

/** Any refresh token of the login to end. */
export type SignOutInput = {
  /** From the last sign-in or refresh. */
  refreshToken: string;
};

/** Why something was refused. When several reasons hold, the first of this order is told. */
export type UserErrorCode =
  /** What the merchant may give this month is used up. */
  | 'BUDGET_USED_UP'
  /** The code is in use. */
  | 'CODE_TAKEN'
  /** E-mail address or password is wrong. */
  | 'CREDENTIALS_INVALID'
  /** There is no such debt, or it is not open any more. */
  | 'DEBT_NOT_FOUND'
  /** There is no such device in your lots. */
  | 'DEVICE_NOT_FOUND'
  /** There is an account with this e-mail address. */
  | 'EMAIL_TAKEN'
  /** There is no such gate in your lot. */
  | 'GATE_NOT_FOUND'
  /** The reservation was not paid in time and has been let go: reserve again. */
  | 'HOLD_LAPSED'
  /** The idempotency key was used for another request: make a new one. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** There is no such incident in your lots. */
  | 'INCIDENT_NOT_FOUND'
  /** A value is out of range; `field` says which. */
  | 'INVALID_INPUT'
  /** The lot does not take vehicles at that time. */
  | 'LOT_CLOSED'
  /** There is no such lot. */
  | 'LOT_NOT_FOUND'
  /** There is no such merchant in your lots, or it no longer validates. */
  | 'MERCHANT_NOT_FOUND'
  /** There is no such monthly pass, or it is not yours, or it is over. */
  | 'MONTHLY_PASS_NOT_FOUND'
  /** The monthly pass has covered all the stays of this month that it may cover. */
  | 'MONTHLY_PASS_USED_UP'
  /** The name is in use here. */
  | 'NAME_TAKEN'
  /** There is nothing to pay. */
  | 'NOTHING_DUE'
  /** Your role or your lots do not allow this. */
  | 'NOT_ALLOWED'
  /** There is no such thing, or it is not yours to see. */
  | 'NOT_FOUND'
  /** The password is too short or too common. */
  | 'PASSWORD_TOO_WEAK'
  /** The bank wants the payer to confirm the payment. */
  | 'PAYMENT_ACTION_REQUIRED'
  /** The card was declined: use another one. */
  | 'PAYMENT_DECLINED'
  /** The payment provider will never take this payment (its amount is too small for a card): another card does not help. */
  | 'PAYMENT_IMPOSSIBLE'
  /** It has to be paid first. */
  | 'PAYMENT_REQUIRED'
  /** The payment provider does not answer: try again in a minute. */
  | 'PAYMENT_UNAVAILABLE'
  /** The period ends before it begins. */
  | 'PERIOD_BACKWARDS'
  /** The period begins in the past. */
  | 'PERIOD_IN_PAST'
  /** The lot does not sell that far ahead yet. */
  | 'PERIOD_TOO_FAR_AHEAD'
  /** The lot sells no period as long as this. */
  | 'PERIOD_TOO_LONG'
  /** The lot sells no period as short as this. */
  | 'PERIOD_TOO_SHORT'
  /** The text is no licence plate: 2 to 12 letters and digits. */
  | 'PLATE_INVALID'
  /** The policy breaks a rule; the message says which. */
  | 'POLICY_INVALID'
  /** The promo code is no longer valid. */
  | 'PROMO_CODE_EXPIRED'
  /** The promo code is not for this lot, time, price or driver; the message says which. */
  | 'PROMO_CODE_NOT_APPLICABLE'
  /** There is no such promo code. */
  | 'PROMO_CODE_UNKNOWN'
  /** The promo code has been used as often as it may be, by everybody or by this driver. */
  | 'PROMO_CODE_USED_UP'
  /** The quote is too old: ask for a new one. */
  | 'QUOTE_EXPIRED'
  /** The quote is not ours or belongs to another request. */
  | 'QUOTE_INVALID'
  /** Say why: it is recorded. */
  | 'REASON_REQUIRED'
  /** The repricing has not ended yet: wait, or call it off. */
  | 'REPRICING_RUNNING'
  /** There is no such reservation, or it is not yours. */
  | 'RESERVATION_NOT_FOUND'
  /** The reservation is past the state in which this can be done. */
  | 'RESERVATION_STATE'
  /** There is no such sensor in your lots. */
  | 'SENSOR_NOT_FOUND'
  /** There is no such shift of yours, or it is over. */
  | 'SHIFT_NOT_FOUND'
  /** There is an open shift already: close it first. */
  | 'SHIFT_OPEN'
  /** There are reservations or vehicles on the spots. */
  | 'SPOTS_IN_USE'
  /** The vehicle does not fit such a spot. */
  | 'SPOT_DOES_NOT_FIT'
  /** There is no such spot. */
  | 'SPOT_NOT_FOUND'
  /** The spot belongs to another lot. */
  | 'SPOT_OF_ANOTHER_LOT'
  /** The spot is closed. */
  | 'SPOT_OUT_OF_SERVICE'
  /** No fitting spot is free for the whole period. */
  | 'SPOT_UNAVAILABLE'
  /** There is no such stay, or it is over. */
  | 'STAY_NOT_FOUND'
  /** The tariff breaks a rule; the message says which. */
  | 'TARIFF_INVALID'
  /** The token is expired, used or not ours: sign in again. */
  | 'TOKEN_INVALID'
  /** Too many attempts: wait a minute. */
  | 'TOO_MANY_ATTEMPTS'
  /** The stay has as many validations as it may have, or one that stands alone. */
  | 'VALIDATION_LIMIT'
  /** There is no such vehicle in your account. */
  | 'VEHICLE_NOT_FOUND';

export type BoardSubscriptionVariables = Exact<{
  lotIds: Array<string> | string;
}>;


export type BoardSubscription = { availability: { asOf: string, free: number, byLevel: Array<{ levelId: string, free: number }> } };

export type RefreshMutationVariables = Exact<{
  input: RefreshLoginInput;
}>;


export type RefreshMutation = { refreshLogin: { login: { accessToken: string, accessTokenExpiresAt: string, refreshToken: string, refreshTokenExpiresAt: string } | null } };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { signIn: { login: { accessToken: string, accessTokenExpiresAt: string, refreshToken: string, refreshTokenExpiresAt: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type SignOutMutationVariables = Exact<{
  input: SignOutInput;
}>;


export type SignOutMutation = { signOut: { userErrors: Array<
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
      | { code: UserErrorCode }
    > } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const BoardDocument = new TypedDocumentString(`
    subscription Board($lotIds: [ID!]!) {
  availability(lotIds: $lotIds) {
    asOf
    free
    byLevel {
      levelId
      free
    }
  }
}
    `) as unknown as TypedDocumentString<BoardSubscription, BoardSubscriptionVariables>;
export const RefreshDocument = new TypedDocumentString(`
    mutation Refresh($input: RefreshLoginInput!) {
  refreshLogin(input: $input) {
    login {
      accessToken
      accessTokenExpiresAt
      refreshToken
      refreshTokenExpiresAt
    }
  }
}
    `) as unknown as TypedDocumentString<RefreshMutation, RefreshMutationVariables>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    login {
      accessToken
      accessTokenExpiresAt
      refreshToken
      refreshTokenExpiresAt
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const SignOutDocument = new TypedDocumentString(`
    mutation SignOut($input: SignOutInput!) {
  signOut(input: $input) {
    userErrors {
      code
    }
  }
}
    `) as unknown as TypedDocumentString<SignOutMutation, SignOutMutationVariables>;