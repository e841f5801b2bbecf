import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { Refusal } from '../domain/refusal.ts';
import { reportPassage } from '../gate/report-passage.ts';
import { Allow } from '../schema/access.ts';
import { ReportPassageInput, ReportPassagePayload } from '../schema/passage.ts';
import { answer, forbidden, requireLotId, type Answer } from './payload.ts';

@Resolver()
export class PassageResolver {
  @Allow('GATE', 'LANE')
  @Mutation(() => ReportPassagePayload, {
    description:
      'Tells that a vehicle drove in or out, or backed away: only then is an entry certain. For devices at the gate.',
  })
  reportPassage(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => ReportPassageInput, { description: 'What the loop felt.' }) input: ReportPassageInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      if (viewer?.kind !== 'DEVICE') throw forbidden();
      const { lotId, id: gateId } = requireLotId('gat', input.gateId, 'gateId');
      if (viewer.lotId !== lotId || (viewer.gateId !== null && viewer.gateId !== gateId))
        throw new Refusal('GATE_NOT_FOUND', 'There is no such gate among those you serve.', { field: ['gateId'] });
      const { passageId, outcome } = input;
      const told = { passageId, outcome, scanId: input.scanId ?? undefined, observedAt: input.observedAt ?? undefined };
      const { scanId, settledAt } = await reportPassage(platform, told, { lotId, gateId, deviceId: viewer.deviceId });
      return { scanId: scanId ?? null, settled: settledAt != null };
    });
  }
}
