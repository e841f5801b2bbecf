import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { Context } from '../context.ts';
import type { Viewer } from '../domain/viewer.ts';
import { decodeId, encodeId } from '../domain/public-id.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Spot } from '../entities/spot.ts';
import type { Stay } from '../entities/stay.ts';
import { checkIn } from '../gate/check-in.ts';
import { checkOut } from '../gate/check-out.ts';
import { dueNow, findWalkIn, nextPricesOf, type StayRef } from '../gate/find-stay.ts';
import type { GateAnswer } from '../gate/journal-entry.ts';
import { openGate } from '../gate/open-gate.ts';
import { payStay } from '../gate/pay-stay.ts';
import type { ScanInput, ScanResult } from '../gate/scan.ts';
import { openBarrier } from '../hardware/command-opening.ts';
import type { Platform } from '../platform/platform.ts';
import { watchGates } from '../gate/watch-gates.ts';
import { Allow, AllowUnverified } from '../schema/access.ts';
import {
  CheckInInput,
  CheckInPayload,
  CheckOutInput,
  CheckOutPayload,
  GateEventType,
  OpenGateInput,
  OpenGatePayload,
  PayStayInput,
  PayStayPayload,
  StayRefInput,
  StayType,
} from '../schema/gate.ts';
import { Money } from '../schema/money.ts';
import { NextPriceType, shownNext } from '../schema/price.ts';
import { asGuess, thrownByQuery } from './code-guess.ts';
import { registerNode } from './node.resolver.ts';
import { answer, forbidden, notFound, requireLotId, type Answer } from './payload.ts';
import { stayRef } from './stay-ref.ts';
import { isPerson, maySee } from './who-asks.ts';

/** For the staff of its lot, and for the driver on whose reservation it stands. A walk-in has no driver that we know. */
registerNode('sty', async (context, { lotId, id }) => {
  if (lotId === null || !isPerson(context.viewer)) return null;
  const stay = await context.loaders.stay({ lotId, id });
  if (!stay) return null;
  const { reservationId } = stay;
  const reserved = reservationId == null ? undefined : await context.loaders.reservation({ lotId, id: reservationId });
  return (await maySee(context, { lotId, driverId: reserved?.driverId })) ? stay : null;
});

type Decision = Answer<{ decision: ReturnType<typeof shownDecision> }>;

@Resolver()
export class GateScanResolver {
  @Allow('GATE', 'LANE', 'ATTENDANT', 'OPERATOR')
  @AllowUnverified()
  @Mutation(() => CheckInPayload, {
    description: 'Lets a vehicle in, or says why not. For the gate’s own device and the lot’s staff.',
  })
  checkIn(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => CheckInInput, { description: 'The scan.' }) input: CheckInInput,
  ): Promise<Decision> {
    return answer(async () => carriedOut(platform, await checkIn(platform, scanOf(input), viewer), viewer));
  }

  @Allow('GATE', 'LANE', 'ATTENDANT', 'OPERATOR')
  @AllowUnverified()
  @Mutation(() => CheckOutPayload, {
    description: 'Lets a vehicle out, or says what is to be paid first. Nobody is kept in by a failure of ours.',
  })
  checkOut(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => CheckOutInput, { description: 'The scan.' }) input: CheckOutInput,
  ): Promise<Decision> {
    return answer(async () => carriedOut(platform, await checkOut(platform, scanOf(input), viewer), viewer));
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Mutation(() => OpenGatePayload, { description: 'Opens a gate by hand. It is recorded with the reason.' })
  openGate(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => OpenGateInput, { description: 'Which gate, and why.' }) input: OpenGateInput,
  ): Promise<Decision> {
    return answer(async () => {
      if (viewer?.kind !== 'STAFF') throw forbidden();
      const { lotId, id: gateId } = requireLotId('gat', input.gateId, 'gateId');
      const { idempotencyKey, reason } = input;
      return carriedOut(platform, await openGate(platform, { lotId, gateId, idempotencyKey, reason }, viewer), viewer);
    });
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Subscription(() => GateEventType, {
    description: 'Every decision at the lot’s gates from now on, for its staff. NOT_FOUND for others.',
    subscribe: ({ context, args }: { context: Context; args: { lotId: string } }) => watched(context, args.lotId),
  })
  gateActivity(@Root() event: GateAnswer, @Arg('lotId', () => ID, { description: 'The lot.' }) _lotId: string): object {
    return shownGateEvent(event);
  }
}

@Resolver(() => StayType)
export class StayResolver {
  @Allow('PUBLIC')
  @Query(() => StayType, {
    nullable: true,
    description:
      'The visit of a walk-in that is inside, with what it would owe now; null when there is none. RATE_LIMITED after five wrong tickets a minute.',
  })
  async stay(
    @Ctx() context: Context,
    @Arg('ref', () => StayRefInput, { description: 'Which visit.' }) ref: StayRefInput,
  ): Promise<Stay | null> {
    try {
      return await withStay(context, ref, (stay) => findWalkIn(context.em, stay));
    } catch (error) {
      const thrown = thrownByQuery(error);
      if (thrown instanceof Refusal) return null;
      throw thrown;
    }
  }

  @Allow('PUBLIC')
  @Mutation(() => PayStayPayload, {
    description: 'Pays what a walk-in owes now. Whoever knows the visit or its ticket may pay.',
  })
  payStay(
    @Ctx() context: Context,
    @Arg('input', () => PayStayInput, { description: 'Which visit, and with what.' }) input: PayStayInput,
  ): Promise<Answer<object>> {
    const { platform, viewer } = context;
    return answer(async () => {
      const { idempotencyKey } = input;
      const paymentMethodId = input.paymentMethodId ?? undefined;
      const paid = await withStay(context, input.stay, (stay) =>
        payStay(platform, { idempotencyKey, stay, paymentMethodId }, viewer),
      );
      const clientSecret = paid.payment.capturedAt == null ? (paid.payment.clientSecret ?? null) : null;
      return { stay: paid.stay, clientSecret, replayed: paid.replayed };
    });
  }

  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: Stay): string {
    return encodeId('sty', lotId, id);
  }

  @FieldResolver(() => Money, {
    description: 'What it would owe if it left now; zero once it has left, or on a reservation.',
  })
  async due(@Ctx() { em, now }: Context, @Root() stay: Stay): Promise<{ amountMinor: number; currency: string }> {
    return { amountMinor: await dueNow(em, stay, now), currency: stay.currency };
  }

  @FieldResolver(() => [NextPriceType], {
    description:
      'What the whole visit costs if it leaves later: the next four prices within a day. Empty once it has left, or on a reservation.',
  })
  async next(@Ctx() { em, now }: Context, @Root() stay: Stay): Promise<NextPriceType[]> {
    return shownNext(await nextPricesOf(em, stay, now), stay.currency);
  }

  @FieldResolver(() => Money, {
    description: 'What has been paid for it at a till; a reservation’s own payment does not count here.',
  })
  paid(@Root() { paidMinor, currency }: Stay): { amountMinor: number; currency: string } {
    return { amountMinor: paidMinor, currency };
  }

  @FieldResolver(() => String, { nullable: true, description: 'Where it stands ("2-117"); null when nobody knows.' })
  async spotLabel(@Ctx() { loaders }: Context, @Root() { lotId, spotId }: Stay): Promise<string | null> {
    const spot: Spot | undefined = spotId == null ? undefined : await loaders.spot({ lotId, id: spotId });
    return spot?.label ?? null;
  }
}

async function watched({ platform, viewer }: Context, lotText: string): Promise<AsyncIterableIterator<GateAnswer>> {
  const lot = decodeId('lot', lotText);
  if (!lot) throw notFound('There is no such lot.');
  try {
    return await watchGates(platform, lot.id, viewer);
  } catch (error) {
    throw error instanceof Refusal ? notFound(error.message) : error;
  }
}

function scanOf({ gateId, ...input }: CheckInInput | CheckOutInput): ScanInput {
  const gate = requireLotId('gat', gateId, 'gateId');
  return { ...input, lotId: gate.lotId, gateId: gate.id };
}

/** Tickets can be guessed at: wrong ones are counted by address and lot. Ids cannot. */
function withStay<T>(context: Context, input: StayRefInput, work: (ref: StayRef) => Promise<T>): Promise<T> {
  const ref = stayRef(input);
  if (ref.code === undefined) return work(ref);
  return asGuess(context, { purpose: 'ticket', subject: `${ref.lotId} ${context.clientAddress}` }, () => work(ref));
}

/** A device acts on its answer itself; a person has no relay in their hand. */
async function carriedOut(
  platform: Platform,
  result: ScanResult,
  viewer: Viewer | undefined,
): Promise<ReturnType<typeof decided>> {
  if (viewer?.kind === 'STAFF') await openBarrier(platform, result.answer);
  return decided(result);
}

/** A decision that stands in PostgreSQL, for the staff of its lot. */
export function shownGateEvent(event: GateAnswer): object {
  const { lotId, gateId, operation } = event;
  return {
    gateId: encodeId('gat', lotId, gateId),
    operation,
    decision: shownDecision({ answer: event, durable: true, replayed: false }),
  };
}

/** A gate’s answer for a payload. */
export function decided(result: ScanResult): { decision: ReturnType<typeof shownDecision>; replayed: boolean } {
  return { decision: shownDecision(result), replayed: result.replayed };
}

function shownDecision({ answer: given, durable }: ScanResult) {
  const { scanId, action, reason, reservationCode, ticketCode, spotLabel, directions, decidedBy, dueMinor, currency } =
    given;
  const { nearestFree } = given;
  return {
    ...{ scanId, action, reason, reservationCode, ticketCode, spotLabel, directions, decidedBy, durable },
    stayId: given.stayId === null ? null : encodeId('sty', given.lotId, given.stayId),
    due: dueMinor === null || currency === null ? null : { amountMinor: dueMinor, currency },
    nearestFree: nearestFree == null ? null : { ...nearestFree, lotId: encodeId('lot', null, nearestFree.lotId) },
    decidedAt: new Date(given.decidedAt),
  };
}
