import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { decodeId, encodeId } from '../domain/public-id.ts';
import { actorKey, mayServeLot } from '../domain/viewer.ts';
import { Debt } from '../entities/debt.ts';
import type { Lot } from '../entities/lot.ts';
import { agreeToCollection } from '../payments/agree-to-collection.ts';
import { debtsOfPlate, listDebts } from '../payments/list-debts.ts';
import { payDebt } from '../payments/pay-debt.ts';
import { linkToken } from '../payments/signed-link.ts';
import { waiveDebt } from '../payments/waive-debt.ts';
import { Allow } from '../schema/access.ts';
import { connectionFrom, pageRequest, type Connection } from '../schema/connection.ts';
import {
  AgreeToDebtCollectionInput,
  AgreeToDebtCollectionPayload,
  DebtConnection,
  DebtsArgs,
  DebtType,
  LotDebtsArgs,
  PayDebtInput,
  PayDebtPayload,
  WaiveDebtInput,
  WaiveDebtPayload,
} from '../schema/debt.ts';
import { LotType } from '../schema/lot.ts';
import { Money, money } from '../schema/money.ts';
import { registerNode } from './node.resolver.ts';
import { answer, forbidden, notFound, requireLotId, type Answer } from './payload.ts';
import { timeKey } from './time-key.ts';
import { isPerson, maySee, requireDriver } from './who-asks.ts';

registerNode('dbt', async (context, { lotId, id }) => {
  if (lotId === null || !isPerson(context.viewer)) return null;
  const debt = await context.em.findOne(Debt, { lotId, id });
  return debt && (await maySee(context, debt)) ? debt : null;
});

@Resolver(() => DebtType)
export class DebtResolver {
  @Allow('DRIVER')
  @Query(() => DebtConnection, { description: 'What the driver left owing, at any lot, the newest first.' })
  async debts(@Ctx() context: Context, @Args(() => DebtsArgs) args: DebtsArgs): Promise<Connection<Debt>> {
    return pageOf(context, args, { driverId: requireDriver(context).driverId });
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Query(() => DebtConnection, {
    description: 'What was left owing at a lot, for its staff, the newest first. NOT_FOUND for others.',
  })
  async lotDebts(@Ctx() context: Context, @Args(() => LotDebtsArgs) args: LotDebtsArgs): Promise<Connection<Debt>> {
    const id = decodeId('lot', args.lotId)?.id;
    const lot = id === undefined ? undefined : await context.loaders.lot(id);
    if (!lot || !mayServeLot(context.viewer, lot)) throw notFound('There is no such lot.');
    return pageOf(context, args, { lotId: lot.id });
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Query(() => [DebtType], {
    description:
      'What the plate of a visit left owing at this lot before and is still open, oldest first, for its staff to ask about. It is not charged by itself. NOT_FOUND for visits of other lots.',
  })
  async earlierDebts(
    @Ctx() context: Context,
    @Arg('stayId', () => ID, { description: 'The visit.' }) stayText: string,
  ): Promise<Debt[]> {
    const key = decodeId('sty', stayText);
    if (key?.lotId == null || !(await maySee(context, { lotId: key.lotId }))) throw notFound('There is no such visit.');
    const { lotId, id } = key;
    return debtsOfPlate(context.em, { lotId, stayId: id });
  }

  @Allow('DRIVER')
  @Mutation(() => PayDebtPayload, {
    description:
      'Pays what is left of a debt with a card. Refuses with DEBT_NOT_FOUND, PAYMENT_DECLINED, PAYMENT_ACTION_REQUIRED, PAYMENT_UNAVAILABLE, PAYMENT_IMPOSSIBLE.',
  })
  payDebt(
    @Ctx() context: Context,
    @Arg('input', () => PayDebtInput, { description: 'Which debt, and with what.' }) input: PayDebtInput,
  ): Promise<Answer<object>> {
    const { driverId } = requireDriver(context);
    return answer(async () => {
      const { lotId, id: debtId } = requireLotId('dbt', input.debtId, 'debtId');
      const wish = {
        idempotencyKey: input.idempotencyKey,
        lotId,
        debtId,
        paymentMethodId: input.paymentMethodId ?? undefined,
      };
      const paid = await payDebt(context.platform, wish, { actor: actorKey(context.viewer), driverId });
      return { ...paid, clientSecret: paid.payment.capturedAt == null ? (paid.payment.clientSecret ?? null) : null };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => WaiveDebtPayload, {
    description: 'Lets go of a debt; the books keep who did it and why. Refuses with DEBT_NOT_FOUND, REASON_REQUIRED.',
  })
  waiveDebt(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => WaiveDebtInput, { description: 'Which debt, and why.' }) input: WaiveDebtInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      if (viewer?.kind !== 'STAFF') throw forbidden();
      const { lotId, id: debtId } = requireLotId('dbt', input.debtId, 'debtId');
      const { idempotencyKey, reason } = input;
      return waiveDebt(platform, { idempotencyKey, lotId, debtId, reason }, viewer);
    });
  }

  @Allow('DRIVER')
  @Mutation(() => AgreeToDebtCollectionPayload, {
    description: 'Says whether what the driver owes may be charged to their saved card at the next visit they pay.',
  })
  agreeToDebtCollection(
    @Ctx() context: Context,
    @Arg('input', () => AgreeToDebtCollectionInput, { description: 'Yes or no.' }) input: AgreeToDebtCollectionInput,
  ): Promise<Answer<object>> {
    const driver = requireDriver(context);
    return answer(() => agreeToCollection(context.platform, input, driver));
  }

  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: Debt): string {
    return encodeId('dbt', lotId, id);
  }

  @FieldResolver(() => Money, { description: 'What was left owing.' })
  amount(@Root() { amountMinor, currency }: Debt): Money {
    return money(amountMinor, currency);
  }

  @FieldResolver(() => Money, { description: 'What is still to be paid; zero once it is not open any more.' })
  left(@Root() { state, amountMinor, paidMinor, currency }: Debt): Money {
    return money(state === 'OPEN' ? amountMinor - paidMinor : 0, currency);
  }

  @FieldResolver(() => LotType, { description: 'Where it was left.' })
  async lot(@Ctx() { loaders }: Context, @Root() { lotId }: Debt): Promise<Lot> {
    const lot = await loaders.lot(lotId);
    if (!lot) throw notFound('There is no such lot.');
    return lot;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'A page on which whoever has this address may pay it, without a login; null once it is not open any more.',
  })
  payUrl(@Ctx() { platform }: Context, @Root() debt: Debt): string | null {
    if (debt.state !== 'OPEN') return null;
    return `${platform.config.publicUrl ?? ''}/pay/${linkToken(platform, 'debt', debt)}`;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Why it was let go of, in the words of who did it.' })
  waiveReason(@Root() { waiveReason }: Debt): string | null {
    return waiveReason ?? null;
  }
}

async function pageOf(
  { em }: Context,
  args: DebtsArgs,
  whose: { driverId: string } | { lotId: string },
): Promise<Connection<Debt>> {
  const page = pageRequest(args);
  const filter = { ...whose, ...(args.states == null ? {} : { states: args.states }) };
  const rows = await listDebts(em, filter, { ...page, from: timeKey(page.from) });
  return connectionFrom(rows, page, ({ createdAt, id }) => [String(createdAt.getTime()), id]);
}
