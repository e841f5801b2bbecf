import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { chargeLostCredential } from '../gate/charge-lost-credential.ts';
import { Allow } from '../schema/access.ts';
import { ChargeLostCredentialInput, ChargeLostCredentialPayload } from '../schema/lost-credential.ts';
import { answer, forbidden, requireLotId, type Answer } from './payload.ts';

@Resolver()
export class LostCredentialResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @Mutation(() => ChargeLostCredentialPayload, {
    description:
      'Charges what the tariff asks for a lost ticket, on the incident of an exit at which nobody knew the vehicle; once an incident. Refuses with LOT_NOT_FOUND, INCIDENT_NOT_FOUND, NOTHING_DUE.',
  })
  chargeLostCredential(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => ChargeLostCredentialInput, { description: 'Which incident.' }) input: ChargeLostCredentialInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      if (viewer?.kind !== 'STAFF') throw forbidden();
      const { lotId, id: incidentId } = requireLotId('inc', input.incidentId, 'incidentId');
      return chargeLostCredential(platform, { lotId, incidentId }, viewer);
    });
  }
}
