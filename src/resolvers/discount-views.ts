import type { DiscountColumns, DiscountValue } from '../domain/discount-value.ts';
import type { PassHours, Weekday as ShortDay } from '../domain/monthly-pass.ts';
import {
  connectionFrom,
  foreignCursor,
  pageRequest,
  type Connection,
  type ConnectionArgs,
} from '../schema/connection.ts';
import type { DiscountValueInput, DiscountValueType } from '../schema/discount.ts';
import { WEEKDAYS, type Weekday } from '../schema/lot.ts';
import { money } from '../schema/money.ts';
import type { PassHoursInput, PassHoursType } from '../schema/monthly-pass.ts';
import { badInput } from './payload.ts';

/** A discount as the schema shows it; amounts in `currency`. */
export function shownDiscount(columns: DiscountColumns, currency: string | null | undefined): DiscountValueType {
  const { kind, minor, percent = null, minutes = null, meaning = null } = columns;
  const amount = minor == null || currency == null ? null : money(minor, currency);
  return { kind, amount, percent, minutes, meaning };
}

/** The value of a one-of input. */
export function discountValueOf({ amountMinor, percent, time }: DiscountValueInput): DiscountValue {
  if (amountMinor != null) return { kind: 'MONEY', minor: amountMinor };
  if (percent != null) return { kind: 'PERCENT', percent };
  if (time != null) return { kind: 'TIME', ...time };
  throw badInput('send one of `amountMinor`, `percent` and `time`');
}

const shortDay = (day: Weekday): ShortDay => day.slice(0, 3) as ShortDay;
const longDay = (day: ShortDay): Weekday | undefined => WEEKDAYS.find((name) => name.startsWith(day));

/** Hours as monthly passes keep them. */
export function passHoursOf({ days, from, to }: PassHoursInput): PassHours {
  return {
    ...(days == null ? {} : { days: days.map(shortDay) }),
    ...(from == null ? {} : { from }),
    ...(to == null ? {} : { to }),
  };
}

/** Hours as the schema shows them: with every day and time written out. */
export function shownPassHours({ days, from = '00:00', to = '24:00' }: PassHours): PassHoursType {
  return { days: days === undefined ? [...WEEKDAYS] : days.flatMap((day) => longDay(day) ?? []), from, to };
}

const UUID_TEXT = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A page of rows that are listed by their ids. */
export async function pageById<T extends { id: string }>(
  args: ConnectionArgs,
  read: (page: { limit: number; direction: 'FORWARD' | 'BACKWARD'; from: string | undefined }) => Promise<T[]>,
): Promise<Connection<T>> {
  const request = pageRequest(args);
  const [from] = request.from ?? [];
  if (request.from !== undefined && (request.from.length !== 1 || from === undefined || !UUID_TEXT.test(from)))
    throw foreignCursor();
  const { limit, direction } = request;
  return connectionFrom(await read({ limit, direction, from }), request, ({ id }) => [id]);
}
