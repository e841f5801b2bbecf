import { Migration } from '@mikro-orm/migrations';

const CAMERAS = `
CREATE TABLE camera (
  lot_id uuid not null,
  device_id uuid not null,
  vendor text not null CHECK (vendor IN ('PLATE_RECOGNIZER', 'REKOR', 'AXIS', 'HIKVISION')),
  clock_skew_ms bigint null,
  last_read_at timestamptz(3) not null,
  PRIMARY KEY (lot_id, device_id)
);
CREATE TABLE scan_image (
  lot_id uuid not null,
  scan_id uuid not null,
  image_ref text not null,
  device_id uuid not null,
  created_at timestamptz(3) not null,
  PRIMARY KEY (lot_id, scan_id)
);
CREATE INDEX scan_image_created_at ON scan_image (created_at);
`;

const COMMANDS = `
CREATE TABLE relay_command (
  lot_id uuid not null,
  id uuid not null,
  gate_id uuid not null,
  scan_id uuid not null,
  device_id uuid null,
  channel smallint not null,
  pulse_ms integer not null CHECK (pulse_ms > 0),
  state text not null CHECK (state IN ('NOT_SENT', 'SENT', 'RECEIVED', 'ERROR', 'SUCCESS')),
  error text null,
  created_at timestamptz(3) not null,
  deadline_at timestamptz(3) not null,
  sent_at timestamptz(3) null,
  received_at timestamptz(3) null,
  ended_at timestamptz(3) null,
  PRIMARY KEY (lot_id, id),
  CONSTRAINT relay_command_scan UNIQUE (lot_id, scan_id)
);
CREATE INDEX relay_command_of_gate ON relay_command (lot_id, gate_id, created_at);
CREATE INDEX relay_command_created_at ON relay_command (created_at);
`;

const PASSAGES = `
CREATE TABLE passage (
  lot_id uuid not null,
  id uuid not null,
  gate_id uuid not null,
  device_id uuid null,
  outcome text not null CHECK (outcome IN ('PASSED', 'BACKED_OUT')),
  scan_id uuid null,
  observed_at timestamptz(3) not null,
  reported_at timestamptz(3) not null,
  settled_at timestamptz(3) null,
  PRIMARY KEY (lot_id, id)
);
CREATE UNIQUE INDEX passage_of_scan ON passage (lot_id, scan_id) WHERE scan_id IS NOT NULL;
CREATE INDEX passage_unsettled ON passage (reported_at) WHERE settled_at IS NULL;
CREATE INDEX passage_of_gate ON passage (lot_id, gate_id, observed_at);
CREATE INDEX passage_reported_at ON passage (reported_at);
`;

/** What hardware at lanes does: cameras and their clocks, pictures of scans, commands to barriers, and who drove over the loop. */
export class Migration20261122000600 extends Migration {
  override up(): void {
    this.addSql(CAMERAS);
    this.addSql(COMMANDS);
    this.addSql(PASSAGES);
  }
}
