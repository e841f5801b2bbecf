import type { Redis } from 'ioredis';
import type { SpotType } from '../domain/spot-type.ts';
import type { Platform } from '../platform/platform.ts';
import { partitionOf, partitionTag } from '../platform/redis.ts';
import { remember } from '../platform/remember.ts';
import { topic } from '../platform/topics.ts';
import { computeAvailability, type FreeNow, type LotAvailability } from './compute-availability.ts';

/** What boards and apps are shown of a lot. `version` grows strictly with each change of the counts. */
export interface AvailabilitySnapshot extends FreeNow {
  readonly lotId: string;
  readonly version: number;
  /** ISO instant. */
  readonly asOf: string;
  readonly byType: readonly (FreeNow & { readonly spotType: SpotType })[];
  readonly byLevel: readonly (FreeNow & { readonly levelId: string })[];
  /** Redis was away: this was counted for one process alone, and will be counted again. */
  readonly unstored?: true;
}

/** Where a lot's snapshot stands: a hash with `json` (the snapshot), `counts`, `version` and `basis`. */
export function boardKey(lotId: string): string {
  return `${partitionTag(partitionOf(lotId))}:board:${lotId}`;
}

/**
 * Keeps the newest count and tells its subscribers, in one step: two projectors that overtake each other can neither put an older
 * count in a newer one's place nor publish versions in the wrong order. A count that changes nothing keeps its version.
 * The version comes from Redis' own clock, so that it grows even after the previous one was lost. It is above ARGV[5]: a version that was
 * shown without being stored is never followed by an older one.
 */
const STORE = `
local basis, version, counts = unpack(redis.call('HMGET', KEYS[1], 'basis', 'version', 'counts'))
if basis and tonumber(basis) > tonumber(ARGV[1]) then return {0, redis.call('HGET', KEYS[1], 'json')} end
local changed = counts ~= ARGV[2] or tonumber(version) <= tonumber(ARGV[5])
if changed then
  local time = redis.call('TIME')
  version = math.max((tonumber(version) or 0) + 1, ARGV[5] + 1, time[1] * 1000 + math.floor(time[2] / 1000))
end
version = string.format('%.0f', version)
local json = '{"version":' .. version .. ',"asOf":"' .. ARGV[3] .. '",' .. string.sub(ARGV[2], 2)
redis.call('HSET', KEYS[1], 'basis', ARGV[1], 'version', version, 'counts', ARGV[2], 'json', json)
if changed then redis.call('PUBLISH', ARGV[4], json) end
return {changed and 1 or 0, json}`;

/** Stores and publishes a count unless a newer one is there. Gives what stands there afterwards, and whether this changed it. */
export async function storeSnapshot(
  platform: Platform,
  availability: LotAvailability,
): Promise<{ readonly snapshot: AvailabilitySnapshot; readonly changed: boolean }> {
  const { lotId, basis, asOf } = availability;
  const shown = shownBy(platform);
  const floor = shown.unstored.get(lotId) ?? 0;
  const text = [String(basis), countsOf(availability), asOf.toISOString(), topic.availability(lotId), String(floor)];
  const answer = (await platform.redis.eval(STORE, 1, boardKey(lotId), ...text)) as [number, string];
  const changed = answer[0] === 1;
  if (changed) platform.metrics.boardPublishes.inc();
  const snapshot = parseSnapshot(answer[1]);
  if (snapshot.version > floor) shown.unstored.delete(lotId);
  noteShown(platform, snapshot);
  return { snapshot, changed };
}

/** What a process has shown, so that what it shows while Redis is away carries on from there. */
interface Shown {
  readonly latest: Map<string, AvailabilitySnapshot>;
  /** The last version of a lot that was shown without being stored: what is stored next must be newer. */
  readonly unstored: Map<string, number>;
}

const LOTS_REMEMBERED = 10_000;
const shownByProcess = new WeakMap<Platform, Shown>();

function shownBy(platform: Platform): Shown {
  const known = shownByProcess.get(platform);
  if (known) return known;
  const made: Shown = { latest: new Map(), unstored: new Map() };
  shownByProcess.set(platform, made);
  return made;
}

/** Tells what was heard or read of a lot, and is shown. */
export function noteShown(platform: Platform, snapshot: AvailabilitySnapshot): void {
  const { latest } = shownBy(platform);
  if (snapshot.version < (latest.get(snapshot.lotId)?.version ?? 0)) return;
  remember(latest, { key: snapshot.lotId, value: snapshot, limit: LOTS_REMEMBERED });
}

/** The counts as text: equal text, equal counts. */
function countsOf(counted: LotAvailability | AvailabilitySnapshot): string {
  const { lotId, total, free, freeForWalkIns, byType, byLevel } = counted;
  return JSON.stringify({ lotId, total, free, freeForWalkIns, byType, byLevel });
}

function parseSnapshot(json: string): AvailabilitySnapshot {
  return JSON.parse(json) as AvailabilitySnapshot;
}

/** Per process and Redis: the counts under way, so that a thousand readers of one lot cause one. */
const underWay = new WeakMap<Redis, Map<string, Promise<AvailabilitySnapshot | undefined>>>();

/**
 * The lot's current snapshot: from Redis; where that has none (or does not answer) counted afresh, and stored. Undefined for a lot
 * that is not there.
 */
export async function readSnapshot(platform: Platform, lotId: string): Promise<AvailabilitySnapshot | undefined> {
  const json = await platform.redis.hget(boardKey(lotId), 'json').catch(() => null);
  if (json === null || shownBy(platform).unstored.has(lotId)) return countOnce(platform, lotId);
  const snapshot = parseSnapshot(json);
  noteShown(platform, snapshot);
  return snapshot;
}

function countOnce(platform: Platform, lotId: string): Promise<AvailabilitySnapshot | undefined> {
  const counts = underWay.get(platform.redis) ?? new Map<string, Promise<AvailabilitySnapshot | undefined>>();
  underWay.set(platform.redis, counts);
  const count = counts.get(lotId) ?? countAndStore(platform, lotId).finally(() => counts.delete(lotId));
  counts.set(lotId, count);
  return count;
}

async function countAndStore(platform: Platform, lotId: string): Promise<AvailabilitySnapshot | undefined> {
  const counted = await computeAvailability(platform.orm.em.fork(), lotId, platform.clock.now());
  if (!counted) return undefined;
  try {
    return (await storeSnapshot(platform, counted)).snapshot;
  } catch (error) {
    platform.log.warn({ err: error, lotId }, 'a snapshot was counted but could not be stored');
    return unstored(platform, counted);
  }
}

/**
 * What is shown of a count that Redis did not take: one version after what this process has shown of the lot, or the same when nothing
 * changed. No clock is asked: one that is ahead of Redis' would give a version that holds up those that follow.
 */
function unstored(platform: Platform, availability: LotAvailability): AvailabilitySnapshot {
  const { lotId } = availability;
  const shown = shownBy(platform);
  const counts = countsOf(availability);
  const before = shown.latest.get(lotId);
  const isSame = before !== undefined && countsOf(before) === counts;
  const version = (before?.version ?? 0) + (isSame ? 0 : 1);
  const counted = JSON.parse(counts) as Omit<AvailabilitySnapshot, 'version' | 'asOf'>;
  const snapshot = { ...counted, version, asOf: availability.asOf.toISOString(), unstored: true } as const;
  if (!isSame) remember(shown.unstored, { key: lotId, value: version, limit: LOTS_REMEMBERED });
  noteShown(platform, snapshot);
  return snapshot;
}
