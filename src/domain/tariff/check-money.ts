import type { FieldReader } from '../field-reader.ts';
import { AMOUNT, readList } from './check-parts.ts';
import {
  BLOCK_ROUNDINGS,
  DISCOUNT_SOURCES,
  EARLY_ARRIVALS,
  GRACE_KINDS,
  LIMITS_APPLY,
  OVERSTAY_METHODS,
  PAY_POINTS,
  STACKINGS,
  TAX_MODES,
} from './document.ts';
import type {
  AmountRounding,
  DiscountRule,
  DiscountSource,
  ExitGrace,
  Grace,
  MultiplierPoint,
  OverstayRule,
  PayPoint,
  PriceLimits,
  ReservedRule,
  TariffMultiplier,
  TariffTax,
} from './document.ts';

const DAY_OF_MINUTES = { min: 0, max: 24 * 60 };
const MAX_PERCENT = 1000;
const MOST_POINTS = 101;
const MAX_NAME_LENGTH = 60;

export function readGrace(reader: FieldReader): Grace {
  const minutes = reader.integer('minutes', DAY_OF_MINUTES);
  const kind = reader.oneOf('kind', GRACE_KINDS, 'ABSORBED');
  reader.refuseUnknown();
  return { minutes, kind };
}

export function readExitGrace(reader: FieldReader): ExitGrace {
  const minutes = reader.integer('minutes', DAY_OF_MINUTES);
  const grace = {
    minutes,
    ...(reader.has('byPayPoint') ? { byPayPoint: readPayPoints(reader.section('byPayPoint')) } : {}),
  };
  reader.refuseUnknown();
  return grace;
}

function readPayPoints(reader: FieldReader): Partial<Record<PayPoint, number>> {
  const minutes: Partial<Record<PayPoint, number>> = {};
  for (const payPoint of PAY_POINTS) {
    if (reader.has(payPoint)) minutes[payPoint] = reader.integer(payPoint, DAY_OF_MINUTES);
  }
  reader.refuseUnknown();
  return minutes;
}

export function readMultiplier(reader: FieldReader): TariffMultiplier {
  const percent = { min: 0, max: MAX_PERCENT };
  const floorPercent = reader.integer('floorPercent', percent);
  const ceilingPercent = reader.integer('ceilingPercent', percent);
  if (floorPercent > ceilingPercent) reader.refuse('floorPercent', 'must not be above ceilingPercent');
  const points = readList(reader, { field: 'points', least: 1, most: MOST_POINTS, read: readPoint });
  const isRising = points.every((point, index) => {
    const before = points[index - 1];
    return before === undefined || before.occupancyPercent < point.occupancyPercent;
  });
  if (!isRising) reader.refuse('points', 'must rise in occupancyPercent');
  reader.refuseUnknown();
  return { floorPercent, ceilingPercent, points };
}

function readPoint(reader: FieldReader): MultiplierPoint {
  return {
    occupancyPercent: reader.integer('occupancyPercent', { min: 0, max: 100 }),
    percent: reader.integer('percent', { min: 0, max: MAX_PERCENT }),
  };
}

export function readLimits(reader: FieldReader): PriceLimits {
  const limits = {
    ...(reader.has('minimumMinor') ? { minimumMinor: reader.integer('minimumMinor', AMOUNT) } : {}),
    ...(reader.has('maximumMinor') ? { maximumMinor: reader.integer('maximumMinor', AMOUNT) } : {}),
    ...(reader.has('apply') ? { apply: reader.oneOf('apply', LIMITS_APPLY, 'AFTER_TAX') } : {}),
  };
  if ((limits.minimumMinor ?? 0) > (limits.maximumMinor ?? Infinity)) {
    reader.refuse('minimumMinor', 'must not be above maximumMinor');
  }
  reader.refuseUnknown();
  return limits;
}

export function readTax(reader: FieldReader): TariffTax {
  const tax = {
    percent: reader.hundredths('percent', { min: 0, max: 100 }),
    mode: reader.oneOf('mode', TAX_MODES, 'INCLUDED'),
    ...(reader.has('name') ? { name: readTaxName(reader) } : {}),
  };
  if (!reader.has('mode')) reader.refuse('mode', `must be told: one of ${TAX_MODES.join(', ')}`);
  reader.refuseUnknown();
  return tax;
}

function readTaxName(reader: FieldReader): string {
  const name = reader.text('name');
  if (name !== undefined && name.length > 0 && name.length <= MAX_NAME_LENGTH) return name;
  reader.refuse('name', `must be 1 to ${MAX_NAME_LENGTH} characters`);
  return '';
}

export function readRounding(reader: FieldReader): AmountRounding {
  const toMinor = reader.integer('toMinor', { min: 1, max: 100_000 });
  const mode = reader.oneOf('mode', BLOCK_ROUNDINGS, 'NEAREST');
  reader.refuseUnknown();
  return { toMinor, mode };
}

export function readDiscounts(reader: FieldReader): DiscountRule {
  const rule = {
    ...(reader.has('order') ? { order: readOrder(reader) } : {}),
    ...(reader.has('stacking') ? { stacking: reader.oneOf('stacking', STACKINGS, 'ALL') } : {}),
  };
  reader.refuseUnknown();
  return rule;
}

function readOrder(reader: FieldReader): DiscountSource[] {
  const texts = reader.texts('order');
  const order = DISCOUNT_SOURCES.filter((source) => texts.includes(source));
  if (order.length !== texts.length) {
    reader.refuse('order', `must name each of ${DISCOUNT_SOURCES.join(', ')} at most once`);
  }
  return order.sort((a, b) => texts.indexOf(a) - texts.indexOf(b));
}

export function readReserved(reader: FieldReader): ReservedRule {
  const rule = {
    ...(reader.has('earlyArrival') ? { earlyArrival: reader.oneOf('earlyArrival', EARLY_ARRIVALS, 'FREE') } : {}),
    ...(reader.has('overstay') ? { overstay: readOverstay(reader.section('overstay')) } : {}),
  };
  reader.refuseUnknown();
  return rule;
}

function readOverstay(reader: FieldReader): OverstayRule {
  const rule = {
    method: reader.oneOf('method', OVERSTAY_METHODS, 'CONTINUE'),
    ...(reader.has('percent') ? { percent: reader.integer('percent', { min: 0, max: MAX_PERCENT }) } : {}),
    ...(reader.has('displacedMinor') ? { displacedMinor: reader.integer('displacedMinor', AMOUNT) } : {}),
  };
  reader.refuseUnknown();
  return rule;
}
