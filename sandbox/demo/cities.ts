// The five lots of the demo: 1,000 spots in five cities, five time zones and four currencies, one of them without decimals.

import type { LotPolicy } from '../../src/domain/policies.ts';
import type { SpotType } from '../../src/domain/spot-type.ts';
import type { Rate, TariffDocument } from '../../src/domain/tariff/document.ts';
import type { GateDirection } from '../../src/entities/gate.ts';

export interface DemoLevel {
  readonly name: string;
  /** How many spots of each type, nearest first. */
  readonly spots: readonly (readonly [SpotType, number])[];
}

export interface DemoGate {
  readonly name: string;
  readonly direction: GateDirection;
  readonly broken?: true;
}

export interface DemoCity {
  readonly code: string;
  readonly name: string;
  readonly address: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly country: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly locale: string;
  readonly policy: Partial<LotPolicy>;
  readonly tariff: Omit<TariffDocument, 'version' | 'currency'>;
  readonly levels: readonly DemoLevel[];
  readonly gates: readonly DemoGate[];
}

const TWO_GATES: readonly DemoGate[] = [
  { name: 'Entry', direction: 'ENTRY' },
  { name: 'Exit', direction: 'EXIT' },
];

/** Blocks of one price, day and night, up to a maximum of the date; for one type of spot, or for all that are left. */
function flatDay(
  name: string,
  { blockMinutes, minor, dayMinor }: { blockMinutes: number; minor: number; dayMinor: number },
  spotType?: SpotType,
): Rate {
  return {
    name,
    ...(spotType === undefined ? {} : { spotTypes: [spotType] }),
    bands: [{ name: 'Day and night', steps: [{ blockMinutes, minor }] }],
    caps: [{ window: 'CALENDAR_DAY', minor: dayMinor }],
  };
}

const DEMAND = {
  floorPercent: 80,
  ceilingPercent: 150,
  points: [
    { occupancyPercent: 0, percent: 90 },
    { occupancyPercent: 40, percent: 100 },
    { occupancyPercent: 80, percent: 120 },
    { occupancyPercent: 100, percent: 150 },
  ],
};

const HELSINKI: DemoCity = {
  code: 'HEL1',
  name: 'Helsinki Kamppi',
  address: 'Urho Kekkosen katu 1, 00100 Helsinki',
  latitude: 60.1686,
  longitude: 24.9316,
  country: 'FI',
  timeZone: 'Europe/Helsinki',
  currency: 'EUR',
  locale: 'fi-FI',
  policy: {},
  tariff: {
    rates: [
      flatDay('Motorcycles', { blockMinutes: 60, minor: 150, dayMinor: 900 }, 'MOTORCYCLE'),
      flatDay('Charging', { blockMinutes: 60, minor: 450, dayMinor: 3200 }, 'EV'),
      flatDay('Buses', { blockMinutes: 60, minor: 1200, dayMinor: 8000 }, 'BUS'),
      flatDay('Cars', { blockMinutes: 60, minor: 400, dayMinor: 2800 }),
    ],
    grace: { minutes: 10, kind: 'ABSORBED' },
    multiplier: DEMAND,
    tax: { percent: 25.5, mode: 'INCLUDED' },
  },
  levels: [
    {
      name: 'Level 1',
      spots: [
        ['ACCESSIBLE', 6],
        ['EV', 14],
        ['MOTORCYCLE', 10],
        ['COMPACT', 10],
        ['STANDARD', 30],
        ['LARGE', 6],
        ['BUS', 4],
      ],
    },
    {
      name: 'Level 2',
      spots: [
        ['COMPACT', 20],
        ['STANDARD', 52],
        ['LARGE', 8],
      ],
    },
    {
      name: 'Level 3',
      spots: [
        ['EV', 10],
        ['COMPACT', 16],
        ['STANDARD', 54],
      ],
    },
  ],
  gates: [...TWO_GATES, { name: 'South entry', direction: 'ENTRY' }],
};

const BERLIN: DemoCity = {
  code: 'BER1',
  name: 'Berlin Mitte',
  address: 'Alexanderstraße 2, 10178 Berlin',
  latitude: 52.5219,
  longitude: 13.4132,
  country: 'DE',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  locale: 'de-DE',
  policy: { noShow: { fee: 'PERCENT', percent: 50 } },
  tariff: {
    rates: [
      flatDay('Motorcycles', { blockMinutes: 60, minor: 100, dayMinor: 600 }, 'MOTORCYCLE'),
      flatDay('Cars', { blockMinutes: 60, minor: 350, dayMinor: 2400 }),
    ],
    grace: { minutes: 15, kind: 'ABSORBED' },
    multiplier: DEMAND,
    tax: { percent: 19, mode: 'INCLUDED' },
  },
  levels: [
    {
      name: 'Ground floor',
      spots: [
        ['ACCESSIBLE', 5],
        ['EV', 15],
        ['MOTORCYCLE', 10],
        ['COMPACT', 10],
        ['STANDARD', 50],
        ['LARGE', 10],
      ],
    },
    {
      name: 'Upper floor',
      spots: [
        ['COMPACT', 20],
        ['STANDARD', 70],
        ['LARGE', 10],
      ],
    },
  ],
  gates: TWO_GATES,
};

const LONDON: DemoCity = {
  code: 'LON1',
  name: 'London Southwark',
  address: '12 Great Suffolk Street, London SE1 0UG',
  latitude: 51.5045,
  longitude: -0.1019,
  country: 'GB',
  timeZone: 'Europe/London',
  currency: 'GBP',
  locale: 'en-GB',
  policy: {
    noShow: { fee: 'FIXED', fixedMinor: 1000 },
    cancellation: { freeUntilMinutesBefore: 120, refundPercentAfter: 50 },
  },
  tariff: {
    rates: [
      flatDay('Compact', { blockMinutes: 30, minor: 250, dayMinor: 3200 }, 'COMPACT'),
      flatDay('Cars', { blockMinutes: 30, minor: 300, dayMinor: 3800 }),
    ],
    grace: { minutes: 5, kind: 'ABSORBED' },
    multiplier: DEMAND,
    tax: { percent: 20, mode: 'INCLUDED' },
  },
  levels: [
    {
      name: 'Level 1',
      spots: [
        ['ACCESSIBLE', 8],
        ['EV', 12],
        ['MOTORCYCLE', 10],
        ['STANDARD', 20],
      ],
    },
    {
      name: 'Level 2',
      spots: [
        ['COMPACT', 15],
        ['STANDARD', 35],
      ],
    },
    {
      name: 'Level 3',
      spots: [
        ['EV', 10],
        ['COMPACT', 10],
        ['STANDARD', 30],
      ],
    },
    {
      name: 'Level 4',
      spots: [
        ['STANDARD', 40],
        ['LARGE', 10],
      ],
    },
  ],
  gates: TWO_GATES,
};

const TOKYO: DemoCity = {
  code: 'TYO1',
  name: 'Tokyo Shibuya',
  address: '2-21-1 Shibuya, Shibuya-ku, Tokyo 150-8510',
  latitude: 35.659,
  longitude: 139.7034,
  country: 'JP',
  timeZone: 'Asia/Tokyo',
  currency: 'JPY',
  locale: 'ja-JP',
  policy: { noShow: { fee: 'FULL' }, graceMinutes: 45 },
  tariff: {
    rates: [
      flatDay('Compact', { blockMinutes: 30, minor: 300, dayMinor: 3600 }, 'COMPACT'),
      flatDay('Cars', { blockMinutes: 30, minor: 400, dayMinor: 4800 }),
    ],
    grace: { minutes: 5, kind: 'ABSORBED' },
    multiplier: DEMAND,
    tax: { percent: 10, mode: 'INCLUDED' },
  },
  levels: [
    {
      name: '1F',
      spots: [
        ['ACCESSIBLE', 4],
        ['EV', 10],
        ['MOTORCYCLE', 16],
        ['COMPACT', 10],
      ],
    },
    {
      name: '2F',
      spots: [
        ['COMPACT', 30],
        ['STANDARD', 10],
      ],
    },
    {
      name: '3F',
      spots: [
        ['COMPACT', 20],
        ['STANDARD', 20],
      ],
    },
    {
      name: '4F',
      spots: [
        ['STANDARD', 30],
        ['LARGE', 10],
      ],
    },
  ],
  gates: TWO_GATES,
};

const NEW_YORK: DemoCity = {
  code: 'NYC1',
  name: 'New York Midtown',
  address: '235 West 48th Street, New York, NY 10036',
  latitude: 40.7608,
  longitude: -73.9861,
  country: 'US',
  timeZone: 'America/New_York',
  currency: 'USD',
  locale: 'en-US',
  policy: { earlyDeparture: { refundPercent: 80, minimumChargeMinutes: 60 } },
  tariff: {
    rates: [
      flatDay('Large', { blockMinutes: 30, minor: 900, dayMinor: 7500 }, 'LARGE'),
      flatDay('Cars', { blockMinutes: 30, minor: 700, dayMinor: 5500 }),
    ],
    multiplier: DEMAND,
    tax: { percent: 18.38, mode: 'INCLUDED' },
  },
  levels: [
    {
      name: 'Street level',
      spots: [
        ['ACCESSIBLE', 6],
        ['EV', 14],
        ['MOTORCYCLE', 6],
        ['STANDARD', 50],
        ['LARGE', 20],
        ['BUS', 4],
      ],
    },
    {
      name: 'Cellar',
      spots: [
        ['COMPACT', 20],
        ['STANDARD', 60],
        ['LARGE', 20],
      ],
    },
  ],
  gates: [...TWO_GATES, { name: 'West 49th entry', direction: 'ENTRY', broken: true }],
};

export const DEMO_CITIES: readonly DemoCity[] = [HELSINKI, BERLIN, LONDON, TOKYO, NEW_YORK];
