import type { EntityManager } from '@mikro-orm/postgresql';
import { parseReservationCode } from '../domain/code.ts';
import { Refusal } from '../domain/refusal.ts';
import type { NextPrice } from '../domain/tariff/next-prices.ts';
import { Lot } from '../entities/lot.ts';
import { Stay } from '../entities/stay.ts';
import { nextWalkInPrices, walkInDue } from './stay-due.ts';
import { walkInTariff } from './tariff-versions.ts';

/** How a walk-in is named: by its id, or by the code on its ticket. */
export type StayRef =
  | { readonly lotId: string; readonly stayId: string; readonly code?: never }
  | { readonly lotId: string; readonly code: string; readonly stayId?: never };

/** The walk-in inside that is meant. Refuses with STAY_NOT_FOUND. */
export async function findWalkIn(em: EntityManager, ref: StayRef): Promise<Stay> {
  const { lotId } = ref;
  const code = ref.code === undefined ? undefined : parseReservationCode(ref.code);
  const name = ref.stayId === undefined ? (code === undefined ? undefined : { code }) : { id: ref.stayId };
  const stay = name && (await em.findOne(Stay, { lotId, ...name, kind: 'WALK_IN', state: 'INSIDE' }));
  if (!stay) throw stayNotFound();
  return stay;
}

export function stayNotFound(): Refusal {
  return new Refusal('STAY_NOT_FOUND', 'There is no such stay, or it is over.', { field: ['stay'] });
}

/** What a stay would owe if it left now, in minor units: 0 for one that has left or stands on a reservation. */
export async function dueNow(em: EntityManager, stay: Stay, now: Date): Promise<number> {
  if (stay.kind !== 'WALK_IN' || stay.state !== 'INSIDE') return 0;
  const [lot, tariff] = await Promise.all([em.findOneOrFail(Lot, { id: stay.lotId }), walkInTariff(em, stay, now)]);
  return walkInDue(stay, { now, tariff: tariff.document, timeZone: lot.timeZone });
}

/** What a walk-in's whole visit costs if it leaves later: the next four prices within a day; none for one that has left or is reserved. */
export async function nextPricesOf(em: EntityManager, stay: Stay, now: Date): Promise<NextPrice[]> {
  if (stay.kind !== 'WALK_IN' || stay.state !== 'INSIDE') return [];
  const [lot, tariff] = await Promise.all([em.findOneOrFail(Lot, { id: stay.lotId }), walkInTariff(em, stay, now)]);
  return nextWalkInPrices(stay, { now, tariff: tariff.document, timeZone: lot.timeZone });
}
