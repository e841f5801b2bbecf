import { randomUUID } from 'node:crypto';
import type { GraphqlClient } from './graphql-client.ts';
import type { TestLot } from './world.ts';

const RESERVATION = `id code state spotType pinned plate holdExpiresAt graceEndsAt outcomeRule pass
  period { startsAt endsAt } price { total { amountMinor currency } lines { rule amount { amountMinor } } }
  refunded { amountMinor } fee { amountMinor } refundIfCancelledNow { amountMinor }`;
const ERRORS = `userErrors { __typename message code field ... on PaymentNeeded { clientSecret due { amountMinor } }
  ... on SpotUnavailable { alternatives { kind spotType spotsFree period { startsAt endsAt } } } }`;

export const RESERVE = `mutation ($input: ReserveSpotInput!) { reserveSpot(input: $input) { replayed ${ERRORS} reservation { ${RESERVATION} } } }`;
export const COMPLETE = `mutation ($input: CompleteReservationInput!) { completeReservation(input: $input) { replayed ${ERRORS} reservation { ${RESERVATION} } } }`;
export const CHANGE = `mutation ($input: ChangeReservationInput!) { changeReservation(input: $input) { replayed ${ERRORS} reservation { ${RESERVATION} } } }`;
export const CANCEL = `mutation ($input: CancelReservationInput!) { cancelReservation(input: $input) { replayed refund { amountMinor } ${ERRORS} reservation { ${RESERVATION} } } }`;
export const READ = `query ($id: ID!) { reservation(id: $id) { ${RESERVATION} } }`;

const HOUR_MS = 3_600_000;
let plates = 0;

/** A plate that no other vehicle of the test file has. */
export function freshPlate(): string {
  return `TST${String(++plates).padStart(4, '0')}`;
}

/** A period of whole hours that starts so many hours from now, on the hour. */
export function hoursFrom(now: Date, fromHours: number, hours: number): { startsAt: string; endsAt: string } {
  const start = Math.ceil(now.getTime() / HOUR_MS) * HOUR_MS + fromHours * HOUR_MS;
  return { startsAt: new Date(start).toISOString(), endsAt: new Date(start + hours * HOUR_MS).toISOString() };
}

/** What `reserveSpot` takes for a lot: some plate, four hours from the next hour on, unless said otherwise. */
export function reserveInput(
  lot: TestLot,
  period: { startsAt: string; endsAt: string },
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    idempotencyKey: randomUUID(),
    lotId: lot.publicId,
    period,
    vehicle: { plate: { text: freshPlate() } },
    ...more,
  };
}

/** Reserves and gives the payload: `reservation` or `userErrors`. */
export async function reserve(client: GraphqlClient, input: Record<string, unknown>): Promise<any> {
  const { data, errors } = await client.query(RESERVE, { input });
  if (errors) throw new Error(`reserveSpot answered with errors: ${JSON.stringify(errors)}`);
  return data['reserveSpot'];
}

/** Reserves and pays with a card that works, unless another is given. */
export async function reserveAndPay(
  client: GraphqlClient,
  input: Record<string, unknown>,
  paymentMethodId = 'pm_card_visa',
): Promise<any> {
  const { reservation, userErrors } = await reserve(client, input);
  if (!reservation) throw new Error(`not reserved: ${JSON.stringify(userErrors)}`);
  const { data, errors } = await client.query(COMPLETE, {
    input: { idempotencyKey: randomUUID(), reservationId: reservation.id, paymentMethodId },
  });
  if (errors || !data['completeReservation'].reservation)
    throw new Error(`not paid: ${JSON.stringify(errors ?? data)}`);
  return data['completeReservation'].reservation;
}
