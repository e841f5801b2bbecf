/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A vehicle of the signed-in driver. */
export type AddVehicleInput = {
  /** What its driver calls it. */
  nickname?: string | null | undefined;
  /** The plate as it is written on the vehicle: 2 to 12 letters and digits, separators do not matter. */
  plate: string;
  /** Where the plate was issued. */
  plateCountry?: string | null | undefined;
  /** Decides which spots it fits. */
  vehicleClass: VehicleClass;
};

/** In what an alternative differs from what was asked for. */
export type AlternativeKind =
  /** The same lot and types, the nearest later start for a period of the same length. */
  | 'LATER'
  /** The nearest other lot, for the same period. */
  | 'OTHER_LOT'
  /** Another type of spot in the same lot that takes the vehicle, for the same period. */
  | 'OTHER_TYPE';

/** Which reservation to call off. */
export type CancelReservationInput = {
  /** A new UUID for each new request. Sent again with the same input it gives the first answer and has no second effect; it is kept for 24 h. */
  idempotencyKey: string;
  /** Why staff call it off: it is recorded with their name. */
  reason?: string | null | undefined;
  /** A held or confirmed reservation. See `Reservation.refundIfCancelledNow` for what comes back. */
  reservationId: string;
};

/** Another password for the person who is signed in. */
export type ChangePasswordInput = {
  /** 10 to 200 characters, not made of the e-mail address. */
  newPassword: string;
  /** The password so far. Five wrong guesses a minute. */
  oldPassword: string;
};

/** The new end of a reservation. */
export type ChangeReservationInput = {
  /** When it shall end. See `Reservation.priceIfEndingAt` for what that costs. */
  endsAt: string;
  /** A new UUID for each new request. Sent again with the same input it gives the first answer and has no second effect; it is kept for 24 h. */
  idempotencyKey: string;
  /** The card for what a later end costs more; an earlier end needs none. */
  paymentMethodId?: string | null | undefined;
  /** A confirmed reservation that is not over. */
  reservationId: string;
};

/** Which reservation to pay, and how. */
export type CompleteReservationInput = {
  /** A new UUID for each new request. Sent again with the same input it gives the first answer and has no second effect; it is kept for 24 h. */
  idempotencyKey: string;
  /** The card, as the provider’s library gave it (`pm_…`). Absent: the client has confirmed the payment itself, with the `clientSecret`. */
  paymentMethodId?: string | null | undefined;
  /** The held reservation. */
  reservationId: string;
};

/** Why something was left owing: nobody is kept behind a barrier for it. */
export type DebtReason =
  /** A visit whose times were corrected afterwards, from what a lane had seen while it was cut off. */
  | 'AMENDED_STAY'
  /** A vehicle left whose entry nobody knew, and an attendant charged what the tariff asks for that. */
  | 'LOST_CREDENTIAL'
  /** The fee for not coming, which the saved card did not pay. */
  | 'NO_SHOW_FEE'
  /** Time past the end of a reservation. */
  | 'OVERSTAY'
  /** A stay on a reservation whose price had gone back with a no-show. */
  | 'REINSTATED'
  /** A visit that was let out unpaid. */
  | 'UNPAID_STAY';

/** Which way vehicles pass a gate. */
export type GateDirection =
  /** In and out, one after the other. */
  | 'BOTH'
  /** In. */
  | 'ENTRY'
  /** Out. */
  | 'EXIT';

/** A place on earth, WGS 84. */
export type GeoPointInput = {
  /** Degrees north, −90 to 90. */
  latitude: number;
  /** Degrees east, −180 to 180. */
  longitude: number;
};

/** Somebody wants proof of what they paid. */
export type IssueReceiptsInput = {
  /** The payment; it must have been captured. */
  paymentId: string;
};

/** Whether a lot takes vehicles. */
export type LotState =
  /** It takes no new reservations and lets nobody in. */
  | 'CLOSED'
  /** It does, within its opening hours. */
  | 'OPEN';

/** What a driver who does not come pays: kept of what was paid for the reservation. Only a FIXED fee can be more than that. */
export type NoShowFee =
  /** The price of the first hours. */
  | 'FIRST_HOURS'
  /** An amount; what it is above what was paid is charged to the saved card. */
  | 'FIXED'
  /** Everything that was paid. */
  | 'FULL'
  /** Nothing. */
  | 'NONE'
  /** A share of what was paid. */
  | 'PERCENT';

/** What the money is for. */
export type PaymentKind =
  /** What a changed reservation costs more. */
  | 'CHANGE'
  /** Money that was left owing, paid afterwards. */
  | 'DEBT'
  /** A month of a monthly pass. */
  | 'MONTHLY_PASS'
  /** The fee of a driver who did not come, charged to the saved card. */
  | 'NO_SHOW_FEE'
  /** The time past the end of a reservation, charged to the saved card. */
  | 'OVERSTAY'
  /** The reservation itself: it is confirmed when this is captured. */
  | 'RESERVATION'
  /** A visit without a reservation, paid before leaving. */
  | 'STAY';

/** How far a payment has come. */
export type PaymentState =
  /** Called off before anything was paid. */
  | 'CANCELED'
  /** Paid. */
  | 'CAPTURED'
  /** The payer disputes it with their bank; refunds wait until that is decided. */
  | 'DISPUTED'
  /** Refused for good; it stands as a debt. */
  | 'FAILED'
  /** Nothing was sent to the payment provider yet. */
  | 'OWED'
  /** The money is on its way. */
  | 'PROCESSING'
  /** The bank wants the payer to confirm (3-D Secure). */
  | 'REQUIRES_ACTION'
  /** A card is needed: the first one, or another after a refusal. */
  | 'REQUIRES_PAYMENT'
  /** The provider was asked and we have not heard the outcome; it is being found out. */
  | 'UNKNOWN';

/** A half-open period: `startsAt` belongs to it, `endsAt` no longer does. */
export type PeriodInput = {
  /** The first instant after the period; later than `startsAt`. */
  endsAt: string;
  /** The first instant of the period. */
  startsAt: string;
};

/** A licence plate as it is read on the vehicle. */
export type PlateInput = {
  /** Where it was issued. */
  country?: string | null | undefined;
  /** Letters and digits; case, spaces and hyphens do not matter. */
  text: string;
  /** What the vehicle is; CAR when absent. */
  vehicleClass?: VehicleClass | null | undefined;
};

/** Which rule of the tariff a line of a price comes from. */
export type PriceRule =
  /** Blocks of time by the rate. */
  | 'BLOCK'
  /** What a stretch of time costs at most (a day): takes off what is above. */
  | 'CAP'
  /** For another driver who had to be moved. */
  | 'DISPLACED'
  /** Time before a reserved period. */
  | 'EARLY_ARRIVAL'
  /** So short that it is free. */
  | 'GRACE'
  /** The price of a stay whose entry nobody knows. */
  | 'LOST_CREDENTIAL'
  /** What a stay costs at most: takes off what is above. */
  | 'MAXIMUM'
  /** What a stay that is not free costs at least. */
  | 'MINIMUM'
  /** Time that a monthly pass covers. */
  | 'MONTHLY_PASS'
  /** More or less because the lot is full or empty. */
  | 'MULTIPLIER'
  /** A flat price that the stay fits. */
  | 'OFFER'
  /** Time after a reserved period. */
  | 'OVERSTAY'
  /** What a promotion code takes off. */
  | 'PROMO'
  /** What an earlier visit was charged that this one goes on from. */
  | 'REENTRY'
  /** To the amount that the lot rounds to. */
  | 'ROUNDING'
  /** Tax that comes on top of the amounts. */
  | 'TAX'
  /** What a merchant takes over. */
  | 'VALIDATION'
  /** What one part of the day costs at most (a night): takes off what is above. */
  | 'WINDOW_CAP';

/** What a price is wanted for. */
export type QuoteInput = {
  /** The lot. */
  lotId: string;
  /** The monthly pass of the signed-in driver to use: what it covers costs nothing. */
  monthlyPassId?: string | null | undefined;
  /** When. Starts at most five minutes ago; length and advance within the lot’s policy. */
  period: PeriodInput;
  /** A promo code, in any spelling of its letters. */
  promoCode?: string | null | undefined;
  /** Only this type; null: the first type that takes the vehicle and is free. */
  spotType?: SpotType | null | undefined;
  /** What vehicle it is; null: a usual car. Not together with `vehicleId`. */
  vehicleClass?: VehicleClass | null | undefined;
  /** One of the signed-in driver’s vehicles, instead of `vehicleClass`. */
  vehicleId?: string | null | undefined;
};

/** The latest refresh token of a login. */
export type RefreshLoginInput = {
  /** From the last sign-in or refresh. */
  refreshToken: string;
};

/** The vehicle to take off the list. */
export type RemoveVehicleInput = {
  /** A vehicle of the signed-in driver. */
  vehicleId: string;
};

/** How far a reservation has come. EXPIRED, CANCELLED and COMPLETED are final. */
export type ReservationState =
  /** Called off; the spot was let go. */
  | 'CANCELLED'
  /** The vehicle is inside. */
  | 'CHECKED_IN'
  /** The vehicle has left. */
  | 'COMPLETED'
  /** Paid: the driver may come. */
  | 'CONFIRMED'
  /** Nobody paid in time; the spot was let go. */
  | 'EXPIRED'
  /** The spot is kept until `holdExpiresAt` while the driver pays. */
  | 'HELD'
  /** Nobody came in time; the spot was let go. */
  | 'NO_SHOW';

/** What to hold. */
export type ReserveSpotInput = {
  /** A new UUID for each new request. Sent again with the same input it gives the first answer and has no second effect; it is kept for 24 h. */
  idempotencyKey: string;
  /** The lot. */
  lotId: string;
  /** The driver’s own monthly pass to use. With a quote: the one that was quoted; it need not be said again. */
  monthlyPassId?: string | null | undefined;
  /** When. Within the lot’s policy for length and for how far ahead. */
  period: PeriodInput;
  /** A promo code, in any spelling of its letters. With a quote: the one that was quoted; it need not be said again. */
  promoCode?: string | null | undefined;
  /** The quote whose price is wanted. Absent: the price of this moment. */
  quoteId?: string | null | undefined;
  /** Only this spot, and it will not be exchanged. */
  spotId?: string | null | undefined;
  /** Only this type. Absent: the best that takes the vehicle. */
  spotType?: SpotType | null | undefined;
  /** Who comes. */
  vehicle: VehicleRefInput;
};

/** One of the two steps of saving a card. */
export type SavePaymentMethodInput = {
  /** Absent in the first step. In the second, the card that the first one gave the driver’s device (`pm_…`). */
  paymentMethodId?: string | null | undefined;
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

/** A new driver. Staff are invited instead. */
export type SignUpInput = {
  /** What they will sign in with. */
  email: string;
  /** The language of what we send them; English when not told. */
  locale?: string | null | undefined;
  /** Their name, 1 to 100 characters. */
  name: string;
  /** 10 to 200 characters, not made of the e-mail address. */
  password: string;
};

/** What kind of spot it is: what is sold and counted. */
export type SpotType =
  /** Wide and near the entrance, for holders of an accessible permit. */
  | 'ACCESSIBLE'
  /** For buses and trucks. */
  | 'BUS'
  /** Shorter and narrower than usual. */
  | 'COMPACT'
  /** With a charger. */
  | 'EV'
  /** For vans and large cars. */
  | 'LARGE'
  /** For two wheels. */
  | 'MOTORCYCLE'
  /** For a usual car. */
  | 'STANDARD';

/** What a member of staff may do. */
export type StaffRole =
  /** Runs the installation, with every operator and lot. */
  | 'ADMIN'
  /** Watches lanes, opens gates with a reason, helps drivers; within their lots. */
  | 'ATTENDANT'
  /** Runs lots: spots, prices, gates, devices, staff, refunds; within their lots. */
  | 'OPERATOR';

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
  /** What the earlier scan led to cannot be changed any more: the vehicle has left, has paid, or was corrected before. */
  | 'SCAN_NOT_CORRECTABLE'
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

/** What a vehicle is. Decides which spot types take it. */
export type VehicleClass =
  /** A bus or a camper. */
  | 'BUS'
  /** A usual car. */
  | 'CAR'
  /** A car that charges. */
  | 'ELECTRIC_CAR'
  /** Two wheels. */
  | 'MOTORCYCLE'
  /** A car that fits a compact spot. */
  | 'SMALL_CAR'
  /** A truck. */
  | 'TRUCK'
  /** A van or another large car. */
  | 'VAN';

/** Which vehicle: one of the account, or any by its plate. */
export type VehicleRefInput =
  {   /** A vehicle that stands in no account. */
  plate: PlateInput; vehicleId?: never; }
  |  { plate?: never;   /** A vehicle of the driver’s account. */
  vehicleId: string; };

/** A day of the week. */
export type Weekday =
  /** The fifth day. */
  | 'FRIDAY'
  /** The first day. */
  | 'MONDAY'
  /** The sixth day. */
  | 'SATURDAY'
  /** The seventh day. */
  | 'SUNDAY'
  /** The fourth day. */
  | 'THURSDAY'
  /** The second day. */
  | 'TUESDAY'
  /** The third day. */
  | 'WEDNESDAY';

export type AppViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type AppViewerQuery = { viewer:
    | { __typename: 'Device' }
    | { __typename: 'Driver', id: string, name: string, email: string, locale: string, createdAt: string, hasSavedCard: boolean, automaticPayment: { givenAt: string, limit: { amountMinor: number, currency: string } } | null, vehicles: Array<{ id: string, plate: string, plateCountry: string | null, nickname: string | null, vehicleClass: VehicleClass }> }
    | { __typename: 'StaffMember' }
   | null };

export type AppDebtsQueryVariables = Exact<{ [key: string]: never; }>;


export type AppDebtsQuery = { debts: { nodes: Array<{ id: string, reason: DebtReason, createdAt: string, payUrl: string | null, left: { amountMinor: number, currency: string }, lot: { name: string, timeZone: string } }> } };

export type AppSignUpMutationVariables = Exact<{
  input: SignUpInput;
}>;


export type AppSignUpMutation = { signUp: { login: { accessToken: string, accessTokenExpiresAt: string, refreshToken: string, refreshTokenExpiresAt: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppAddVehicleMutationVariables = Exact<{
  input: AddVehicleInput;
}>;


export type AppAddVehicleMutation = { addVehicle: { vehicle: { id: string, plate: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppRemoveVehicleMutationVariables = Exact<{
  input: RemoveVehicleInput;
}>;


export type AppRemoveVehicleMutation = { removeVehicle: { userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type AppSaveCardMutationVariables = Exact<{
  input: SavePaymentMethodInput;
}>;


export type AppSaveCardMutation = { savePaymentMethod: { clientSecret: string | null, savedPaymentMethodId: string | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type AppChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type AppChangePasswordMutation = { changePassword: { login: { accessToken: string, accessTokenExpiresAt: string, refreshToken: string, refreshTokenExpiresAt: string } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppLotQueryVariables = Exact<{
  code: string;
}>;


export type AppLotQuery = { lot: { id: string, code: string, name: string, address: string, state: LotState, timeZone: string, currency: string, openingHours: { alwaysOpen: boolean, windows: Array<{ day: Weekday, opens: string, closes: string }> }, capacity: Array<{ spotType: SpotType, total: number }> } | null };

export type AppPriceFragment = { taxPercent: number | null, total: { amountMinor: number, currency: string }, tax: { amountMinor: number, currency: string }, lines: Array<{ rule: PriceRule, description: string, quantity: number, localFrom: string, localTo: string, amount: { amountMinor: number, currency: string } }> };

export type AppPolicyFragment = { graceMinutes: number, earlyEntryMinutes: number, exitGraceMinutes: number, reinstateLateArrival: boolean, cancellation: { freeUntilMinutesBefore: number, refundPercentAfter: number }, earlyDeparture: { minimumChargeMinutes: number, refundPercent: number }, noShow: { fee: NoShowFee, hours: number | null, percent: number | null, fixed: { amountMinor: number, currency: string } | null } };

export type AppAlternativeFragment = { kind: AlternativeKind, distanceMeters: number, spotType: SpotType, spotsFree: number, period: { startsAt: string, endsAt: string }, lot: { code: string, name: string, timeZone: string } };

export type AppQuoteQueryVariables = Exact<{
  input: QuoteInput;
}>;


export type AppQuoteQuery = { quote: { quote: { id: string, available: boolean, expiresAt: string, spotType: SpotType, spotsFree: number, vehicleClass: VehicleClass, period: { startsAt: string, endsAt: string }, price: { taxPercent: number | null, total: { amountMinor: number, currency: string }, tax: { amountMinor: number, currency: string }, lines: Array<{ rule: PriceRule, description: string, quantity: number, localFrom: string, localTo: string, amount: { amountMinor: number, currency: string } }> }, policy: { graceMinutes: number, earlyEntryMinutes: number, exitGraceMinutes: number, reinstateLateArrival: boolean, cancellation: { freeUntilMinutesBefore: number, refundPercentAfter: number }, earlyDeparture: { minimumChargeMinutes: number, refundPercent: number }, noShow: { fee: NoShowFee, hours: number | null, percent: number | null, fixed: { amountMinor: number, currency: string } | null } }, cardConsent: { noShowMax: { amountMinor: number, currency: string } }, alternatives: Array<{ kind: AlternativeKind, distanceMeters: number, spotType: SpotType, spotsFree: number, period: { startsAt: string, endsAt: string }, lot: { code: string, name: string, timeZone: string } }> } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppReserveMutationVariables = Exact<{
  input: ReserveSpotInput;
}>;


export type AppReserveMutation = { reserveSpot: { reservation: { id: string, code: string, state: ReservationState, holdExpiresAt: string, price: { total: { amountMinor: number, currency: string } } } | null, userErrors: Array<
      | { __typename: 'PaymentNeeded', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'PlainUserError', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'PolicyInvalid', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'QuoteExpired', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'SpotUnavailable', code: UserErrorCode, message: string, field: Array<string> | null, alternatives: Array<{ kind: AlternativeKind, distanceMeters: number, spotType: SpotType, spotsFree: number, period: { startsAt: string, endsAt: string }, lot: { code: string, name: string, timeZone: string } }> }
      | { __typename: 'SpotsInUse', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'TariffInvalid', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'TooManyAttempts', code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppCompleteMutationVariables = Exact<{
  input: CompleteReservationInput;
}>;


export type AppCompleteMutation = { completeReservation: { reservation: { id: string, state: ReservationState } | null, userErrors: Array<
      | { __typename: 'PaymentNeeded', clientSecret: string | null, code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'PlainUserError', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'PolicyInvalid', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'QuoteExpired', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'SpotUnavailable', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'SpotsInUse', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'TariffInvalid', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'TooManyAttempts', code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppReservationRowFragment = { id: string, code: string, state: ReservationState, plate: string, createdAt: string, period: { startsAt: string, endsAt: string }, price: { total: { amountMinor: number, currency: string } }, lot: { id: string, code: string, name: string, timeZone: string } };

export type AppReservationsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AppReservationsQuery = { reservations: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, code: string, state: ReservationState, plate: string, createdAt: string, period: { startsAt: string, endsAt: string }, price: { total: { amountMinor: number, currency: string } }, lot: { id: string, code: string, name: string, timeZone: string } }> } };

export type AppPaymentFragment = { id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } };

export type AppReservationFragment = { spotType: SpotType, vehicleClass: VehicleClass, holdExpiresAt: string, graceEndsAt: string, checkedInAt: string | null, completedAt: string | null, endedAt: string | null, outcomeRule: string | null, pass: string | null, id: string, code: string, state: ReservationState, plate: string, createdAt: string, passMoment: { algorithm: string, digits: number, secret: string, stepSeconds: number } | null, spot: { label: string, directions: string | null, level: { name: string } }, lot: { address: string, id: string, code: string, name: string, timeZone: string, location: { latitude: number, longitude: number }, policy: { graceMinutes: number, earlyEntryMinutes: number, exitGraceMinutes: number, reinstateLateArrival: boolean, cancellation: { freeUntilMinutesBefore: number, refundPercentAfter: number }, earlyDeparture: { minimumChargeMinutes: number, refundPercent: number }, noShow: { fee: NoShowFee, hours: number | null, percent: number | null, fixed: { amountMinor: number, currency: string } | null } } }, price: { taxPercent: number | null, total: { amountMinor: number, currency: string }, tax: { amountMinor: number, currency: string }, lines: Array<{ rule: PriceRule, description: string, quantity: number, localFrom: string, localTo: string, amount: { amountMinor: number, currency: string } }> }, period: { startsAt: string, endsAt: string }, fee: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string }, refundIfCancelledNow: { amountMinor: number, currency: string } | null, chargeIfCancelledNow: { amountMinor: number, currency: string } | null, payment: { id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } } | null, charges: Array<{ id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } }> };

export type AppReservationMoneyFragment = { fee: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string }, refundIfCancelledNow: { amountMinor: number, currency: string } | null, chargeIfCancelledNow: { amountMinor: number, currency: string } | null, payment: { id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } } | null, charges: Array<{ id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } }> };

export type AppReservationQueryVariables = Exact<{
  id: string;
}>;


export type AppReservationQuery = { reservation: { spotType: SpotType, vehicleClass: VehicleClass, holdExpiresAt: string, graceEndsAt: string, checkedInAt: string | null, completedAt: string | null, endedAt: string | null, outcomeRule: string | null, pass: string | null, id: string, code: string, state: ReservationState, plate: string, createdAt: string, passMoment: { algorithm: string, digits: number, secret: string, stepSeconds: number } | null, spot: { label: string, directions: string | null, level: { name: string } }, lot: { address: string, id: string, code: string, name: string, timeZone: string, location: { latitude: number, longitude: number }, policy: { graceMinutes: number, earlyEntryMinutes: number, exitGraceMinutes: number, reinstateLateArrival: boolean, cancellation: { freeUntilMinutesBefore: number, refundPercentAfter: number }, earlyDeparture: { minimumChargeMinutes: number, refundPercent: number }, noShow: { fee: NoShowFee, hours: number | null, percent: number | null, fixed: { amountMinor: number, currency: string } | null } } }, price: { taxPercent: number | null, total: { amountMinor: number, currency: string }, tax: { amountMinor: number, currency: string }, lines: Array<{ rule: PriceRule, description: string, quantity: number, localFrom: string, localTo: string, amount: { amountMinor: number, currency: string } }> }, period: { startsAt: string, endsAt: string }, fee: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string }, refundIfCancelledNow: { amountMinor: number, currency: string } | null, chargeIfCancelledNow: { amountMinor: number, currency: string } | null, payment: { id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } } | null, charges: Array<{ id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } }> } | null };

export type AppReservationLiveSubscriptionVariables = Exact<{
  id: string;
}>;


export type AppReservationLiveSubscription = { reservation: { id: string, state: ReservationState, plate: string, checkedInAt: string | null, completedAt: string | null, period: { startsAt: string, endsAt: string }, spot: { label: string } } };

export type AppPriceIfEndingQueryVariables = Exact<{
  id: string;
  endsAt: string;
}>;


export type AppPriceIfEndingQuery = { reservation: { id: string, priceIfEndingAt: { total: { amountMinor: number, currency: string } } | null } | null };

export type AppPriceIfExtendedQueryVariables = Exact<{
  id: string;
  soon: string;
  later: string;
  latest: string;
}>;


export type AppPriceIfExtendedQuery = { reservation: { id: string, soon: { total: { amountMinor: number, currency: string } } | null, later: { total: { amountMinor: number, currency: string } } | null, latest: { total: { amountMinor: number, currency: string } } | null } | null };

export type AppChangeMutationVariables = Exact<{
  input: ChangeReservationInput;
}>;


export type AppChangeMutation = { changeReservation: { reservation: { spotType: SpotType, vehicleClass: VehicleClass, holdExpiresAt: string, graceEndsAt: string, checkedInAt: string | null, completedAt: string | null, endedAt: string | null, outcomeRule: string | null, pass: string | null, id: string, code: string, state: ReservationState, plate: string, createdAt: string, passMoment: { algorithm: string, digits: number, secret: string, stepSeconds: number } | null, spot: { label: string, directions: string | null, level: { name: string } }, lot: { address: string, id: string, code: string, name: string, timeZone: string, location: { latitude: number, longitude: number }, policy: { graceMinutes: number, earlyEntryMinutes: number, exitGraceMinutes: number, reinstateLateArrival: boolean, cancellation: { freeUntilMinutesBefore: number, refundPercentAfter: number }, earlyDeparture: { minimumChargeMinutes: number, refundPercent: number }, noShow: { fee: NoShowFee, hours: number | null, percent: number | null, fixed: { amountMinor: number, currency: string } | null } } }, price: { taxPercent: number | null, total: { amountMinor: number, currency: string }, tax: { amountMinor: number, currency: string }, lines: Array<{ rule: PriceRule, description: string, quantity: number, localFrom: string, localTo: string, amount: { amountMinor: number, currency: string } }> }, period: { startsAt: string, endsAt: string }, fee: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string }, refundIfCancelledNow: { amountMinor: number, currency: string } | null, chargeIfCancelledNow: { amountMinor: number, currency: string } | null, payment: { id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } } | null, charges: Array<{ id: string, kind: PaymentKind, state: PaymentState, capturedAt: string | null, amount: { amountMinor: number, currency: string }, captured: { amountMinor: number, currency: string }, refunded: { amountMinor: number, currency: string } }> } | null, userErrors: Array<
      | { __typename: 'PaymentNeeded', clientSecret: string | null, code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'PlainUserError', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'PolicyInvalid', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'QuoteExpired', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'SpotUnavailable', code: UserErrorCode, message: string, field: Array<string> | null, alternatives: Array<{ kind: AlternativeKind, distanceMeters: number, spotType: SpotType, spotsFree: number, period: { startsAt: string, endsAt: string }, lot: { code: string, name: string, timeZone: string } }> }
      | { __typename: 'SpotsInUse', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'TariffInvalid', code: UserErrorCode, message: string, field: Array<string> | null }
      | { __typename: 'TooManyAttempts', code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppCancelMutationVariables = Exact<{
  input: CancelReservationInput;
}>;


export type AppCancelMutation = { cancelReservation: { refund: { amountMinor: number, currency: string } | null, reservation: { id: string, state: ReservationState } | null, userErrors: Array<
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
      | { code: UserErrorCode, message: string, field: Array<string> | null }
    > } };

export type AppReceiptsMutationVariables = Exact<{
  input: IssueReceiptsInput;
}>;


export type AppReceiptsMutation = { issueReceipts: { receipts: Array<{ id: string, number: string, isRefund: boolean, issuedAt: string, url: string, pdfUrl: string, total: { amountMinor: number, currency: string } }> | null, userErrors: Array<
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
      | { code: UserErrorCode, message: string }
    > } };

export type AppLotsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  near?: GeoPointInput | null | undefined;
  radiusMeters: number;
  period?: PeriodInput | null | undefined;
  spotType?: SpotType | null | undefined;
}>;


export type AppLotsQuery = { lots: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ distanceMeters: number | null, spotsFree: number | null, price: { total: { amountMinor: number, currency: string } } | null, node: { id: string, code: string, name: string, address: string, timeZone: string, location: { latitude: number, longitude: number }, capacity: Array<{ spotType: SpotType, total: number }> } }> } };

export type AppFreeSubscriptionVariables = Exact<{
  lotIds: Array<string> | string;
}>;


export type AppFreeSubscription = { availability: { lotId: string, free: number, total: number, asOf: string } };

export type BoardSubscriptionVariables = Exact<{
  lotIds: Array<string> | string;
}>;


export type BoardSubscription = { availability: { asOf: string, free: number, byLevel: Array<{ levelId: string, free: number }> } };

export type ConsoleViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleViewerQuery = { viewer:
    | { __typename: 'Device' }
    | { __typename: 'Driver' }
    | { __typename: 'StaffMember', id: string, name: string, email: string, role: StaffRole }
   | null };

export type ConsoleLotsQueryVariables = Exact<{
  text?: string | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ConsoleLotsQuery = { servedLots: { nodes: Array<{ id: string, code: string, name: string, address: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ConsoleLotQueryVariables = Exact<{
  code: string;
}>;


export type ConsoleLotQuery = { lot: { id: string, code: string, name: string, timeZone: string, currency: string, state: LotState, levels: Array<{ id: string, name: string, ordinal: number }>, gates: Array<{ id: string, name: string, direction: GateDirection, inService: boolean }> } | null };

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
export const AppAlternativeFragmentDoc = new TypedDocumentString(`
    fragment AppAlternative on Alternative {
  kind
  distanceMeters
  spotType
  spotsFree
  period {
    startsAt
    endsAt
  }
  lot {
    code
    name
    timeZone
  }
}
    `, {"fragmentName":"AppAlternative"}) as unknown as TypedDocumentString<AppAlternativeFragment, unknown>;
export const AppReservationRowFragmentDoc = new TypedDocumentString(`
    fragment AppReservationRow on Reservation {
  id
  code
  state
  plate
  createdAt
  period {
    startsAt
    endsAt
  }
  price {
    total {
      amountMinor
      currency
    }
  }
  lot {
    id
    code
    name
    timeZone
  }
}
    `, {"fragmentName":"AppReservationRow"}) as unknown as TypedDocumentString<AppReservationRowFragment, unknown>;
export const AppPolicyFragmentDoc = new TypedDocumentString(`
    fragment AppPolicy on LotPolicy {
  graceMinutes
  earlyEntryMinutes
  exitGraceMinutes
  reinstateLateArrival
  cancellation {
    freeUntilMinutesBefore
    refundPercentAfter
  }
  earlyDeparture {
    minimumChargeMinutes
    refundPercent
  }
  noShow {
    fee
    hours
    percent
    fixed {
      amountMinor
      currency
    }
  }
}
    `, {"fragmentName":"AppPolicy"}) as unknown as TypedDocumentString<AppPolicyFragment, unknown>;
export const AppPriceFragmentDoc = new TypedDocumentString(`
    fragment AppPrice on Price {
  total {
    amountMinor
    currency
  }
  tax {
    amountMinor
    currency
  }
  taxPercent
  lines {
    rule
    description
    quantity
    localFrom
    localTo
    amount {
      amountMinor
      currency
    }
  }
}
    `, {"fragmentName":"AppPrice"}) as unknown as TypedDocumentString<AppPriceFragment, unknown>;
export const AppPaymentFragmentDoc = new TypedDocumentString(`
    fragment AppPayment on Payment {
  id
  kind
  state
  capturedAt
  amount {
    amountMinor
    currency
  }
  captured {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
}
    `, {"fragmentName":"AppPayment"}) as unknown as TypedDocumentString<AppPaymentFragment, unknown>;
export const AppReservationMoneyFragmentDoc = new TypedDocumentString(`
    fragment AppReservationMoney on Reservation {
  fee {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
  refundIfCancelledNow {
    amountMinor
    currency
  }
  chargeIfCancelledNow {
    amountMinor
    currency
  }
  payment {
    ...AppPayment
  }
  charges {
    ...AppPayment
  }
}
    fragment AppPayment on Payment {
  id
  kind
  state
  capturedAt
  amount {
    amountMinor
    currency
  }
  captured {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
}`, {"fragmentName":"AppReservationMoney"}) as unknown as TypedDocumentString<AppReservationMoneyFragment, unknown>;
export const AppReservationFragmentDoc = new TypedDocumentString(`
    fragment AppReservation on Reservation {
  ...AppReservationRow
  spotType
  vehicleClass
  holdExpiresAt
  graceEndsAt
  checkedInAt
  completedAt
  endedAt
  outcomeRule
  pass
  passMoment {
    algorithm
    digits
    secret
    stepSeconds
  }
  spot {
    label
    directions
    level {
      name
    }
  }
  lot {
    address
    location {
      latitude
      longitude
    }
    policy {
      ...AppPolicy
    }
  }
  price {
    ...AppPrice
  }
  ...AppReservationMoney
}
    fragment AppPrice on Price {
  total {
    amountMinor
    currency
  }
  tax {
    amountMinor
    currency
  }
  taxPercent
  lines {
    rule
    description
    quantity
    localFrom
    localTo
    amount {
      amountMinor
      currency
    }
  }
}
fragment AppPolicy on LotPolicy {
  graceMinutes
  earlyEntryMinutes
  exitGraceMinutes
  reinstateLateArrival
  cancellation {
    freeUntilMinutesBefore
    refundPercentAfter
  }
  earlyDeparture {
    minimumChargeMinutes
    refundPercent
  }
  noShow {
    fee
    hours
    percent
    fixed {
      amountMinor
      currency
    }
  }
}
fragment AppReservationRow on Reservation {
  id
  code
  state
  plate
  createdAt
  period {
    startsAt
    endsAt
  }
  price {
    total {
      amountMinor
      currency
    }
  }
  lot {
    id
    code
    name
    timeZone
  }
}
fragment AppPayment on Payment {
  id
  kind
  state
  capturedAt
  amount {
    amountMinor
    currency
  }
  captured {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
}
fragment AppReservationMoney on Reservation {
  fee {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
  refundIfCancelledNow {
    amountMinor
    currency
  }
  chargeIfCancelledNow {
    amountMinor
    currency
  }
  payment {
    ...AppPayment
  }
  charges {
    ...AppPayment
  }
}`, {"fragmentName":"AppReservation"}) as unknown as TypedDocumentString<AppReservationFragment, unknown>;
export const AppViewerDocument = new TypedDocumentString(`
    query AppViewer {
  viewer {
    __typename
    ... on Driver {
      id
      name
      email
      locale
      createdAt
      hasSavedCard
      automaticPayment {
        givenAt
        limit {
          amountMinor
          currency
        }
      }
      vehicles {
        id
        plate
        plateCountry
        nickname
        vehicleClass
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AppViewerQuery, AppViewerQueryVariables>;
export const AppDebtsDocument = new TypedDocumentString(`
    query AppDebts {
  debts(first: 20, states: [OPEN]) {
    nodes {
      id
      reason
      createdAt
      payUrl
      left {
        amountMinor
        currency
      }
      lot {
        name
        timeZone
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AppDebtsQuery, AppDebtsQueryVariables>;
export const AppSignUpDocument = new TypedDocumentString(`
    mutation AppSignUp($input: SignUpInput!) {
  signUp(input: $input) {
    login {
      accessToken
      accessTokenExpiresAt
      refreshToken
      refreshTokenExpiresAt
    }
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<AppSignUpMutation, AppSignUpMutationVariables>;
export const AppAddVehicleDocument = new TypedDocumentString(`
    mutation AppAddVehicle($input: AddVehicleInput!) {
  addVehicle(input: $input) {
    vehicle {
      id
      plate
    }
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<AppAddVehicleMutation, AppAddVehicleMutationVariables>;
export const AppRemoveVehicleDocument = new TypedDocumentString(`
    mutation AppRemoveVehicle($input: RemoveVehicleInput!) {
  removeVehicle(input: $input) {
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<AppRemoveVehicleMutation, AppRemoveVehicleMutationVariables>;
export const AppSaveCardDocument = new TypedDocumentString(`
    mutation AppSaveCard($input: SavePaymentMethodInput!) {
  savePaymentMethod(input: $input) {
    clientSecret
    savedPaymentMethodId
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<AppSaveCardMutation, AppSaveCardMutationVariables>;
export const AppChangePasswordDocument = new TypedDocumentString(`
    mutation AppChangePassword($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    login {
      accessToken
      accessTokenExpiresAt
      refreshToken
      refreshTokenExpiresAt
    }
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<AppChangePasswordMutation, AppChangePasswordMutationVariables>;
export const AppLotDocument = new TypedDocumentString(`
    query AppLot($code: ShortText!) {
  lot(code: $code) {
    id
    code
    name
    address
    state
    timeZone
    currency
    openingHours {
      alwaysOpen
      windows {
        day
        opens
        closes
      }
    }
    capacity {
      spotType
      total
    }
  }
}
    `) as unknown as TypedDocumentString<AppLotQuery, AppLotQueryVariables>;
export const AppQuoteDocument = new TypedDocumentString(`
    query AppQuote($input: QuoteInput!) {
  quote(input: $input) {
    quote {
      id
      available
      expiresAt
      spotType
      spotsFree
      vehicleClass
      period {
        startsAt
        endsAt
      }
      price {
        ...AppPrice
      }
      policy {
        ...AppPolicy
      }
      cardConsent {
        noShowMax {
          amountMinor
          currency
        }
      }
      alternatives {
        ...AppAlternative
      }
    }
    userErrors {
      code
      message
      field
    }
  }
}
    fragment AppPrice on Price {
  total {
    amountMinor
    currency
  }
  tax {
    amountMinor
    currency
  }
  taxPercent
  lines {
    rule
    description
    quantity
    localFrom
    localTo
    amount {
      amountMinor
      currency
    }
  }
}
fragment AppPolicy on LotPolicy {
  graceMinutes
  earlyEntryMinutes
  exitGraceMinutes
  reinstateLateArrival
  cancellation {
    freeUntilMinutesBefore
    refundPercentAfter
  }
  earlyDeparture {
    minimumChargeMinutes
    refundPercent
  }
  noShow {
    fee
    hours
    percent
    fixed {
      amountMinor
      currency
    }
  }
}
fragment AppAlternative on Alternative {
  kind
  distanceMeters
  spotType
  spotsFree
  period {
    startsAt
    endsAt
  }
  lot {
    code
    name
    timeZone
  }
}`) as unknown as TypedDocumentString<AppQuoteQuery, AppQuoteQueryVariables>;
export const AppReserveDocument = new TypedDocumentString(`
    mutation AppReserve($input: ReserveSpotInput!) {
  reserveSpot(input: $input) {
    reservation {
      id
      code
      state
      holdExpiresAt
      price {
        total {
          amountMinor
          currency
        }
      }
    }
    userErrors {
      __typename
      code
      message
      field
      ... on SpotUnavailable {
        alternatives {
          ...AppAlternative
        }
      }
    }
  }
}
    fragment AppAlternative on Alternative {
  kind
  distanceMeters
  spotType
  spotsFree
  period {
    startsAt
    endsAt
  }
  lot {
    code
    name
    timeZone
  }
}`) as unknown as TypedDocumentString<AppReserveMutation, AppReserveMutationVariables>;
export const AppCompleteDocument = new TypedDocumentString(`
    mutation AppComplete($input: CompleteReservationInput!) {
  completeReservation(input: $input) {
    reservation {
      id
      state
    }
    userErrors {
      __typename
      code
      message
      field
      ... on PaymentNeeded {
        clientSecret
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AppCompleteMutation, AppCompleteMutationVariables>;
export const AppReservationsDocument = new TypedDocumentString(`
    query AppReservations($first: Int, $after: String) {
  reservations(first: $first, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      ...AppReservationRow
    }
  }
}
    fragment AppReservationRow on Reservation {
  id
  code
  state
  plate
  createdAt
  period {
    startsAt
    endsAt
  }
  price {
    total {
      amountMinor
      currency
    }
  }
  lot {
    id
    code
    name
    timeZone
  }
}`) as unknown as TypedDocumentString<AppReservationsQuery, AppReservationsQueryVariables>;
export const AppReservationDocument = new TypedDocumentString(`
    query AppReservation($id: ID!) {
  reservation(id: $id) {
    ...AppReservation
  }
}
    fragment AppPrice on Price {
  total {
    amountMinor
    currency
  }
  tax {
    amountMinor
    currency
  }
  taxPercent
  lines {
    rule
    description
    quantity
    localFrom
    localTo
    amount {
      amountMinor
      currency
    }
  }
}
fragment AppPolicy on LotPolicy {
  graceMinutes
  earlyEntryMinutes
  exitGraceMinutes
  reinstateLateArrival
  cancellation {
    freeUntilMinutesBefore
    refundPercentAfter
  }
  earlyDeparture {
    minimumChargeMinutes
    refundPercent
  }
  noShow {
    fee
    hours
    percent
    fixed {
      amountMinor
      currency
    }
  }
}
fragment AppReservationRow on Reservation {
  id
  code
  state
  plate
  createdAt
  period {
    startsAt
    endsAt
  }
  price {
    total {
      amountMinor
      currency
    }
  }
  lot {
    id
    code
    name
    timeZone
  }
}
fragment AppPayment on Payment {
  id
  kind
  state
  capturedAt
  amount {
    amountMinor
    currency
  }
  captured {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
}
fragment AppReservation on Reservation {
  ...AppReservationRow
  spotType
  vehicleClass
  holdExpiresAt
  graceEndsAt
  checkedInAt
  completedAt
  endedAt
  outcomeRule
  pass
  passMoment {
    algorithm
    digits
    secret
    stepSeconds
  }
  spot {
    label
    directions
    level {
      name
    }
  }
  lot {
    address
    location {
      latitude
      longitude
    }
    policy {
      ...AppPolicy
    }
  }
  price {
    ...AppPrice
  }
  ...AppReservationMoney
}
fragment AppReservationMoney on Reservation {
  fee {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
  refundIfCancelledNow {
    amountMinor
    currency
  }
  chargeIfCancelledNow {
    amountMinor
    currency
  }
  payment {
    ...AppPayment
  }
  charges {
    ...AppPayment
  }
}`) as unknown as TypedDocumentString<AppReservationQuery, AppReservationQueryVariables>;
export const AppReservationLiveDocument = new TypedDocumentString(`
    subscription AppReservationLive($id: ID!) {
  reservation(id: $id) {
    id
    state
    plate
    checkedInAt
    completedAt
    period {
      startsAt
      endsAt
    }
    spot {
      label
    }
  }
}
    `) as unknown as TypedDocumentString<AppReservationLiveSubscription, AppReservationLiveSubscriptionVariables>;
export const AppPriceIfEndingDocument = new TypedDocumentString(`
    query AppPriceIfEnding($id: ID!, $endsAt: DateTime!) {
  reservation(id: $id) {
    id
    priceIfEndingAt(endsAt: $endsAt) {
      total {
        amountMinor
        currency
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AppPriceIfEndingQuery, AppPriceIfEndingQueryVariables>;
export const AppPriceIfExtendedDocument = new TypedDocumentString(`
    query AppPriceIfExtended($id: ID!, $soon: DateTime!, $later: DateTime!, $latest: DateTime!) {
  reservation(id: $id) {
    id
    soon: priceIfEndingAt(endsAt: $soon) {
      total {
        amountMinor
        currency
      }
    }
    later: priceIfEndingAt(endsAt: $later) {
      total {
        amountMinor
        currency
      }
    }
    latest: priceIfEndingAt(endsAt: $latest) {
      total {
        amountMinor
        currency
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AppPriceIfExtendedQuery, AppPriceIfExtendedQueryVariables>;
export const AppChangeDocument = new TypedDocumentString(`
    mutation AppChange($input: ChangeReservationInput!) {
  changeReservation(input: $input) {
    reservation {
      ...AppReservation
    }
    userErrors {
      __typename
      code
      message
      field
      ... on PaymentNeeded {
        clientSecret
      }
      ... on SpotUnavailable {
        alternatives {
          ...AppAlternative
        }
      }
    }
  }
}
    fragment AppPrice on Price {
  total {
    amountMinor
    currency
  }
  tax {
    amountMinor
    currency
  }
  taxPercent
  lines {
    rule
    description
    quantity
    localFrom
    localTo
    amount {
      amountMinor
      currency
    }
  }
}
fragment AppPolicy on LotPolicy {
  graceMinutes
  earlyEntryMinutes
  exitGraceMinutes
  reinstateLateArrival
  cancellation {
    freeUntilMinutesBefore
    refundPercentAfter
  }
  earlyDeparture {
    minimumChargeMinutes
    refundPercent
  }
  noShow {
    fee
    hours
    percent
    fixed {
      amountMinor
      currency
    }
  }
}
fragment AppAlternative on Alternative {
  kind
  distanceMeters
  spotType
  spotsFree
  period {
    startsAt
    endsAt
  }
  lot {
    code
    name
    timeZone
  }
}
fragment AppReservationRow on Reservation {
  id
  code
  state
  plate
  createdAt
  period {
    startsAt
    endsAt
  }
  price {
    total {
      amountMinor
      currency
    }
  }
  lot {
    id
    code
    name
    timeZone
  }
}
fragment AppPayment on Payment {
  id
  kind
  state
  capturedAt
  amount {
    amountMinor
    currency
  }
  captured {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
}
fragment AppReservation on Reservation {
  ...AppReservationRow
  spotType
  vehicleClass
  holdExpiresAt
  graceEndsAt
  checkedInAt
  completedAt
  endedAt
  outcomeRule
  pass
  passMoment {
    algorithm
    digits
    secret
    stepSeconds
  }
  spot {
    label
    directions
    level {
      name
    }
  }
  lot {
    address
    location {
      latitude
      longitude
    }
    policy {
      ...AppPolicy
    }
  }
  price {
    ...AppPrice
  }
  ...AppReservationMoney
}
fragment AppReservationMoney on Reservation {
  fee {
    amountMinor
    currency
  }
  refunded {
    amountMinor
    currency
  }
  refundIfCancelledNow {
    amountMinor
    currency
  }
  chargeIfCancelledNow {
    amountMinor
    currency
  }
  payment {
    ...AppPayment
  }
  charges {
    ...AppPayment
  }
}`) as unknown as TypedDocumentString<AppChangeMutation, AppChangeMutationVariables>;
export const AppCancelDocument = new TypedDocumentString(`
    mutation AppCancel($input: CancelReservationInput!) {
  cancelReservation(input: $input) {
    refund {
      amountMinor
      currency
    }
    reservation {
      id
      state
    }
    userErrors {
      code
      message
      field
    }
  }
}
    `) as unknown as TypedDocumentString<AppCancelMutation, AppCancelMutationVariables>;
export const AppReceiptsDocument = new TypedDocumentString(`
    mutation AppReceipts($input: IssueReceiptsInput!) {
  issueReceipts(input: $input) {
    receipts {
      id
      number
      isRefund
      issuedAt
      url
      pdfUrl
      total {
        amountMinor
        currency
      }
    }
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<AppReceiptsMutation, AppReceiptsMutationVariables>;
export const AppLotsDocument = new TypedDocumentString(`
    query AppLots($first: Int, $after: String, $near: GeoPointInput, $radiusMeters: PositiveInt!, $period: PeriodInput, $spotType: SpotType) {
  lots(
    first: $first
    after: $after
    near: $near
    radiusMeters: $radiusMeters
    period: $period
    spotType: $spotType
  ) {
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      distanceMeters
      spotsFree
      price {
        total {
          amountMinor
          currency
        }
      }
      node {
        id
        code
        name
        address
        timeZone
        location {
          latitude
          longitude
        }
        capacity {
          spotType
          total
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AppLotsQuery, AppLotsQueryVariables>;
export const AppFreeDocument = new TypedDocumentString(`
    subscription AppFree($lotIds: [ID!]!) {
  availability(lotIds: $lotIds) {
    lotId
    free
    total
    asOf
  }
}
    `) as unknown as TypedDocumentString<AppFreeSubscription, AppFreeSubscriptionVariables>;
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
export const ConsoleViewerDocument = new TypedDocumentString(`
    query ConsoleViewer {
  viewer {
    __typename
    ... on StaffMember {
      id
      name
      email
      role
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleViewerQuery, ConsoleViewerQueryVariables>;
export const ConsoleLotsDocument = new TypedDocumentString(`
    query ConsoleLots($text: ShortText, $first: Int!, $after: String) {
  servedLots(text: $text, first: $first, after: $after) {
    nodes {
      id
      code
      name
      address
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleLotsQuery, ConsoleLotsQueryVariables>;
export const ConsoleLotDocument = new TypedDocumentString(`
    query ConsoleLot($code: ShortText!) {
  lot(code: $code) {
    id
    code
    name
    timeZone
    currency
    state
    levels {
      id
      name
      ordinal
    }
    gates {
      id
      name
      direction
      inService
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleLotQuery, ConsoleLotQueryVariables>;
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