import { Migration } from '@mikro-orm/migrations';

const INCIDENTS = `
ALTER TABLE incident
  ADD COLUMN severity text not null default 'WARNING',
  ADD COLUMN spot_id uuid null,
  ADD COLUMN reservation_id uuid null,
  ADD COLUMN image_ref text null,
  ADD COLUMN once_key text null,
  ADD COLUMN resolve_reason text null,
  ADD COLUMN resolve_action text null;
ALTER TABLE incident ADD CONSTRAINT incident_severity_check CHECK (severity IN ('INFO', 'WARNING', 'URGENT'));
ALTER TABLE incident ADD CONSTRAINT incident_resolve_action_check CHECK (resolve_action IN ('FALSE_ALARM', 'NOTHING_TO_DO',
  'SPOKE_TO_DRIVER', 'VEHICLE_MOVED', 'VEHICLE_TURNED_AWAY', 'COUNT_CORRECTED', 'REPAIRED', 'REPORTED_TO_AUTHORITIES'));
CREATE INDEX incident_of_lot ON incident (lot_id, created_at, id);
CREATE UNIQUE INDEX incident_once ON incident (lot_id, once_key) WHERE once_key IS NOT NULL;
`;

/** Incidents with their severity, their cause and how they were settled. */
export class Migration20261122000500 extends Migration {
  override up(): void {
    this.addSql("SET LOCAL lock_timeout = '1s'");
    this.addSql(INCIDENTS);
  }
}
