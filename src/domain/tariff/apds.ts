import type {
  ApdsExport,
  ApdsPeriod,
  ApdsQualification,
  ApdsRateEligibility,
  ApdsRateLineCollection,
  ApdsRateTable,
  Unsaid,
} from './apds-model.ts';
import { durationOf, linesOf, majorOf, type LinesAsked } from './apds-lines.ts';
import { resetCap, unsaidOfDocument, unsaidOfOffer, unsaidOfRate } from './apds-unsaid.ts';
import type { Band, DayName, Offer, Rate, TariffDocument } from './document.ts';

/** A published version of a tariff. */
export interface TariffToExport {
  readonly id: string;
  readonly versionNumber: number;
  readonly publishedAt: Date;
  readonly document: TariffDocument;
}

/** One rate or offer as a table, before it gets its id. */
interface Table {
  readonly name: string;
  readonly period: ApdsPeriod | undefined;
  readonly collections: readonly ApdsRateLineCollection[];
  readonly rateType: ApdsRateTable['rateType'];
  readonly qualification: ApdsQualification;
  readonly priority: number;
}

/**
 * A tariff as APDS rate tables: one for each band of each rate and one for each offer, in the order in which they are to be looked at, with
 * who they are for, and with the list of all that APDS can't say of it, each with the field of our document and why. Pure.
 */
export function exportToApds(tariff: TariffToExport): ApdsExport {
  const { document, id, versionNumber: version } = tariff;
  const unsaid: Unsaid[] = [...unsaidOfDocument(document)];
  const tables = [
    ...(document.offers ?? []).map((offer, index) => tableOfOffer({ tariff, offer, index, unsaid })),
    ...document.rates.flatMap((rate, index) => tablesOfRate({ tariff, rate, index, unsaid })),
  ];
  const combinable = (document.offers ?? []).length > 0 && document.offerChoice !== 'PRIORITY';
  return {
    rateTables: tables.map((table, index) => shownTable(tariff, table, `${id}-${index + 1}`)),
    rateEligibilities: tables.map(({ priority, qualification }, index): ApdsRateEligibility => {
      const tableId = `${id}-${index + 1}`;
      const eligibility = { id: `${tableId}-eligibility`, version, qualifications: [qualification] };
      const rateTable = { id: tableId, version, className: 'RateTable' };
      return { id: `${tableId}-rate`, version, priority, combinable, eligibility, rateTable };
    }),
    unsaid,
  };
}

function shownTable({ versionNumber, publishedAt, document }: TariffToExport, table: Table, id: string): ApdsRateTable {
  const { name, period, rateType, collections, qualification } = table;
  return {
    id,
    version: versionNumber,
    rateTableName: [{ language: 'en', string: name }],
    availability: qualification.withMembership === true ? 'restricted' : 'public',
    rateType,
    ...(document.discounts ? { validation: true } : {}),
    validity: {
      validityStatus: 'definedByValidityTimeSpec',
      validityTimeSpecification: {
        overallStartTime: publishedAt.toISOString(),
        ...(period ? { validPeriod: [period] } : {}),
      },
    },
    rateLineCollections: collections,
  };
}

interface RateAsked {
  readonly tariff: TariffToExport;
  readonly rate: Rate;
  readonly index: number;
  readonly unsaid: Unsaid[];
}

function tablesOfRate({ tariff, rate, index, unsaid }: RateAsked): Table[] {
  const { document } = tariff;
  unsaid.push(...unsaidOfRate(rate, index, document));
  return rate.bands.map((band) => ({
    name: rate.bands.length === 1 ? rate.name : `${rate.name}: ${band.name}`,
    period: periodOf(band.days, band.from === undefined || band.to === undefined ? undefined : [band.from, band.to]),
    collections: collectionsOf(tariff, { rate, band }),
    rateType: 'hourly',
    qualification: qualificationOf(rate),
    priority: (document.offers ?? []).length + index + 1,
  }));
}

interface OfferAsked {
  readonly tariff: TariffToExport;
  readonly offer: Offer;
  readonly index: number;
  readonly unsaid: Unsaid[];
}

function tableOfOffer({ tariff, offer, index, unsaid }: OfferAsked): Table {
  const { document } = tariff;
  const { minor, minStayMinutes, maxStayMinutes, coversMinutes, entry } = offer;
  unsaid.push(...unsaidOfOffer(offer, index));
  const value = majorOf(minor, document.currency);
  const line =
    coversMinutes === undefined
      ? { sequence: 1, rateLineType: 'flatRate' as const, value }
      : {
          ...{ sequence: 1, rateLineType: 'flatRateTier' as const, value, description: offer.name },
          ...{ durationStart: 'PT0M', durationEnd: durationOf(coversMinutes) },
        };
  const longest = Math.min(
    maxStayMinutes ?? Infinity,
    offer.then === 'NOTHING' ? (coversMinutes ?? Infinity) : Infinity,
  );
  const collection: ApdsRateLineCollection = {
    ...frameOf(tariff, 1),
    ...(minStayMinutes === undefined ? {} : { minTime: durationOf(minStayMinutes) }),
    ...(longest === Infinity ? {} : { maxTime: durationOf(longest) }),
    rateLines: [{ ...line, usageCondition: 'once' }],
  };
  return {
    name: offer.name,
    period: periodOf(offer.days, entry && [entry.from, entry.to]),
    collections: [collection],
    rateType: (offer.days ?? []).some((day) => day.startsWith('EVENT:')) ? 'event' : 'daily',
    qualification: { ...qualificationOf(offer), ...(offer.holdersOnly === true ? { withMembership: true } : {}) },
    priority: document.offerChoice === 'PRIORITY' ? placeOf(document, offer) : index + 1,
  };
}

/** The offers' priorities as places from 1 on; equal ones stand in their order. */
function placeOf({ offers = [] }: TariffDocument, offer: Offer): number {
  const inOrder = [...offers].sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  return inOrder.indexOf(offer) + 1;
}

/** ABSORBED grace is a collection of its own for stays that are short enough; the other is for all longer ones. */
function collectionsOf(tariff: TariffToExport, { rate, band }: { rate: Rate; band: Band }): ApdsRateLineCollection[] {
  const { document } = tariff;
  const { grace, limits, longestStayMinutes } = document;
  const cap = resetCap(rate);
  const most = cap?.minor ?? band.capMinor ?? limits?.maximumMinor;
  const asked: LinesAsked = { steps: band.steps, currency: document.currency, freeMinutes: deducted(document) };
  const absorbed = grace?.kind === 'ABSORBED' && grace.minutes > 0 ? grace.minutes : undefined;
  const free: ApdsRateLineCollection[] =
    absorbed === undefined
      ? []
      : [
          {
            ...frameOf(tariff, 1),
            maxTime: durationOf(absorbed),
            rateLines: [
              { sequence: 1, rateLineType: 'flatRate', value: 0, description: 'Free', usageCondition: 'once' },
            ],
          },
        ];
  const charged: ApdsRateLineCollection = {
    ...frameOf(tariff, free.length + 1),
    ...(absorbed === undefined ? {} : { minTime: durationOf(absorbed) }),
    ...(longestStayMinutes === undefined ? {} : { maxTime: durationOf(longestStayMinutes) }),
    ...(limits?.minimumMinor === undefined
      ? {}
      : { minValueCollection: majorOf(limits.minimumMinor, document.currency) }),
    ...(most === undefined ? {} : { maxValueCollection: majorOf(most, document.currency) }),
    ...(cap || rate.stepsRestart === 'DAY' ? { resetTime: `${cap?.dayStartsAt ?? '00:00'}:00` } : {}),
    rateLines: linesOf(asked),
  };
  return [...free, charged];
}

function deducted({ grace }: TariffDocument): number {
  return grace?.kind === 'DEDUCTED' ? grace.minutes : 0;
}

function frameOf({ document, publishedAt }: TariffToExport, collectionSequence: number) {
  const { currency, tax } = document;
  return {
    collectionSequence,
    applicableCurrency: currency,
    relativeTimes: false,
    taxIncluded: tax?.mode !== 'ADDED',
    ...(tax ? { taxRate: tax.percent } : {}),
    validStart: publishedAt.toISOString(),
  };
}

const DAYS: Readonly<Record<string, readonly string[]>> = {
  MON: ['monday'],
  TUE: ['tuesday'],
  WED: ['wednesday'],
  THU: ['thursday'],
  FRI: ['friday'],
  SAT: ['saturday'],
  SUN: ['sunday'],
  WEEKDAY: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
  WEEKEND: ['saturday', 'sunday'],
};

function periodOf(
  days: readonly DayName[] | undefined,
  times: readonly [from: string, to: string] | undefined,
): ApdsPeriod | undefined {
  if (days === undefined && times === undefined) return undefined;
  const applicableDay = (days ?? []).flatMap((day) => DAYS[day] ?? []);
  const special = (days ?? []).flatMap((day) => {
    if (day === 'HOLIDAY') return ['publicHoliday' as const];
    if (day === 'HOLIDAY_EVE') return ['dayBeforePublicHoliday' as const];
    return day.startsWith('EVENT:') ? ['publicEventDay' as const] : [];
  });
  return {
    ...(applicableDay.length > 0 ? { recurringDayWeekMonthPeriod: [{ applicableDay }] } : {}),
    ...(special.length > 0
      ? {
          recurringSpecialDay: special.map((specialDayType) => ({
            intersectWithApplicableDays: false,
            specialDayType,
          })),
        }
      : {}),
    ...(times
      ? { recurringTimePeriodOfDay: [{ startTimeOfPeriod: `${times[0]}:00`, endTimeOfPeriod: `${times[1]}:00` }] }
      : {}),
  };
}

const VEHICLES: Readonly<Record<string, string>> = {
  MOTORCYCLE: 'motorcycle',
  SMALL_CAR: 'smallCar',
  CAR: 'passengerCar',
  ELECTRIC_CAR: 'passengerCar',
  VAN: 'van',
  BUS: 'bus',
  TRUCK: 'lorry',
};

function qualificationOf({ vehicleClasses }: Pick<Rate, 'vehicleClasses'>): ApdsQualification {
  if (vehicleClasses === undefined) return {};
  const types = [...new Set(vehicleClasses.map((vehicleClass) => VEHICLES[vehicleClass] ?? 'other'))];
  const onlyElectric = vehicleClasses.every((vehicleClass) => vehicleClass === 'ELECTRIC_CAR');
  return {
    vehicleTypes: types.map((vehicleType) => ({ vehicleType })),
    ...(onlyElectric ? { propulsionEnergyType: ['battery'] as const } : {}),
  };
}
