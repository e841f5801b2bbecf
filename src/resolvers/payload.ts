import { decodeId, type IdKind, type PublicId } from '../domain/public-id.ts';
import { Refusal, type RefusalCode } from '../domain/refusal.ts';

export { badInput, forbidden, notFound, unauthenticated } from '../schema/coded-errors.ts';

/** A refusal as the schema shows it. Typed ones carry the fields of their type besides. */
export interface UserErrorValue {
  readonly __typename: string;
  readonly message: string;
  readonly field: string[] | null;
  readonly code: RefusalCode;
}

type Shape = (refusal: Refusal) => { readonly __typename: string } & Readonly<Record<string, unknown>>;

const typedErrors = new Map<RefusalCode, Shape>();

/**
 * Gives refusals with this code a type of their own. `shape` makes the fields beyond message, field and code from
 * `refusal.details`. Call it at module level; the type goes into the schema by implementing `UserError`.
 */
export function registerUserError(code: RefusalCode, shape: Shape): void {
  typedErrors.set(code, shape);
}

/** What a mutation answers: the payload's own fields, or none of them and why not. */
export type Answer<T> = Partial<T> & { readonly userErrors: UserErrorValue[]; readonly replayed: boolean };

/**
 * Runs a verb for a payload. What it returns becomes the payload's fields (`replayed` included, if the verb says so); a
 * `Refusal` becomes one entry of `userErrors`. Anything else it throws is thrown on.
 */
export async function answer<T extends object>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { replayed: false, ...(await work()), userErrors: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refused<T>(error);
  }
}

function refused<T>(refusal: Refusal): Answer<T> {
  const error: UserErrorValue = {
    ...(typedErrors.get(refusal.code)?.(refusal) ?? { __typename: 'PlainUserError' }),
    message: refusal.message,
    field: refusal.field ? [...refusal.field] : null,
    code: refusal.code,
  };
  const nothing: Partial<T> = {};
  return { ...nothing, userErrors: [error], replayed: false };
}

/** What each kind of id is called when there is none. */
const NOT_FOUND: Readonly<Record<IdKind, { code: RefusalCode; noun: string }>> = {
  lot: { code: 'LOT_NOT_FOUND', noun: 'lot' },
  res: { code: 'RESERVATION_NOT_FOUND', noun: 'reservation' },
  spt: { code: 'SPOT_NOT_FOUND', noun: 'spot' },
  gat: { code: 'GATE_NOT_FOUND', noun: 'gate' },
  dev: { code: 'DEVICE_NOT_FOUND', noun: 'device' },
  sty: { code: 'STAY_NOT_FOUND', noun: 'stay' },
  lvl: { code: 'NOT_FOUND', noun: 'level' },
  pay: { code: 'NOT_FOUND', noun: 'payment' },
  drv: { code: 'NOT_FOUND', noun: 'driver' },
  veh: { code: 'VEHICLE_NOT_FOUND', noun: 'vehicle' },
  stf: { code: 'NOT_FOUND', noun: 'staff member' },
  qte: { code: 'QUOTE_INVALID', noun: 'quote' },
  opr: { code: 'NOT_FOUND', noun: 'operator' },
  prm: { code: 'NOT_FOUND', noun: 'promo code' },
  mer: { code: 'MERCHANT_NOT_FOUND', noun: 'merchant' },
  val: { code: 'NOT_FOUND', noun: 'validation' },
  mpp: { code: 'NOT_FOUND', noun: 'monthly pass on sale' },
  mps: { code: 'MONTHLY_PASS_NOT_FOUND', noun: 'monthly pass' },
  tar: { code: 'NOT_FOUND', noun: 'tariff' },
  rpr: { code: 'NOT_FOUND', noun: 'repricing' },
  dbt: { code: 'DEBT_NOT_FOUND', noun: 'debt' },
  shf: { code: 'SHIFT_NOT_FOUND', noun: 'shift' },
  rcp: { code: 'NOT_FOUND', noun: 'receipt' },
  inc: { code: 'INCIDENT_NOT_FOUND', noun: 'incident' },
  sen: { code: 'SENSOR_NOT_FOUND', noun: 'sensor' },
  wat: { code: 'NOT_FOUND', noun: 'entry of a watch list' },
};

/** Reads a public id of an input. Refuses with the kind's own code (`LOT_NOT_FOUND`, …) for text that is no such id. */
export function requireId(kind: IdKind, text: string, field: string | readonly string[]): PublicId {
  const id = decodeId(kind, text);
  if (id) return id;
  const { code, noun } = NOT_FOUND[kind];
  throw new Refusal(code, `There is no such ${noun}.`, { field: typeof field === 'string' ? [field] : field });
}

/** As `requireId` for what lives in a lot: both halves are there. */
export function requireLotId(
  kind: IdKind,
  text: string,
  field: string | readonly string[],
): { lotId: string; id: string } {
  const { lotId, id } = requireId(kind, text, field);
  if (lotId !== null) return { lotId, id };
  const { code, noun } = NOT_FOUND[kind];
  throw new Refusal(code, `There is no such ${noun}.`, { field: typeof field === 'string' ? [field] : field });
}
