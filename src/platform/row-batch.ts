import { JsonType, type EntityClass, type EntityManager, type EntityProperty } from '@mikro-orm/postgresql';

/** Rows for several tables, in the order in which they are to be written. */
export class RowBatch {
  private readonly statements: string[] = [];
  private readonly em: EntityManager;

  constructor(em: EntityManager) {
    this.em = em;
  }

  /** Adds a row; what it leaves out takes the column's default. */
  add<T extends object>(entity: EntityClass<T>, row: { [K in keyof T]?: T[K] }): this {
    const meta = this.em.getMetadata().get(entity);
    const values: Record<string, unknown> = { ...row };
    const present = meta.props.filter((property) => property.persist !== false && values[property.name] !== undefined);
    const columns = present.map((property) => `"${property.fieldNames[0] ?? property.name}"`);
    const marks = present.map(() => '?');
    this.statements.push(
      this.em.getPlatform().formatQuery(
        `INSERT INTO "${meta.tableName}" (${columns.join(', ')}) VALUES (${marks.join(', ')})`,
        present.map((property) => toColumn(property, values[property.name])),
      ),
    );
    return this;
  }

  /**
   * Writes all rows in one round trip. While a booking holds its pool locked, every round trip is time in which nobody else books.
   * Throws what the database threw for the first row it refused; nothing after that row is written.
   */
  async write(): Promise<void> {
    if (this.statements.length > 0) await this.em.execute(this.statements.join(';\n'));
  }
}

function toColumn(property: EntityProperty, value: unknown): unknown {
  return property.customType instanceof JsonType && value !== null ? JSON.stringify(value) : value;
}
