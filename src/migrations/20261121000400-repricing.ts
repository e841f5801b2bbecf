import { Migration } from '@mikro-orm/migrations';

const TABLES = `
CREATE TABLE repricing (
  lot_id uuid not null, id uuid not null, state text not null, tariff_id uuid null, document jsonb not null, currency text not null,
  from_at timestamptz(3) not null, until_at timestamptz(3) not null, requested_by_staff_id uuid null,
  cursor_left_at timestamptz(3) null, cursor_stay_id uuid null, stays_total int not null, stays_done int not null,
  stays_changed int not null, left_out jsonb not null, old_total_minor bigint not null, new_total_minor bigint not null,
  refund_due_minor bigint not null, additional_minor bigint not null, refunds_asked_at timestamptz(3) null,
  refunds_done_at timestamptz(3) null, refunded_minor bigint not null, created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null, finished_at timestamptz(3) null, primary key (lot_id, id)
);
alter table repricing add constraint repricing_state_check check (state in ('RUNNING', 'DONE', 'CANCELLED'));
CREATE TABLE repriced_stay (
  lot_id uuid not null, repricing_id uuid not null, stay_id uuid not null, left_at timestamptz(3) not null,
  old_minor bigint not null, new_minor bigint not null, difference_minor bigint not null, refund_due_minor bigint not null,
  refunded_minor bigint null, primary key (lot_id, repricing_id, stay_id)
);
create index repriced_stay_difference on repriced_stay (lot_id, repricing_id, difference_minor, stay_id);
`;

const CONSTRAINTS = `
ALTER TABLE repricing ADD CONSTRAINT repricing_period CHECK (from_at < until_at);
ALTER TABLE repricing ADD CONSTRAINT repricing_refunds CHECK (refunded_minor >= 0 AND refunded_minor <= refund_due_minor);
ALTER TABLE repriced_stay ADD CONSTRAINT repriced_stay_money
  CHECK (difference_minor = new_minor - old_minor AND difference_minor <> 0 AND refund_due_minor >= 0
    AND coalesce(refunded_minor, 0) <= refund_due_minor);
ALTER TABLE repriced_stay ADD CONSTRAINT repriced_stay_repricing
  FOREIGN KEY (lot_id, repricing_id) REFERENCES repricing (lot_id, id);
-- For the sweep that goes on with what a dead worker left, and for the few that still run or give back.
CREATE INDEX repricing_unfinished ON repricing (updated_at)
  WHERE state = 'RUNNING' OR (refunds_asked_at IS NOT NULL AND refunds_done_at IS NULL);
CREATE INDEX repricing_lot ON repricing (lot_id, created_at, id);
-- What a repricing still has to give back.
CREATE INDEX repriced_stay_refunds ON repriced_stay (lot_id, repricing_id, stay_id)
  WHERE refund_due_minor > 0 AND refunded_minor IS NULL;
-- A repricing walks through the past in this order, a chunk at a time.
CREATE INDEX stay_left ON stay (lot_id, left_at, id) WHERE state = 'LEFT';
`;

export class Migration20261121000400 extends Migration {
  override up(): void {
    this.addSql("SET LOCAL lock_timeout = '1s'");
    this.addSql(TABLES);
    this.addSql(CONSTRAINTS);
  }
}
