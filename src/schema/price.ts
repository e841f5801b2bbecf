import { Field, Float, Int, ObjectType } from 'type-graphql';
import { PRICE_RULES, type Price, type PriceLine, type PriceRule } from '../domain/tariff/document.ts';
import type { NextPrice } from '../domain/tariff/next-prices.ts';
import { Allow } from './access.ts';
import { enumOf } from './enums.ts';
import { Money, money } from './money.ts';
import { DateTime } from './scalars.ts';

export const PriceRuleEnum = enumOf<PriceRule>('PriceRule', PRICE_RULES, {
  description: 'Which rule of the tariff a line of a price comes from.',
  values: {
    GRACE: 'So short that it is free.',
    BLOCK: 'Blocks of time by the rate.',
    OFFER: 'A flat price that the stay fits.',
    MONTHLY_PASS: 'Time that a monthly pass covers.',
    MULTIPLIER: 'More or less because the lot is full or empty.',
    WINDOW_CAP: 'What one part of the day costs at most (a night): takes off what is above.',
    CAP: 'What a stretch of time costs at most (a day): takes off what is above.',
    MINIMUM: 'What a stay that is not free costs at least.',
    MAXIMUM: 'What a stay costs at most: takes off what is above.',
    VALIDATION: 'What a merchant takes over.',
    PROMO: 'What a promotion code takes off.',
    TAX: 'Tax that comes on top of the amounts.',
    ROUNDING: 'To the amount that the lot rounds to.',
    REENTRY: 'What an earlier visit was charged that this one goes on from.',
    EARLY_ARRIVAL: 'Time before a reserved period.',
    OVERSTAY: 'Time after a reserved period.',
    DISPLACED: 'For another driver who had to be moved.',
    LOST_CREDENTIAL: 'The price of a stay whose entry nobody knows.',
  },
});

@Allow('PUBLIC')
@ObjectType('PriceLine', { description: 'One line of a price. The amounts of all lines sum to the total.' })
export class PriceLineType {
  @Field(() => PriceRuleEnum, { description: 'The rule.' })
  rule!: string;

  @Field(() => String, { description: 'The line in a few words of English.' })
  description!: string;

  @Field(() => String, { description: 'From when, on the lot’s own clock: `2026-11-20T08:30:00`, without an offset.' })
  localFrom!: string;

  @Field(() => String, { description: 'Until when, on the lot’s own clock.' })
  localTo!: string;

  @Field(() => Int, { description: 'How many of the unit: steps of the tariff, or 1.' })
  quantity!: number;

  @Field(() => Money, { description: 'The price of one unit.' })
  unit!: Money;

  @Field(() => Money, { description: 'What this line adds; negative where it takes off.' })
  amount!: Money;

  @Field(() => Money, { description: 'The sum of the lines up to this one.' })
  running!: Money;
}

@Allow('PUBLIC')
@ObjectType('Price', { description: 'A price and how it comes about, tax included.' })
export class PriceType {
  @Field(() => Money, { description: 'What is paid.' })
  total!: Money;

  @Field(() => [PriceLineType], { description: 'The lines, in the order of their rules and times.' })
  lines!: PriceLineType[];

  @Field(() => Money, { description: 'The tax that is contained in the total; 0 when the tariff names none.' })
  tax!: Money;

  @Field(() => Float, { nullable: true, description: 'The tax in percent; null: the tariff names none.' })
  taxPercent!: number | null;
}

@Allow('PUBLIC')
@ObjectType('NextPrice', { description: 'What staying longer would cost.' })
export class NextPriceType {
  @Field(() => DateTime, { description: 'Until then the price before holds; whoever stays longer pays this one.' })
  after!: Date;

  @Field(() => Int, { description: 'How many minutes later than the end that was asked for that is.' })
  minutesLater!: number;

  @Field(() => Money, { description: 'The price of the whole stay then.' })
  total!: Money;

  @Field(() => Money, {
    description: 'What that is more than the stay as asked for; negative where longer is cheaper.',
  })
  added!: Money;

  @Field(() => PriceRuleEnum, { description: 'The rule that changes the price.' })
  rule!: string;

  @Field(() => String, { description: 'Its line then, in a few words of English.' })
  description!: string;
}

/** What staying longer costs, as the schema shows it. */
export function shownNext(next: readonly NextPrice[], currency: string): NextPriceType[] {
  return next.map(({ after, minutesLater, totalMinor, addedMinor, rule, description }) => ({
    ...{ after, minutesLater, rule, description },
    total: money(totalMinor, currency),
    added: money(addedMinor, currency),
  }));
}

/** A stored price as the schema shows it. */
export function shownPrice(price: Price): PriceType {
  const { totalMinor, currency, lines, taxPercent } = price;
  return {
    total: money(totalMinor, currency),
    lines: lines.map((line) => shownLine(line, currency)),
    tax: money(taxOf(price), currency),
    taxPercent: taxPercent ?? null,
  };
}

/** Prices that were promised before taxes stood in them have none to show. */
function taxOf({ taxMinor }: { readonly taxMinor?: number }): number {
  return taxMinor ?? 0;
}

function shownLine(line: PriceLine, currency: string): PriceLineType {
  const { rule, description, localFrom, localTo, quantity, unitMinor, amountMinor, runningMinor } = line;
  return {
    rule,
    description,
    localFrom,
    localTo,
    quantity,
    unit: money(unitMinor, currency),
    amount: money(amountMinor, currency),
    running: money(runningMinor, currency),
  };
}
