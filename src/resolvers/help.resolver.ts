import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { callAttendant } from '../incidents/call-attendant.ts';
import { Allow } from '../schema/access.ts';
import { CallAttendantInput, CallAttendantPayload } from '../schema/help.ts';
import { answer, type Answer } from './payload.ts';
import { requireOwnGate } from './who-asks.ts';

@Resolver()
export class HelpResolver {
  @Allow('GATE', 'LANE')
  @Mutation(() => CallAttendantPayload, {
    description:
      'Calls the staff to a gate: an urgent incident, once in two minutes for each gate and reason. For devices at the gate.',
  })
  callAttendant(
    @Ctx() context: Context,
    @Arg('input', () => CallAttendantInput, { description: 'Where, and why.' }) input: CallAttendantInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, gateId } = requireOwnGate(context, input.gateId);
      return callAttendant(context.platform, { lotId, gateId, reason: input.reason });
    });
  }
}
