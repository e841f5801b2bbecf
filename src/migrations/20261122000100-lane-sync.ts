import { Migration } from '@mikro-orm/migrations';

const TABLES = `
-- What lanes decided alone, as they wrote it down. The same place in a journal may be claimed twice: the first counts, the other is forged.
CREATE TABLE lane_scan (
  lot_id uuid NOT NULL, id uuid NOT NULL, agent_id uuid NOT NULL, seq bigint NOT NULL, scan_id uuid NULL, gate_id uuid NULL, body text NOT NULL,
  chain text NOT NULL, problem text NULL CHECK (problem IN ('FORGED', 'UNREADABLE')),
  operation text NULL CHECK (operation IN ('CHECK_IN', 'CHECK_OUT', 'OPEN_GATE')), opened boolean NOT NULL,
  observed_at timestamptz(3) NULL, subjects text[] NOT NULL, received_at timestamptz(3) NOT NULL, merged_at timestamptz(3) NULL,
  told_at timestamptz(3) NULL, PRIMARY KEY (lot_id, id)
);
CREATE UNIQUE INDEX lane_scan_seq ON lane_scan (lot_id, agent_id, seq) WHERE problem IS DISTINCT FROM 'FORGED';
CREATE INDEX lane_scan_scan ON lane_scan (lot_id, scan_id);
CREATE INDEX lane_scan_received ON lane_scan (received_at);
CREATE INDEX lane_scan_unmerged ON lane_scan (lot_id, received_at) WHERE merged_at IS NULL OR told_at IS NULL;
CREATE INDEX lane_scan_subjects ON lane_scan USING gin (subjects) WHERE opened AND problem IS NULL;

-- How far each agent's journal has come, and when it was last known to hold nothing that is not here.
CREATE TABLE lane_agent (
  lot_id uuid NOT NULL, agent_id uuid NOT NULL, acknowledged_seq bigint NOT NULL, acknowledged_chain text NOT NULL,
  last_contact_at timestamptz(3) NOT NULL, caught_up_at timestamptz(3) NULL, PRIMARY KEY (lot_id, agent_id)
);

-- The last version of a lot's bundle that was given out: versions grow strictly, whichever process makes them.
CREATE TABLE lane_bundle (lot_id uuid NOT NULL PRIMARY KEY, version bigint NOT NULL, content_hash text NOT NULL, made_at timestamptz(3) NOT NULL);
`;

const INDEXES = `
-- A vehicle's visits and the decisions about them, for merging what lanes decided with what the cloud did.
CREATE INDEX gate_event_stay ON gate_event (lot_id, stay_id) WHERE stay_id IS NOT NULL;
CREATE INDEX gate_event_unknown_exit ON gate_event (lot_id, observed_at) WHERE stay_id IS NULL AND operation = 'CHECK_OUT' AND action = 'OPEN';
-- Whose good signature must not open at a lane.
CREATE INDEX reservation_denied ON reservation (lot_id, ends_at) WHERE state IN ('CANCELLED', 'EXPIRED', 'NO_SHOW');
CREATE INDEX stay_plate ON stay (lot_id, plate_index, entered_at) WHERE plate_index IS NOT NULL;
CREATE INDEX stay_code ON stay (lot_id, code) WHERE code IS NOT NULL;
`;

const DEBTS = `
-- A stay may be corrected more than once; any other reason holds once for a stay.
ALTER TABLE debt DROP CONSTRAINT debt_stay_reason;
CREATE UNIQUE INDEX debt_stay_reason ON debt (lot_id, stay_id, reason) WHERE reason <> 'AMENDED_STAY';
`;

const ROLES = `
ALTER TABLE device DROP CONSTRAINT device_role_check;
ALTER TABLE device ADD CONSTRAINT device_role_check CHECK (role IN ('GATE', 'BOARD', 'MERCHANT', 'LANE'));
`;

/** What lane agents send and get: their journals, how far these have come, and the versions of bundles. */
export class Migration20261122000100 extends Migration {
  override up(): void {
    this.addSql("SET LOCAL lock_timeout = '1s'");
    this.addSql(TABLES);
    this.addSql(INDEXES);
    this.addSql(DEBTS);
    this.addSql(ROLES);
  }
}
