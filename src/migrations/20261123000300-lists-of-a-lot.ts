import { Migration } from '@mikro-orm/migrations';

const LISTS = `
-- What comes and came to a lot, by its start: arrivals of the next hours, no-shows of a day, the list of a lot's staff.
CREATE INDEX reservation_of_lot ON reservation (lot_id, starts_at, id);
-- A plate is searched for whatever became of its reservations; the gates' own index holds the open ones alone.
CREATE INDEX reservation_any_plate ON reservation (lot_id, plate_index);
`;

const ACTS = `
ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_act_check;
ALTER TABLE audit_entry ADD CONSTRAINT audit_entry_act_check CHECK (act ~ '^[A-Z_]{3,40}$');
`;

/** What staff look for in a lot: its reservations by start and by plate. Which acts there are is said by the code alone. */
export class Migration20261123000300 extends Migration {
  override up(): void {
    this.addSql("SET LOCAL lock_timeout = '1s'");
    this.addSql(LISTS);
    this.addSql(ACTS);
  }
}
