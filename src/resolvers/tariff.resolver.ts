import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import type { Discount } from '../domain/tariff/discount.ts';
import type { ComparedStay } from '../domain/tariff/sample-stays.ts';
import type { Lot } from '../entities/lot.ts';
import { listTariffs } from '../insight/list-tariffs.ts';
import { priceFor, type PriceFor, type PriceForRequest } from '../insight/price-for.ts';
import { tariffDifference, type TariffDifference } from '../insight/tariff-difference.ts';
import { Allow } from '../schema/access.ts';
import { ConnectionArgs, connectionFrom, foreignCursor, pageRequest, type Connection } from '../schema/connection.ts';
import { LotType } from '../schema/lot.ts';
import { money } from '../schema/money.ts';
import { shownNext, shownPrice } from '../schema/price.ts';
import {
  PriceForInput,
  PriceForPayload,
  TariffConnection,
  TariffDifferenceInput,
  TariffDifferencePayload,
  type ComparedStayType,
  type PriceForType,
  type TariffDifferenceType,
  type TriedDiscountInput,
} from '../schema/tariff-questions.ts';
import type { TariffType } from '../schema/tariff.ts';
import { shownTariff } from './lot-views.ts';
import { registerNode } from './node.resolver.ts';
import { answer, badInput, requireId, requireLotId, type Answer } from './payload.ts';
import { requireStaffOf } from './who-asks.ts';

const MOST_DISCOUNTS = 10;

registerNode('tar', async ({ loaders }, { lotId, id }): Promise<TariffType | null> => {
  const tariff = lotId === null ? undefined : await loaders.tariff({ lotId, id });
  return tariff ? shownTariff(tariff) : null;
});

/** A version by its id, or a draft, never both. The version must be one of the lot's, which the verb looks after. */
function asked(tariffId: string | null | undefined, document: Record<string, unknown> | null | undefined) {
  if (tariffId != null && document != null) throw badInput('name a version or send a draft, not both');
  return {
    tariffId: tariffId == null ? undefined : requireLotId('tar', tariffId, 'tariffId').id,
    document: document ?? undefined,
  };
}

function discountOf(
  { source, name, kind, minor, percent, minutes, meaning }: TriedDiscountInput,
  index: number,
): Discount {
  const tried = { source, id: `tried-${index}`, name };
  const isShare = percent != null && percent >= 0 && percent <= 100;
  if (kind === 'MONEY' && minor != null && minor >= 0) return { ...tried, kind, minor };
  if (kind === 'PERCENT' && isShare) return { ...tried, kind, percent };
  if (kind === 'TIME' && minutes != null && minutes >= 0 && minutes <= 100_000)
    return { ...tried, kind, minutes, meaning: meaning ?? 'LOWEST_PRICE' };
  throw badInput(`a discount of kind ${kind} needs its own value, zero or more`);
}

function requestOf(input: PriceForInput): PriceForRequest {
  const { period, spotType, vehicleClass, discounts, enteredAt, leftAt } = input;
  if ((discounts?.length ?? 0) > MOST_DISCOUNTS) throw badInput(`try at most ${MOST_DISCOUNTS} discounts`);
  if ((enteredAt == null) !== (leftAt == null)) throw badInput('`enteredAt` and `leftAt` go together');
  return {
    ...asked(input.tariffId, input.document),
    lotId: requireId('lot', input.lotId, 'lotId').id,
    period: { startsAt: period.startsAt, endsAt: period.endsAt },
    ...{ spotType: spotType ?? 'STANDARD', vehicleClass: vehicleClass ?? 'CAR' },
    multiplierPercent: input.multiplierPercent ?? undefined,
    occupancyPercent: input.occupancyPercent ?? undefined,
    discounts: (discounts ?? []).map(discountOf),
    monthlyPassHolder: input.monthlyPassHolder ?? false,
    visit: enteredAt && leftAt ? { enteredAt, leftAt, displaced: input.displaced ?? false } : undefined,
  };
}

function shownPriceFor({ version, document: { currency }, ...result }: PriceFor): PriceForType {
  const { price, multiplierPercent, cashMinor, exitGraceMinutes, next, warnings, reserved } = result;
  return {
    tariff: version ? shownTariff(version) : null,
    price: shownPrice(price),
    reserved: reserved
      ? {
          earlyArrival: money(reserved.earlyArrivalMinor, currency),
          promised: money(reserved.promisedMinor, currency),
          overstay: money(reserved.overstayMinor, currency),
        }
      : null,
    multiplierPercent,
    cash: money(cashMinor, currency),
    exitGraceMinutes,
    next: shownNext(next, currency),
    warnings: [...warnings],
  };
}

function shownDifference({ currency, fields, effect }: TariffDifference): TariffDifferenceType {
  const shown = ({ dayClass, arrival, minutes, oldMinor, newMinor }: ComparedStay): ComparedStayType => ({
    ...{ dayClass, arrival, minutes, old: money(oldMinor, currency), new: money(newMinor, currency) },
    difference: money(newMinor - oldMinor, currency),
  });
  const { stays, rises, falls, unchanged } = effect;
  return {
    fields: [...fields],
    stays: stays.map(shown),
    rises: rises.map(shown),
    falls: falls.map(shown),
    unchanged,
  };
}

@Resolver()
export class TariffResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @Query(() => PriceForPayload, {
    description: 'What a stay would cost by a version of the lot’s tariff or by a draft. Changes nothing.',
  })
  priceFor(
    @Ctx() { em, viewer }: Context,
    @Arg('input', () => PriceForInput, { description: 'The stay.' }) input: PriceForInput,
  ): Promise<Answer<{ result: PriceForType }>> {
    return answer(async () => ({ result: shownPriceFor(await priceFor(em, requestOf(input), viewer)) }));
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Query(() => TariffDifferencePayload, {
    description:
      'How a version or a draft differs from another version, in its fields and in what the same stays cost.',
  })
  tariffDifference(
    @Ctx() { em, viewer, now }: Context,
    @Arg('input', () => TariffDifferenceInput, { description: 'The two tariffs.' }) input: TariffDifferenceInput,
  ): Promise<Answer<{ difference: TariffDifferenceType }>> {
    if ((input.toTariffId == null) === (input.toDocument == null)) throw badInput('send `toTariffId` or `toDocument`');
    return answer(async () => {
      const request = {
        lotId: requireId('lot', input.lotId, 'lotId').id,
        from: asked(input.fromTariffId, null),
        to: asked(input.toTariffId, input.toDocument),
        spotType: input.spotType ?? 'STANDARD',
        vehicleClass: input.vehicleClass ?? 'CAR',
        now,
      };
      return { difference: shownDifference(await tariffDifference(em, request, viewer)) };
    });
  }
}

@Resolver(() => LotType)
export class LotTariffsResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @FieldResolver(() => TariffConnection, {
    description: 'All versions of its prices, the latest first. For its staff; `tariff` is the one in force.',
  })
  async tariffs(
    @Root() lot: Lot,
    @Ctx() { em, viewer }: Context,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<TariffType>> {
    requireStaffOf({ viewer }, lot);
    const page = pageRequest(args);
    const { limit, direction } = page;
    const rows = await listTariffs(em, lot.id, { limit, direction, from: page.from && numberOf(page.from) });
    return connectionFrom(rows.map(shownTariff), page, ({ versionNumber }) => [String(versionNumber)]);
  }
}

/** A cursor of this list holds the number of a version. */
function numberOf([text, ...rest]: readonly string[]): number {
  if (text === undefined || rest.length > 0 || !/^[1-9]\d{0,8}$/.test(text)) throw foreignCursor();
  return Number(text);
}
