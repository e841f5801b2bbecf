import { Migration } from '@mikro-orm/migrations';

const TABLES = `
CREATE TABLE provider_command (
  lot_id uuid not null, id uuid not null, kind text not null, subject_id uuid not null, ref text null,
  next_attempt_at timestamptz(3) not null, attempts int not null, failures int not null, created_at timestamptz(3) not null,
  finished_at timestamptz(3) null, parked_at timestamptz(3) null, primary key (lot_id, id)
);
alter table provider_command add constraint provider_command_kind_check check (kind in ('CHARGE', 'REFUND', 'LOOK', 'SETTLE', 'DISPUTE'));
CREATE TABLE provider_cursor (
  name text not null, read_until timestamptz(3) not null, primary key (name)
);
CREATE TABLE provider_finding (
  ref text not null, kind text not null, lot_id uuid null, amount_minor bigint not null, currency text not null,
  metadata jsonb not null, found_at timestamptz(3) not null, resolved_at timestamptz(3) null, primary key (ref)
);
alter table provider_finding add constraint provider_finding_kind_check check (kind in ('PAYMENT', 'REFUND'));
ALTER TABLE reservation ADD COLUMN consent jsonb NULL;
ALTER TABLE driver ADD COLUMN automatic_payment jsonb NULL;
`;

const INDEXES = `
-- One of a kind is open for a payment or refund: whoever wants the same hastens it.
CREATE UNIQUE INDEX provider_command_open ON provider_command (lot_id, kind, subject_id) WHERE finished_at IS NULL;
CREATE INDEX provider_command_due ON provider_command (next_attempt_at) WHERE finished_at IS NULL AND parked_at IS NULL;
CREATE INDEX provider_command_finished ON provider_command (finished_at) WHERE finished_at IS NOT NULL;
-- Whose vehicle stands at an exit: not for the rare removed one.
CREATE INDEX vehicle_plate ON vehicle (plate_index) WHERE removed_at IS NULL;
CREATE INDEX provider_finding_open ON provider_finding (found_at) WHERE resolved_at IS NULL;
`;

/** What has to be asked of the payment provider, how far its lists were read, and what stands there and not here. */
export class Migration20261121000100 extends Migration {
  override up(): void {
    this.addSql("SET LOCAL lock_timeout = '1s'");
    for (const sql of [TABLES, INDEXES]) this.addSql(sql);
  }
}
