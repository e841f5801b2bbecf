import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import { parseReservationCode } from '../domain/code.ts';
import { normalizePlate } from '../domain/plate.ts';
import { decodeId } from '../domain/public-id.ts';
import type { Viewer } from '../domain/viewer.ts';
import { Driver } from '../entities/driver.ts';
import { Payment } from '../entities/payment.ts';
import { Reservation } from '../entities/reservation.ts';
import type { Platform } from '../platform/platform.ts';
import { servedLotIds } from './served-lots.ts';

type StaffViewer = Extract<Viewer, { kind: 'STAFF' }>;
type Which = FilterQuery<Reservation> | undefined;

const MOST_FOUND = 20;
const PROVIDER_REF = /^(?:pi|py|ch)_[A-Za-z0-9_]+$/;

interface Search {
  readonly em: EntityManager;
  readonly platform: Platform;
  readonly text: string;
  readonly lotIds: readonly string[];
}

/**
 * The reservations that a text means to a member of staff, in the lots they serve, the latest start first, at most 20. It may be a code, a
 * plate or (for operators) the driver's whole e-mail address or name, a payment's id or the provider's. What is only a part of a plate,
 * an address or a name finds nothing: nobody leafs through drivers.
 */
export async function findReservations(platform: Platform, text: string, viewer: StaffViewer): Promise<Reservation[]> {
  const em = platform.orm.em.fork();
  const search = { em, platform, text: text.trim(), lotIds: await servedLotIds(em, viewer) };
  const ways = viewer.role === 'ATTENDANT' ? [byCode, byPlate] : [byCode, byPayment, byEmail, byPlate, byName];
  for (const way of ways) {
    const which = await way(search);
    if (which === undefined) continue;
    const asked = { $and: [{ lotId: { $in: [...search.lotIds] } }, which] };
    const found = await em.find(Reservation, asked, { orderBy: { startsAt: 'desc', id: 'desc' }, limit: MOST_FOUND });
    if (found.length > 0) return found;
  }
  return [];
}

function byCode({ text }: Search): Which {
  const code = parseReservationCode(text);
  return code === undefined ? undefined : { code };
}

async function byPayment({ em, text, lotIds }: Search): Promise<Which> {
  const key = decodeId('pay', text);
  if (key?.lotId != null) {
    const paid = await em.findOne(Payment, { lotId: key.lotId, id: key.id });
    return paid?.reservationId == null ? undefined : { lotId: paid.lotId, id: paid.reservationId };
  }
  if (!PROVIDER_REF.test(text)) return undefined;
  const paid = await em.findOne(Payment, { providerRef: text, lotId: { $in: [...lotIds] } });
  return paid?.reservationId == null ? undefined : { lotId: paid.lotId, id: paid.reservationId };
}

async function byEmail({ em, text }: Search): Promise<Which> {
  if (!text.includes('@')) return undefined;
  const driver = await em.findOne(Driver, { email: text.toLowerCase() });
  return driver ? { driverId: driver.id } : undefined;
}

/** The index of a plate is another one in each lot. */
async function byPlate({ em, platform, text, lotIds }: Search): Promise<Which> {
  const plate = normalizePlate(text);
  if (plate === undefined || lotIds.length === 0) return undefined;
  const rows = await em.execute<{ lotId: string; id: string }[]>(
    `SELECT r.lot_id AS "lotId", r.id FROM unnest(ARRAY[?]::uuid[], ARRAY[?]::text[]) AS w (lot_id, plate_index)
     JOIN reservation r ON r.lot_id = w.lot_id AND r.plate_index = w.plate_index
     ORDER BY r.starts_at DESC, r.id DESC LIMIT ${MOST_FOUND}`,
    [[...lotIds], lotIds.map((lotId) => platform.plates.exactIndex(lotId, plate))],
  );
  return rows.length === 0 ? undefined : { $or: rows };
}

/**
 * Drivers of one name may be many; those who never reserved in these lots are not among the answers. A database of the plain locale knows
 * no small letter for "Ä", so what is typed small is looked for with capitals, too.
 */
async function byName({ em, text, lotIds }: Search): Promise<Which> {
  if (!text.includes(' ') || lotIds.length === 0) return undefined;
  const rows = await em.execute<{ lotId: string; id: string }[]>(
    `SELECT r.lot_id AS "lotId", r.id FROM driver d JOIN reservation r ON r.driver_id = d.id
     WHERE lower(d.name) IN (lower(?), lower(?)) AND r.lot_id IN (?) ORDER BY r.starts_at DESC, r.id DESC LIMIT ${MOST_FOUND}`,
    [text, withCapitals(text), [...lotIds]],
  );
  return rows.length === 0 ? undefined : { $or: rows };
}

function withCapitals(name: string): string {
  return name.replace(/(?<!\p{L})\p{Ll}/gu, (letter) => letter.toUpperCase());
}
