import { Migration } from '@mikro-orm/migrations';

/** Nullable: code from before goes on beside. */
const COLUMNS = `
ALTER TABLE reservation ADD COLUMN displaced_at timestamptz(3) NULL;
ALTER TABLE reservation ADD COLUMN compensated_at timestamptz(3) NULL;
ALTER TABLE refund DROP CONSTRAINT refund_reason_check;
ALTER TABLE refund ADD CONSTRAINT refund_reason_check CHECK (reason IN
  ('CANCELLED', 'EARLY_DEPARTURE', 'NO_SHOW', 'NO_SPOT', 'PAID_LATE', 'PAID_TWICE', 'SHORTENED', 'STAFF', 'VALIDATED'));
`;

/** Who had to make room for whom, and what was given to those for whom there was none. */
export class Migration20261122000400 extends Migration {
  override up(): void {
    this.addSql("SET LOCAL lock_timeout = '1s'");
    this.addSql(COLUMNS);
  }
}
