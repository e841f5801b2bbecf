import type { EntityManager } from '@mikro-orm/postgresql';
import type { SpotType } from '../domain/spot-type.ts';
import { Spot } from '../entities/spot.ts';

/** Which spots of each lot, and which page of them. */
export interface SpotsAsked {
  readonly spotType?: SpotType;
  readonly levelId?: string;
  readonly inService?: boolean;
  readonly limit: number;
  readonly direction: 'FORWARD' | 'BACKWARD';
  /** The label of the spot before the page. */
  readonly from: string | undefined;
}

/** Spots of lots by label (BACKWARD: from the last), at most `limit` of each lot. One statement, however many lots. */
export async function listSpots(em: EntityManager, lotIds: readonly string[], asked: SpotsAsked): Promise<Spot[]> {
  const { spotType, levelId, inService, limit, direction, from } = asked;
  const forward = direction === 'FORWARD';
  const conditions: [text: string, value: unknown][] = [
    ...(spotType === undefined ? [] : [condition('AND spot_type = ?', spotType)]),
    ...(levelId === undefined ? [] : [condition('AND level_id = ?', levelId)]),
    ...(inService === undefined ? [] : [condition('AND in_service = ?', inService)]),
    ...(from === undefined ? [] : [condition(`AND label ${forward ? '>' : '<'} ?`, from)]),
  ];
  const rows = await em.execute<Record<string, unknown>[]>(
    `SELECT s.* FROM unnest(ARRAY[?]::uuid[]) AS l (id)
     CROSS JOIN LATERAL (
       SELECT * FROM spot WHERE lot_id = l.id ${conditions.map(([text]) => text).join(' ')}
       ORDER BY label ${forward ? 'ASC' : 'DESC'} LIMIT ?
     ) s
     ORDER BY s.lot_id, s.label ${forward ? 'ASC' : 'DESC'}`,
    [[...lotIds], ...conditions.map(([, value]) => value), limit],
  );
  return rows.map((row) => em.map(Spot, row));
}

const condition = (text: string, value: unknown): [string, unknown] => [text, value];
