import type { DiscountValue } from './discount-value.ts';

/** What a merchant may give; amounts in minor units of its lot's currency, null: no limit. */
export interface MerchantLimits {
  readonly budgetMinor?: number | null | undefined;
  readonly budgetCount?: number | null | undefined;
  readonly mostMinor: number;
  readonly perStay: number;
  readonly stackable: boolean;
}

/** What counts against a merchant's month: what its settled validations cost, and what is held for the others. */
export interface MerchantMonth {
  readonly minor: number;
  readonly count: number;
}

/** The validations that one stay has already: of this merchant, of others, and whether one of those stands alone. */
export interface ValidationsOfStay {
  readonly own: number;
  readonly others: number;
  readonly hasLone: boolean;
}

export type ValidationRefusal = 'VALIDATION_LIMIT' | 'BUDGET_USED_UP' | 'INVALID_INPUT';

/** So many can be read on a receipt. */
const MOST_PER_STAY = 10;

/**
 * What a validation may cost its merchant at most, which is held of the budget until its stay is settled: an amount costs itself, what a
 * percentage or minutes are worth is not known before.
 */
export function heldMinor({ mostMinor }: Pick<MerchantLimits, 'mostMinor'>, value: DiscountValue): number {
  return value.kind === 'MONEY' ? Math.min(value.minor, mostMinor) : mostMinor;
}

/** Why a merchant may not give a validation, or undefined; tested in the order: too much for one, the stay's limits, the month's budget. */
export function validationProblem(
  limits: MerchantLimits,
  asked: { value: DiscountValue; stay: ValidationsOfStay; month: MerchantMonth },
): { code: ValidationRefusal; message: string } | undefined {
  const { value, stay, month } = asked;
  if (value.kind === 'MONEY' && value.minor > limits.mostMinor)
    return { code: 'INVALID_INPUT', message: 'This is more than one validation of this merchant may be worth.' };
  if (stay.own >= limits.perStay || stay.own + stay.others >= MOST_PER_STAY)
    return { code: 'VALIDATION_LIMIT', message: 'This stay has as many validations as it may have.' };
  if (stay.hasLone || (!limits.stackable && stay.others > 0))
    return { code: 'VALIDATION_LIMIT', message: 'This stay has a validation that does not stand beside others.' };
  const { budgetMinor, budgetCount } = limits;
  const isSpent =
    (budgetMinor != null && month.minor + heldMinor(limits, value) > budgetMinor) ||
    (budgetCount != null && month.count >= budgetCount);
  return isSpent
    ? { code: 'BUDGET_USED_UP', message: 'What this merchant may give this month is used up.' }
    : undefined;
}
