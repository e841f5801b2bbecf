import type { SpotType } from '../domain/spot-type.ts';

/** What a lot must be to be found. */
export interface LotFilter {
  /** It has spots of one of these types. */
  readonly spotTypes?: readonly SpotType[];
  /** Each stands in its name, address or code, in any case. */
  readonly words?: readonly string[];
  /** No spot in service, of those types, is too low for a vehicle of this height: which one it gets is not known yet. */
  readonly heightCm?: number;
}

/** The filter as conditions on `lot l`, each with AND before it, and the values of their places in order. */
export function lotConditions({ spotTypes, words = [], heightCm }: LotFilter): { sql: string; values: unknown[] } {
  const conditions: { sql: string; values: unknown[] }[] = words.map((word) => ({
    sql: `AND concat_ws(' ', l.name, l.address, l.code) ILIKE ?`,
    values: [`%${word.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`],
  }));
  if (spotTypes)
    conditions.push({
      sql: 'AND EXISTS (SELECT 1 FROM pool p WHERE p.lot_id = l.id AND p.spot_type IN (?))',
      values: [spotTypes],
    });
  if (heightCm !== undefined)
    conditions.push({
      sql: `AND NOT EXISTS (SELECT 1 FROM spot s WHERE s.lot_id = l.id AND s.in_service AND s.max_height_cm < ?
            ${spotTypes ? 'AND s.spot_type IN (?)' : ''})`,
      values: [heightCm, ...(spotTypes ? [spotTypes] : [])],
    });
  return {
    sql: conditions.map(({ sql }) => sql).join('\n'),
    values: conditions.flatMap(({ values }) => values),
  };
}
