import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../context.ts';
import { incidentSentence, knownKind, type IncidentKind, type IncidentState } from '../domain/incident.ts';
import { decodeId, encodeId } from '../domain/public-id.ts';
import { Refusal } from '../domain/refusal.ts';
import { mayServeLot } from '../domain/viewer.ts';
import type { AuditEntry } from '../entities/audit-entry.ts';
import type { Gate } from '../entities/gate.ts';
import { Incident } from '../entities/incident.ts';
import type { Lot } from '../entities/lot.ts';
import type { Reservation } from '../entities/reservation.ts';
import type { Spot } from '../entities/spot.ts';
import type { Staff } from '../entities/staff.ts';
import type { Stay } from '../entities/stay.ts';
import { listActs } from '../incidents/audit.ts';
import { listIncidents, type IncidentFilter } from '../incidents/list-incidents.ts';
import { imagesOfScans } from '../incidents/scan-images.ts';
import { resolveIncident } from '../incidents/resolve-incident.ts';
import { watchIncidents, type AlertEvent } from '../incidents/watch-incidents.ts';
import { StaffMemberType } from '../schema/account.ts';
import { Allow } from '../schema/access.ts';
import { connectionFrom, pageRequest, type Connection } from '../schema/connection.ts';
import { StayType } from '../schema/gate.ts';
import {
  AlertType,
  AuditEntryConnection,
  AuditEntryType,
  AuditTrailArgs,
  IncidentConnection,
  IncidentKindEnum,
  IncidentsArgs,
  IncidentStateEnum,
  IncidentType,
  ResolveIncidentInput,
  ResolveIncidentPayload,
} from '../schema/incident.ts';
import { GateType } from '../schema/lot-gate.ts';
import { LotType } from '../schema/lot.ts';
import { ReservationType } from '../schema/reservation.ts';
import { SpotObject } from '../schema/spot.ts';
import { registerNode } from './node.resolver.ts';
import { answer, forbidden, notFound, requireLotId, type Answer } from './payload.ts';
import { requireStaffOf } from './who-asks.ts';
import { timeKey } from './time-key.ts';

registerNode('inc', async ({ em, viewer, loaders }, { lotId, id }) => {
  const lot = lotId !== null && viewer?.kind === 'STAFF' ? await loaders.lot(lotId) : undefined;
  return lot && mayServeLot(viewer, lot) ? em.findOne(Incident, { lotId: lot.id, id }) : null;
});

interface ScanKey {
  readonly lotId: string;
  readonly scanId: string;
}
type ScanImages = DataLoader<ScanKey, string | null, string>;
const scanKey = ({ lotId, scanId }: ScanKey) => `${lotId}/${scanId}`;
const images = new WeakMap<EntityManager, ScanImages>();

/** The pictures of scans, for one operation: one query for all incidents of a page. */
function imagesOf(em: EntityManager): ScanImages {
  const known = images.get(em);
  if (known) return known;
  const fresh: ScanImages = new DataLoader(
    async (scans) => {
      const found = new Map((await imagesOfScans(em, scans)).map((image) => [scanKey(image), image.imageRef]));
      return scans.map((scan) => found.get(scanKey(scan)) ?? null);
    },
    { cacheKeyFn: scanKey },
  );
  images.set(em, fresh);
  return fresh;
}

/** A list by time and id. */
const keyOf = ({ createdAt, id }: { createdAt: Date; id: string }) => [String(createdAt.getTime()), id];

@Resolver(() => IncidentType)
export class IncidentResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @Mutation(() => ResolveIncidentPayload, {
    description:
      'Settles an incident; who did it and why is recorded. Refuses with REASON_REQUIRED, LOT_NOT_FOUND, INCIDENT_NOT_FOUND.',
  })
  resolveIncident(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => ResolveIncidentInput, { description: 'Which, and how it ended.' }) input: ResolveIncidentInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      if (viewer?.kind !== 'STAFF') throw forbidden();
      const { lotId, id: incidentId } = requireLotId('inc', input.incidentId, 'incidentId');
      const { reason, action } = input;
      return resolveIncident(platform, { lotId, incidentId, reason, action: action ?? undefined }, viewer);
    });
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Subscription(() => AlertType, {
    description:
      'Every incident of a lot that is raised or settled from now on, for its staff. What was before: `Lot.incidents`. NOT_FOUND for others.',
    subscribe: ({ context, args }: { context: Context; args: { lotId: string } }) => watched(context, args.lotId),
  })
  async alerts(
    @Ctx() { em }: Context,
    @Root() { lotId, incidentId, change }: AlertEvent,
    @Arg('lotId', () => ID, { description: 'The lot.' }) _lotId: string,
  ): Promise<object> {
    return { change, incident: await em.findOneOrFail(Incident, { lotId, id: incidentId }) };
  }

  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: Incident): string {
    return encodeId('inc', lotId, id);
  }

  @FieldResolver(() => IncidentKindEnum, { description: 'What happened.' })
  kind(@Root() { kind }: Incident): IncidentKind {
    return knownKind(kind);
  }

  @FieldResolver(() => String, { description: 'What happened, in a sentence.' })
  summary(@Root() { kind }: Incident): string {
    return incidentSentence(kind);
  }

  @FieldResolver(() => IncidentStateEnum, { description: 'Whether somebody still has to look.' })
  state(@Root() { resolvedAt }: Incident): IncidentState {
    return resolvedAt == null ? 'OPEN' : 'RESOLVED';
  }

  @FieldResolver(() => LotType, { description: 'Where it happened.' })
  async lot(@Ctx() { loaders }: Context, @Root() { lotId }: Incident): Promise<Lot> {
    const lot = await loaders.lot(lotId);
    if (!lot) throw notFound('This lot is gone.');
    return lot;
  }

  @FieldResolver(() => GateType, { nullable: true, description: 'The gate where it happened.' })
  async gate(@Ctx() { loaders }: Context, @Root() { lotId, gateId }: Incident): Promise<Gate | null> {
    return gateId == null ? null : ((await loaders.gate({ lotId, id: gateId })) ?? null);
  }

  @FieldResolver(() => SpotObject, { nullable: true, description: 'The spot that it is about.' })
  async spot(@Ctx() { loaders }: Context, @Root() { lotId, spotId }: Incident): Promise<Spot | null> {
    return spotId == null ? null : ((await loaders.spot({ lotId, id: spotId })) ?? null);
  }

  @FieldResolver(() => StayType, { nullable: true, description: 'The visit that it is about.' })
  async stay(@Ctx() { loaders }: Context, @Root() { lotId, stayId }: Incident): Promise<Stay | null> {
    return stayId == null ? null : ((await loaders.stay({ lotId, id: stayId })) ?? null);
  }

  @FieldResolver(() => ReservationType, { nullable: true, description: 'The reservation that it is about.' })
  async reservation(
    @Ctx() { loaders }: Context,
    @Root() { lotId, reservationId }: Incident,
  ): Promise<Reservation | null> {
    return reservationId == null ? null : ((await loaders.reservation({ lotId, id: reservationId })) ?? null);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Where a camera’s picture or clip of it, or of its scan, lies (an address, or the name that the camera or its recorder gave it); null: none, or forgotten by now.',
  })
  async imageRef(@Ctx() { em }: Context, @Root() { lotId, scanId, imageRef }: Incident): Promise<string | null> {
    if (imageRef != null || scanId == null) return imageRef ?? null;
    return imagesOf(em).load({ lotId, scanId });
  }

  @FieldResolver(() => StaffMemberType, {
    nullable: true,
    description: 'Who settled it; null while it is open, and when its cause went away by itself.',
  })
  async resolvedBy(@Ctx() { loaders }: Context, @Root() { resolvedByStaffId }: Incident): Promise<Staff | null> {
    return resolvedByStaffId == null ? null : ((await loaders.staff(resolvedByStaffId)) ?? null);
  }
}

@Resolver(() => AuditEntryType)
export class AuditEntryResolver {
  @FieldResolver(() => StaffMemberType, { nullable: true, description: 'Who did it; null for somebody who is gone.' })
  async by(@Ctx() { loaders }: Context, @Root() { staffId }: AuditEntry): Promise<Staff | null> {
    return (await loaders.staff(staffId)) ?? null;
  }
}

@Resolver(() => LotType)
export class LotIncidentsResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @FieldResolver(() => IncidentConnection, {
    description: 'What a person should look at, the newest first. For its staff; live by `alerts`.',
  })
  async incidents(
    @Ctx() { em, viewer }: Context,
    @Root() lot: Lot,
    @Args(() => IncidentsArgs) args: IncidentsArgs,
  ): Promise<Connection<Incident>> {
    requireStaffOf({ viewer }, lot);
    const page = pageRequest(args);
    const rows = await listIncidents(em, filterOf(lot.id, args), { ...page, from: timeKey(page.from) });
    return connectionFrom(rows, page, keyOf);
  }

  @Allow('OPERATOR')
  @FieldResolver(() => AuditEntryConnection, {
    description: 'What its staff did by hand, with their reasons, the newest first.',
  })
  async auditTrail(
    @Ctx() { em, viewer }: Context,
    @Root() lot: Lot,
    @Args(() => AuditTrailArgs) args: AuditTrailArgs,
  ): Promise<Connection<AuditEntry>> {
    requireStaffOf({ viewer }, lot);
    const page = pageRequest(args);
    const filter = { lotId: lot.id, ...(args.acts == null ? {} : { acts: args.acts }) };
    return connectionFrom(await listActs(em, filter, { ...page, from: timeKey(page.from) }), page, keyOf);
  }
}

function filterOf(lotId: string, { state, kinds, severities }: IncidentsArgs): IncidentFilter {
  return {
    lotId,
    ...(state == null ? {} : { state }),
    ...(kinds == null ? {} : { kinds }),
    ...(severities == null ? {} : { severities }),
  };
}

async function watched({ platform, viewer }: Context, lotText: string): Promise<AsyncIterableIterator<AlertEvent>> {
  const lot = decodeId('lot', lotText);
  if (!lot) throw notFound('There is no such lot.');
  try {
    return await watchIncidents(platform, lot.id, viewer);
  } catch (error) {
    throw error instanceof Refusal ? notFound(error.message) : error;
  }
}
