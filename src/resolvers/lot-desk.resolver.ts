import DataLoader from 'dataloader';
import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { listReservations } from '../booking/list-reservations.ts';
import type { Context } from '../context.ts';
import type { ReservationState } from '../domain/reservation.ts';
import type { SpotState } from '../domain/spot-state.ts';
import type { Gate } from '../entities/gate.ts';
import type { Lot } from '../entities/lot.ts';
import type { Reservation } from '../entities/reservation.ts';
import type { Spot } from '../entities/spot.ts';
import type { Staff } from '../entities/staff.ts';
import type { Stay } from '../entities/stay.ts';
import { latestScans } from '../gate/latest-scans.ts';
import { findReservations } from '../insight/find-reservations.ts';
import { reservationTimeline, type Moment } from '../insight/reservation-timeline.ts';
import { spotsNow, type SpotNow } from '../insight/spot-states.ts';
import { visitsOf } from '../insight/visits.ts';
import { StaffMemberType } from '../schema/account.ts';
import { Allow } from '../schema/access.ts';
import { connectionFrom, pageRequest, type Connection } from '../schema/connection.ts';
import { GateEventType, StayType } from '../schema/gate.ts';
import { GateType } from '../schema/lot-gate.ts';
import { LotType } from '../schema/lot.ts';
import { Money, money } from '../schema/money.ts';
import { FindReservationsArgs, LotReservationsArgs, ReservationMomentType, SpotStateEnum } from '../schema/overview.ts';
import { ReservationConnection, ReservationType } from '../schema/reservation.ts';
import { SpotObject } from '../schema/spot.ts';
import { shownGateEvent } from './gate.resolver.ts';
import { badInput } from './payload.ts';
import { perOperation } from './per-operation.ts';
import { timeKey } from './time-key.ts';
import { isStaffOf, requireStaff, requireStaffOf } from './who-asks.ts';

const MOST_SCANS = 100;

/** How spots stand, for one operation: one statement for all spots of a page. */
const nowOf = perOperation(({ em, now }) => new DataLoader<Spot, SpotNow>((spots) => spotsNow(em, spots, now)));

/** The visits of reservations, for one operation. */
const visitOf = perOperation(
  ({ em }) =>
    new DataLoader<Reservation, Stay | undefined, string>((reservations) => visitsOf(em, reservations), {
      cacheKeyFn: ({ id }) => id,
    }),
);

/** A spot as its lot's staff see it; undefined for everybody else. */
async function spotNow(context: Context, spot: Spot): Promise<SpotNow | undefined> {
  const lot = await context.loaders.lot(spot.lotId);
  return lot && isStaffOf(context.viewer, lot) ? nowOf(context).load(spot) : undefined;
}

@Resolver(() => LotType)
export class LotDeskResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @FieldResolver(() => ReservationConnection, {
    description: 'Its reservations, the latest start first. For its staff.',
  })
  async reservations(
    @Ctx() { em, viewer }: Context,
    @Root() lot: Lot,
    @Args(() => LotReservationsArgs) args: LotReservationsArgs,
  ): Promise<Connection<Reservation>> {
    requireStaffOf({ viewer }, lot);
    const page = pageRequest(args);
    const { states, startsFrom, startsUntil } = args;
    const filter = {
      lotId: lot.id,
      ...(states == null ? {} : { states: states as ReservationState[] }),
      ...(startsFrom == null ? {} : { startsFrom }),
      ...(startsUntil == null ? {} : { startsUntil }),
    };
    const rows = await listReservations(em, filter, { ...page, from: timeKey(page.from) });
    return connectionFrom(rows, page, ({ startsAt, id }) => [String(startsAt.getTime()), id]);
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @FieldResolver(() => [GateEventType], {
    description: 'The latest decisions at its gates, the newest first. For its staff; live by `gateActivity`.',
  })
  async scans(
    @Ctx() { em, viewer }: Context,
    @Root() lot: Lot,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
  ): Promise<object[]> {
    requireStaffOf({ viewer }, lot);
    if (first < 1 || first > MOST_SCANS) throw badInput(`\`first\` is 1 to ${MOST_SCANS}`);
    return (await latestScans(em, lot.id, first)).map(shownGateEvent);
  }
}

@Resolver(() => SpotObject)
export class SpotNowResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @FieldResolver(() => SpotStateEnum, {
    nullable: true,
    description: 'How it stands at this moment, for the staff of its lot; null for others.',
  })
  async state(@Ctx() context: Context, @Root() spot: Spot): Promise<SpotState | null> {
    return (await spotNow(context, spot))?.state ?? null;
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @FieldResolver(() => ReservationType, {
    nullable: true,
    description: 'Whose it is at this moment, for the staff of its lot; null when nobody has reserved it for now.',
  })
  async reservation(@Ctx() context: Context, @Root() spot: Spot): Promise<Reservation | null> {
    const id = (await spotNow(context, spot))?.reservationId;
    return id === undefined ? null : ((await context.loaders.reservation({ lotId: spot.lotId, id })) ?? null);
  }
}

@Resolver(() => ReservationType)
export class ReservationTimelineResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @Query(() => [ReservationType], {
    description: 'The reservations that a text means, in the lots of who asks, the latest start first; at most 20.',
  })
  async findReservations(
    @Ctx() context: Context,
    @Args(() => FindReservationsArgs) { text }: FindReservationsArgs,
  ): Promise<Reservation[]> {
    return findReservations(context.platform, text, requireStaff(context));
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @FieldResolver(() => [ReservationMomentType], {
    description: 'Its whole life, oldest first, for the staff of its lot; empty for others.',
  })
  async timeline(@Ctx() { em, loaders, viewer }: Context, @Root() reservation: Reservation): Promise<Moment[]> {
    const lot = await loaders.lot(reservation.lotId);
    return lot && isStaffOf(viewer, lot) ? reservationTimeline(em, reservation) : [];
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @FieldResolver(() => StayType, {
    nullable: true,
    description: 'Its visit, the latest one, for the staff of its lot; null for others, and while no vehicle has come.',
  })
  async stay(@Ctx() context: Context, @Root() reservation: Reservation): Promise<Stay | null> {
    const lot = await context.loaders.lot(reservation.lotId);
    return lot && isStaffOf(context.viewer, lot) ? ((await visitOf(context).load(reservation)) ?? null) : null;
  }
}

@Resolver(() => ReservationMomentType)
export class ReservationMomentResolver {
  @FieldResolver(() => Money, { nullable: true, description: 'How much, where money moved.' })
  amount(@Root() { amountMinor, currency }: Moment): Money | null {
    return amountMinor === undefined ? null : money(amountMinor, currency);
  }

  @FieldResolver(() => GateType, { nullable: true, description: 'At which gate, for a scan.' })
  async gate(@Ctx() { loaders }: Context, @Root() { lotId, gateId }: Moment): Promise<Gate | null> {
    return gateId === undefined ? null : ((await loaders.gate({ lotId, id: gateId })) ?? null);
  }

  @FieldResolver(() => StaffMemberType, { nullable: true, description: 'Who did it, where a person did.' })
  async by(@Ctx() { loaders }: Context, @Root() { staffId }: Moment): Promise<Staff | null> {
    return staffId == null ? null : ((await loaders.staff(staffId)) ?? null);
  }
}
