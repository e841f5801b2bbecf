import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { encodeId } from '../domain/public-id.ts';
import { Refusal } from '../domain/refusal.ts';
import { Receipt } from '../entities/receipt.ts';
import { issueReceipts } from '../payments/receipts/issue-receipts.ts';
import { setReceiptDetails } from '../payments/receipts/receipt-details.ts';
import { receiptNumber } from '../payments/receipts/receipt-sections.ts';
import { linkToken } from '../payments/signed-link.ts';
import { Allow } from '../schema/access.ts';
import { Money, money } from '../schema/money.ts';
import {
  IssueReceiptsInput,
  IssueReceiptsPayload,
  ReceiptType,
  SetReceiptDetailsInput,
  SetReceiptDetailsPayload,
} from '../schema/receipt.ts';
import { registerNode } from './node.resolver.ts';
import { answer, requireId, requireLotId, type Answer } from './payload.ts';
import { isPerson, maySee } from './who-asks.ts';

registerNode('rcp', async (context, { lotId, id }) => {
  if (lotId === null || !isPerson(context.viewer)) return null;
  const receipt = await context.em.findOne(Receipt, { lotId, id });
  const payment = receipt && (await context.loaders.payment({ lotId, id: receipt.paymentId }));
  return payment && (await maySee(context, payment)) ? receipt : null;
});

@Resolver(() => ReceiptType)
export class ReceiptResolver {
  @Allow('DRIVER', 'ATTENDANT', 'OPERATOR')
  @Mutation(() => IssueReceiptsPayload, {
    description:
      'Gives the receipts of a payment, for its driver and the staff of its lot; issues those that were not yet. Refuses with NOT_FOUND, PAYMENT_REQUIRED.',
  })
  issueReceipts(
    @Ctx() context: Context,
    @Arg('input', () => IssueReceiptsInput, { description: 'Which payment.' }) input: IssueReceiptsInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const key = requireLotId('pay', input.paymentId, 'paymentId');
      const payment = await context.loaders.payment(key);
      if (!payment || !(await maySee(context, payment)))
        throw new Refusal('NOT_FOUND', 'There is no such payment.', { field: ['paymentId'] });
      return { receipts: await issueReceipts(context.platform, key) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => SetReceiptDetailsPayload, {
    description: 'Sets what the law wants on a lot’s receipts from now on. Refuses with LOT_NOT_FOUND, INVALID_INPUT.',
  })
  setReceiptDetails(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => SetReceiptDetailsInput, { description: 'The words.' }) input: SetReceiptDetailsInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, ...told } = input;
      const details = Object.fromEntries(Object.entries(told).filter(([, text]) => text != null));
      const wish = { lotId: requireId('lot', lotId, 'lotId').id, details };
      return { lot: await setReceiptDetails(platform, wish, viewer) };
    });
  }

  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: Receipt): string {
    return encodeId('rcp', lotId, id);
  }

  @FieldResolver(() => String, {
    description: 'Its number ("HEL1-000042"): one after the other at each lot, without a gap.',
  })
  async number(@Ctx() { loaders }: Context, @Root() { lotId, number }: Receipt): Promise<string> {
    return receiptNumber((await loaders.lot(lotId))?.code ?? '', number);
  }

  @FieldResolver(() => Money, { description: 'What was paid; of a refund, what goes back.' })
  total(@Root() { content }: Receipt): Money {
    return money(content.totalMinor, content.currency);
  }

  @FieldResolver(() => Boolean, { description: 'True when it is about money that goes back.' })
  isRefund(@Root() { content }: Receipt): boolean {
    return content.kind === 'REFUND';
  }

  @FieldResolver(() => String, { description: 'A page that shows it to whoever has this address.' })
  url(@Ctx() { platform }: Context, @Root() receipt: Receipt): string {
    return `${platform.config.publicUrl ?? ''}/receipts/${linkToken(platform, 'receipt', receipt)}`;
  }

  @FieldResolver(() => String, { description: 'The same as a PDF.' })
  pdfUrl(@Ctx() context: Context, @Root() receipt: Receipt): string {
    return `${this.url(context, receipt)}/pdf`;
  }
}
