import type { Concessions } from './concessions.ts';
import { TIME_MEANINGS, valueOf } from './discount-value.ts';
import type { MonthlyPassTerms } from './monthly-pass.ts';

/** Concessions short enough for a quote's id: the promo code as [id, code, amount, meaning], the monthly pass as [id, startsAt, endsAt]. */
export type ShortConcessions = readonly [promo: ShortPromo | 0, monthlyPass: ShortPass | 0];
type ShortPromo = readonly [id: string, code: string, amount: number, meaning: number];
type ShortPass = readonly [id: string, startsAt: number, endsAt: number];

/** A monthly pass of which a quote's id keeps what may change; its name and hours stand with its row and never do. */
export type QuotedPass = Omit<MonthlyPassTerms, 'name' | 'hours'>;

/** What a quote's id says of concessions. */
export interface QuotedConcessions {
  readonly promo?: NonNullable<Concessions['promo']>;
  readonly monthlyPass?: QuotedPass;
}

/** MONEY and PERCENT stand before the three meanings of TIME. */
const MEANINGS = ['MONEY', 'PERCENT', ...TIME_MEANINGS] as const;

export function shortConcessions({ promo, monthlyPass }: QuotedConcessions): ShortConcessions {
  return [
    promo === undefined ? 0 : shortPromo(promo),
    monthlyPass === undefined ? 0 : [monthlyPass.id, monthlyPass.startsAt, monthlyPass.endsAt],
  ];
}

/** Reads `shortConcessions` back; undefined for what it did not make. */
export function longConcessions([promo, pass]: ShortConcessions): QuotedConcessions | undefined {
  const long = promo === 0 ? undefined : longPromo(promo);
  if (promo !== 0 && long === undefined) return undefined;
  return {
    ...(long === undefined ? {} : { promo: long }),
    ...(pass === 0 ? {} : { monthlyPass: { id: pass[0], startsAt: pass[1], endsAt: pass[2] } }),
  };
}

function shortPromo(promo: NonNullable<Concessions['promo']>): ShortPromo {
  const { id, name } = promo;
  switch (promo.kind) {
    case 'MONEY':
      return [id, name, promo.minor, 0];
    case 'PERCENT':
      return [id, name, promo.percent, 1];
    case 'TIME':
      return [id, name, promo.minutes, MEANINGS.indexOf(promo.meaning)];
  }
}

function longPromo([id, name, amount, index]: ShortPromo): QuotedConcessions['promo'] {
  const about = { source: 'PROMO', id, name } as const;
  const meaning = MEANINGS[index];
  switch (meaning) {
    case undefined:
      return undefined;
    case 'MONEY':
      return { ...about, ...valueOf({ kind: 'MONEY', minor: amount }) };
    case 'PERCENT':
      return { ...about, ...valueOf({ kind: 'PERCENT', percent: amount }) };
    default:
      return { ...about, ...valueOf({ kind: 'TIME', minutes: amount, meaning }) };
  }
}
