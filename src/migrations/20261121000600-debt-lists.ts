import { Migration } from '@mikro-orm/migrations';

const INDEXES = `
-- What paid a debt, or was begun for it: for its page, its statement, and for what goes back with it.
CREATE INDEX payment_debt ON payment (lot_id, debt_id) WHERE debt_id IS NOT NULL;
-- Debts are listed with those that are settled, the newest first.
CREATE INDEX debt_of_driver ON debt (driver_id, created_at, id) WHERE driver_id IS NOT NULL;
CREATE INDEX debt_of_lot ON debt (lot_id, created_at, id);
`;

/** Ways to what was owed that do not read the whole table. */
export class Migration20261121000600 extends Migration {
  override up(): void {
    this.addSql("SET LOCAL lock_timeout = '1s'");
    this.addSql(INDEXES);
  }
}
