import { passTerms } from '../discounts/monthly-pass-uses.ts';
import { MonthlyPassPlate } from '../entities/monthly-pass-plate.ts';
import { MonthlyPass } from '../entities/monthly-pass.ts';
import type { Platform } from '../platform/platform.ts';
import { lotKeys } from './index-keys.ts';
import type { IndexedMonthlyPass } from './index-records.ts';
import { redisScript } from './redis-script.ts';

/** Writes a pass under its plates unless the same or a newer revision stands there; one that is over goes. */
const PROJECT = redisScript(`
local p = cjson.decode(ARGV[1])
local known = redis.call('GET', p.pass)
if known and cjson.decode(known).revision >= p.revision then return 0 end
for _, plate in ipairs(p.plates) do
  if p.ttl > 0 then redis.call('SADD', plate, p.ref) else redis.call('SREM', plate, p.ref) end
end
if p.ttl > 0 then redis.call('SET', p.pass, ARGV[2], 'EX', p.ttl) else redis.call('DEL', p.pass) end
return 1
`);

/** A pass stays in the index for a day after its end: the sweep of passes takes it out of its plates' sets by then. */
const AFTER_END_SECONDS = 24 * 3600;

/**
 * Copies a monthly pass from PostgreSQL into the gates' index unless its revision or a newer one is there; takes it out when it is over.
 * Call it after every change of one; twice or late does no harm. One that does not exist is left alone.
 */
export async function projectMonthlyPass(
  platform: Platform,
  key: { lotId: string; monthlyPassId: string },
): Promise<void> {
  const { lotId, monthlyPassId } = key;
  const em = platform.orm.em.fork();
  const pass = await em.findOne(MonthlyPass, { lotId, id: monthlyPassId });
  if (!pass) return;
  const plates = await em.find(MonthlyPassPlate, { lotId, monthlyPassId });
  await writeMonthlyPass(platform, { pass, plates });
}

/** As `projectMonthlyPass`, of rows that were just read. */
export async function writeMonthlyPass(
  platform: Platform,
  { pass, plates }: { pass: MonthlyPass; plates: readonly MonthlyPassPlate[] },
): Promise<void> {
  const keys = lotKeys(pass.lotId);
  const leftSeconds = Math.ceil((pass.endsAt.getTime() - platform.clock.now().getTime()) / 1000);
  const isOpen = pass.state === 'ACTIVE' && leftSeconds > -AFTER_END_SECONDS;
  const record: IndexedMonthlyPass = {
    ...passTerms(pass),
    revision: pass.revision,
    plateIndexes: plates.map(({ plateIndex }) => plateIndex),
    plateCiphers: plates.map(({ plateCipher }) => plateCipher),
  };
  const plan = {
    pass: keys.monthlyPass(pass.id),
    plates: plates.map(({ plateSkeletonIndex }) => keys.plate(plateSkeletonIndex)),
    ref: `m:${pass.id}`,
    revision: pass.revision,
    ttl: isOpen ? leftSeconds + AFTER_END_SECONDS : 0,
  };
  await PROJECT.run(platform.redis, keys.ready, [JSON.stringify(plan), JSON.stringify(record)]);
}
