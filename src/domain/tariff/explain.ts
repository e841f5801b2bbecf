import type { Candidate } from './candidates.ts';
import { chargeRates } from './charge.ts';
import { Explanation } from './explanation.ts';
import type { PriceLine } from './document.ts';
import { minutesText, PriceLines } from './price-lines.ts';
import type { Reckoning } from './totals.ts';
import { restOfVisit } from './visit.ts';
import type { Visit } from './visit.ts';

/** The lines of a price. Walks the chosen way once more and writes down what it sees; the total is the reckoning's to the cent. */
export function explain(visit: Visit, { candidate, adjustments }: Reckoning): PriceLine[] {
  const lines = new PriceLines(visit.tariff.timeline, visit.rate.scale);
  explainCandidate(lines, visit, candidate);
  const stay = { fromMs: visit.entryMs, toMs: Math.max(visit.entryMs, visit.endsMs) };
  for (const adjustment of adjustments)
    lines.flat(adjustment.rule, adjustment.description, stay, adjustment.amountMinor);
  return lines.lines;
}

function explainCandidate(lines: PriceLines, visit: Visit, { kind, fitting }: Candidate): void {
  const { entryMs, chargedFromMs, endsMs } = visit;
  const graceMinutes = visit.tariff.document.grace?.minutes ?? 0;
  if (kind === 'GRACE') {
    lines.flat('GRACE', `Up to ${minutesText(graceMinutes)} is free`, {
      fromMs: entryMs,
      toMs: Math.max(entryMs, endsMs),
    });
    return;
  }
  if (fitting === undefined) {
    const free = { fromMs: entryMs, toMs: chargedFromMs };
    if (chargedFromMs > entryMs) lines.flat('GRACE', `The first ${minutesText(graceMinutes)} are free`, free);
    chargeRates(visit, new Explanation(lines, visit));
    return;
  }
  const { offer, coversUntilMs } = fitting;
  lines.flat('OFFER', offer.offer.name, { fromMs: entryMs, toMs: Math.min(coversUntilMs, endsMs) }, offer.offer.minor);
  chargeRates(restOfVisit(visit, coversUntilMs), new Explanation(lines, visit));
}
