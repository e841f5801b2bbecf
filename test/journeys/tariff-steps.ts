// What operators do with tariffs, over HTTP, and the past that they look at.

import type { TestSystem } from '../support/system.ts';
import type { TestLot } from '../support/world.ts';

const ERRORS = 'userErrors { __typename code field message ... on TariffInvalid { problems { rule path message } } }';
const REPRICING = `id state progressPercent staysTotal staysDone staysChanged versionNumber csvPath
  period { startsAt endsAt } leftOut { reason stays }
  oldTotal { amountMinor } newTotal { amountMinor } refundsDue { amountMinor } additionalCharges { amountMinor }
  refunded { amountMinor currency } refundsAskedAt refundsDoneAt`;
export const REPRICE = `mutation ($input: RepriceStaysInput!) { repriceStays(input: $input) { repricing { ${REPRICING} } replayed ${ERRORS} } }`;
export const CANCEL_REPRICING = `mutation ($input: CancelRepricingInput!) { cancelRepricing(input: $input) { repricing { ${REPRICING} } ${ERRORS} } }`;
export const REFUND_REPRICING = `mutation ($input: RefundRepricingInput!) { refundRepricing(input: $input) { repricing { ${REPRICING} } replayed ${ERRORS} } }`;
export const READ_REPRICING = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { repricing(id: $id) { ${REPRICING}
  changes(first: $first, after: $after, last: $last, before: $before) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor startCursor }
    nodes { stayId leftAt old { amountMinor } new { amountMinor } difference { amountMinor } refundDue { amountMinor } refunded { amountMinor } } } } }`;
const PRICE = 'total { amountMinor } tax { amountMinor } taxPercent lines { rule description amount { amountMinor } }';
export const PRICE_FOR = `query ($input: PriceForInput!) { priceFor(input: $input) { result {
  tariff { id versionNumber } price { ${PRICE} } reserved { earlyArrival { amountMinor } promised { amountMinor } overstay { amountMinor } }
  multiplierPercent cash { amountMinor } exitGraceMinutes warnings
  next { after minutesLater total { amountMinor } added { amountMinor } rule description } } ${ERRORS} } }`;
export const DIFFERENCE = `query ($input: TariffDifferenceInput!) { tariffDifference(input: $input) { difference {
  fields { field sentence } unchanged stays { dayClass arrival minutes old { amountMinor } new { amountMinor } }
  rises { minutes difference { amountMinor } } falls { minutes difference { amountMinor } } } ${ERRORS} } }`;
export const PUBLISH = `mutation ($input: PublishTariffInput!) { publishTariff(input: $input) { tariff { id versionNumber document } ${ERRORS} } }`;

/** Asks as somebody; fails when the answer is an error instead of a refusal. */
export async function ask<T = any>(
  system: TestSystem,
  token: string | undefined,
  [document, variables]: readonly [string, Record<string, unknown>],
): Promise<T> {
  const { data, errors } = await system.client(token).query(document, variables);
  if (errors) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0] as T;
}

export interface PastStays {
  count: number;
  /** When the last of them left; they left a second apart. */
  until: Date;
  /** How long each stayed; two hours unless told. */
  minutes?: number;
  /** What each cost and was paid. */
  totalMinor: number;
}

/** Walk-ins of the past who paid in the minute in which they left, as rows. */
export async function makePastStays(system: TestSystem, lot: TestLot, past: PastStays): Promise<void> {
  const { count, until, minutes = 120, totalMinor } = past;
  await system.platform.orm.em.fork().execute(
    `INSERT INTO stay (lot_id, id, kind, state, spot_type, vehicle_class, tariff_id, multiplier_percent, currency, entered_at, left_at,
       entry_gate_id, exit_gate_id, entry_scan_id, total_minor, paid_minor, paid_until)
     SELECT ?, gen_random_uuid(), 'WALK_IN', 'LEFT', 'STANDARD', 'CAR', ?, 100, ?, ?::timestamptz - make_interval(secs => n, mins => ?),
       ?::timestamptz - make_interval(secs => n), ?, ?, gen_random_uuid(), ?, ?, ?::timestamptz - make_interval(secs => n)
     FROM generate_series(0, ? - 1) AS n`,
    [
      ...[lot.id, lot.tariffId, lot.tariff.currency, until, minutes, until, lot.entry.id, lot.exit.id],
      ...[totalMinor, totalMinor, until, count],
    ],
  );
}
