// The fields of a tariff as operators read of them: what docs/tariffs.md lists and docs/tariff.schema.json describes is made from here (by
// tariff-reference.ts), and test/contract/tariff-docs.test.ts holds it against what publishing takes.

import { SPOT_TYPES } from '../src/domain/spot-type.ts';
import * as document from '../src/domain/tariff/document.ts';
import { VEHICLE_CLASSES } from '../src/domain/vehicle.ts';
import type { AllFields, Field, PartName, Shape } from './tariff-shapes.ts';

const AMOUNT: Shape = { kind: 'integer', min: 0, max: 1_000_000_000 };
const BLOCK: Shape = { kind: 'integer', min: 1, max: 10_080 };
const STAY: Shape = { kind: 'integer', min: 1, max: 527_040 };
const DAY: Shape = { kind: 'integer', min: 0, max: 1440 };
const PERCENT: Shape = { kind: 'integer', min: 0, max: 1000 };
const NAME: Shape = { kind: 'name' };
const oneOf = (names: readonly string[]): Shape => ({ kind: 'one of', names });
const part = (name: PartName): Shape => ({ kind: 'part', part: name });
const list = (of: Shape, least: number, most: number): Shape => ({ kind: 'list', of, least, most });
const DAYS = list({ kind: 'day' }, 1, 66);
const TAKES = {
  spotTypes: {
    shape: list(oneOf(SPOT_TYPES), 1, 7),
    otherwise: 'every type',
    text: 'The types of spot it is for.',
  },
  vehicleClasses: {
    shape: list(oneOf(VEHICLE_CLASSES), 1, 7),
    otherwise: 'every class',
    text: 'The classes of vehicle it is for.',
  },
} satisfies Record<string, Field>;

const payPoint = (name: string): Field => ({
  ...{ shape: DAY, otherwise: '`minutes`', text: `How many minutes after paying there (\`${name}\`).` },
});

const ALL_FIELDS: AllFields = {
  Tariff: {
    version: {
      shape: { kind: 'integer', min: 1, max: 1 },
      text: 'The version of this format: 1. May be left out when you send it.',
    },
    currency: { shape: { kind: 'currency' }, text: 'The lot’s currency. May be left out when you send it.' },
    rates: {
      shape: list(part('Rate'), 1, 20),
      text: 'What time costs. The first rate that is for the spot and the vehicle prices the stay; the last must be for all.',
    },
    offers: {
      shape: list(part('Offer'), 0, 50),
      otherwise: 'none',
      text: 'Flat prices: early bird, evening, event. Question 9.',
    },
    offerChoice: {
      shape: oneOf(document.OFFER_CHOICES),
      otherwise: '`CHEAPEST`',
      text: 'Question 10, several fit. `CHEAPEST`: the driver pays the least of all offers and the rates. `PRIORITY`: the fitting offer with the lowest `priority`, even if it is dearer.',
    },
    grace: { shape: part('Grace'), otherwise: 'no free minutes', text: 'Question 6: free minutes at the beginning.' },
    reentry: {
      shape: part('Reentry'),
      otherwise: 'every visit stands alone',
      text: 'Question 7: who comes back soon goes on from the first entry, with no new free minutes, less what was charged before.',
    },
    exitGrace: {
      shape: part('ExitGrace'),
      otherwise: 'the lot’s policy',
      text: 'Question 8: how long the way out may take after paying.',
    },
    edges: {
      shape: oneOf(document.EDGE_RULES),
      otherwise: '`RUN_ON`',
      text: 'Questions 3 and 4, day turns into night. `RUN_ON`: a block costs what holds where it begins, and runs on. `CUT`: the edge ends the block and begins another. `ENTRY`, `EXIT`: the whole stay costs what holds at its entry, or exit.',
    },
    blocks: {
      shape: part('Blocks'),
      otherwise: 'a block that has begun counts whole',
      text: 'Question 5: how a part of a block counts.',
    },
    dayClass: {
      shape: oneOf(document.DAY_CLASS_RULES),
      otherwise: '`EACH_DAY`',
      text: 'Question 11, a stay over several dates. `EACH_DAY`: each date has its own class. `ENTRY`: that of the entry holds throughout.',
    },
    calendar: {
      shape: part('Calendar'),
      otherwise: 'weekends only',
      text: 'Holidays and events, and which days are the weekend.',
    },
    clock: {
      shape: oneOf(document.TARIFF_CLOCKS),
      otherwise: '`ELAPSED`',
      text: 'Question 12, nights with a clock change. `ELAPSED`: the hours that passed. `WALL`: the hours the wall shows, so 22:00 to 06:00 is always eight.',
    },
    multiplier: {
      shape: part('Multiplier'),
      otherwise: 'prices do not follow demand',
      text: 'More when the lot is full, less when it is empty; never on offers.',
    },
    limits: {
      shape: part('Limits'),
      otherwise: 'none',
      text: 'Question 13: the least and the most that a stay costs that is not free.',
    },
    tax: {
      shape: part('Tax'),
      otherwise: 'none is named',
      text: 'Question 13: the tax in the amounts, or on top of them.',
    },
    rounding: {
      shape: part('Rounding'),
      otherwise: 'to the minor unit',
      text: 'Question 13: what the total is rounded to.',
    },
    cashRounding: {
      shape: part('Rounding'),
      otherwise: 'none',
      text: 'Question 13: what is handed over in cash; never the price.',
    },
    discounts: {
      shape: part('Discounts'),
      otherwise: 'all of them, merchants first',
      text: 'Question 14: the order of discounts, and whether they stack.',
    },
    lostCredentialMinor: {
      shape: AMOUNT,
      otherwise: 'a person decides',
      text: 'Question 15: the price of a stay whose entry nobody knows.',
    },
    versionAt: {
      shape: oneOf(document.VERSION_MOMENTS),
      otherwise: '`BOOKING`',
      text: 'Question 16: the version at which moment prices what was not promised: a walk-in (`BOOKING` is its entry, too), the overstay of a reservation. A promised price never changes.',
    },
    longestStayMinutes: {
      shape: STAY,
      otherwise: 'the lot’s policy',
      text: 'Nothing longer is sold; who stays longer is charged by the same rules and shown to a person.',
    },
    reserved: {
      shape: part('Reserved'),
      otherwise: 'early is free, late goes on',
      text: 'What a reserved stay costs beside its period.',
    },
  },
  Rate: {
    name: { shape: NAME, text: 'What it is called in differences and errors.' },
    ...TAKES,
    bands: {
      shape: list(part('Band'), 1, 50),
      text: 'The parts of its days. Together they cover every minute of every kind of date exactly once.',
    },
    caps: {
      shape: list(part('Cap'), 0, 10),
      otherwise: 'none',
      text: 'The most that stretches of time cost, applied in this order.',
    },
    stepsRestart: {
      shape: oneOf(document.STEP_RESTARTS),
      otherwise: '`STAY`',
      text: 'From where the minutes are counted at which steps are read. `STAY`: from the beginning of what is charged. `DAY`: anew on each date (at `dayStartsAt` of its business day). `WINDOW`: anew whenever a band begins.',
    },
  },
  Band: {
    name: { shape: NAME, text: 'What lines of a price call it: “Night”.' },
    days: {
      shape: DAYS,
      otherwise: 'every date',
      text: 'On which dates it holds: `MON` … `SUN`, `WEEKDAY`, `WEEKEND`, `HOLIDAY`, `HOLIDAY_EVE`, `EVENT:name`. The bands of an event go before those of a holiday, these before those of its eve, these before those of the weekday.',
    },
    from: { shape: { kind: 'time' }, otherwise: 'all day', text: 'When it begins.' },
    to: {
      shape: { kind: 'time', end: true },
      otherwise: 'all day',
      text: 'When it ends; before `from` it runs over midnight and belongs to the date on which it began.',
    },
    steps: {
      shape: list(part('Step'), 1, 20),
      text: 'What time costs, one step after the other. The last goes on for ever.',
    },
    capMinor: {
      shape: AMOUNT,
      otherwise: 'none',
      text: 'Question 1: the most that one such window costs: “night, at most 5.00”.',
    },
  },
  Step: {
    blockMinutes: { shape: BLOCK, text: 'Question 5: the length of a block. 1 is by the minute.' },
    minor: { shape: AMOUNT, text: 'What a block costs; with `perMinutes` what so many minutes cost.' },
    perMinutes: {
      shape: BLOCK,
      otherwise: '`blockMinutes`',
      text: 'For how long `minor` is the price: 60 for 30, by the minute, is `minor` 60, `perMinutes` 30, `blockMinutes` 1.',
    },
    times: {
      shape: { kind: 'integer', min: 1, max: 100_000 },
      otherwise: 'for ever',
      text: 'How many such blocks there are before the next step is read.',
    },
  },
  Cap: {
    window: {
      shape: oneOf(document.CAP_WINDOWS),
      text: 'Question 1. `ROLLING`: stretches of `minutes` one after the other from the entry. `CALENDAR_DAY`: each date. `BUSINESS_DAY`: from `dayStartsAt` to the next. A block counts where it begins.',
    },
    minutes: { shape: STAY, otherwise: '1440', text: 'For `ROLLING`: how long a stretch is.' },
    dayStartsAt: {
      shape: { kind: 'time' },
      otherwise: 'must be told',
      text: 'For `BUSINESS_DAY`: when it begins; not for others.',
    },
    minor: { shape: AMOUNT, text: 'The most that such a stretch costs.' },
    repeats: {
      shape: { kind: 'boolean' },
      otherwise: '`true`',
      text: 'Question 2. `false`: only the first one of the stay has it.',
    },
  },
  Offer: {
    name: { shape: NAME, text: 'What its line is called.' },
    minor: { shape: AMOUNT, text: 'The flat price.' },
    days: { shape: DAYS, otherwise: 'every date', text: 'The classes of the date of entry; any of them will do.' },
    entry: { shape: part('Window'), otherwise: 'any time', text: 'When the vehicle must come in.' },
    exit: { shape: part('Window'), otherwise: 'any time', text: 'When it must leave.' },
    minStayMinutes: { shape: STAY, otherwise: 'none', text: 'The shortest stay it fits.' },
    maxStayMinutes: { shape: STAY, otherwise: 'none', text: 'The longest stay it fits.' },
    coversMinutes: { shape: STAY, otherwise: 'the whole stay', text: 'How long it covers, from the entry.' },
    coversUntil: {
      shape: { kind: 'time', end: true },
      otherwise: 'the whole stay',
      text: 'Instead: until this time next. With an exit window and neither: until that window ends.',
    },
    then: {
      shape: oneOf(document.AFTER_OFFER),
      otherwise: '`RATES`',
      text: 'After that. `RATES`: the rates go on as for a stay that begins there. `NOTHING`: only a stay that ends by then fits.',
    },
    holdersOnly: {
      shape: { kind: 'boolean' },
      otherwise: '`false`',
      text: 'Only for holders of one of the lot’s monthly passes.',
    },
    ...TAKES,
    priority: {
      shape: { kind: 'integer', min: 0, max: 1000 },
      otherwise: '0',
      text: 'For `offerChoice: PRIORITY`; the lowest wins.',
    },
  },
  Window: {
    from: { shape: { kind: 'time' }, text: 'From then on.' },
    to: { shape: { kind: 'time', end: true }, text: 'Until then; before `from` it runs over midnight.' },
  },
  Grace: {
    minutes: { shape: DAY, text: 'A stay of up to so many minutes is free.' },
    kind: {
      shape: oneOf(document.GRACE_KINDS),
      otherwise: '`ABSORBED`',
      text: '`ABSORBED`: a longer one is charged from its first minute. `DEDUCTED`: the first minutes are never charged.',
    },
  },
  Reentry: {
    withinMinutes: { shape: { kind: 'integer', min: 1, max: 1440 }, text: 'Back within this time after leaving.' },
  },
  ExitGrace: {
    minutes: { shape: DAY, text: 'How many minutes.' },
    byPayPoint: { shape: part('PayPoints'), otherwise: 'the same everywhere', text: 'Others, by where it was paid.' },
  },
  PayPoints: { APP: payPoint('APP'), KIOSK: payPoint('KIOSK'), CASH: payPoint('CASH'), TERMINAL: payPoint('TERMINAL') },
  Blocks: {
    rounding: {
      shape: oneOf(document.BLOCK_ROUNDINGS),
      otherwise: '`UP`',
      text: '`UP`: a block that has begun counts. `DOWN`: only one that is over. `NEAREST`: from its half on.',
    },
    over: {
      shape: oneOf(document.ROUNDED_OVER),
      otherwise: '`SEGMENT`',
      text: 'With `edges: CUT`. `SEGMENT`: the last block before each edge is rounded. `STAY`: only that of the stay; what an edge cuts costs its share.',
    },
  },
  Calendar: {
    weekend: {
      shape: list(oneOf(document.WEEKDAY_NAMES), 0, 7),
      otherwise: '`["SAT", "SUN"]`',
      text: 'The days of the weekend.',
    },
    holidays: {
      shape: list({ kind: 'date' }, 0, 366),
      otherwise: 'none',
      text: 'Holidays. The date before one is a `HOLIDAY_EVE`.',
    },
    events: {
      shape: list(part('Event'), 0, 50),
      otherwise: 'none',
      text: 'Events, for bands and offers of `EVENT:name`.',
    },
  },
  Event: {
    name: { shape: NAME, text: 'What it is called in `days`.' },
    dates: { shape: list({ kind: 'date' }, 1, 366), text: 'When it takes place.' },
  },
  Multiplier: {
    floorPercent: { shape: PERCENT, text: 'Never below this percentage of the rates.' },
    ceilingPercent: { shape: PERCENT, text: 'Never above this percentage of the rates.' },
    points: {
      shape: list(part('Point'), 1, 101),
      text: 'The curve, by rising occupancy: straight lines between the points.',
    },
  },
  Point: {
    occupancyPercent: { shape: { kind: 'integer', min: 0, max: 100 }, text: 'Taken spots of the type, in percent.' },
    percent: { shape: PERCENT, text: 'What it makes of the rates.' },
  },
  Limits: {
    minimumMinor: { shape: AMOUNT, otherwise: 'none', text: 'The least that a stay costs that is not free.' },
    maximumMinor: { shape: AMOUNT, otherwise: 'none', text: 'The most that a stay costs.' },
    apply: {
      shape: oneOf(document.LIMITS_APPLY),
      otherwise: '`AFTER_TAX`',
      text: 'Whether they hold before a tax that is added, or after it.',
    },
  },
  Tax: {
    percent: { shape: { kind: 'hundredths', min: 0, max: 100 }, text: 'The rate, with at most two decimals.' },
    mode: {
      shape: oneOf(document.TAX_MODES),
      text: '`INCLUDED`: amounts contain it. `ADDED`: it comes on top, as a line of its own.',
    },
    name: { shape: NAME, otherwise: 'none', text: 'What it is called on receipts.' },
  },
  Rounding: {
    toMinor: { shape: { kind: 'integer', min: 1, max: 100_000 }, text: 'To multiples of this: 5, 10, 100.' },
    mode: { shape: oneOf(document.BLOCK_ROUNDINGS), otherwise: '`NEAREST`', text: 'Which way.' },
  },
  Discounts: {
    order: {
      shape: list(oneOf(document.DISCOUNT_SOURCES), 0, 2),
      otherwise: '`["VALIDATION", "PROMO"]`',
      text: 'Which comes first: what merchants take over, or promotion codes.',
    },
    stacking: {
      shape: oneOf(document.STACKINGS),
      otherwise: '`ALL`',
      text: '`ALL`: one after the other, on what is left. `BEST`: only the one that takes off most.',
    },
  },
  Reserved: {
    earlyArrival: {
      shape: oneOf(document.EARLY_ARRIVALS),
      otherwise: '`FREE`',
      text: 'Before the promised start. `FREE`: nothing, within the lot’s early entry minutes. `TARIFF`: what the stay from the entry costs more.',
    },
    overstay: { shape: part('Overstay'), otherwise: 'it goes on', text: 'Past the promised end and the exit grace.' },
  },
  Overstay: {
    method: {
      shape: oneOf(document.OVERSTAY_METHODS),
      otherwise: '`CONTINUE`',
      text: '`CONTINUE`: what the stay until the exit costs more than the promised period. `SEPARATE`: the time past the end as a stay of its own, without free minutes.',
    },
    percent: { shape: PERCENT, otherwise: '100', text: 'Times this.' },
    displacedMinor: { shape: AMOUNT, otherwise: '0', text: 'On top of it if another driver had to be moved.' },
  },
};

export const PARTS: Readonly<Record<PartName, Readonly<Record<string, Field>>>> = ALL_FIELDS;
