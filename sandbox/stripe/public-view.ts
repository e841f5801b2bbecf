const SERVER_ONLY = new Set([
  'customer',
  'metadata',
  'latest_charge',
  'transfer_group',
  'application_fee_amount',
  'on_behalf_of',
  'charge',
]);

/** What a publishable key may see of an answer: neither the seller's notes nor whose card it is. */
export function publicView(answer: object): object {
  return Object.fromEntries(
    Object.entries(answer)
      .filter(([name]) => !SERVER_ONLY.has(name))
      .map(([name, value]: [string, unknown]) => [name, isRecord(value) ? publicView(value) : value]),
  );
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
