import type { EntityManager } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { checkTariffDocument } from '../domain/tariff/check.ts';
import type { TariffDocument } from '../domain/tariff/document.ts';
import { Tariff } from '../entities/tariff.ts';

/** A published version of a lot's tariff, or a draft; neither: the version in force. */
export interface TariffAsked {
  readonly tariffId?: string | undefined;
  readonly document?: unknown;
}

/** The document to price by, and the version that it was published as; no version: it is a draft. */
export interface TariffToPriceBy {
  readonly version: Tariff | undefined;
  readonly document: TariffDocument;
}

/**
 * Finds the version or reads the draft, which may leave out `version` and `currency`. Refuses with NOT_FOUND for a version that is not this
 * lot's, and with TARIFF_INVALID as publishing would (details: `errors`, each with rule, field and message). `field` is where the input
 * named it.
 */
export async function tariffAsked(
  em: EntityManager,
  lot: { readonly id: string; readonly currency: string },
  { tariffId, document, field }: TariffAsked & { readonly field: readonly string[] },
): Promise<TariffToPriceBy> {
  if (document !== undefined) return { version: undefined, document: readDraft(document, lot.currency, field) };
  const version = await em.findOne(
    Tariff,
    tariffId === undefined ? { lotId: lot.id } : { lotId: lot.id, id: tariffId },
    { orderBy: { versionNumber: 'desc' } },
  );
  if (!version) throw new Refusal('NOT_FOUND', 'This lot has no such tariff.', { field });
  return { version, document: version.document };
}

function readDraft(document: unknown, currency: string, field: readonly string[]): TariffDocument {
  const complete = typeof document === 'object' ? { version: 1, currency, ...document } : document;
  const checked = checkTariffDocument(complete, { currency });
  if ('tariff' in checked) return checked.tariff;
  throw new Refusal('TARIFF_INVALID', 'The tariff is not usable.', { field, details: { errors: checked.errors } });
}
