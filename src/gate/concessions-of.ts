import type { Concessions, EarlierVisits } from '../domain/concessions.ts';
import type { MonthlyPassTerms } from '../domain/monthly-pass.ts';

/** Only what there is: most walk-ins pay what the tariff says. */
export function concessionsOf({
  monthlyPass,
  earlier,
}: {
  monthlyPass: MonthlyPassTerms | undefined;
  earlier: EarlierVisits | undefined;
}): { concessions?: Concessions } {
  if (monthlyPass === undefined && earlier === undefined) return {};
  return {
    concessions: {
      ...(monthlyPass === undefined ? {} : { monthlyPass }),
      ...(earlier === undefined ? {} : { earlier }),
    },
  };
}
