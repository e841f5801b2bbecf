import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { reportPassage } from '../gate/report-passage.ts';
import { Allow } from '../schema/access.ts';
import { ReportPassageInput, ReportPassagePayload } from '../schema/passage.ts';
import { answer, type Answer } from './payload.ts';
import { requireOwnGate } from './who-asks.ts';

@Resolver()
export class PassageResolver {
  @Allow('GATE', 'LANE')
  @Mutation(() => ReportPassagePayload, {
    description:
      'Tells that a vehicle drove in or out, or backed away: only then is an entry certain. For devices at the gate.',
  })
  reportPassage(
    @Ctx() context: Context,
    @Arg('input', () => ReportPassageInput, { description: 'What the loop felt.' }) input: ReportPassageInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const gate = requireOwnGate(context, input.gateId);
      const { passageId, outcome } = input;
      const told = { passageId, outcome, scanId: input.scanId ?? undefined, observedAt: input.observedAt ?? undefined };
      const { scanId, settledAt } = await reportPassage(context.platform, told, gate);
      return { scanId: scanId ?? null, settled: settledAt != null };
    });
  }
}
