// Thousands of rows in one statement: the rows travel as one JSON parameter that PostgreSQL takes apart.

import type { EntityClass, MikroORM, RequiredEntityData } from '@mikro-orm/postgresql';
import type pg from 'pg';

export interface BulkTarget {
  readonly orm: MikroORM;
  readonly client: pg.ClientBase;
}

/** Inserts the rows into the entity's table. All rows have the same properties; what is left out gets the column's default. */
export async function insertAll<T extends object>(
  { orm, client }: BulkTarget,
  entity: EntityClass<T>,
  rows: readonly RequiredEntityData<T>[],
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const meta = orm.getMetadata().get(entity);
  const properties = meta.props.filter((property) => property.name in first);
  const columns = properties.map(({ name, fieldNames }) => ({ name: String(name), column: String(fieldNames[0]) }));
  const records = rows.map((row) =>
    Object.fromEntries(columns.map(({ name, column }) => [column, Reflect.get(row, name)])),
  );
  const list = columns.map(({ column }) => `"${column}"`).join(', ');
  await client.query(
    `INSERT INTO "${meta.tableName}" (${list}) SELECT ${list} FROM jsonb_populate_recordset(null::"${meta.tableName}", $1::jsonb)`,
    [JSON.stringify(records)],
  );
}
