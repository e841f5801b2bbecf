// Whole tariffs as an operator could publish them, and stays to price by them: across every clock change of 2026 in zones that turn
// their clocks by an hour, by half of one, at midnight, at a quarter to four, twice a year south and north, and never.

import fc from 'fast-check';
import type { Period } from '../../src/domain/period.ts';
import { SPOT_TYPES } from '../../src/domain/spot-type.ts';
import { checkTariffDocument } from '../../src/domain/tariff/check.ts';
import type { Discount } from '../../src/domain/tariff/discount.ts';
import type { Band, Cap, DayName, Offer, Rate, Step, TariffDocument } from '../../src/domain/tariff/document.ts';
import type { StayToPrice } from '../../src/domain/tariff/engine.ts';
import { VEHICLE_CLASSES } from '../../src/domain/vehicle.ts';
import { DAY_MINUTES, dateText, minuteOfDay, wallClock } from './wall-clock.ts';

export const TARIFF_ZONES = [
  'Europe/Amsterdam',
  'America/Chicago',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/St_Johns',
  'Africa/Cairo',
  'Pacific/Chatham',
  'America/Santiago',
] as const;

const YEAR_STARTS_AT = Date.parse('2026-01-01T00:00:00Z') / 60_000;
const LONGEST_STAY = 8 * DAY_MINUTES;

/** The minutes of 2026 at which a zone changes its clock. */
export function clockChanges(timeZone: string): readonly number[] {
  return wallClock(timeZone).changes.filter((minute) => dateText(Math.floor(minute / DAY_MINUTES)).startsWith('2026'));
}

/** A record whose fields are there half of the time, except for those named. */
function sometimes<T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }, always: (keyof T)[] = []) {
  return fc.record(fields, { requiredKeys: always }) as fc.Arbitrary<T>;
}

// --- Days and bands ------------------------------------------------------------------------------------------------------

const HOLIDAYS = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-05-01', '2026-09-06', '2026-10-24', '2026-12-25'];
const CALENDAR: NonNullable<TariffDocument['calendar']> = {
  holidays: HOLIDAYS,
  events: [
    { name: 'Fair', dates: ['2026-03-28', '2026-04-04', '2026-10-04', '2026-10-25', '2026-10-29', '2026-11-01'] },
  ],
};
const anyCalendar = fc.constantFrom(CALENDAR, { ...CALENDAR, weekend: ['FRI', 'SAT'] as const });

/** Ways to part the dates among bands; undefined names none. */
const PARTINGS: readonly (readonly DayName[] | undefined)[][] = [
  [undefined],
  [['WEEKDAY'], ['WEEKEND']],
  [
    ['MON', 'TUE', 'WED', 'THU'],
    ['FRI', 'SAT'],
    ['SUN', 'HOLIDAY'],
  ],
  [['WEEKDAY', 'WEEKEND'], ['HOLIDAY'], ['HOLIDAY_EVE']],
  [undefined, ['EVENT:Fair']],
  [['WEEKDAY'], ['WEEKEND', 'HOLIDAY'], ['EVENT:Fair', 'HOLIDAY_EVE']],
];
/** Among them times that a clock change repeats or leaves out. */
const DAY_STARTS = ['00:00', '01:00', '02:15', '02:30', '05:00', '06:00'];
const EDGES = ['01:30', '02:45', '03:00', '03:30', '07:00', '08:30', '12:00', '18:00', '22:30', '23:30'];
const anyTime = fc.constantFrom(...DAY_STARTS, ...EDGES);
const anyWindow = fc
  .tuple(anyTime, fc.constantFrom(...EDGES, '24:00'))
  .filter(([from, to]) => from !== to && !(from === '00:00' && to === '24:00'))
  .map(([from, to]) => ({ from, to }));

const anyStep = fc
  .tuple(
    fc.constantFrom(1, 1, 5, 6, 10, 15, 20, 30, 45, 60, 60, 90, 120, 180, 360, 1440),
    fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 4, arbitrary: fc.integer({ min: 1, max: 600 }) }),
    fc.option(fc.constantFrom(7, 30, 60, 1440), { nil: undefined, freq: 3 }),
  )
  .map(([blockMinutes, minor, perMinutes]): Step => ({ blockMinutes, minor, ...(perMinutes ? { perMinutes } : {}) }));
const anySteps: fc.Arbitrary<Step[]> = fc
  .tuple(fc.array(fc.tuple(anyStep, fc.integer({ min: 1, max: 5 })), { maxLength: 2 }), anyStep)
  .map(([first, last]) => [...first.map(([step, times]) => ({ ...step, times })), last]);

/** The bands of some days: from where the day starts to where the next does, cut at the edges. */
function bandsOf(days: readonly DayName[] | undefined, dayStart: string): fc.Arbitrary<Band[]> {
  const later = EDGES.filter((edge) => minuteOfDay(edge) > minuteOfDay(dayStart));
  const fewest = dayStart === '00:00' ? 0 : 1;
  const edges = fc.subarray(later, { minLength: fewest, maxLength: 2 });
  return edges.chain((cuts) => {
    const times = [dayStart, ...cuts, dayStart === '00:00' ? '24:00' : dayStart];
    const bands = times.slice(1).map((to, at): fc.Arbitrary<Band> => {
      const named = { name: `${days?.join('+') ?? 'daily'} until ${to}`, ...(days ? { days } : {}) };
      const hours = times.length === 2 ? {} : { from: times[at]!, to };
      return fc
        .tuple(anySteps, fc.option(fc.integer({ min: 0, max: 3000 }), { nil: undefined }))
        .map(([steps, more]) => ({
          ...{ ...named, ...hours, steps },
          ...(more === undefined ? {} : { capMinor: dearestBlock(steps) + more }),
        }));
    });
    return fc.tuple(...bands);
  });
}

/** In whole minor units: no cap may be below one block. */
function dearestBlock(steps: readonly Step[]): number {
  return Math.max(
    ...steps.map(({ minor, blockMinutes, perMinutes }) =>
      Math.ceil((minor * blockMinutes) / (perMinutes ?? blockMinutes)),
    ),
  );
}

const anyBands = fc
  .tuple(fc.constantFrom(...PARTINGS), fc.constantFrom(...DAY_STARTS))
  .chain(([parting, dayStart]) => fc.tuple(...parting.map((days) => bandsOf(days, dayStart))))
  .map((parts) => parts.flat());

// --- Rates and offers ----------------------------------------------------------------------------------------------------

/** Windows from short to long, because a longer one may not cost less. */
const CAP_WINDOWS: readonly Omit<Cap, 'minor'>[] = [
  { window: 'ROLLING', minutes: 150 },
  { window: 'ROLLING', minutes: 720, repeats: false },
  { window: 'ROLLING' },
  { window: 'CALENDAR_DAY' },
  { window: 'CALENDAR_DAY', repeats: false },
  { window: 'BUSINESS_DAY', dayStartsAt: '05:00' },
  { window: 'BUSINESS_DAY', dayStartsAt: '02:30' },
  { window: 'ROLLING', minutes: 2880 },
];

const anyRate: fc.Arbitrary<Rate> = fc
  .tuple(
    anyBands,
    fc.array(fc.tuple(fc.nat({ max: CAP_WINDOWS.length - 1 }), fc.integer({ min: 0, max: 2500 })), { maxLength: 3 }),
    fc.option(fc.constantFrom('STAY' as const, 'DAY' as const, 'WINDOW' as const), { nil: undefined }),
  )
  .map(([bands, caps, stepsRestart]) => ({
    ...{ name: 'Plain', bands },
    ...(caps.length > 0 ? { caps: capsAbove(dearestBlock(bands.flatMap((band) => band.steps)), caps) } : {}),
    ...(stepsRestart ? { stepsRestart } : {}),
  }));

function capsAbove(blockMinor: number, picked: readonly [window: number, more: number][]): Cap[] {
  let minor = blockMinor;
  const sorted = [...new Map(picked)].toSorted(([a], [b]) => a - b);
  return sorted.map(([window, more]) => {
    const { minutes: length = DAY_MINUTES } = CAP_WINDOWS[window]!;
    minor += length === DAY_MINUTES && minor > blockMinor ? 0 : more;
    return { ...CAP_WINDOWS[window]!, minor };
  });
}

const anyRates: fc.Arbitrary<Rate[]> = fc
  .tuple(fc.array(fc.tuple(anyRate, fc.boolean()), { maxLength: 1 }), anyRate)
  .map(([special, plain]) => [
    ...special.map(([rate, bySpot]): Rate => {
      return bySpot
        ? { ...rate, name: 'Charging', spotTypes: ['EV', 'LARGE'] }
        : { ...rate, name: 'Small', vehicleClasses: ['MOTORCYCLE', 'SMALL_CAR'] };
    }),
    plain,
  ]);

const anyOffer: fc.Arbitrary<Offer> = sometimes<Offer>(
  {
    name: fc.constantFrom('Early bird', 'Evening', 'Night', 'Fair'),
    minor: fc.integer({ min: 0, max: 4000 }),
    days: fc.subarray<DayName>(['MON', 'WEEKDAY', 'WEEKEND', 'HOLIDAY', 'HOLIDAY_EVE', 'EVENT:Fair'], { minLength: 1 }),
    entry: anyWindow,
    exit: anyWindow,
    minStayMinutes: fc.integer({ min: 1, max: 300 }),
    maxStayMinutes: fc.integer({ min: 300, max: 3000 }),
    coversMinutes: fc.integer({ min: 301, max: 2000 }),
    coversUntil: anyTime,
    then: fc.constantFrom('RATES', 'NOTHING'),
    holdersOnly: fc.boolean(),
    spotTypes: fc.constant(['STANDARD', 'EV', 'LARGE'] as const),
    vehicleClasses: fc.constant(['CAR', 'SMALL_CAR', 'VAN'] as const),
    priority: fc.integer({ min: 0, max: 3 }),
  },
  ['name', 'minor'],
);

// --- The whole document --------------------------------------------------------------------------------------------------

const anyRounding = fc.record({
  toMinor: fc.constantFrom(5, 10, 25, 100),
  mode: fc.constantFrom('UP' as const, 'DOWN' as const, 'NEAREST' as const),
});

/** Currencies of two, no and three decimals that cards can be charged the smallest amounts of. */
const anyDraft: fc.Arbitrary<TariffDocument> = sometimes<TariffDocument>(
  {
    version: fc.constant(1),
    currency: fc.constantFrom('ZAR', 'ISK', 'KWD'),
    clock: fc.constantFrom('ELAPSED', 'WALL'),
    grace: fc.record({ minutes: fc.constantFrom(0, 5, 15, 40), kind: fc.constantFrom('ABSORBED', 'DEDUCTED') }),
    reentry: fc.record({ withinMinutes: fc.constantFrom(30, 60, 120) }),
    edges: fc.constantFrom('RUN_ON', 'CUT', 'CUT', 'ENTRY', 'EXIT'),
    blocks: fc.record({ rounding: fc.constantFrom('UP', 'DOWN', 'NEAREST'), over: fc.constantFrom('SEGMENT', 'STAY') }),
    dayClass: fc.constantFrom('EACH_DAY', 'ENTRY'),
    calendar: anyCalendar,
    rates: anyRates,
    offers: fc.array(anyOffer, { minLength: 1, maxLength: 4 }),
    offerChoice: fc.constantFrom('CHEAPEST', 'PRIORITY'),
    limits: fc
      .tuple(
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 500, max: 9000 }),
        fc.constantFrom('BEFORE_TAX', 'AFTER_TAX'),
      )
      .map(([minimumMinor, maximumMinor, apply]) => ({ minimumMinor, maximumMinor, apply })),
    tax: fc.record({ percent: fc.constantFrom(0, 7.7, 8.1, 10, 19, 25.5), mode: fc.constantFrom('INCLUDED', 'ADDED') }),
    rounding: anyRounding,
    cashRounding: anyRounding,
    discounts: sometimes<NonNullable<TariffDocument['discounts']>>({
      order: fc.constantFrom(['VALIDATION', 'PROMO'] as const, ['PROMO', 'VALIDATION'] as const),
      stacking: fc.constantFrom('ALL', 'BEST'),
    }),
  },
  ['version', 'currency', 'calendar', 'rates'],
);

/** Tariffs that the check lets an operator publish. */
export const anyTariffDocument: fc.Arbitrary<TariffDocument> = anyDraft.filter(
  (draft) => 'tariff' in checkTariffDocument(draft, { currency: draft.currency }),
);

// --- Stays ---------------------------------------------------------------------------------------------------------------

export function periodOf(minute: number, minutes: number): Period {
  return { startsAt: new Date(minute * 60_000), endsAt: new Date((minute + minutes) * 60_000) };
}

/** Whole minutes: mostly hours, sometimes days; most cross a clock change of the zone, if it has any, and many begin or end at an edge. */
export function anyPeriodIn(timeZone: string): fc.Arbitrary<Period> {
  const anyLength = fc.oneof(
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 720 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: LONGEST_STAY }) },
  );
  const changes = clockChanges(timeZone);
  const anyStart = fc.integer({ min: 0, max: 364 * DAY_MINUTES }).map((minute) => YEAR_STARTS_AT + minute);
  const anywhere = fc.tuple(anyStart, anyLength);
  const anyPart = fc.double({ min: 0, max: 1, noNaN: true });
  const across = changes.map((change) =>
    fc.tuple(anyPart, anyLength).map(([part, minutes]): [number, number] => {
      return [change - Math.floor(part * minutes), minutes];
    }),
  );
  const anyHours = across.length === 0 ? anywhere : fc.oneof(anywhere, ...across);
  const anyEdge = fc.option(anyTime, { nil: undefined });
  return fc.tuple(anyHours, anyEdge, anyEdge).map(([[start, minutes], startsAt, endsAt]) => {
    const entry = startsAt === undefined ? start : atNext(timeZone, startsAt, start);
    const exit = endsAt === undefined ? entry + minutes : atNext(timeZone, endsAt, entry + minutes);
    return periodOf(entry, exit - entry);
  });
}

/** The first minute from there on at which the wall comes to a time of day. */
function atNext(timeZone: string, time: string, minute: number): number {
  const wall = wallClock(timeZone);
  const begins = minuteOfDay(time);
  const daysBegun = (at: number): number => Math.floor((wall.furthest(at) - begins) / DAY_MINUTES);
  let next = minute;
  while (daysBegun(next) === daysBegun(next - 1)) next += 1;
  return next;
}

export const anyDiscount: fc.Arbitrary<Discount> = fc
  .tuple(
    fc.constantFrom('PROMO' as const, 'VALIDATION' as const),
    fc.oneof(
      fc.record({ kind: fc.constant('MONEY' as const), minor: fc.integer({ min: 1, max: 2000 }) }),
      fc.record({ kind: fc.constant('PERCENT' as const), percent: fc.integer({ min: 1, max: 100 }) }),
      fc.record({
        kind: fc.constant('TIME' as const),
        minutes: fc.integer({ min: 1, max: 400 }),
        meaning: fc.constantFrom('LOWEST_PRICE' as const, 'LATER_ARRIVAL' as const, 'EARLIER_DEPARTURE' as const),
      }),
    ),
  )
  .map(([source, discount]) => ({ source, id: 'd', name: 'Coupon', ...discount }));

/** A stay in the zone by any tariff; now and then with demand, a monthly pass, an earlier visit and discounts. */
export function anyStayIn(timeZone: string, tariffs = anyTariffDocument): fc.Arbitrary<StayToPrice> {
  return fc
    .record({
      tariff: tariffs,
      period: anyPeriodIn(timeZone),
      spotType: fc.constantFrom(...SPOT_TYPES),
      vehicleClass: fc.constantFrom(...VEHICLE_CLASSES),
      multiplierPercent: fc.oneof(
        { weight: 3, arbitrary: fc.constant(100) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 300 }) },
      ),
      monthlyPassHolder: fc.boolean(),
      passMinutes: fc.option(fc.tuple(fc.integer({ min: -300, max: 600 }), fc.integer({ min: 1, max: 2000 })), {
        freq: 3,
      }),
      earlier: fc.option(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 3000 })), { freq: 3 }),
      discounts: fc.oneof(
        { weight: 2, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(anyDiscount, { maxLength: 3 }) },
      ),
    })
    .map(({ passMinutes, earlier, ...stay }) => {
      const entry = stay.period.startsAt.getTime() / 60_000;
      return {
        ...stay,
        timeZone,
        ...(passMinutes ? { covered: [periodOf(entry + passMinutes[0], passMinutes[1])] } : {}),
        ...(earlier
          ? { earlier: { firstEntryAt: new Date((entry - earlier[0]) * 60_000), chargedMinor: earlier[1] } }
          : {}),
      };
    });
}
