import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { Refusal } from '../domain/refusal.ts';
import { callAttendant } from '../incidents/call-attendant.ts';
import { Allow } from '../schema/access.ts';
import { CallAttendantInput, CallAttendantPayload } from '../schema/help.ts';
import { answer, forbidden, requireLotId, type Answer } from './payload.ts';

@Resolver()
export class HelpResolver {
  @Allow('GATE', 'LANE')
  @Mutation(() => CallAttendantPayload, {
    description:
      'Calls the staff to a gate: an urgent incident, once in two minutes for each gate and reason. For devices at the gate.',
  })
  callAttendant(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => CallAttendantInput, { description: 'Where, and why.' }) input: CallAttendantInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      if (viewer?.kind !== 'DEVICE') throw forbidden();
      const { lotId, id: gateId } = requireLotId('gat', input.gateId, 'gateId');
      if (viewer.lotId !== lotId || (viewer.gateId !== null && viewer.gateId !== gateId))
        throw new Refusal('GATE_NOT_FOUND', 'There is no such gate among those you serve.', { field: ['gateId'] });
      return callAttendant(platform, { lotId, gateId, reason: input.reason });
    });
  }
}
