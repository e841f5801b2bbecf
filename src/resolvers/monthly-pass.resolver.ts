import DataLoader from 'dataloader';
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { listMonthlyPasses, listPassProducts, platesOfPasses } from '../accounts/operators/list-merchants.ts';
import { offerMonthlyPass, withdrawMonthlyPass } from '../accounts/operators/offer-monthly-pass.ts';
import { buyMonthlyPass } from '../booking/buy-monthly-pass.ts';
import { endMonthlyPass, setRenewal } from '../booking/end-monthly-pass.ts';
import { grantMonthlyPass } from '../booking/grant-monthly-pass.ts';
import type { Context } from '../context.ts';
import { decodeId, encodeId } from '../domain/public-id.ts';
import { MonthlyPassProduct } from '../entities/monthly-pass-product.ts';
import { MonthlyPass } from '../entities/monthly-pass.ts';
import { Allow } from '../schema/access.ts';
import { ConnectionArgs, type Connection } from '../schema/connection.ts';
import { Money, money } from '../schema/money.ts';
import {
  BuyMonthlyPassInput,
  BuyMonthlyPassPayload,
  EndMonthlyPassInput,
  GrantMonthlyPassInput,
  GrantMonthlyPassPayload,
  MonthlyPassConnection,
  MonthlyPassPayload,
  MonthlyPassProductType,
  MonthlyPassType,
  OfferMonthlyPassInput,
  OfferMonthlyPassPayload,
  PassHoursType,
  SetMonthlyPassRenewalInput,
  WithdrawMonthlyPassInput,
  WithdrawMonthlyPassPayload,
} from '../schema/monthly-pass.ts';
import { Period } from '../schema/period.ts';
import { lotOfList, withoutNulls } from './discount.resolver.ts';
import { pageById, passHoursOf, shownPassHours } from './discount-views.ts';
import { registerNode } from './node.resolver.ts';
import { answer, forbidden, requireId, requireLotId, type Answer } from './payload.ts';
import { perOperation } from './per-operation.ts';
import { isPerson, maySee, requireDriver } from './who-asks.ts';

registerNode('mpp', ({ em }, { lotId, id }) =>
  lotId === null ? Promise.resolve(null) : em.findOne(MonthlyPassProduct, { lotId, id }),
);
registerNode('mps', async (context, { lotId, id }) => {
  if (lotId === null || !isPerson(context.viewer)) return null;
  const pass = await context.em.findOne(MonthlyPass, { lotId, id });
  return pass && (await maySee(context, pass)) ? pass : null;
});

/** The plates of passes in clear: all of one moment in one query. */
const platesOf = perOperation(({ em, platform }) => {
  const read = async (passes: readonly MonthlyPass[]): Promise<string[][]> => {
    const sealed = await platesOfPasses(em, passes);
    const open = ({ id }: MonthlyPass) =>
      (sealed.get(id) ?? []).map(({ plateCipher }) => platform.plates.open(plateCipher)).sort();
    return passes.map(open);
  };
  return new DataLoader(read, { cacheKeyFn: ({ id }: MonthlyPass) => id });
});

@Resolver(() => MonthlyPassProductType)
export class MonthlyPassProductResolver {
  @Allow('PUBLIC')
  @Query(() => [MonthlyPassProductType], {
    description:
      'The monthly passes that a lot sells, the cheapest first, at most 100. Empty for a lot that is not there.',
  })
  async monthlyPassProducts(
    @Ctx() { em }: Context,
    @Arg('lotId', () => ID, { description: 'The lot.' }) lotId: string,
  ): Promise<MonthlyPassProduct[]> {
    const lot = decodeId('lot', lotId);
    return lot ? listPassProducts(em, lot.id) : [];
  }

  @Allow('OPERATOR')
  @Mutation(() => OfferMonthlyPassPayload, { description: 'Puts a monthly pass on sale.' })
  offerMonthlyPass(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => OfferMonthlyPassInput, { description: 'What is sold.' }) input: OfferMonthlyPassInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { name, priceMinor, usesPerMonth, mostPlates } = input;
      const lotId = requireId('lot', input.lotId, 'lotId').id;
      const hours = input.hours == null ? {} : { hours: input.hours.map(passHoursOf) };
      const limits = withoutNulls({ usesPerMonth, mostPlates });
      return { product: await offerMonthlyPass(platform, { lotId, name, priceMinor, ...hours, ...limits }, viewer) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => WithdrawMonthlyPassPayload, {
    description: 'Takes a monthly pass off sale. Those that were sold go on until their month ends.',
  })
  withdrawMonthlyPass(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => WithdrawMonthlyPassInput, { description: 'Which.' }) input: WithdrawMonthlyPassInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, id: productId } = requireLotId('mpp', input.productId, 'productId');
      return { product: await withdrawMonthlyPass(platform, { lotId, productId }, viewer) };
    });
  }

  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: MonthlyPassProduct): string {
    return encodeId('mpp', lotId, id);
  }

  @FieldResolver(() => Money)
  price(@Root() { priceMinor, currency }: MonthlyPassProduct): Money {
    return money(priceMinor, currency);
  }

  @FieldResolver(() => [PassHoursType])
  hours(@Root() { hours }: MonthlyPassProduct): PassHoursType[] {
    return hours.map(shownPassHours);
  }
}

@Resolver(() => MonthlyPassType)
export class MonthlyPassResolver {
  @Allow('DRIVER')
  @Query(() => MonthlyPassConnection, { description: 'The driver’s own monthly passes, the newest first.' })
  async monthlyPasses(
    @Ctx() context: Context,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<MonthlyPass>> {
    const { driverId } = requireDriver(context);
    return pageById(args, (page) => listMonthlyPasses(context.em, { driverId }, page));
  }

  @Allow('OPERATOR')
  @Query(() => MonthlyPassConnection, {
    description: 'The monthly passes of a lot, the newest first. NOT_FOUND for a lot of others.',
  })
  async lotMonthlyPasses(
    @Ctx() context: Context,
    @Arg('lotId', () => ID, { description: 'The lot.' }) lotId: string,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<MonthlyPass>> {
    const lot = await lotOfList(context, lotId);
    return pageById(args, (page) => listMonthlyPasses(context.em, { lotId: lot.id }, page));
  }

  @Allow('DRIVER')
  @Mutation(() => BuyMonthlyPassPayload, {
    description: 'Buys a monthly pass: its first month is paid now. It holds no spot.',
  })
  buyMonthlyPass(
    @Ctx() context: Context,
    @Arg('input', () => BuyMonthlyPassInput, { description: 'Which, and with what.' }) input: BuyMonthlyPassInput,
  ): Promise<Answer<object>> {
    return answer(() => {
      const { idempotencyKey, productId: product, ...others } = input;
      const { lotId, id: productId } = requireLotId('mpp', product, 'productId');
      const wish = { ...withoutNulls(others), idempotencyKey, lotId, productId };
      return buyMonthlyPass(context.platform, wish, requireDriver(context));
    });
  }

  @Allow('DRIVER')
  @Mutation(() => MonthlyPassPayload, { description: 'Says whether a monthly pass goes on by itself.' })
  setMonthlyPassRenewal(
    @Ctx() context: Context,
    @Arg('input', () => SetMonthlyPassRenewalInput, { description: 'Which.' }) input: SetMonthlyPassRenewalInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, id: monthlyPassId } = requireLotId('mps', input.monthlyPassId, 'monthlyPassId');
      const wish = { lotId, monthlyPassId, renews: input.renews };
      return { monthlyPass: await setRenewal(context.platform, wish, requireDriver(context)) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => GrantMonthlyPassPayload, { description: 'Gives a monthly pass away, to plates or to a driver.' })
  grantMonthlyPass(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => GrantMonthlyPassInput, { description: 'Which, and to whom.' }) input: GrantMonthlyPassInput,
  ): Promise<Answer<object>> {
    return answer(() => {
      if (viewer?.kind !== 'STAFF') throw forbidden();
      const { idempotencyKey, productId: product, ...others } = input;
      const { lotId, id: productId } = requireLotId('mpp', product, 'productId');
      return grantMonthlyPass(platform, { ...withoutNulls(others), idempotencyKey, lotId, productId }, viewer);
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => MonthlyPassPayload, {
    description: 'Takes a monthly pass back at once. Nothing is paid back by it: refund the payment for that.',
  })
  endMonthlyPass(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => EndMonthlyPassInput, { description: 'Which.' }) input: EndMonthlyPassInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, id: monthlyPassId } = requireLotId('mps', input.monthlyPassId, 'monthlyPassId');
      return { monthlyPass: await endMonthlyPass(platform, { lotId, monthlyPassId }, viewer) };
    });
  }

  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: MonthlyPass): string {
    return encodeId('mps', lotId, id);
  }

  @FieldResolver(() => Period)
  period(@Root() { startsAt, endsAt }: MonthlyPass): Period {
    return { startsAt, endsAt };
  }

  @FieldResolver(() => Money)
  price(@Root() { priceMinor, currency }: MonthlyPass): Money {
    return money(priceMinor, currency);
  }

  @FieldResolver(() => [PassHoursType])
  hours(@Root() { hours }: MonthlyPass): PassHoursType[] {
    return hours.map(shownPassHours);
  }

  @FieldResolver(() => [String])
  async plates(@Ctx() context: Context, @Root() pass: MonthlyPass): Promise<string[]> {
    // Whoever knows an e-mail address must not learn the plates of its driver by giving a pass away.
    const isOfAccount = pass.grantedByStaffId != null && pass.driverId != null;
    return isOfAccount && context.viewer?.kind !== 'DRIVER' ? [] : platesOf(context).load(pass);
  }
}
