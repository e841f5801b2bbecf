import { randomUUID } from 'node:crypto';
import { Allocation } from '../../src/entities/allocation.ts';
import { GateEvent } from '../../src/entities/gate-event.ts';
import { ParkedEntry } from '../../src/entities/parked-entry.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { lotKeys } from '../../src/gate/index-keys.ts';
import { scan, type Credential, type Decision, type Guest } from '../support/gate.ts';
import type { TestSystem } from '../support/system.ts';
import type { TestGate, TestLot } from '../support/world.ts';
import { eventuallyTrue } from '../support/eventually.ts';

const GIVE_UP_MS = 90_000;
const RESEND_MS = 20;

/** One scan of a device that keeps it and sends it again until the answer is durable. */
export interface HeldScan {
  readonly scanId: string;
  readonly first: Decision;
  readonly last: Decision;
  /** How often it was sent. */
  readonly sent: number;
}

/**
 * A device as it should be: sends a scan until it is durable, opens its barrier at the first OPEN and says so from then on. While the
 * server is away or asks for patience it tries again.
 */
export async function holdUntilDurable(system: TestSystem, gate: TestGate, credential: Credential): Promise<HeldScan> {
  const [scanId, observedAt] = [randomUUID(), system.clock.now().toISOString()];
  const giveUpAt = performance.now() + GIVE_UP_MS;
  let first: Decision | undefined;
  for (let sent = 1; performance.now() < giveUpAt; sent++) {
    const answered = await scan(system, gate, credential, {
      scanId,
      observedAt,
      alreadyOpened: first !== undefined,
    }).catch(() => undefined);
    const decision = answered?.decision;
    if (decision?.action === 'OPEN') first ??= decision;
    if (decision?.durable && first) return { scanId, first, last: decision, sent };
    await new Promise((resolve) => setTimeout(resolve, RESEND_MS));
  }
  throw new Error(`scan ${scanId} never became durable`);
}

/**
 * What is still wrong once Redis has had the time to be rebuilt: nothing, if all is well. An emptied Redis is rebuilt with the next scan, or
 * at the latest when the journal's reader looks, every ten seconds.
 */
export async function whatIsWrong(...asked: Parameters<typeof whatIsWrongNow>): Promise<string[]> {
  let wrong: string[] = [];
  const isRight = async () => (wrong = await whatIsWrongNow(...asked)).length === 0;
  await eventuallyTrue(isRight).catch(() => undefined);
  return wrong;
}

/** Every vehicle has exactly its one stay, every scan its one event, and Redis says what PostgreSQL says; or what is otherwise. */
async function whatIsWrongNow(
  system: TestSystem,
  lot: TestLot,
  expected: { guests: readonly Guest[]; guestsGone: number; walkIns: number; scans: readonly HeldScan[] },
): Promise<string[]> {
  const em = system.platform.orm.em.fork();
  const wrong: string[] = [];
  const check = (what: string, is: unknown, should: unknown) => {
    if (is !== should) wrong.push(`${what}: ${String(is)} instead of ${String(should)}`);
  };
  const stays = await em.find(Stay, { lotId: lot.id });
  const claims = await em.find(Allocation, { lotId: lot.id });
  const { guests, guestsGone, walkIns, scans } = expected;
  check('stays', stays.length, guests.length + walkIns);
  check('events', await em.count(GateEvent, { lotId: lot.id }), scans.length);
  check('parked entries', await em.count(ParkedEntry, {}), 0);
  check('walk-in claims', claims.filter(({ kind }) => kind === 'WALK_IN').length, walkIns);
  // An exit that opened without the index named no stay: only then the later answer may say more.
  check(
    'answers that changed',
    scans.filter(({ first, last }) => first.stayId !== null && first.stayId !== last.stayId).length,
    0,
  );
  const reservations = await em.find(Reservation, { lotId: lot.id });
  check('completed', reservations.filter(({ state }) => state === 'COMPLETED').length, guestsGone);
  check('checked in', reservations.filter(({ state }) => state === 'CHECKED_IN').length, guests.length - guestsGone);
  for (const stay of stays) wrong.push(...(await differences(system, stay)));
  return wrong;
}

/** A vehicle that is inside is inside in Redis too, in the same stay; one that has left is not. */
async function differences(system: TestSystem, stay: Stay): Promise<string[]> {
  const { redis } = system.platform;
  const keys = lotKeys(stay.lotId);
  const raw =
    stay.reservationId == null
      ? await redis.get(keys.stay(stay.id))
      : await redis.get(keys.presence(stay.reservationId));
  const known = raw === null ? undefined : (JSON.parse(raw) as { at?: string; stayId: string; leftAt?: number });
  const isInside = known !== undefined && known.leftAt === undefined && (known.at ?? 'INSIDE') === 'INSIDE';
  if (stay.state === 'LEFT') return isInside ? [`${stay.id} has left, but Redis has it inside`] : [];
  return isInside && known.stayId === stay.id ? [] : [`${stay.id} is inside, but Redis says ${raw ?? 'nothing'}`];
}
