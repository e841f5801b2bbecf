import pg from 'pg';

/** What PostgreSQL knows of a database's tables, a line each, in an order that does not depend on how they were made. */
export interface Catalog {
  columns: string[];
  /** Checks, keys, references and exclusions. */
  constraints: string[];
  indexes: string[];
  triggers: string[];
}

const COLUMNS = `
  SELECT format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
    coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) AS line
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY 1`;

const CONSTRAINTS = `
  SELECT format('%s %s: %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) AS line
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
  WHERE k.contype <> 'n' ORDER BY 1`;

const INDEXES = `SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`;

const TRIGGERS = `
  SELECT pg_get_triggerdef(t.oid) AS line FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
  WHERE NOT t.tgisinternal ORDER BY 1`;

export async function readCatalog(databaseUrl: string): Promise<Catalog> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const lines = async (sql: string) => (await client.query<{ line: string }>(sql)).rows.map(({ line }) => line);
    return {
      columns: await lines(COLUMNS),
      constraints: await lines(CONSTRAINTS),
      indexes: await lines(INDEXES),
      triggers: await lines(TRIGGERS),
    };
  } finally {
    await client.end();
  }
}
