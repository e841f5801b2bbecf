import type { Platform } from '../platform/platform.ts';
import { askIndex } from './ask-index.ts';
import { lotKeys, READY } from './index-keys.ts';
import {
  decodeLot,
  decodeRecord,
  decodeRight,
  type GateRecord,
  type IndexedMonthlyPass,
  type IndexedPresence,
  type IndexedRight,
  type IndexedStay,
  type LotRecord,
} from './index-records.ts';
import { redisScript } from './redis-script.ts';

/** Everything that one scan depends on, in one round trip. A reference leads to rights with their presence, to stays and to monthly passes. */
const READ = redisScript(`
local tag, lot, gate, scan, arrival = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local function get(kind, id) return redis.call('GET', tag .. ':' .. kind .. ':' .. lot .. ':' .. id) end
local rights, stays, passes, seen = {}, {}, {}, {}
local function take(ref)
  if not ref or seen[ref] then return end
  seen[ref] = true
  local kind, id = string.sub(ref, 1, 1), string.sub(ref, 3)
  if kind == 'r' then
    rights[#rights + 1] = { id, get('right', id), get('presence', id) }
  elseif kind == 's' then
    stays[#stays + 1] = { id, get('stay', id) }
  elseif kind == 'm' then
    passes[#passes + 1] = get('monthly', id) or nil
  elseif kind == 'c' then
    take(get('code', id))
  elseif kind == 'p' then
    for _, member in ipairs(redis.call('SMEMBERS', tag .. ':plate:' .. lot .. ':' .. id)) do take(member) end
  end
end
for i = 6, #ARGV do take(ARGV[i]) end
local first = arrival ~= '' and get('arrival', gate .. ':' .. arrival)
local answered = first and string.match(first, '^[^|]*')
return {
  redis.call('GET', tag .. ':${READY}'), get('scan', scan), redis.call('GET', tag .. ':applied'), get('gate', gate),
  redis.call('GET', tag .. ':lot:' .. lot), answered and get('scan', answered), rights, stays, passes, first or ''
}
`);

/** A right as it was read, with the texts that a commit compares. */
export interface ReadRight {
  readonly right: IndexedRight;
  readonly presence: IndexedPresence;
  readonly rightRaw: string;
  readonly presenceRaw: string;
}

export interface ReadStay {
  readonly stay: IndexedStay;
  readonly raw: string;
}

/** What the index says about one scan. */
export interface IndexReading {
  /** The marker of a whole index; undefined: it must be rebuilt before anything here means something. */
  readonly ready: string | undefined;
  /** The answer that this scan id has had already. */
  readonly stored: string | undefined;
  /** The answer that another scan of the same arrival has had. */
  readonly arrivalStored: string | undefined;
  /** That scan and what the index said then (`seenIn`), as a commit compares them: '' for none. */
  readonly arrivalRaw: string;
  readonly applied: string;
  readonly gate: GateRecord | undefined;
  readonly lot: LotRecord | undefined;
  readonly rights: readonly ReadRight[];
  readonly stays: readonly ReadStay[];
  /** Those of plates that look like the one that was read. */
  readonly monthlyPasses: readonly IndexedMonthlyPass[];
}

export interface IndexQuestion {
  readonly lotId: string;
  readonly gateId: string;
  readonly scanId: string;
  readonly arrivalKey: string | undefined;
  /** `r:<reservationId>`, `s:<stayId>`, `m:<monthlyPassId>`, `c:<code>`, `p:<skeletonIndex>`. */
  readonly refs: readonly string[];
}

type RawReading = readonly [
  ready: string | null,
  stored: string | null,
  applied: string | null,
  gate: string | null,
  lot: string | null,
  arrival: string | null,
  rights: readonly (readonly [string, string | null, string | null])[],
  stays: readonly (readonly [string, string | null])[],
  monthlyPasses: readonly string[],
  arrivalRaw: string,
];

/** Reads what a scan depends on. Throws when Redis does not answer in time. */
export async function readIndex(platform: Platform, question: IndexQuestion): Promise<IndexReading> {
  const { lotId, gateId, scanId } = question;
  const keys = lotKeys(lotId);
  const args = [keys.tag, lotId, gateId, scanId, question.arrivalKey ?? '', ...question.refs];
  const reply = (await askIndex(platform, (redis) => READ.run(redis, keys.ready, args))) as RawReading;
  const [ready, stored, applied, gate, lot, arrivalStored, rights, stays, passes, arrivalRaw] = reply;
  return {
    ready: ready ?? undefined,
    stored: stored ?? undefined,
    arrivalStored: arrivalStored ?? undefined,
    arrivalRaw,
    applied: applied ?? '0-0',
    gate: gate === null ? undefined : decodeRecord<GateRecord>(gate),
    lot: lot === null ? undefined : decodeLot(lotId, lot),
    rights: rights.flatMap(([reservationId, rightRaw, presenceRaw]) => {
      if (rightRaw === null) return [];
      const presence: IndexedPresence = presenceRaw === null ? { at: 'OUTSIDE' } : decodeRecord(presenceRaw);
      return [
        { right: decodeRight({ lotId, reservationId }, rightRaw), presence, rightRaw, presenceRaw: presenceRaw ?? '' },
      ];
    }),
    stays: stays.flatMap(([, raw]) => (raw === null ? [] : [{ stay: decodeRecord<IndexedStay>(raw), raw }])),
    monthlyPasses: passes.map((raw) => decodeRecord<IndexedMonthlyPass>(raw)),
  };
}
