import { DAY_MS, MINUTE_MS } from '../domain/period.ts';
import { GateEvent } from '../entities/gate-event.ts';
import { Reservation } from '../entities/reservation.ts';
import { Stay } from '../entities/stay.ts';
import type { Platform } from '../platform/platform.ts';
import type { GateAnswer } from './journal-entry.ts';
import { projectRight } from './project-right.ts';
import { projectStay } from './project-stay.ts';
import { readReadyMarker } from './ready-marker.ts';
import type { Scan } from './scan.ts';

/**
 * Asks PostgreSQL what a credential stands for and copies it into the index, before a vehicle is refused: the index may not have
 * heard yet. Gives the references under which it can be read now.
 */
export async function lookUp(platform: Platform, scan: Scan): Promise<string[]> {
  const { lotId } = scan;
  const { reservationIds, stayIds } = await idsOf(platform, scan);
  await Promise.all([
    ...reservationIds.map((reservationId) => projectRight(platform, { lotId, reservationId })),
    ...stayIds.map((stayId) => projectStay(platform, { lotId, stayId })),
  ]);
  return [...reservationIds.map((id) => `r:${id}`), ...stayIds.map((id) => `s:${id}`)];
}

async function idsOf(
  platform: Platform,
  { lotId, credential, now }: Scan,
): Promise<{ reservationIds: string[]; stayIds: string[] }> {
  const em = platform.orm.em.fork();
  const onlyId = { fields: ['id' as const] };
  const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
  switch (credential.kind) {
    case 'PASS':
      return { reservationIds: [credential.reservationId], stayIds: [] };
    case 'CODE': {
      const { code } = credential;
      const reservations = await em.find(Reservation, { lotId, code }, onlyId);
      return {
        reservationIds: ids(reservations),
        stayIds: ids(await em.find(Stay, { lotId, code, state: 'INSIDE' }, onlyId)),
      };
    }
    case 'PLATE': {
      const plateIndex = { $in: credential.plates.map((plate) => platform.plates.exactIndex(lotId, plate)) };
      const current = {
        endsAt: { $gt: new Date(now.getTime() - DAY_MS) },
        state: { $in: ['CONFIRMED' as const, 'CHECKED_IN' as const] },
      };
      const reservations = await em.find(Reservation, { lotId, plateIndex, ...current }, onlyId);
      const stays = await em.find(
        Stay,
        { lotId, plateIndex, state: 'INSIDE' },
        { fields: ['id' as const, 'reservationId' as const] },
      );
      // Who is inside on a reservation that has ended since is known by the stay alone.
      const ofStays = stays.flatMap(({ reservationId }) => reservationId ?? []);
      return { reservationIds: [...new Set([...ids(reservations), ...ofStays])], stayIds: ids(stays) };
    }
    default:
      return { reservationIds: [], stayIds: [] };
  }
}

/** A scan observed so long after a rebuild was not applied before it, even if the device's clock is off. */
const CLOCK_MARGIN_MS = 10 * MINUTE_MS;

/**
 * Whether a scan that the index does not know may have been applied before the index was emptied: within a day of a rebuild that found
 * earlier decisions, and when it was observed before that.
 */
export function mayHaveBeenApplied({ now, observedAt }: Scan, ready: string): boolean {
  const { rebuiltAtMs, hadEvents } = readReadyMarker(ready);
  return hadEvents && now.getTime() < rebuiltAtMs + DAY_MS && observedAt.getTime() < rebuiltAtMs + CLOCK_MARGIN_MS;
}

/** The first answer of a scan that stands in PostgreSQL. */
export async function answerInDatabase(
  platform: Platform,
  scan: Pick<Scan, 'lotId' | 'scanId'>,
): Promise<GateAnswer | undefined> {
  const event = await platform.orm.em.fork().findOne(GateEvent, { lotId: scan.lotId, scanId: scan.scanId });
  // Written by the journal's applier from an answer, and read back as one.
  return event ? (event.answer as unknown as GateAnswer) : undefined;
}
