import DataLoader from 'dataloader';
import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { listMerchants, listValidations } from '../accounts/operators/list-merchants.ts';
import { createMerchant, updateMerchant } from '../accounts/operators/set-up-merchant.ts';
import type { Context } from '../context.ts';
import { merchantMonths } from '../discounts/merchant-month.ts';
import type { MerchantMonth } from '../domain/merchant-limits.ts';
import { localMonth } from '../domain/monthly-pass.ts';
import { decodeId, encodeId } from '../domain/public-id.ts';
import { actorKey, mayServeLot } from '../domain/viewer.ts';
import type { Lot } from '../entities/lot.ts';
import { Merchant } from '../entities/merchant.ts';
import { Validation } from '../entities/validation.ts';
import { validateStay } from '../gate/validate-stay.ts';
import { Allow } from '../schema/access.ts';
import { ConnectionArgs, type Connection } from '../schema/connection.ts';
import { DiscountValueType } from '../schema/discount.ts';
import {
  CreateMerchantInput,
  CreateMerchantPayload,
  MerchantConnection,
  MerchantType,
  UpdateMerchantInput,
  UpdateMerchantPayload,
  ValidateStayInput,
  ValidateStayPayload,
  ValidationConnection,
  ValidationType,
} from '../schema/merchant.ts';
import { Money, money } from '../schema/money.ts';
import { asGuess } from './code-guess.ts';
import { lotOfList, withoutNulls } from './discount.resolver.ts';
import { discountValueOf, pageById, shownDiscount } from './discount-views.ts';
import { registerNode } from './node.resolver.ts';
import { answer, notFound, requireId, requireLotId, type Answer } from './payload.ts';
import { perOperation } from './per-operation.ts';

registerNode('mer', async ({ em, loaders, viewer }, { lotId, id }) => {
  const lot = lotId === null || viewer?.kind !== 'STAFF' ? undefined : await loaders.lot(lotId);
  return lot && mayServeLot(viewer, lot) ? em.findOne(Merchant, { lotId: lot.id, id }) : null;
});
registerNode('val', async ({ em, loaders, viewer }, { lotId, id }) => {
  if (lotId === null || (viewer?.kind !== 'STAFF' && viewer?.kind !== 'DEVICE')) return null;
  const validation = await em.findOne(Validation, { lotId, id });
  const lot = await loaders.lot(lotId);
  const isOwn = validation?.givenBy === actorKey(viewer);
  return isOwn || (viewer.kind === 'STAFF' && lot && mayServeLot(viewer, lot)) ? validation : null;
});

type ThisMonth = MerchantMonth & { readonly lot: Lot };

/** What merchants have given this month: all of one moment in one query. */
const thisMonth = perOperation(({ em, now, loaders }) => {
  const read = async (merchants: readonly Merchant[]): Promise<(ThisMonth | Error)[]> => {
    const lots = await Promise.all(merchants.map(({ lotId }) => loaders.lot(lotId)));
    const asked = merchants.flatMap(({ lotId, id: merchantId }, index) => {
      const lot = lots[index];
      return lot ? [{ lotId, merchantId, month: localMonth(now, lot.timeZone) }] : [];
    });
    const given = await merchantMonths(em, asked);
    return merchants.map(({ id }, index) => {
      const lot = lots[index];
      return lot ? { ...(given.get(id) ?? { minor: 0, count: 0 }), lot } : new Error('a merchant without a lot');
    });
  };
  return new DataLoader(read, { cacheKeyFn: ({ id }: Merchant) => id });
});

@Resolver(() => MerchantType)
export class MerchantResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @Query(() => MerchantConnection, {
    description:
      'The merchants of a lot with what is left of their budgets, the newest first. NOT_FOUND for a lot of others.',
  })
  async merchants(
    @Ctx() context: Context,
    @Arg('lotId', () => ID, { description: 'The lot.' }) lotId: string,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<Merchant>> {
    const { id } = await lotOfList(context, lotId);
    return pageById(args, (page) => listMerchants(context.em, id, page));
  }

  @Allow('OPERATOR')
  @Mutation(() => CreateMerchantPayload, {
    description: 'Makes a merchant that takes over parts of its guests’ stays.',
  })
  createMerchant(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => CreateMerchantInput, { description: 'The merchant.' }) input: CreateMerchantInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, name, mostMinor, ...others } = input;
      const merchant = { ...withoutNulls(others), lotId: requireId('lot', lotId, 'lotId').id, name, mostMinor };
      return { merchant: await createMerchant(platform, merchant, viewer) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => UpdateMerchantPayload, { description: 'Changes what a merchant may give, or ends it.' })
  updateMerchant(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => UpdateMerchantInput, { description: 'What changes.' }) input: UpdateMerchantInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, id: merchantId } = requireLotId('mer', input.merchantId, 'merchantId');
      const { budgetMinor, budgetCount, mostMinor, perStay, stackable, ended } = input;
      const terms = { ...withoutNulls({ mostMinor, perStay, stackable, ended }), budgetMinor, budgetCount };
      return { merchant: await updateMerchant(platform, { ...terms, lotId, merchantId }, viewer) };
    });
  }

  @Allow('MERCHANT', 'ATTENDANT', 'OPERATOR')
  @Mutation(() => ValidateStayPayload, {
    description:
      'A merchant takes over a part of what its guest’s stay costs. Five wrong guests a minute, then TOO_MANY_ATTEMPTS.',
  })
  validateStay(
    @Ctx() context: Context,
    @Arg('input', () => ValidateStayInput, { description: 'Whose stay, and how much.' }) input: ValidateStayInput,
  ): Promise<Answer<object>> {
    const { platform, viewer } = context;
    return answer(() => {
      const { idempotencyKey, merchantId, guest: credential } = input;
      const named = merchantId == null ? undefined : requireLotId('mer', merchantId, 'merchantId');
      const merchant = named && { lotId: named.lotId, merchantId: named.id };
      const wish = { idempotencyKey, merchant, credential, value: discountValueOf(input.discount) };
      const guess = { purpose: 'validation', subject: actorKey(viewer) };
      return asGuess(context, guess, () => validateStay(platform, wish, viewer));
    });
  }

  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: Merchant): string {
    return encodeId('mer', lotId, id);
  }

  @FieldResolver(() => Money, { nullable: true })
  async budget(@Ctx() context: Context, @Root() merchant: Merchant): Promise<Money | null> {
    const { lot } = await thisMonth(context).load(merchant);
    return merchant.budgetMinor == null ? null : money(merchant.budgetMinor, lot.currency);
  }

  @FieldResolver(() => Money)
  async most(@Ctx() context: Context, @Root() merchant: Merchant): Promise<Money> {
    return money(merchant.mostMinor, (await thisMonth(context).load(merchant)).lot.currency);
  }

  @FieldResolver(() => Money)
  async spent(@Ctx() context: Context, @Root() merchant: Merchant): Promise<Money> {
    const { minor, lot } = await thisMonth(context).load(merchant);
    return money(minor, lot.currency);
  }

  @FieldResolver(() => Int)
  async given(@Ctx() context: Context, @Root() merchant: Merchant): Promise<number> {
    return (await thisMonth(context).load(merchant)).count;
  }

  @FieldResolver(() => Money, { nullable: true })
  async remaining(@Ctx() context: Context, @Root() merchant: Merchant): Promise<Money | null> {
    if (merchant.budgetMinor == null) return null;
    const { minor, lot } = await thisMonth(context).load(merchant);
    return money(Math.max(0, merchant.budgetMinor - minor), lot.currency);
  }

  @FieldResolver(() => Int, { nullable: true })
  async remainingCount(@Ctx() context: Context, @Root() merchant: Merchant): Promise<number | null> {
    if (merchant.budgetCount == null) return null;
    return Math.max(0, merchant.budgetCount - (await thisMonth(context).load(merchant)).count);
  }
}

@Resolver(() => ValidationType)
export class ValidationResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @Query(() => ValidationConnection, {
    description:
      'What a merchant has given, the newest first, with what it pays for each. NOT_FOUND for one of others.',
  })
  async validations(
    @Ctx() context: Context,
    @Arg('merchantId', () => ID, { description: 'The merchant.' }) merchantText: string,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<Validation>> {
    const merchant = decodeId('mer', merchantText);
    if (merchant?.lotId == null) throw notFound('There is no such merchant.');
    const { id: lotId } = await lotOfList(context, encodeId('lot', null, merchant.lotId));
    return pageById(args, (page) => listValidations(context.em, { lotId, merchantId: merchant.id }, page));
  }

  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: Validation): string {
    return encodeId('val', lotId, id);
  }

  @FieldResolver(() => DiscountValueType)
  discount(@Root() validation: Validation): DiscountValueType {
    return shownDiscount(validation, validation.currency);
  }

  @FieldResolver(() => Money, { nullable: true })
  worth(@Root() { worthMinor, currency }: Validation): Money | null {
    return worthMinor == null ? null : money(worthMinor, currency);
  }

  @FieldResolver(() => Money, { nullable: true })
  cost(@Root() { costMinor, currency }: Validation): Money | null {
    return costMinor == null ? null : money(costMinor, currency);
  }
}
