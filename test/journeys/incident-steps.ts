import type { IncidentKind } from '../../src/domain/incident.ts';
import { raiseIncident, type NewIncident } from '../../src/incidents/raise-incident.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { topic } from '../../src/platform/topics.ts';
import { eventually } from '../support/eventually.ts';
import type { TestSystem } from '../support/system.ts';
import type { TestLot } from '../support/world.ts';

const INCIDENT = `id kind severity state summary note imageRef createdAt resolvedAt resolveReason resolveAction resolvedBy { name }
  spot { label } stay { id } reservation { id code } gate { name }`;
const LIST = `query ($lot: ID!, $state: IncidentState, $kinds: [IncidentKind!], $severities: [IncidentSeverity!], $first: Int, $after: String) {
  lot(id: $lot) { incidents(state: $state, kinds: $kinds, severities: $severities, first: $first, after: $after) {
    nodes { ${INCIDENT} } pageInfo { hasNextPage endCursor } } } }`;
const RESOLVE = `mutation ($input: ResolveIncidentInput!) { resolveIncident(input: $input) { incident { ${INCIDENT} } replayed userErrors { code field } } }`;
export const ALERTS = `subscription ($lot: ID!) { alerts(lotId: $lot) { change incident { ${INCIDENT} } } }`;
const TRAIL = `query ($lot: ID!) { lot(id: $lot) { auditTrail { nodes { act reason by { name } } } } }`;

export interface ShownIncident {
  id: string;
  kind: IncidentKind;
  severity: string;
  state: string;
  note: string | null;
  imageRef: string | null;
  spot: { label: string } | null;
  stay: { id: string } | null;
  reservation: { id: string; code: string } | null;
  resolveReason: string | null;
  resolvedBy: { name: string } | null;
}

/** Incidents of a lot, as its staff see them. */
export class Incidents {
  private readonly system: TestSystem;
  private readonly lot: TestLot;

  constructor(system: TestSystem, lot: TestLot) {
    this.system = system;
    this.lot = lot;
  }

  /** As any verb that found something, a little later than the one before: lists are ordered by time. */
  raise(incident: Omit<NewIncident, 'lotId'>): Promise<string | undefined> {
    const { clock } = this.system;
    clock.runFrom(new Date(clock.now().getTime() + 2));
    return inTransaction(this.system.platform, (tx) => raiseIncident(tx, { lotId: this.lot.id, ...incident }));
  }

  /** Until somebody who subscribed will hear of what happens from now on. */
  async listenedTo(): Promise<void> {
    const name = topic.alerts(this.lot.id);
    await eventually(
      async () => (await this.system.platform.redis.pubsub('NUMSUB', name)) as [string, number],
      ([, listeners]) => listeners > 0,
    );
  }

  async page(asked: Record<string, unknown> = {}): Promise<{ nodes: ShownIncident[]; pageInfo: any }> {
    const token = await this.lot.staffToken('ATTENDANT');
    const { data, errors } = await this.system.client(token).query(LIST, { lot: this.lot.publicId, ...asked });
    if (errors) throw new Error(JSON.stringify(errors));
    return data['lot'].incidents;
  }

  async list(asked: Record<string, unknown> = {}): Promise<ShownIncident[]> {
    return (await this.page(asked)).nodes;
  }

  async resolve(token: string, input: { incidentId: string; reason: string; action?: string }): Promise<any> {
    return (await this.system.client(token).query(RESOLVE, { input })).data['resolveIncident'];
  }

  async trail(): Promise<{ act: string; reason: string; by: { name: string } | null }[]> {
    const token = await this.lot.staffToken('OPERATOR');
    const { data, errors } = await this.system.client(token).query(TRAIL, { lot: this.lot.publicId });
    if (errors) throw new Error(JSON.stringify(errors));
    return data['lot'].auditTrail.nodes;
  }
}
