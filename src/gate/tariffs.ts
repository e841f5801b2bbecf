import type { TariffDocument } from '../domain/tariff/document.ts';
import { Tariff } from '../entities/tariff.ts';
import type { Platform } from '../platform/platform.ts';
import { partitionTag, partitionOf } from '../platform/redis.ts';
import { remember } from '../platform/remember.ts';
import { withinMs } from '../platform/within-ms.ts';
import { decodeRecord, type LotRecord } from './index-records.ts';

const REMEMBERED = 2000;
const LOOK_UP_MS = 500;
/** Longer than anybody stays. */
const TTL_SECONDS = 400 * 24 * 3600;
const documents = new Map<string, TariffDocument>();

/**
 * A published version of a lot's tariff: the one in force comes with the lot, an older one from memory, Redis, or PostgreSQL. A version
 * never changes. Undefined when it is nowhere to be had right now.
 */
export async function tariffOf(
  platform: Platform,
  asked: { lotId: string; tariffId: string; lot: LotRecord },
): Promise<TariffDocument | undefined> {
  const { lotId, tariffId, lot } = asked;
  if (lot.tariffId === tariffId) return lot.tariff;
  const known = documents.get(tariffId);
  if (known) return known;
  try {
    const document = await fetchTariff(platform, { lotId, tariffId });
    remember(documents, { key: tariffId, value: document, limit: REMEMBERED });
    return document;
  } catch (error) {
    platform.log.warn({ err: error, tariffId }, 'a tariff could not be read');
    return undefined;
  }
}

async function fetchTariff(
  platform: Platform,
  { lotId, tariffId }: { lotId: string; tariffId: string },
): Promise<TariffDocument> {
  const key = `${partitionTag(partitionOf(lotId))}:tariff:2:${tariffId}`;
  const raw = await platform.gateRedis.get(key);
  if (raw !== null) return decodeRecord<TariffDocument>(raw);
  const { document } = await withinMs(
    LOOK_UP_MS,
    platform.orm.em.fork().findOneOrFail(Tariff, { lotId, id: tariffId }),
  );
  await platform.gateRedis.set(key, JSON.stringify(document), 'EX', TTL_SECONDS);
  return document;
}
