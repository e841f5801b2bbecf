import type { FieldReader } from '../field-reader.ts';
import { percentOf, smallestChargeMinor } from '../money.ts';
import type { Band, Rate, TariffDocument } from './document.ts';
import { multiplierPercent } from './multiplier.ts';
import { roundAmount } from './rounding.ts';

const OCCUPANCIES = Array.from({ length: 101 }, (_, percent) => percent);

/**
 * Every price above zero must be one that a card can be charged (docs/decisions/0008): whoever can't pay for a spot can't book it. Looks
 * at the shortest stay in each band that is not free, at the lowest demand, at caps, and at flat prices.
 */
export function refuseUnchargeable(reader: FieldReader, tariff: TariffDocument): void {
  const smallestMinor = smallestChargeMinor(tariff.currency);
  const check = (field: string, amountMinor: number): void => {
    const leastMinor = paidFor(tariff, amountMinor);
    if (leastMinor === 0 || leastMinor >= smallestMinor) return;
    const why = `a stay can cost as little as ${leastMinor}, and cards are charged ${smallestMinor} at least`;
    reader.refuse(field, `must be higher, or 0: ${why}; \`limits.minimumMinor\` mends it too`);
  };
  tariff.rates.forEach((rate, index) => checkRate(tariff, { rate, path: `rates[${index}]`, check }));
  tariff.offers?.forEach(({ minor }, index) => check(`offers[${index}].minor`, minor));
  const { lostCredentialMinor = 0 } = tariff;
  if (lostCredentialMinor > 0 && lostCredentialMinor < smallestMinor) {
    reader.refuse('lostCredentialMinor', `must be 0 or at least ${smallestMinor}, which cards are charged at least`);
  }
}

function checkRate(
  tariff: TariffDocument,
  { rate, path, check }: { rate: Rate; path: string; check: (field: string, amountMinor: number) => void },
): void {
  const lowestPercent = lowestDemand(tariff);
  rate.caps?.forEach(({ minor }, index) => check(`${path}.caps[${index}].minor`, minor));
  rate.bands.forEach((band, index) => {
    if (band.capMinor !== undefined) check(`${path}.bands[${index}].capMinor`, band.capMinor);
    const caps = [band.capMinor ?? Infinity, ...(rate.caps ?? []).map(({ minor }) => minor)];
    const { amountMinor, step } = shortestCharge(tariff, band);
    const leastMinor = Math.min(lowestPercent === Infinity ? 0 : percentOf(amountMinor, lowestPercent), ...caps);
    // A cap that is too low has been told of already.
    if (!caps.includes(leastMinor)) check(`${path}.bands[${index}].steps[${step}].minor`, leastMinor);
  });
}

/** The lowest demand that does not give the spot away; Infinity where every demand does. */
function lowestDemand(tariff: TariffDocument): number {
  const percents = OCCUPANCIES.map((occupancy) => multiplierPercent(tariff, occupancy));
  return Math.min(...percents.filter((percent) => percent > 0));
}

/**
 * What the shortest stay in a band costs that is not free, rounded down, and the step that decides it: one that is just longer than an
 * absorbed grace, or, where that still costs nothing, one that comes to the first block with a price.
 */
function shortestCharge({ grace, blocks }: TariffDocument, { steps }: Band): { amountMinor: number; step: number } {
  const graceMinutes = grace?.kind === 'ABSORBED' ? grace.minutes : 0;
  const isPartCounted = blocks === undefined || blocks.rounding === 'UP';
  let startsMinutes = 0;
  let before = 0;
  for (const [step, { minor, blockMinutes, perMinutes = blockMinutes, times = Infinity }] of steps.entries()) {
    const price = (minor * blockMinutes) / perMinutes;
    const ended = Math.floor((graceMinutes - startsMinutes) / blockMinutes);
    const counted = Math.min(times, Math.max(0, isPartCounted ? ended + 1 : ended));
    const amount = before + counted * price;
    const endsMinutes = startsMinutes + times * blockMinutes;
    if (endsMinutes > graceMinutes && amount + price > 0) return { amountMinor: Math.floor(amount || price), step };
    before = amount;
    startsMinutes = endsMinutes;
  }
  return { amountMinor: 0, step: 0 };
}

/** What is paid in the end for an amount by the rates or an offer. */
function paidFor({ limits = {}, tax, rounding }: TariffDocument, amountMinor: number): number {
  if (amountMinor === 0) return 0;
  const limitedMinor = Math.max(Math.min(amountMinor, limits.maximumMinor ?? Infinity), limits.minimumMinor ?? 0);
  const taxMinor = tax?.mode === 'ADDED' ? percentOf(limitedMinor, tax.percent) : 0;
  return rounding === undefined ? limitedMinor + taxMinor : roundAmount(limitedMinor + taxMinor, rounding);
}
