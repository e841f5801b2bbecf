import { Migration } from '@mikro-orm/migrations';

/**
 * Tariffs from before they had bands, steps and caps, in the words of today; every price stays what it was. A rate by the step with a day's
 * maximum is one band with one step and a cap of the calendar day, and grace was always absorbed.
 */
export const TARIFFS_IN_NEW_WORDS = `
UPDATE tariff SET document = jsonb_strip_nulls(jsonb_build_object(
  'version', 1,
  'currency', document -> 'currency',
  'rates', (
    SELECT jsonb_agg(jsonb_build_object(
      'name', CASE WHEN spot_type IS NULL THEN 'All others' ELSE initcap(spot_type) END,
      'spotTypes', CASE WHEN spot_type IS NULL THEN NULL ELSE jsonb_build_array(spot_type) END,
      'bands', jsonb_build_array(jsonb_build_object(
        'name', 'Day and night',
        'steps', jsonb_build_array(jsonb_build_object('blockMinutes', rate -> 'stepMinutes', 'minor', rate -> 'stepMinor')))),
      'caps', CASE WHEN rate ? 'dailyCapMinor'
        THEN jsonb_build_array(jsonb_build_object('window', 'CALENDAR_DAY', 'minor', rate -> 'dailyCapMinor')) END
    ) ORDER BY spot_type NULLS LAST)
    FROM (
      SELECT key AS spot_type, value AS rate FROM jsonb_each(document -> 'rates')
      UNION ALL SELECT NULL, document -> 'defaultRate'
    ) AS rates),
  'grace', CASE WHEN (document ->> 'graceMinutes')::int > 0
    THEN jsonb_build_object('minutes', document -> 'graceMinutes', 'kind', 'ABSORBED') END,
  'multiplier', document -> 'multiplier',
  'tax', CASE WHEN document ? 'taxPercent'
    THEN jsonb_build_object('percent', document -> 'taxPercent', 'mode', 'INCLUDED') END
)) WHERE document ? 'defaultRate'`;

/** The lines of prices that were promised name their rules as today. */
const LINES = (column: string): string =>
  `replace(replace(${column}::text, '"rule": "STEP"', '"rule": "BLOCK"'), '"rule": "DAILY_CAP"', '"rule": "CAP"')::jsonb`;
const OLD = (column: string): string => `${column}::text LIKE ANY (ARRAY['%"rule": "STEP"%', '%"rule": "DAILY_CAP"%'])`;
export const LINES_IN_NEW_WORDS = [
  `UPDATE reservation SET price = ${LINES('price')} WHERE ${OLD('price')}`,
  `UPDATE payment SET detail = ${LINES('detail')} WHERE ${OLD('detail')}`,
];

export class Migration20261121000500 extends Migration {
  override up(): void {
    this.addSql("SET LOCAL lock_timeout = '1s'");
    this.addSql(TARIFFS_IN_NEW_WORDS);
    for (const sql of LINES_IN_NEW_WORDS) this.addSql(sql);
  }
}
