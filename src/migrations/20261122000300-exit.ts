import { Migration } from '@mikro-orm/migrations';

/** Nullable: code from before goes on beside. */
const COLUMNS = `
ALTER TABLE incident ADD COLUMN debt_id uuid NULL;
`;

/** What a driver was charged whose entry nobody knew, once an incident. */
export class Migration20261122000300 extends Migration {
  override up(): void {
    this.addSql("SET LOCAL lock_timeout = '1s'");
    this.addSql(COLUMNS);
  }
}
