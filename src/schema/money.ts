import { Arg, Field, ObjectType } from 'type-graphql';
import { formatMoney, type Money as MoneyValue } from '../domain/money.ts';
import { Allow } from './access.ts';
import { Currency, Locale, SafeInt } from './scalars.ts';

@Allow('PUBLIC')
@ObjectType('Money', { description: 'An amount in whole minor units (cents, öre, yen) of one currency.' })
export class Money implements MoneyValue {
  @Field(() => SafeInt, { description: 'The amount in minor units: 1250 is 12.50 EUR, and 1250 JPY.' })
  amountMinor!: number;

  @Field(() => Currency, { description: 'The currency of the amount.' })
  currency!: string;

  @Field(() => String, { description: 'The amount as people of that language write it: "12,50 €".' })
  formatted(
    @Arg('locale', () => Locale, { defaultValue: 'en', description: 'Whose way of writing.' }) locale: string,
  ): string {
    return formatMoney(this, locale);
  }
}

/** An amount as the schema shows it. */
export function money(amountMinor: number, currency: string): Money {
  return Object.assign(new Money(), { amountMinor, currency });
}
