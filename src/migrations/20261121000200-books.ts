import { Migration } from '@mikro-orm/migrations';

/** The till, receipts, and what the monitor of the books remembers. */
const TABLES = `
CREATE TABLE shift (
  lot_id uuid not null, id uuid not null, staff_id uuid not null, device_id uuid null, currency text not null,
  opening_minor bigint not null, expected_minor bigint null, counted_minor bigint null,
  opened_at timestamptz(3) not null, closed_at timestamptz(3) null, primary key (lot_id, id)
);
CREATE TABLE receipt (
  lot_id uuid not null, id uuid not null, "number" int not null, payment_id uuid not null, refund_id uuid null,
  content jsonb not null, issued_at timestamptz(3) not null, primary key (lot_id, id)
);
alter table receipt add constraint receipt_number unique (lot_id, "number");
CREATE TABLE receipt_counter (
  lot_id uuid not null, last_number int not null, primary key (lot_id)
);
CREATE TABLE account_balance (
  lot_id uuid not null, account text not null, currency text not null, amount_minor bigint not null,
  primary key (lot_id, account, currency)
);
CREATE TABLE books_check (
  id smallint not null, checked_through timestamptz(3) not null, checked_at timestamptz(3) not null, faults jsonb not null,
  primary key (id)
);
`;

/** Columns with a default or none: code from before goes on beside. */
const COLUMNS = `
ALTER TABLE payment ADD COLUMN method text not null default 'CARD', ADD COLUMN debt_id uuid null, ADD COLUMN shift_id uuid null,
  ADD COLUMN staff_id uuid null, ADD COLUMN tax_minor bigint not null default '0', ADD COLUMN cash_minor bigint null,
  ADD COLUMN tendered_minor bigint null, ADD COLUMN terminal_receipt text null;
ALTER TABLE refund ADD COLUMN method text not null default 'CARD', ADD COLUMN shift_id uuid null, ADD COLUMN staff_id uuid null,
  ADD COLUMN tax_minor bigint not null default '0', ADD COLUMN cash_minor bigint null, ADD COLUMN note text null;
ALTER TABLE debt ADD COLUMN paid_minor bigint not null default '0', ADD COLUMN tax_minor bigint not null default '0',
  ADD COLUMN plate_index text null, ADD COLUMN settled_by_payment_id uuid null, ADD COLUMN waived_by_staff_id uuid null,
  ADD COLUMN waive_reason text null;
ALTER TABLE reservation ADD COLUMN no_show_kept_minor bigint null;
ALTER TABLE stay ADD COLUMN pay_point text null;
ALTER TABLE driver ADD COLUMN debts_collected_since timestamptz(3) null;
ALTER TABLE lot ADD COLUMN receipt_details jsonb null;
`;

const CONSTRAINTS = `
ALTER TABLE payment DROP CONSTRAINT payment_kind_check;
ALTER TABLE payment ADD CONSTRAINT payment_kind_check
  CHECK (kind IN ('RESERVATION', 'STAY', 'NO_SHOW_FEE', 'OVERSTAY', 'CHANGE', 'DEBT'));
ALTER TABLE payment ADD CONSTRAINT payment_method_check CHECK (method IN ('CARD', 'CASH', 'TERMINAL'));
ALTER TABLE stay ADD CONSTRAINT stay_pay_point_check CHECK (pay_point IN ('APP', 'KIOSK', 'CASH', 'TERMINAL'));
ALTER TABLE refund DROP CONSTRAINT refund_reason_check;
ALTER TABLE refund ADD CONSTRAINT refund_reason_check
  CHECK (reason IN ('CANCELLED', 'EARLY_DEPARTURE', 'NO_SHOW', 'PAID_LATE', 'PAID_TWICE', 'SHORTENED', 'STAFF'));
ALTER TABLE refund ADD CONSTRAINT refund_method_check CHECK (method IN ('CARD', 'CASH'));
ALTER TABLE debt ADD CONSTRAINT debt_money CHECK (amount_minor > 0 AND paid_minor >= 0 AND paid_minor <= amount_minor);

ALTER TABLE shift ADD CONSTRAINT shift_money CHECK (opening_minor >= 0 AND counted_minor >= 0);
-- One drawer a person, and one person a drawer.
CREATE UNIQUE INDEX shift_open_staff ON shift (lot_id, staff_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX shift_open_device ON shift (lot_id, device_id) WHERE closed_at IS NULL AND device_id IS NOT NULL;
CREATE INDEX payment_shift ON payment (lot_id, shift_id) WHERE shift_id IS NOT NULL;
CREATE INDEX refund_shift ON refund (lot_id, shift_id) WHERE shift_id IS NOT NULL;
-- The slip of a terminal stands for one payment.
CREATE UNIQUE INDEX payment_terminal_receipt ON payment (lot_id, terminal_receipt) WHERE terminal_receipt IS NOT NULL;
-- A debt is paid by one at a time.
CREATE UNIQUE INDEX payment_one_of_debt ON payment (lot_id, debt_id)
  WHERE debt_id IS NOT NULL AND captured_at IS NULL AND state NOT IN ('FAILED', 'CANCELED');

CREATE INDEX debt_open_driver ON debt (driver_id) WHERE state = 'OPEN' AND driver_id IS NOT NULL;
CREATE INDEX debt_open_plate ON debt (lot_id, plate_index) WHERE state = 'OPEN' AND plate_index IS NOT NULL;
CREATE INDEX debt_open ON debt (lot_id, created_at) WHERE state = 'OPEN';

CREATE UNIQUE INDEX receipt_of_payment ON receipt (lot_id, payment_id) WHERE refund_id IS NULL;
CREATE UNIQUE INDEX receipt_of_refund ON receipt (lot_id, refund_id) WHERE refund_id IS NOT NULL;
ALTER TABLE receipt ADD FOREIGN KEY (lot_id, payment_id) REFERENCES payment (lot_id, id);

-- For statements of a day, and for a monitor that looks at what is new.
CREATE INDEX ledger_entry_posted_at ON ledger_entry (lot_id, posted_at);
CREATE INDEX payment_captured_at ON payment (lot_id, captured_at) WHERE captured_at IS NOT NULL;
CREATE INDEX refund_created_at ON refund (lot_id, created_at);
`;

const RECEIPTS = `
CREATE FUNCTION receipt_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a receipt that was issued is never changed or deleted';
END $$;
CREATE TRIGGER receipt_final BEFORE UPDATE OR DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_is_final();
CREATE TRIGGER receipt_no_truncate BEFORE TRUNCATE ON receipt FOR EACH STATEMENT EXECUTE FUNCTION receipt_is_final();
`;

/** What is still owed from before stands in the books from now on. */
const OPEN_DEBTS = `
WITH owed AS (
  SELECT debt.*, gen_random_uuid() AS transaction_id FROM debt WHERE state = 'OPEN'
)
INSERT INTO ledger_entry (lot_id, id, transaction_id, account, amount_minor, currency, cause_kind, cause_id, posted_at)
  SELECT lot_id, gen_random_uuid(), transaction_id, 'debts:receivable', amount_minor, currency, 'DEBT_OPENED', id, created_at FROM owed
  UNION ALL
  SELECT lot_id, gen_random_uuid(), transaction_id,
    CASE reason WHEN 'NO_SHOW_FEE' THEN 'revenue:no_show' ELSE 'revenue:parking' END, -amount_minor, currency, 'DEBT_OPENED', id, created_at
  FROM owed;
`;

/** Debts in the books, money taken by people, receipts with numbers, and the monitor's memory. */
export class Migration20261121000200 extends Migration {
  override up(): void {
    this.addSql("SET LOCAL lock_timeout = '1s'");
    for (const sql of [TABLES, COLUMNS, CONSTRAINTS, RECEIPTS, OPEN_DEBTS]) this.addSql(sql);
  }
}
