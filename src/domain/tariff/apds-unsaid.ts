import type { Unsaid } from './apds-model.ts';
import type { Cap, Offer, Rate, TariffDocument } from './document.ts';

/** The one cap that a collection can have: of a day, again and again, with the time of day at which it begins anew. */
export function resetCap({ caps = [], bands }: Rate): Cap | undefined {
  return bands.length === 1 ? caps.find((cap) => hasResetTime(cap)) : undefined;
}

function hasResetTime({ window, repeats }: Cap): boolean {
  return window !== 'ROLLING' && repeats !== false;
}

/** What the model has no field for, by ours, if it is there. */
const NO_WORDS: readonly (readonly [field: keyof TariffDocument, reason: string])[] = [
  ['reentry', 'Nothing says when a second visit goes on from the first'],
  ['exitGrace', 'The way out after paying belongs to the right to park, not to its price'],
  ['multiplier', 'Prices that follow demand have no field: the lines are those at 100 %'],
  ['rounding', 'The rounding of a total has no field'],
  ['cashRounding', 'Payment in cash has no rounding of its own'],
  ['discounts', 'Order and stacking of validations have no field; that there are validations is told'],
  ['lostCredentialMinor', 'A stay whose entry is unknown has no price of its own'],
  ['versionAt', 'Which version of a table prices a stay is not told'],
  ['reserved', 'Early arrival and overstay of a reservation belong to the right to park, not to its price'],
];

/** All of a document, besides its rates and offers, that APDS can't say. */
export function unsaidOfDocument(tariff: TariffDocument): Unsaid[] {
  const found: Unsaid[] = NO_WORDS.flatMap(([field, reason]) =>
    tariff[field] === undefined ? [] : [{ field, reason }],
  );
  const add = (isThere: boolean, field: string, reason: string): void => {
    if (isThere) found.push({ field, reason });
  };
  const { clock, edges, blocks, dayClass, calendar, limits, rates } = tariff;
  add(clock === 'WALL', 'clock', 'Durations are those that passed: nights with a clock change cost another amount');
  add(edges !== undefined && edges !== 'RUN_ON', 'edges', 'What a block costs that spans two tables is not told');
  add(blocks !== undefined && blocks.rounding !== 'UP', 'blocks', 'An increment that has begun is charged whole');
  add(dayClass === 'ENTRY', 'dayClass', 'A table holds on dates: that the date of arrival decides is not told');
  add(
    (calendar?.holidays ?? []).length > 0,
    'calendar.holidays',
    'Holidays are named by kind, their dates are not told',
  );
  add((calendar?.events ?? []).length > 0, 'calendar.events', 'Events are one kind of day, without name and dates');
  add(calendar?.weekend !== undefined, 'calendar.weekend', 'The weekend is told as Saturday and Sunday');
  add(limits?.apply === 'BEFORE_TAX', 'limits.apply', 'Whether limits are those before the tax is not told');
  const hasCap = rates.some((rate) => resetCap(rate) !== undefined || rate.bands.some((band) => band.capMinor));
  add(
    limits?.maximumMinor !== undefined && hasCap,
    'limits.maximumMinor',
    'A collection has one maximum, which is that of the day or the band',
  );
  return found;
}

/** All of a rate that APDS can't say. */
export function unsaidOfRate(rate: Rate, index: number, { offers = [] }: TariffDocument): Unsaid[] {
  const at = `rates[${index}]`;
  const found: Unsaid[] = [];
  const add = (isThere: boolean, field: string, reason: string): void => {
    if (isThere) found.push({ field: `${at}.${field}`, reason });
  };
  const { bands, caps = [], stepsRestart, spotTypes } = rate;
  const told = resetCap(rate);
  add(spotTypes !== undefined, 'spotTypes', 'A table is for vehicles and persons, not for types of spot');
  add(bands.length > 1, 'bands', 'How a stay that spans two tables is split between them is not told');
  const special = bands.some(({ days = [] }) => days.some((day) => /^(?:HOLIDAY|EVENT:)/.test(day)));
  add(special, 'bands', 'That the table of a special day takes the place of the weekday’s is not told');
  caps.forEach((cap, place) => add(cap !== told, `caps[${place}]`, reasonOfCap(cap, bands.length)));
  const hasSteps = bands.some(({ steps }) => steps.length > 1);
  add(
    told !== undefined && hasSteps && stepsRestart !== 'DAY',
    'stepsRestart',
    'At the reset time durations begin anew',
  );
  add(stepsRestart === 'WINDOW' && hasSteps, 'stepsRestart', 'Durations are counted from the start of the stay');
  bands.forEach(({ steps, capMinor }, place) => {
    add(capMinor !== undefined && told !== undefined, `bands[${place}].capMinor`, 'A collection has one maximum');
    steps.forEach(({ blockMinutes, minor, perMinutes = blockMinutes }, step) =>
      add(
        (minor * blockMinutes) % perMinutes !== 0,
        `bands[${place}].steps[${step}].perMinutes`,
        'The value of an increment is no whole minor unit; who rounds each gets another sum',
      ),
    );
  });
  add(offers.length > 0 && bands.length > 1, 'bands', 'Which of several tables goes on after an offer is not told');
  return found;
}

function reasonOfCap({ window, repeats }: Cap, bands: number): string {
  if (window === 'ROLLING') return 'A maximum begins anew at a time of day, not so long after the entry';
  if (repeats === false) return 'A maximum with a reset time holds again and again';
  return bands > 1 ? 'Each band is a table: none can have a maximum over several' : 'A collection has one maximum';
}

/** All of an offer that APDS can't say. */
export function unsaidOfOffer(offer: Offer, index: number): Unsaid[] {
  const found: Unsaid[] = [];
  const add = (isThere: boolean, name: keyof Offer, reason: string): void => {
    if (isThere) found.push({ field: `offers[${index}].${name}`, reason });
  };
  const { entry, exit, coversUntil, coversMinutes, spotTypes, then } = offer;
  add(entry !== undefined, 'entry', 'A table holds in a time of day, which is not told to be that of arrival');
  add(exit !== undefined, 'exit', 'A table can’t depend on the time of departure');
  add(coversUntil !== undefined, 'coversUntil', 'A tier ends after a duration, not at a time of day');
  add(spotTypes !== undefined, 'spotTypes', 'A table is for vehicles and persons, not for types of spot');
  const goesOn = then !== 'NOTHING' && (coversMinutes ?? coversUntil) !== undefined;
  add(goesOn, 'then', 'What follows is another table, and that its durations begin anew is not told');
  return found;
}
