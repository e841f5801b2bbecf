import DataLoader from 'dataloader';
import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { createPromoCode } from '../accounts/operators/create-promo-code.ts';
import { endPromoCode } from '../accounts/operators/end-promo-code.ts';
import { listPromoCodes, promoUses, servesPromoCode } from '../accounts/operators/list-promo-codes.ts';
import type { Context } from '../context.ts';
import { encodeId } from '../domain/public-id.ts';
import type { Lot } from '../entities/lot.ts';
import { PromoCode } from '../entities/promo-code.ts';
import { mayServeLot } from '../domain/viewer.ts';
import { Allow } from '../schema/access.ts';
import { ConnectionArgs, type Connection } from '../schema/connection.ts';
import {
  CreatePromoCodeInput,
  CreatePromoCodePayload,
  DiscountValueType,
  EndPromoCodeInput,
  EndPromoCodePayload,
  PromoCodeConnection,
  PromoCodeType,
} from '../schema/discount.ts';
import { Money, money } from '../schema/money.ts';
import { discountValueOf, pageById, shownDiscount } from './discount-views.ts';
import { registerNode } from './node.resolver.ts';
import { answer, notFound, requireId, type Answer } from './payload.ts';

registerNode('prm', async ({ em, viewer }, { id }) => {
  if (viewer?.kind !== 'STAFF') return null;
  const promoCode = await em.findOne(PromoCode, { id });
  return promoCode && servesPromoCode(viewer, promoCode) ? promoCode : null;
});

const uses = new WeakMap<object, DataLoader<string, number>>();

/** How often codes were used: all of one moment in one query. */
function usesOf({ em, now }: Context): DataLoader<string, number> {
  const known = uses.get(em);
  if (known) return known;
  const fresh = new DataLoader<string, number>(async (ids) => {
    const counted = await promoUses(em, ids, now);
    return ids.map((id) => counted.get(id) ?? 0);
  });
  uses.set(em, fresh);
  return fresh;
}

/** The lot that a list of an operator is about, for the staff who serve it. Throws NOT_FOUND for everybody else. */
export async function lotOfList({ loaders, viewer }: Context, lotId: string): Promise<Lot> {
  const { id } = requireListedId(lotId);
  const lot = await loaders.lot(id);
  if (!lot || viewer?.kind !== 'STAFF' || !mayServeLot(viewer, lot)) throw notFound('There is no such lot.');
  return lot;
}

function requireListedId(lotId: string): { id: string } {
  try {
    return requireId('lot', lotId, 'lotId');
  } catch {
    throw notFound('There is no such lot.');
  }
}

@Resolver(() => PromoCodeType)
export class PromoCodeResolver {
  @Allow('OPERATOR')
  @Query(() => PromoCodeConnection, {
    description:
      'The promo codes that hold in a lot, the newest first, also ended ones. NOT_FOUND for a lot of others.',
  })
  async promoCodes(
    @Ctx() context: Context,
    @Arg('lotId', () => ID, { description: 'The lot.' }) lotId: string,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<PromoCode>> {
    const { id, operatorId } = await lotOfList(context, lotId);
    return pageById(args, (page) => listPromoCodes(context.em, { operatorId, lotId: id }, page));
  }

  @Allow('OPERATOR')
  @Mutation(() => CreatePromoCodePayload, {
    description: 'Makes a promo code. Nothing of it changes later but its end.',
  })
  createPromoCode(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => CreatePromoCodeInput, { description: 'The promo code.' }) input: CreatePromoCodeInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { operatorId, lotIds, discount, code, ...others } = input;
      const promoCode = {
        ...withoutNulls(others),
        ...(operatorId == null ? {} : { operatorId: requireId('opr', operatorId, 'operatorId').id }),
        ...(lotIds == null ? {} : { lotIds: lotIds.map((lotId) => requireId('lot', lotId, 'lotIds').id) }),
      };
      const made = { ...promoCode, code, value: discountValueOf(discount) };
      return { promoCode: await createPromoCode(platform, made, viewer) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => EndPromoCodePayload, {
    description: 'Ends a promo code. What was booked with it, and quotes that are still kept, keep their price.',
  })
  endPromoCode(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => EndPromoCodeInput, { description: 'Which.' }) { promoCodeId }: EndPromoCodeInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { id } = requireId('prm', promoCodeId, 'promoCodeId');
      return { promoCode: await endPromoCode(platform, id, viewer) };
    });
  }

  @FieldResolver(() => ID)
  id(@Root() { id }: PromoCode): string {
    return encodeId('prm', null, id);
  }

  @FieldResolver(() => DiscountValueType)
  discount(@Root() promoCode: PromoCode): DiscountValueType {
    return shownDiscount(promoCode, promoCode.currency);
  }

  @FieldResolver(() => [ID], { nullable: true })
  lotIds(@Root() { lotIds }: PromoCode): string[] | null {
    return lotIds?.map((id) => encodeId('lot', null, id)) ?? null;
  }

  @FieldResolver(() => Money, { nullable: true })
  smallestPrice(@Root() { smallestPriceMinor, currency }: PromoCode): Money | null {
    return smallestPriceMinor == null || currency == null ? null : money(smallestPriceMinor, currency);
  }

  @FieldResolver(() => Int)
  uses(@Ctx() context: Context, @Root() { id }: PromoCode): Promise<number> {
    return usesOf(context).load(id);
  }
}

type Told<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** An input without what was left out or sent as null. */
export function withoutNulls<T extends object>(input: T): Told<T> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value != null)) as Told<T>;
}
