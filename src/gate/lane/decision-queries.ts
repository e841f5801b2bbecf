const DECISION = `decision { scanId action reason reservationCode stayId ticketCode spotLabel directions due { amountMinor currency } decidedAt decidedBy durable }
  replayed userErrors { code message }`;

/** How the cloud is asked for a decision, by operation. */
export const DECISION_QUERIES = {
  CHECK_IN: `mutation laneCheckIn($input: CheckInInput!) { checkIn(input: $input) { ${DECISION} } }`,
  CHECK_OUT: `mutation laneCheckOut($input: CheckOutInput!) { checkOut(input: $input) { ${DECISION} } }`,
} as const;

/** Under which name the answer comes. */
export const PAYLOAD_FIELDS = { CHECK_IN: 'checkIn', CHECK_OUT: 'checkOut' } as const;
