/**
 * What a verb throws when it refuses for a reason its caller can act on. Thrown, so that the transaction rolls back;
 * resolvers turn it into a `userErrors` entry, never into a top-level error.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  /** Path of the input field at fault, as the client wrote it (`['period', 'startsAt']`); undefined: the request as a whole. */
  readonly field: readonly string[] | undefined;
  /** What a client needs to act on the refusal (alternatives, a new quote, the amount due). */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: RefusalCode,
    message: string,
    options: { field?: readonly string[]; details?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.code = code;
    this.field = options.field;
    this.details = options.details ?? {};
  }
}

/** Every reason a verb refuses with. Within one verb they are tested from top to bottom. */
export const REFUSAL_CODES = [
  'IDEMPOTENCY_KEY_REUSED',
  'TOO_MANY_ATTEMPTS',
  'NOT_ALLOWED',
  'INVALID_INPUT',
  'SCAN_NOT_CORRECTABLE',
  'NOT_FOUND',
  'LOT_NOT_FOUND',
  'LOT_CLOSED',
  'SPOT_NOT_FOUND',
  'SPOT_OF_ANOTHER_LOT',
  'SPOT_OUT_OF_SERVICE',
  'SPOT_DOES_NOT_FIT',
  'VEHICLE_NOT_FOUND',
  'PLATE_INVALID',
  'PERIOD_BACKWARDS',
  'PERIOD_IN_PAST',
  'PERIOD_TOO_SHORT',
  'PERIOD_TOO_LONG',
  'PERIOD_TOO_FAR_AHEAD',
  'QUOTE_INVALID',
  'QUOTE_EXPIRED',
  'PROMO_CODE_UNKNOWN',
  'PROMO_CODE_EXPIRED',
  'PROMO_CODE_USED_UP',
  'PROMO_CODE_NOT_APPLICABLE',
  'MONTHLY_PASS_NOT_FOUND',
  'MONTHLY_PASS_USED_UP',
  'MERCHANT_NOT_FOUND',
  'VALIDATION_LIMIT',
  'BUDGET_USED_UP',
  'SPOT_UNAVAILABLE',
  'RESERVATION_NOT_FOUND',
  'RESERVATION_STATE',
  'HOLD_LAPSED',
  'PAYMENT_REQUIRED',
  'PAYMENT_DECLINED',
  'PAYMENT_ACTION_REQUIRED',
  'PAYMENT_UNAVAILABLE',
  'PAYMENT_IMPOSSIBLE',
  'STAY_NOT_FOUND',
  'DEBT_NOT_FOUND',
  'SHIFT_NOT_FOUND',
  'SHIFT_OPEN',
  'NOTHING_DUE',
  'GATE_NOT_FOUND',
  'DEVICE_NOT_FOUND',
  'INCIDENT_NOT_FOUND',
  'SENSOR_NOT_FOUND',
  'EMAIL_TAKEN',
  'CREDENTIALS_INVALID',
  'PASSWORD_TOO_WEAK',
  'TOKEN_INVALID',
  'REASON_REQUIRED',
  'CODE_TAKEN',
  'NAME_TAKEN',
  'SPOTS_IN_USE',
  'TARIFF_INVALID',
  'POLICY_INVALID',
  'REPRICING_RUNNING',
  'ACCOUNT_IN_USE',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];
