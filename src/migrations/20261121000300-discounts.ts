import { Migration } from '@mikro-orm/migrations';

const TABLES = `
CREATE TABLE promo_code (
  id uuid not null, operator_id uuid not null, code text not null, kind text not null, minor bigint null, "percent" int null,
  minutes int null, meaning text null, currency text null, lot_ids jsonb null, valid_from timestamptz(3) not null,
  valid_until timestamptz(3) null, periods_from timestamptz(3) null, periods_until timestamptz(3) null, max_uses int null,
  uses_per_driver int null, first_visit_only boolean not null, smallest_price_minor bigint null,
  created_at timestamptz(3) not null, created_by_staff_id uuid null, ended_at timestamptz(3) null, primary key (id)
);
alter table promo_code add constraint promo_code_operator_code unique (operator_id, code);
alter table promo_code add constraint promo_code_kind_check check (kind in ('MONEY', 'PERCENT', 'TIME'));
alter table promo_code add constraint promo_code_meaning_check check (meaning in ('LOWEST_PRICE', 'LATER_ARRIVAL', 'EARLIER_DEPARTURE'));
CREATE TABLE promo_use (
  lot_id uuid not null, reservation_id uuid not null, promo_code_id uuid not null, driver_id uuid not null,
  claimed_at timestamptz(3) not null, primary key (lot_id, reservation_id)
);
create index promo_use_code_driver on promo_use (promo_code_id, driver_id);
CREATE TABLE merchant (
  lot_id uuid not null, id uuid not null, name text not null, budget_minor bigint null, budget_count int null,
  most_minor bigint not null, per_stay int not null, stackable boolean not null, created_at timestamptz(3) not null,
  ended_at timestamptz(3) null, primary key (lot_id, id)
);
alter table merchant add constraint merchant_name unique (lot_id, name);
CREATE TABLE validation (
  lot_id uuid not null, id uuid not null, merchant_id uuid not null, stay_id uuid null, reservation_id uuid null,
  kind text not null, minor bigint null, "percent" int null, minutes int null, meaning text null, currency text not null,
  state text not null, month text not null, held_minor bigint not null, worth_minor bigint null, cost_minor bigint null,
  given_at timestamptz(3) not null, given_by text not null, settled_at timestamptz(3) null, primary key (lot_id, id)
);
create index validation_merchant_month on validation (lot_id, merchant_id, month);
create index validation_stay on validation (lot_id, stay_id);
create index validation_reservation on validation (lot_id, reservation_id);
alter table validation add constraint validation_kind_check check (kind in ('MONEY', 'PERCENT', 'TIME'));
alter table validation add constraint validation_meaning_check check (meaning in ('LOWEST_PRICE', 'LATER_ARRIVAL', 'EARLIER_DEPARTURE'));
alter table validation add constraint validation_state_check check (state in ('GIVEN', 'USED', 'VOID'));
CREATE TABLE monthly_pass_product (
  lot_id uuid not null, id uuid not null, name text not null, price_minor bigint not null, currency text not null,
  hours jsonb not null, uses_per_month int null, most_plates int not null, created_at timestamptz(3) not null,
  ended_at timestamptz(3) null, primary key (lot_id, id)
);
alter table monthly_pass_product add constraint monthly_pass_product_name unique (lot_id, name);
CREATE TABLE monthly_pass (
  lot_id uuid not null, id uuid not null, product_id uuid not null, driver_id uuid null, name text not null,
  hours jsonb not null, uses_per_month int null, price_minor bigint not null, currency text not null, state text not null,
  renews boolean not null, starts_at timestamptz(3) not null, ends_at timestamptz(3) not null, payment_id uuid null,
  granted_by_staff_id uuid null, revision int not null, created_at timestamptz(3) not null, ended_at timestamptz(3) null,
  primary key (lot_id, id)
);
create index monthly_pass_driver on monthly_pass (driver_id, lot_id);
alter table monthly_pass add constraint monthly_pass_state_check check (state in ('PENDING', 'ACTIVE', 'ENDED'));
CREATE TABLE monthly_pass_plate (
  lot_id uuid not null, monthly_pass_id uuid not null, plate_index text not null, plate_skeleton_index text not null,
  plate_cipher text not null, primary key (lot_id, monthly_pass_id, plate_index)
);
CREATE TABLE monthly_pass_use (
  lot_id uuid not null, monthly_pass_id uuid not null, cause_id uuid not null, cause text not null, month text not null,
  used_at timestamptz(3) not null, primary key (lot_id, monthly_pass_id, cause_id)
);
alter table monthly_pass_use add constraint monthly_pass_use_cause_check check (cause in ('STAY', 'RESERVATION'));
`;

/** Nullable: code from before goes on beside. */
const COLUMNS = `
ALTER TABLE reservation ADD COLUMN concessions jsonb NULL;
ALTER TABLE stay ADD COLUMN concessions jsonb NULL;
ALTER TABLE device ADD COLUMN merchant_id uuid NULL;
ALTER TABLE device DROP CONSTRAINT device_role_check;
ALTER TABLE device ADD CONSTRAINT device_role_check CHECK (role IN ('GATE', 'BOARD', 'MERCHANT'));
ALTER TABLE payment DROP CONSTRAINT payment_kind_check;
ALTER TABLE payment ADD CONSTRAINT payment_kind_check
  CHECK (kind IN ('RESERVATION', 'STAY', 'NO_SHOW_FEE', 'OVERSTAY', 'CHANGE', 'DEBT', 'MONTHLY_PASS'));
ALTER TABLE refund DROP CONSTRAINT refund_reason_check;
ALTER TABLE refund ADD CONSTRAINT refund_reason_check CHECK (reason IN
  ('CANCELLED', 'EARLY_DEPARTURE', 'NO_SHOW', 'PAID_LATE', 'PAID_TWICE', 'SHORTENED', 'STAFF', 'VALIDATED'));
`;

const CONSTRAINTS = `
ALTER TABLE promo_code ADD CONSTRAINT promo_code_value
  CHECK ((minor > 0 AND currency IS NOT NULL) OR "percent" BETWEEN 1 AND 100 OR (minutes > 0 AND meaning IS NOT NULL));
ALTER TABLE validation ADD CONSTRAINT validation_value
  CHECK (minor > 0 OR "percent" BETWEEN 1 AND 100 OR (minutes > 0 AND meaning IS NOT NULL));
-- A validation is of one thing, and what its merchant pays was held for it.
ALTER TABLE validation ADD CONSTRAINT validation_subject CHECK (num_nonnulls(stay_id, reservation_id) = 1);
ALTER TABLE validation ADD CONSTRAINT validation_cost CHECK (cost_minor BETWEEN 0 AND held_minor AND worth_minor >= cost_minor);
ALTER TABLE device ADD CONSTRAINT device_merchant CHECK ((role = 'MERCHANT') = (merchant_id IS NOT NULL));
ALTER TABLE monthly_pass ADD CONSTRAINT monthly_pass_time CHECK (starts_at < ends_at);
-- The sweep of renewals, and what a rebuild of the gates' index reads.
CREATE INDEX monthly_pass_open ON monthly_pass (ends_at) WHERE state <> 'ENDED';
`;

/** What makes parking cheaper: promo codes, what merchants take over, and monthly passes. */
export class Migration20261121000300 extends Migration {
  override up(): void {
    this.addSql("SET LOCAL lock_timeout = '1s'");
    for (const sql of [TABLES, COLUMNS, CONSTRAINTS]) this.addSql(sql);
  }
}
