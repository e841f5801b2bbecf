import { Migration } from '@mikro-orm/migrations';

/** The tables as `entities/` describes them. */
const TABLES = `
CREATE TABLE allocation (
  lot_id uuid not null, id uuid not null, kind text not null, spot_id uuid not null, spot_type text not null,
  starts_at timestamptz(3) not null, ends_at timestamptz(3) not null, reservation_id uuid null, stay_id uuid null,
  created_at timestamptz(3) not null, primary key (lot_id, id)
);
alter table allocation add constraint allocation_kind_check check (kind in ('RESERVATION', 'WALK_IN', 'CLOSURE'));
alter table allocation add constraint allocation_spot_type_check check (spot_type in ('MOTORCYCLE', 'COMPACT', 'STANDARD', 'LARGE', 'BUS', 'EV', 'ACCESSIBLE'));
CREATE TABLE debt (
  lot_id uuid not null, id uuid not null, stay_id uuid null, payment_id uuid null, driver_id uuid null, amount_minor bigint not null,
  currency text not null, reason text not null, state text not null, created_at timestamptz(3) not null,
  settled_at timestamptz(3) null, primary key (lot_id, id)
);
alter table debt add constraint debt_stay_reason unique (lot_id, stay_id, reason);
alter table debt add constraint debt_payment unique (lot_id, payment_id);
alter table debt add constraint debt_state_check check (state in ('OPEN', 'SETTLED', 'WAIVED'));
CREATE TABLE device (
  lot_id uuid not null, id uuid not null, gate_id uuid null, name text not null, role text not null, key_hash text not null,
  created_at timestamptz(3) not null, revoked_at timestamptz(3) null, primary key (lot_id, id)
);
alter table device add constraint device_role_check check (role in ('GATE', 'BOARD'));
CREATE TABLE driver (
  id uuid not null, email text not null, name text not null, password_hash text not null, locale text not null,
  stripe_customer_id text null, saved_payment_method_id text null, created_at timestamptz(3) not null, primary key (id)
);
alter table driver add constraint driver_email unique (email);
CREATE TABLE gate (
  lot_id uuid not null, id uuid not null, name text not null, direction text not null, in_service boolean not null,
  created_at timestamptz(3) not null, primary key (lot_id, id)
);
alter table gate add constraint gate_name unique (lot_id, name);
alter table gate add constraint gate_direction_check check (direction in ('ENTRY', 'EXIT', 'BOTH'));
CREATE TABLE gate_event (
  lot_id uuid not null, scan_id uuid not null, gate_id uuid not null, device_id uuid null, operation text not null,
  action text not null, reason text not null, reservation_id uuid null, stay_id uuid null, observed_at timestamptz(3) not null,
  decided_at timestamptz(3) not null, decided_by text not null, stream_id text not null, answer jsonb not null,
  applied_at timestamptz(3) not null, primary key (lot_id, scan_id)
);
create index gate_event_decided_at on gate_event (lot_id, decided_at);
alter table gate_event add constraint gate_event_operation_check check (operation in ('CHECK_IN', 'CHECK_OUT', 'OPEN_GATE'));
CREATE TABLE idempotency_key (
  actor text not null, "key" uuid not null, operation text not null, input_hash text not null, result jsonb not null,
  created_at timestamptz(3) not null, primary key (actor, key)
);
create index idempotency_key_created_at on idempotency_key (created_at);
CREATE TABLE incident (
  lot_id uuid not null, id uuid not null, kind text not null, gate_id uuid null, scan_id uuid null, stay_id uuid null,
  note text null, created_at timestamptz(3) not null, resolved_at timestamptz(3) null, resolved_by_staff_id uuid null,
  primary key (lot_id, id)
);
CREATE TABLE journal_cursor (
  "partition" smallint primary key, last_stream_id text not null, updated_at timestamptz(3) not null
);
CREATE TABLE ledger_entry (
  lot_id uuid not null, id uuid not null, transaction_id uuid not null, account text not null, amount_minor bigint not null,
  currency text not null, cause_kind text not null, cause_id uuid not null, posted_at timestamptz(3) not null,
  primary key (lot_id, id)
);
create index ledger_entry_transaction on ledger_entry (lot_id, transaction_id);
alter table ledger_entry add constraint ledger_entry_cause unique (lot_id, cause_kind, cause_id, account);
CREATE TABLE level (
  lot_id uuid not null, id uuid not null, name text not null, ordinal int not null, primary key (lot_id, id)
);
CREATE TABLE lot (
  id uuid not null, operator_id uuid not null, code text not null, name text not null, address text not null,
  latitude double precision not null, longitude double precision not null, country text not null, time_zone text not null,
  currency text not null, opening_hours jsonb not null, policy jsonb not null, state text not null, "partition" smallint not null,
  created_at timestamptz(3) not null, primary key (id)
);
create index lot_operator_id on lot (operator_id);
alter table lot add constraint lot_code unique (code);
alter table lot add constraint lot_state_check check (state in ('OPEN', 'CLOSED'));
CREATE TABLE operator (
  id uuid not null, name text not null, legal_name text not null, tax_number text null, created_at timestamptz(3) not null,
  primary key (id)
);
CREATE TABLE outbox_event (
  id uuid not null, lot_id uuid not null, type text not null, aggregate_id uuid not null, payload jsonb not null, seq bigserial not null,
  created_at timestamptz(3) not null, relayed_at timestamptz(3) null, attempts int not null default 0,
  claimed_until timestamptz(3) null, parked_at timestamptz(3) null, primary key (id)
);
CREATE TABLE parked_entry (
  "partition" smallint not null, stream_id text not null, lot_id uuid null, entry jsonb not null, error text not null,
  parked_at timestamptz(3) not null, resolved_at timestamptz(3) null, primary key (partition, stream_id)
);
CREATE TABLE payment (
  lot_id uuid not null, id uuid not null, kind text not null, state text not null, reservation_id uuid null, stay_id uuid null,
  driver_id uuid null, amount_minor bigint not null, captured_minor bigint not null, refunded_minor bigint not null,
  currency text not null, provider_ref text null, client_secret text null, failure_code text null, detail jsonb null, attempts int not null,
  created_at timestamptz(3) not null, updated_at timestamptz(3) not null, captured_at timestamptz(3) null,
  primary key (lot_id, id)
);
create index payment_reservation on payment (lot_id, reservation_id);
create index payment_stay on payment (lot_id, stay_id);
create index payment_provider_ref on payment (provider_ref);
alter table payment add constraint payment_kind_check check (kind in ('RESERVATION', 'STAY', 'NO_SHOW_FEE', 'OVERSTAY', 'CHANGE'));
alter table payment add constraint payment_state_check check (state in ('OWED', 'UNKNOWN', 'REQUIRES_PAYMENT', 'REQUIRES_ACTION', 'PROCESSING', 'CAPTURED', 'FAILED', 'CANCELED', 'DISPUTED'));
CREATE TABLE pool (
  lot_id uuid not null, spot_type text not null, primary key (lot_id, spot_type)
);
alter table pool add constraint pool_spot_type_check check (spot_type in ('MOTORCYCLE', 'COMPACT', 'STANDARD', 'LARGE', 'BUS', 'EV', 'ACCESSIBLE'));
CREATE TABLE refresh_token (
  id uuid not null, family_id uuid not null, subject_kind text not null, subject_id uuid not null, token_hash text not null,
  created_at timestamptz(3) not null, expires_at timestamptz(3) not null, used_at timestamptz(3) null,
  revoked_at timestamptz(3) null, primary key (id)
);
create index refresh_token_family_id on refresh_token (family_id);
create index refresh_token_subject_id on refresh_token (subject_id);
create index refresh_token_expires_at on refresh_token (expires_at);
alter table refresh_token add constraint refresh_token_hash unique (token_hash);
alter table refresh_token add constraint refresh_token_subject_kind_check check (subject_kind in ('DRIVER', 'STAFF'));
CREATE TABLE refund (
  lot_id uuid not null, id uuid not null, payment_id uuid not null, amount_minor bigint not null, currency text not null,
  reason text not null, state text not null, provider_ref text null, attempts int not null, created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null, settled_at timestamptz(3) null, primary key (lot_id, id)
);
create index refund_payment on refund (lot_id, payment_id);
alter table refund add constraint refund_reason_check check (reason in ('CANCELLED', 'EARLY_DEPARTURE', 'NO_SHOW', 'PAID_LATE', 'SHORTENED', 'STAFF'));
alter table refund add constraint refund_state_check check (state in ('OWED', 'UNKNOWN', 'SENT', 'SUCCEEDED', 'FAILED'));
CREATE TABLE reservation (
  lot_id uuid not null, id uuid not null, code text not null, driver_id uuid not null, state text not null,
  spot_type text not null, priced_spot_type text not null, spot_id uuid not null, pinned boolean not null, vehicle_id uuid null, vehicle_class text not null,
  plate_cipher text not null, plate_index text not null, plate_skeleton_index text not null, plate_country text null,
  starts_at timestamptz(3) not null, ends_at timestamptz(3) not null, hold_expires_at timestamptz(3) not null,
  grace_ends_at timestamptz(3) not null, price jsonb not null, total_minor bigint not null, currency text not null,
  tariff_id uuid not null, multiplier_percent int not null, policy jsonb not null, revision int not null,
  paid_minor bigint not null, refunded_minor bigint not null, fee_minor bigint not null, outcome_rule text null, created_at timestamptz(3) not null,
  confirmed_at timestamptz(3) null, checked_in_at timestamptz(3) null, completed_at timestamptz(3) null,
  ended_at timestamptz(3) null, primary key (lot_id, id)
);
create index reservation_driver on reservation (driver_id, starts_at);
alter table reservation add constraint reservation_state_check check (state in ('HELD', 'CONFIRMED', 'CHECKED_IN', 'COMPLETED', 'EXPIRED', 'CANCELLED', 'NO_SHOW'));
alter table reservation add constraint reservation_priced_spot_type_check check (priced_spot_type in ('MOTORCYCLE', 'COMPACT', 'STANDARD', 'LARGE', 'BUS', 'EV', 'ACCESSIBLE'));
alter table reservation add constraint reservation_spot_type_check check (spot_type in ('MOTORCYCLE', 'COMPACT', 'STANDARD', 'LARGE', 'BUS', 'EV', 'ACCESSIBLE'));
alter table reservation add constraint reservation_vehicle_class_check check (vehicle_class in ('MOTORCYCLE', 'SMALL_CAR', 'CAR', 'ELECTRIC_CAR', 'VAN', 'BUS', 'TRUCK'));
CREATE TABLE spot (
  lot_id uuid not null, id uuid not null, level_id uuid not null, spot_type text not null, label text not null,
  distance_rank int not null, directions text null, max_height_cm int null, max_length_cm int null, in_service boolean not null,
  sensed_occupied boolean null, sensed_at timestamptz(3) null, primary key (lot_id, id)
);
create index spot_pool on spot (lot_id, spot_type, distance_rank);
alter table spot add constraint spot_label unique (lot_id, label);
alter table spot add constraint spot_spot_type_check check (spot_type in ('MOTORCYCLE', 'COMPACT', 'STANDARD', 'LARGE', 'BUS', 'EV', 'ACCESSIBLE'));
CREATE TABLE staff (
  id uuid not null, operator_id uuid null, email text not null, name text not null, password_hash text not null,
  role text not null, lot_ids jsonb null, created_at timestamptz(3) not null, disabled_at timestamptz(3) null, primary key (id)
);
alter table staff add constraint staff_email unique (email);
create index staff_operator_id on staff (operator_id);
alter table staff add constraint staff_role_check check (role in ('ATTENDANT', 'OPERATOR', 'ADMIN'));
CREATE TABLE stay (
  lot_id uuid not null, id uuid not null, kind text not null, state text not null, reservation_id uuid null, spot_id uuid null,
  spot_type text not null, vehicle_class text not null, plate_cipher text null, plate_index text null,
  plate_skeleton_index text null, code text null, tariff_id uuid not null, multiplier_percent int not null,
  currency text not null, entered_at timestamptz(3) not null, left_at timestamptz(3) null, entry_gate_id uuid not null,
  exit_gate_id uuid null, entry_scan_id uuid not null, exit_scan_id uuid null, total_minor bigint null,
  paid_minor bigint not null, paid_until timestamptz(3) null, primary key (lot_id, id)
);
alter table stay add constraint stay_entry_scan unique (lot_id, entry_scan_id);
alter table stay add constraint stay_kind_check check (kind in ('RESERVED', 'WALK_IN'));
alter table stay add constraint stay_state_check check (state in ('INSIDE', 'LEFT'));
alter table stay add constraint stay_spot_type_check check (spot_type in ('MOTORCYCLE', 'COMPACT', 'STANDARD', 'LARGE', 'BUS', 'EV', 'ACCESSIBLE'));
alter table stay add constraint stay_vehicle_class_check check (vehicle_class in ('MOTORCYCLE', 'SMALL_CAR', 'CAR', 'ELECTRIC_CAR', 'VAN', 'BUS', 'TRUCK'));
CREATE TABLE tariff (
  lot_id uuid not null, id uuid not null, version_number int not null, document jsonb not null,
  published_at timestamptz(3) not null, published_by_staff_id uuid null, primary key (lot_id, id)
);
alter table tariff add constraint tariff_version_number unique (lot_id, version_number);
CREATE TABLE vehicle (
  id uuid not null, driver_id uuid not null, plate_cipher text not null, plate_index text not null, plate_country text null,
  vehicle_class text not null, nickname text null, created_at timestamptz(3) not null, removed_at timestamptz(3) null,
  primary key (id)
);
create index vehicle_driver_id on vehicle (driver_id);
alter table vehicle add constraint vehicle_vehicle_class_check check (vehicle_class in ('MOTORCYCLE', 'SMALL_CAR', 'CAR', 'ELECTRIC_CAR', 'VAN', 'BUS', 'TRUCK'));
CREATE TABLE webhook_event (
  provider text not null, id text not null, type text not null, received_at timestamptz(3) not null, primary key (provider, id)
);
`;

/** What the entities can't say: the guard against double booking, references, partial indexes. */
const CONSTRAINTS = `
CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER TABLE allocation ADD CONSTRAINT allocation_period CHECK (starts_at < ends_at);
-- No spot is claimed twice at one time: the guard that cannot be forgotten, whatever the code above it does.
ALTER TABLE allocation ADD CONSTRAINT allocation_no_overlap
  EXCLUDE USING gist (lot_id WITH =, spot_id WITH =, tstzrange(starts_at, ends_at) WITH &&);
-- For what forgets claims that are over.
CREATE INDEX allocation_ends_at ON allocation (ends_at);
-- For the sweep that looks for walk-ins who were never let in.
CREATE INDEX allocation_walk_ins ON allocation (created_at, id) WHERE kind = 'WALK_IN';
CREATE INDEX allocation_reservation ON allocation (lot_id, reservation_id) WHERE reservation_id IS NOT NULL;
CREATE INDEX allocation_stay ON allocation (lot_id, stay_id) WHERE stay_id IS NOT NULL;

ALTER TABLE reservation ADD CONSTRAINT reservation_period CHECK (starts_at < ends_at);
ALTER TABLE reservation ADD CONSTRAINT reservation_money CHECK (total_minor >= 0 AND fee_minor >= 0 AND refunded_minor >= 0 AND fee_minor + refunded_minor <= paid_minor);
CREATE INDEX reservation_holds ON reservation (hold_expires_at) WHERE state = 'HELD';
CREATE INDEX reservation_lot_holds ON reservation (lot_id, hold_expires_at) WHERE state = 'HELD';
CREATE INDEX reservation_due ON reservation (grace_ends_at) WHERE state = 'CONFIRMED';
CREATE INDEX reservation_no_show ON reservation (ends_at) WHERE state = 'NO_SHOW';
CREATE INDEX reservation_plate ON reservation (lot_id, plate_index) WHERE state IN ('CONFIRMED', 'CHECKED_IN');
CREATE UNIQUE INDEX reservation_open_code ON reservation (lot_id, code) WHERE state IN ('HELD', 'CONFIRMED', 'CHECKED_IN');
CREATE INDEX reservation_code ON reservation (code);

CREATE INDEX stay_inside ON stay (lot_id, plate_index) WHERE state = 'INSIDE';
CREATE INDEX stay_reservation ON stay (lot_id, reservation_id) WHERE reservation_id IS NOT NULL;

ALTER TABLE payment ADD CONSTRAINT payment_money
  CHECK (amount_minor > 0 AND captured_minor >= 0 AND refunded_minor >= 0 AND refunded_minor <= captured_minor);
-- One change of a reservation at a time: two would each be priced against the same end.
CREATE UNIQUE INDEX payment_one_change ON payment (lot_id, reservation_id)
  WHERE kind = 'CHANGE' AND captured_at IS NULL AND detail->>'droppedAt' IS NULL;
CREATE INDEX payment_open ON payment (updated_at) WHERE state IN ('OWED', 'UNKNOWN', 'PROCESSING', 'REQUIRES_PAYMENT', 'REQUIRES_ACTION');
ALTER TABLE refund ADD CONSTRAINT refund_money CHECK (amount_minor > 0);
CREATE INDEX refund_open ON refund (updated_at) WHERE state IN ('OWED', 'UNKNOWN', 'SENT');

CREATE INDEX outbox_event_open ON outbox_event (seq) WHERE relayed_at IS NULL AND parked_at IS NULL;
CREATE INDEX outbox_event_open_aggregate ON outbox_event (aggregate_id, seq) WHERE relayed_at IS NULL AND parked_at IS NULL;
CREATE INDEX outbox_event_relayed ON outbox_event (relayed_at) WHERE relayed_at IS NOT NULL;
CREATE INDEX incident_open ON incident (lot_id, created_at) WHERE resolved_at IS NULL;

ALTER TABLE lot ADD FOREIGN KEY (operator_id) REFERENCES operator (id);
ALTER TABLE level ADD FOREIGN KEY (lot_id) REFERENCES lot (id);
ALTER TABLE pool ADD FOREIGN KEY (lot_id) REFERENCES lot (id);
ALTER TABLE spot ADD FOREIGN KEY (lot_id, level_id) REFERENCES level (lot_id, id);
ALTER TABLE spot ADD FOREIGN KEY (lot_id, spot_type) REFERENCES pool (lot_id, spot_type);
ALTER TABLE tariff ADD FOREIGN KEY (lot_id) REFERENCES lot (id);
ALTER TABLE gate ADD FOREIGN KEY (lot_id) REFERENCES lot (id);
ALTER TABLE device ADD FOREIGN KEY (lot_id, gate_id) REFERENCES gate (lot_id, id);
ALTER TABLE vehicle ADD FOREIGN KEY (driver_id) REFERENCES driver (id);
ALTER TABLE staff ADD FOREIGN KEY (operator_id) REFERENCES operator (id);
ALTER TABLE allocation ADD FOREIGN KEY (lot_id, spot_id) REFERENCES spot (lot_id, id);
ALTER TABLE refund ADD FOREIGN KEY (lot_id, payment_id) REFERENCES payment (lot_id, id);

INSERT INTO journal_cursor ("partition", last_stream_id, updated_at)
  SELECT number, '0-0', now() FROM generate_series(0, 63) AS number;
`;

/** The books: what is posted stays as it is, and every posting sums to zero when its transaction commits. */
const BOOKS = `
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger entries are never changed or deleted: post a reversal';
END $$;
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry
  FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

CREATE FUNCTION ledger_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM ledger_entry
    WHERE lot_id = NEW.lot_id AND transaction_id = NEW.transaction_id
    GROUP BY currency HAVING sum(amount_minor) <> 0
  ) THEN
    RAISE EXCEPTION 'ledger transaction % does not balance', NEW.transaction_id;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON ledger_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balances();
`;

/** The table of the job scheduler, whose own set-up would race between two starting processes. */
const JOBS = `
CREATE TABLE agenda_jobs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(255) NOT NULL, priority integer NOT NULL DEFAULT 0,
  next_run_at timestamptz, type varchar(10) NOT NULL DEFAULT 'normal' CHECK (type IN ('normal', 'single')),
  locked_at timestamptz, last_finished_at timestamptz, failed_at timestamptz, fail_count integer, fail_reason text,
  repeat_timezone varchar(100), last_run_at timestamptz, repeat_interval varchar(255), data jsonb DEFAULT '{}'::jsonb,
  repeat_at varchar(255), disabled boolean DEFAULT FALSE, progress real, fork boolean DEFAULT FALSE,
  last_modified_by varchar(255), debounce_started_at timestamptz, start_date timestamptz, end_date timestamptz,
  skip_days jsonb, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now()
);
CREATE INDEX agenda_jobs_find_and_lock_idx ON agenda_jobs (name, next_run_at, priority DESC, locked_at, disabled) WHERE disabled = FALSE;
CREATE UNIQUE INDEX agenda_jobs_single_job_idx ON agenda_jobs (name) WHERE type = 'single';
CREATE INDEX agenda_jobs_locked_at_idx ON agenda_jobs (locked_at) WHERE locked_at IS NOT NULL;
CREATE INDEX agenda_jobs_next_run_at_idx ON agenda_jobs (next_run_at) WHERE next_run_at IS NOT NULL;
`;

/** The first schema. Forward only, as every migration here. */
export class Migration20261120000000 extends Migration {
  override up(): void {
    this.addSql("SET LOCAL lock_timeout = '1s'");
    for (const sql of [TABLES, CONSTRAINTS, BOOKS, JOBS]) this.addSql(sql);
  }
}
