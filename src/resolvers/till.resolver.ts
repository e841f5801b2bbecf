import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { decodeId, encodeId } from '../domain/public-id.ts';
import { mayServeLot } from '../domain/viewer.ts';
import { Shift } from '../entities/shift.ts';
import { takeStayPayment } from '../gate/take-stay-payment.ts';
import { closeShift } from '../payments/till/close-shift.ts';
import { openShift } from '../payments/till/open-shift.ts';
import type { TakenBy } from '../payments/till/record-manual-payment.ts';
import { refundInCash } from '../payments/till/refund-in-cash.ts';
import { takeDebtPayment } from '../payments/till/take-debt-payment.ts';
import { Allow } from '../schema/access.ts';
import { Money, money } from '../schema/money.ts';
import {
  CloseShiftInput,
  CloseShiftPayload,
  OpenShiftInput,
  OpenShiftPayload,
  RefundInCashInput,
  RefundInCashPayload,
  ShiftType,
  type TakePaymentByInput,
  TakePaymentInput,
  TakePaymentPayload,
} from '../schema/till.ts';
import { registerNode } from './node.resolver.ts';
import { answer, badInput, notFound, requireId, requireLotId, type Answer } from './payload.ts';
import { stayRef } from './stay-ref.ts';
import { maySee, requireStaff } from './who-asks.ts';

registerNode('shf', async (context, { lotId, id }) => {
  if (lotId === null || context.viewer?.kind !== 'STAFF') return null;
  const shift = await context.em.findOne(Shift, { lotId, id });
  return shift && (await maySee(context, { lotId })) ? shift : null;
});

@Resolver(() => ShiftType)
export class TillResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @Query(() => [ShiftType], { description: 'The open shifts of a lot, for its staff. NOT_FOUND for others.' })
  async openShifts(
    @Ctx() { em, viewer, loaders }: Context,
    @Arg('lotId', () => ID, { description: 'The lot.' }) lotText: string,
  ): Promise<Shift[]> {
    const id = decodeId('lot', lotText)?.id;
    const lot = id === undefined ? undefined : await loaders.lot(id);
    if (!lot || !mayServeLot(viewer, lot)) throw notFound('There is no such lot.');
    return em.find(Shift, { lotId: lot.id, closedAt: null }, { orderBy: { openedAt: 'asc', id: 'asc' } });
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Mutation(() => OpenShiftPayload, {
    description:
      'Begins a shift with the coins in the drawer. Refuses with LOT_NOT_FOUND, DEVICE_NOT_FOUND, SHIFT_OPEN.',
  })
  openShift(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => OpenShiftInput, { description: 'Where, and with how much.' }) input: OpenShiftInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { idempotencyKey, openingMinor } = input;
      const lotId = requireId('lot', input.lotId, 'lotId').id;
      const device = input.deviceId == null ? undefined : requireLotId('dev', input.deviceId, 'deviceId').id;
      return openShift(platform, { idempotencyKey, lotId, deviceId: device, openingMinor }, requireStaff({ viewer }));
    });
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Mutation(() => CloseShiftPayload, {
    description:
      'Ends a shift with what was counted; the difference stands in the books. Refuses with SHIFT_NOT_FOUND.',
  })
  closeShift(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => CloseShiftInput, { description: 'Which, and what was counted.' }) input: CloseShiftInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, id: shiftId } = requireLotId('shf', input.shiftId, 'shiftId');
      const { idempotencyKey, countedMinor } = input;
      return closeShift(platform, { idempotencyKey, lotId, shiftId, countedMinor }, requireStaff({ viewer }));
    });
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Mutation(() => TakePaymentPayload, {
    description:
      'Takes money for a visit or a debt, in coins or on the lot’s terminal. Refuses with SHIFT_NOT_FOUND, STAY_NOT_FOUND, DEBT_NOT_FOUND, NOTHING_DUE, INVALID_INPUT, PAYMENT_UNAVAILABLE.',
  })
  takePayment(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => TakePaymentInput, { description: 'What is paid, and how.' }) input: TakePaymentInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { idempotencyKey } = input;
      const takenBy = takenByOf(input.by);
      const { id: shiftId } = requireLotId('shf', input.shiftId, 'shiftId');
      const wish = { idempotencyKey, shiftId, takenBy };
      if (input.for.stay != null)
        return takeStayPayment(platform, { ...wish, stay: stayRef(input.for.stay) }, requireStaff({ viewer }));
      const { lotId, id: debtId } = requireLotId('dbt', input.for.debtId ?? '', ['for', 'debtId']);
      return takeDebtPayment(platform, { ...wish, lotId, debtId }, requireStaff({ viewer }));
    });
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Mutation(() => RefundInCashPayload, {
    description:
      'Gives money back out of the drawer, for what was not paid by card: first what was promised back before (a refund in cash that is OWED), each promise whole. Refuses with SHIFT_NOT_FOUND, NOT_FOUND, REASON_REQUIRED, INVALID_INPUT.',
  })
  refundInCash(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => RefundInCashInput, { description: 'How much of which payment, and why.' })
    { shiftId: shift, paymentId: payment, ...input }: RefundInCashInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, id: paymentId } = requireLotId('pay', payment, 'paymentId');
      const { id: shiftId } = requireLotId('shf', shift, 'shiftId');
      return refundInCash(platform, { ...input, lotId, shiftId, paymentId }, requireStaff({ viewer }));
    });
  }

  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: Shift): string {
    return encodeId('shf', lotId, id);
  }

  @FieldResolver(() => ID, { description: 'Whose it is.' })
  staffId(@Root() { staffId }: Shift): string {
    return encodeId('stf', null, staffId);
  }

  @FieldResolver(() => Money, { description: 'The coins that it began with.' })
  opening(@Root() { openingMinor, currency }: Shift): Money {
    return money(openingMinor, currency);
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description: 'What the drawer should have held; null while it is open.',
  })
  expected(@Root() { expectedMinor, currency }: Shift): Money | null {
    return expectedMinor == null ? null : money(expectedMinor, currency);
  }

  @FieldResolver(() => Money, { nullable: true, description: 'What was counted; null while it is open.' })
  counted(@Root() { countedMinor, currency }: Shift): Money | null {
    return countedMinor == null ? null : money(countedMinor, currency);
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description: 'Counted less expected: negative when coins are missing; null while it is open.',
  })
  difference(@Root() { countedMinor, expectedMinor, currency }: Shift): Money | null {
    return countedMinor == null || expectedMinor == null ? null : money(countedMinor - expectedMinor, currency);
  }
}

function takenByOf({ cash, terminal }: TakePaymentByInput): TakenBy {
  if (cash != null) return { method: 'CASH', tenderedMinor: cash.tenderedMinor };
  if (terminal != null) return { method: 'TERMINAL', terminalReceipt: terminal.receiptNumber };
  throw badInput('say how it is paid');
}
