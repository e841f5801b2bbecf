import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { LockMode } from '@mikro-orm/postgresql';
import type { LaneBundle } from '../../domain/lane-bundle.ts';
import { DAY_MS } from '../../domain/period.ts';
import { LaneBundleVersion } from '../../entities/lane-bundle-version.ts';
import { cardsCannotPay } from '../../payments/stripe.ts';
import { inTransaction, type Transaction } from '../../platform/db.ts';
import type { Platform } from '../../platform/platform.ts';
import { partitionOf, partitionTag } from '../../platform/redis.ts';
import { remember } from '../../platform/remember.ts';
import { bundleContent, type BundleContent } from './bundle-content.ts';
import { forgetVehicles } from './bundle-vehicles.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

const GOOD_FOR_MS = DAY_MS;
/** An unchanged bundle is issued anew this often, so that a lane that is cut off has nearly a whole day left. */
const REISSUE_MS = 3_600_000;
const LOTS_REMEMBERED = 500;
const VERSIONS_REMEMBERED = 4;
const SHARED_SECONDS = 7200;

/** The newest bundles of a lot, oldest first: what deltas are made from. */
const remembered = new WeakMap<Platform, Map<string, readonly LaneBundle[]>>();

/**
 * The bundle of a lot as its rows say now; undefined when there is no such lot. Unchanged content keeps its version until it is issued
 * anew. Locks the lot's version, so that a newer version never says something older.
 */
export async function currentBundle(platform: Platform, lotId: string): Promise<LaneBundle | undefined> {
  const paymentProvider = (await cardsCannotPay(platform)) ? 'AWAY' : 'UP';
  const bundle = await inTransaction(platform, async (tx) => {
    // Of one moment: no right stands beside the word that it was taken.
    await tx.em.execute('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    const row = await lockVersion(tx, lotId);
    const isStale = row.madeAt.getTime() < tx.now.getTime() - REISSUE_MS;
    if (isStale) forgetVehicles(platform, lotId);
    const content = await bundleContent(platform, tx, { lotId, paymentProvider });
    if (content === undefined) return undefined;
    const contentHash = hashOf(content);
    if (row.contentHash !== contentHash || isStale) {
      row.version = Math.max(row.version + 1, tx.now.getTime());
      row.contentHash = contentHash;
      row.madeAt = tx.now;
    }
    const { version, madeAt } = row;
    const issuedAt = madeAt.getTime();
    return { lotId, version, issuedAt, expiresAt: issuedAt + GOOD_FOR_MS, ...content };
  });
  if (bundle) await keep(platform, bundle);
  return bundle;
}

/** The same rows give the same items, of which each is written once. */
const texts = new WeakMap<object, string>();

function hashOf(content: BundleContent): string {
  const { rights, stays, ...rest } = content;
  const hash = createHash('sha256').update(JSON.stringify(rest));
  for (const item of [...rights, ...stays]) {
    const text = texts.get(item) ?? JSON.stringify(item);
    texts.set(item, text);
    hash.update(text);
  }
  return hash.digest('base64url');
}

async function lockVersion(tx: Transaction, lotId: string): Promise<LaneBundleVersion> {
  await tx.em.execute(
    `INSERT INTO lane_bundle (lot_id, version, content_hash, made_at) VALUES (?, 0, '', ?) ON CONFLICT DO NOTHING`,
    [lotId, tx.now],
  );
  return tx.em.findOneOrFail(LaneBundleVersion, { lotId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

/** The bundle with this version if this or another process still has it. */
export async function earlierBundle(
  platform: Platform,
  { lotId, version }: { lotId: string; version: number },
): Promise<LaneBundle | undefined> {
  const known = versionsOf(platform, lotId).find((bundle) => bundle.version === version);
  if (known) return known;
  const shared = await platform.redis.getBuffer(sharedKey(lotId)).catch(() => null);
  if (shared === null) return undefined;
  const bundle = JSON.parse((await unpack(shared)).toString('utf8')) as LaneBundle;
  return bundle.version === version ? bundle : undefined;
}

/** Another process may be asked for what follows this version; without Redis it gives a full bundle. */
async function keep(platform: Platform, bundle: LaneBundle): Promise<void> {
  const { lotId, version } = bundle;
  const known = versionsOf(platform, lotId);
  if (known.some((other) => other.version === version)) return;
  const value = [...known, bundle].slice(-VERSIONS_REMEMBERED);
  const lots = remembered.get(platform) ?? new Map<string, readonly LaneBundle[]>();
  remembered.set(platform, lots);
  remember(lots, { key: lotId, value, limit: LOTS_REMEMBERED });
  const packed = await pack(JSON.stringify(bundle), { level: 1 });
  await platform.redis.set(sharedKey(lotId), packed, 'EX', SHARED_SECONDS).catch((error: unknown) => {
    platform.log.warn({ err: error, lotId }, 'a bundle could not be shared with other processes');
  });
}

function versionsOf(platform: Platform, lotId: string): readonly LaneBundle[] {
  return remembered.get(platform)?.get(lotId) ?? [];
}

function sharedKey(lotId: string): string {
  return `${partitionTag(partitionOf(lotId))}:bundle:${lotId}`;
}
