import type { Candidate } from './candidates.ts';
import { chargeRates } from './charge.ts';
import type { PriceLine } from './document.ts';
import { Explanation } from './explanation.ts';
import { minutesText, PriceLines } from './price-lines.ts';
import type { Reckoning } from './totals.ts';
import { restOfVisit } from './visit.ts';
import type { Visit } from './visit.ts';

/** The lines of a price. Walks the chosen way once more and writes down what it sees; the total is the reckoning's to the cent. */
export function explain(visit: Visit, { candidate, adjustments }: Reckoning): PriceLine[] {
  const { tariff, rate, entryMs, endsMs } = visit;
  const lines = new PriceLines(tariff.timeline, rate.scale);
  explainCandidate(lines, visit, candidate);
  const stay = { fromMs: entryMs, toMs: Math.max(entryMs, endsMs) };
  for (const { rule, description, amountMinor } of adjustments) {
    lines.flat(rule, description, { ...stay, minor: amountMinor });
  }
  return lines.lines;
}

function explainCandidate(lines: PriceLines, visit: Visit, { kind, fitting }: Candidate): void {
  const { entryMs: fromMs, chargedFromMs, endsMs } = visit;
  const graceText = minutesText(visit.tariff.document.grace?.minutes ?? 0);
  if (kind === 'GRACE') {
    lines.flat('GRACE', `Up to ${graceText} is free`, { fromMs, toMs: Math.max(fromMs, endsMs), minor: 0 });
  } else if (fitting === undefined) {
    if (chargedFromMs > fromMs) {
      lines.flat('GRACE', `The first ${graceText} are free`, { fromMs, toMs: chargedFromMs, minor: 0 });
    }
    chargeRates(visit, new Explanation(lines, visit));
  } else {
    const { name, minor } = fitting.offer.offer;
    lines.flat('OFFER', name, { fromMs, toMs: Math.min(fitting.coversUntilMs, endsMs), minor });
    const rest = restOfVisit(visit, fitting.coversUntilMs);
    chargeRates(rest, new Explanation(lines, rest));
  }
}
