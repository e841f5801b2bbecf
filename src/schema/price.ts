import { Field, Int, ObjectType } from 'type-graphql';
import { PRICE_RULES, type Price, type PriceLine, type PriceRule } from '../domain/tariff/document.ts';
import { Allow } from './access.ts';
import { enumOf } from './enums.ts';
import { Money, money } from './money.ts';

export const PriceRuleEnum = enumOf<PriceRule>('PriceRule', PRICE_RULES, {
  description: 'Which rule of the tariff a line of a price comes from.',
  values: {
    GRACE: 'So short that it is free.',
    STEP: 'Steps of time that have begun.',
    MULTIPLIER: 'More or less because the lot is full or empty.',
    DAILY_CAP: 'What a day costs at most: takes off what is above.',
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
@ObjectType('Price', { description: 'A price and how it comes about. Taxes are included.' })
export class PriceType {
  @Field(() => Money, { description: 'What is paid.' })
  total!: Money;

  @Field(() => [PriceLineType], { description: 'The lines, in the order of their rules and times.' })
  lines!: PriceLineType[];
}

/** A stored price as the schema shows it. */
export function shownPrice({ totalMinor, currency, lines }: Price): PriceType {
  return { total: money(totalMinor, currency), lines: lines.map((line) => shownLine(line, currency)) };
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
