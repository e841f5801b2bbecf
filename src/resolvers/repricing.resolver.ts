import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import type { LeftOutReason } from '../domain/repricing.ts';
import { decodeId, encodeId } from '../domain/public-id.ts';
import { mayServeLot } from '../domain/viewer.ts';
import type { RepricedStay } from '../entities/repriced-stay.ts';
import { Repricing } from '../entities/repricing.ts';
import { cancelRepricing } from '../insight/cancel-repricing.ts';
import { listRepriced, listRepricings } from '../insight/list-repricings.ts';
import { repriceStays } from '../insight/reprice-stays.ts';
import { refundRepricing } from '../payments/refund-repricing.ts';
import { Allow } from '../schema/access.ts';
import { ConnectionArgs, connectionFrom, foreignCursor, pageRequest, type Connection } from '../schema/connection.ts';
import { LotType } from '../schema/lot.ts';
import type { Lot } from '../entities/lot.ts';
import { Money, money } from '../schema/money.ts';
import { Period } from '../schema/period.ts';
import {
  CancelRepricingInput,
  CancelRepricingPayload,
  LeftOutCount,
  RefundRepricingInput,
  RefundRepricingPayload,
  RepricedStayConnection,
  RepriceStaysInput,
  RepriceStaysPayload,
  RepricingType,
  type RepricedStayType,
} from '../schema/repricing.ts';
import { registerNode } from './node.resolver.ts';
import { answer, badInput, requireId, requireLotId, type Answer } from './payload.ts';
import { requireStaffOf } from './who-asks.ts';

registerNode('rpr', (context, { lotId, id }) =>
  lotId === null ? Promise.resolve(null) : visible(context, { lotId, id }),
);

/** The repricing, to the staff of its lot; null to anybody else. */
async function visible(context: Context, { lotId, id }: { lotId: string; id: string }): Promise<Repricing | null> {
  const lot = context.viewer?.kind === 'STAFF' ? await context.loaders.lot(lotId) : undefined;
  return lot && mayServeLot(context.viewer, lot) ? context.em.findOne(Repricing, { lotId, id }) : null;
}

/** The order of the list of changed stays: the difference, then the id. */
function placeOf([difference, stayId, ...rest]: readonly string[]): readonly [number, string] {
  const differenceMinor = Number(difference);
  const isUuid = stayId !== undefined && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(stayId);
  if (!Number.isSafeInteger(differenceMinor) || !isUuid || rest.length > 0) throw foreignCursor();
  return [differenceMinor, stayId];
}

function shownStay(stay: RepricedStay, currency: string): RepricedStayType {
  const { lotId, stayId, leftAt, oldMinor, newMinor, differenceMinor, refundDueMinor, refundedMinor } = stay;
  return {
    stayId: encodeId('sty', lotId, stayId),
    leftAt,
    old: money(oldMinor, currency),
    new: money(newMinor, currency),
    difference: money(differenceMinor, currency),
    refundDue: money(refundDueMinor, currency),
    refunded: refundedMinor == null ? null : money(refundedMinor, currency),
  };
}

@Resolver(() => RepricingType)
export class RepricingResolver {
  @Allow('OPERATOR')
  @Mutation(() => RepriceStaysPayload, {
    description:
      'Prices past stays again under another tariff, to see what would change. Charges and refunds nobody; ask the repricing for its progress.',
  })
  repriceStays(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => RepriceStaysInput, { description: 'Which stays, and by what.' }) input: RepriceStaysInput,
  ): Promise<Answer<object>> {
    if (input.tariffId != null && input.document != null) throw badInput('name a version or send a draft, not both');
    return answer(() => {
      const { idempotencyKey, period, document } = input;
      const lotId = requireId('lot', input.lotId, 'lotId').id;
      const tariffId = input.tariffId == null ? undefined : requireLotId('tar', input.tariffId, 'tariffId').id;
      const { startsAt: fromAt, endsAt: untilAt } = period;
      const wish = { idempotencyKey, lotId, fromAt, untilAt, tariffId, document: document ?? undefined };
      return repriceStays(platform, wish, viewer);
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => CancelRepricingPayload, { description: 'Calls off a repricing that still runs.' })
  cancelRepricing(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => CancelRepricingInput, { description: 'Which.' }) input: CancelRepricingInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, id: repricingId } = requireLotId('rpr', input.repricingId, 'repricingId');
      return { repricing: await cancelRepricing(platform, { lotId, repricingId }, viewer) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => RefundRepricingPayload, {
    description:
      'Gives back everything that a repricing has found to be paid too much: each stay once, and never more than is left of what was paid.',
  })
  refundRepricing(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => RefundRepricingInput, { description: 'Which.' }) input: RefundRepricingInput,
  ): Promise<Answer<object>> {
    return answer(() => {
      const { lotId, id: repricingId } = requireLotId('rpr', input.repricingId, 'repricingId');
      return refundRepricing(platform, { lotId, repricingId, idempotencyKey: input.idempotencyKey }, viewer);
    });
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Query(() => RepricingType, {
    nullable: true,
    description: 'How far a repricing has come, and what it has found; null when it is not there or not yours to see.',
  })
  async repricing(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: 'The repricing.' }) text: string,
  ): Promise<Repricing | null> {
    const { lotId = null, id = '' } = decodeId('rpr', text) ?? {};
    return lotId === null ? null : visible(context, { lotId, id });
  }

  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: Repricing): string {
    return encodeId('rpr', lotId, id);
  }

  @FieldResolver(() => ID)
  lotId(@Root() { lotId }: Repricing): string {
    return encodeId('lot', null, lotId);
  }

  @FieldResolver(() => Period)
  period(@Root() { fromAt, untilAt }: Repricing): Period {
    return { startsAt: fromAt, endsAt: untilAt };
  }

  @FieldResolver(() => Int)
  async versionNumber(@Ctx() { loaders }: Context, @Root() { lotId, tariffId }: Repricing): Promise<number | null> {
    const version = tariffId == null ? undefined : await loaders.tariff({ lotId, id: tariffId });
    return version?.versionNumber ?? null;
  }

  @FieldResolver(() => Number)
  progressPercent(@Root() { state, staysDone, staysTotal }: Repricing): number {
    if (state === 'DONE') return 100;
    return staysTotal === 0 ? 0 : Math.min(100, Math.floor((1000 * staysDone) / staysTotal) / 10);
  }

  @FieldResolver(() => [LeftOutCount])
  leftOut(@Root() { leftOut }: Repricing): LeftOutCount[] {
    return Object.entries(leftOut).map(([reason, stays]) => ({ reason: reason as LeftOutReason, stays }));
  }

  @FieldResolver(() => Money)
  oldTotal(@Root() { oldTotalMinor, currency }: Repricing): Money {
    return money(oldTotalMinor, currency);
  }

  @FieldResolver(() => Money)
  newTotal(@Root() { newTotalMinor, currency }: Repricing): Money {
    return money(newTotalMinor, currency);
  }

  @FieldResolver(() => Money)
  refundsDue(@Root() { refundDueMinor, currency }: Repricing): Money {
    return money(refundDueMinor, currency);
  }

  @FieldResolver(() => Money)
  additionalCharges(@Root() { additionalMinor, currency }: Repricing): Money {
    return money(additionalMinor, currency);
  }

  @FieldResolver(() => Money)
  refunded(@Root() { refundedMinor, currency }: Repricing): Money {
    return money(refundedMinor, currency);
  }

  @FieldResolver(() => String)
  csvPath(@Root() { lotId, id }: Repricing): string {
    return `/repricings/${encodeId('rpr', lotId, id)}.csv`;
  }

  @FieldResolver(() => RepricedStayConnection, {
    description: 'The stays whose price would change, those that were charged most too much first.',
  })
  async changes(
    @Ctx() { em }: Context,
    @Root() repricing: Repricing,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<RepricedStayType>> {
    const { lotId, id: repricingId, currency } = repricing;
    const page = pageRequest(args);
    const { limit, direction } = page;
    const asked = { limit, direction, from: page.from && placeOf(page.from) };
    const rows = await listRepriced(em, { lotId, repricingId }, asked);
    const listed = connectionFrom(rows, page, (row) => [String(row.differenceMinor), row.stayId]);
    return {
      ...listed,
      edges: listed.edges.map(({ cursor, node }) => ({ cursor, node: shownStay(node, currency) })),
      nodes: listed.nodes.map((row) => shownStay(row, currency)),
      totalCount: repricing.staysChanged,
    };
  }
}

@Resolver(() => LotType)
export class LotRepricingsResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @FieldResolver(() => [RepricingType], {
    description: 'The repricings of its stays, the latest first, at most 50. For its staff.',
  })
  async repricings(@Root() lot: Lot, @Ctx() { em, viewer }: Context): Promise<Repricing[]> {
    requireStaffOf({ viewer }, lot);
    return listRepricings(em, lot.id);
  }
}
