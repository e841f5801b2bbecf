import { Migration } from '@mikro-orm/migrations';

const INCIDENTS = `
ALTER TABLE incident
  ADD COLUMN severity text not null default 'WARNING' CHECK (severity IN ('INFO', 'WARNING', 'URGENT')),
  ADD COLUMN spot_id uuid null,
  ADD COLUMN reservation_id uuid null,
  ADD COLUMN image_ref text null,
  ADD COLUMN once_key text null,
  ADD COLUMN resolve_reason text null,
  ADD COLUMN resolve_action text null CHECK (resolve_action IN ('FALSE_ALARM', 'NOTHING_TO_DO', 'SPOKE_TO_DRIVER',
    'VEHICLE_MOVED', 'VEHICLE_TURNED_AWAY', 'COUNT_CORRECTED', 'REPAIRED', 'REPORTED_TO_AUTHORITIES'));
CREATE INDEX incident_of_lot ON incident (lot_id, created_at, id);
-- The same cause found again writes no second row.
CREATE UNIQUE INDEX incident_once ON incident (lot_id, once_key) WHERE once_key IS NOT NULL;
-- References to pictures are forgotten by their age.
CREATE INDEX incident_image ON incident (created_at) WHERE image_ref IS NOT NULL;

CREATE TABLE audit_entry (
  lot_id uuid not null, id uuid not null, staff_id uuid not null, act text not null, subject_id uuid null, reason text not null,
  created_at timestamptz(3) not null, PRIMARY KEY (lot_id, id),
  CHECK (act IN ('INCIDENT_RESOLVED', 'STAY_MARKED_LEFT', 'VEHICLE_MARKED_INSIDE', 'INSIDE_LIST_PRINTED', 'SPOT_OVERRIDDEN',
    'SPOT_OVERRIDE_ENDED', 'WATCH_ADDED', 'WATCH_ENDED', 'WATCH_LIST_READ'))
);
CREATE INDEX audit_entry_of_lot ON audit_entry (lot_id, created_at, id);
`;

const WATCH_LIST = `
CREATE TABLE watch_entry (
  lot_id uuid not null, id uuid not null, plate_cipher text not null, plate_index text not null, purpose text not null, note text not null,
  added_by_staff_id uuid not null, created_at timestamptz(3) not null, expires_at timestamptz(3) not null, ended_at timestamptz(3) null,
  PRIMARY KEY (lot_id, id),
  CHECK (purpose IN ('UNPAID_DEBTS', 'BANNED', 'STOLEN', 'DAMAGE', 'SAFETY'))
);
CREATE INDEX watch_entry_plate ON watch_entry (lot_id, plate_index);
CREATE INDEX watch_entry_expires ON watch_entry (expires_at);
`;

const SENSORS = `
CREATE TABLE sensor (
  lot_id uuid not null, id uuid not null, spot_id uuid not null, serial text not null, heartbeat_minutes int not null,
  occupied boolean null, since timestamptz(3) null, sequence smallint null, heard_at timestamptz(3) null,
  silent_after timestamptz(3) not null, battery_percent smallint null, lost_total int not null default 0,
  created_at timestamptz(3) not null, removed_at timestamptz(3) null, PRIMARY KEY (lot_id, id)
);
CREATE INDEX sensor_of_spot ON sensor (lot_id, spot_id);
CREATE UNIQUE INDEX sensor_serial ON sensor (lot_id, serial) WHERE removed_at IS NULL;

-- What sensors saw change, for the turnover of spots. The same change told twice stands once.
CREATE TABLE sensor_change (
  lot_id uuid not null, sensor_id uuid not null, at timestamptz(3) not null, spot_id uuid not null, occupied boolean not null,
  recovered boolean not null, PRIMARY KEY (lot_id, sensor_id, at)
);
CREATE INDEX sensor_change_at ON sensor_change (at);

-- A person's word on a spot counts more than its sensors', until it expires.
CREATE TABLE spot_override (
  lot_id uuid not null, spot_id uuid not null, sight text not null CHECK (sight IN ('OCCUPIED', 'FREE', 'UNKNOWN')),
  reason text not null, staff_id uuid not null, created_at timestamptz(3) not null, expires_at timestamptz(3) not null,
  PRIMARY KEY (lot_id, spot_id)
);

-- When what is known of a spot has to be thought over again although nothing was heard.
ALTER TABLE spot ADD COLUMN look_again_at timestamptz(3) null;
CREATE INDEX spot_look_again ON spot (look_again_at) WHERE look_again_at IS NOT NULL;
CREATE INDEX spot_sensed ON spot (lot_id, sensed_at) WHERE sensed_occupied;
CREATE INDEX stay_on_spot ON stay (lot_id, spot_id) WHERE state = 'INSIDE';
`;

const ROLES = `
ALTER TABLE device DROP CONSTRAINT device_role_check;
ALTER TABLE device ADD CONSTRAINT device_role_check CHECK (role IN ('GATE', 'BOARD', 'MERCHANT', 'LANE', 'SENSOR'));
`;

/** Incidents with their severity, cause and end, what staff did by hand, the watch list, and what sensors see on the spots. */
export class Migration20261122000500 extends Migration {
  override up(): void {
    this.addSql("SET LOCAL lock_timeout = '1s'");
    this.addSql(INCIDENTS);
    this.addSql(WATCH_LIST);
    this.addSql(SENSORS);
    this.addSql(ROLES);
  }
}
