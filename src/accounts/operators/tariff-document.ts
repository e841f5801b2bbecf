import { Refusal } from '../../domain/refusal.ts';
import { checkTariffDocument } from '../../domain/tariff/check.ts';
import type { TariffDocument } from '../../domain/tariff/document.ts';

/**
 * Reads a tariff for a lot of the given currency, which the document need not name but must not contradict.
 * Refuses with TARIFF_INVALID (details: `errors`, each with rule, field and message, all at once).
 */
export function readTariffDocument(document: unknown, currency: string): TariffDocument {
  const complete = typeof document === 'object' ? { version: 1, currency, ...document } : document;
  const checked = checkTariffDocument(complete, { currency });
  if ('tariff' in checked) return checked.tariff;
  throw new Refusal('TARIFF_INVALID', 'The tariff is not usable.', {
    field: ['tariff'],
    details: { errors: checked.errors },
  });
}
