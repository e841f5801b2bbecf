import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { correctPresence, type Correction } from '../gate/correct-presence.ts';
import { grantInsideList } from '../incidents/inside-list.ts';
import { linkToken } from '../payments/signed-link.ts';
import { Allow } from '../schema/access.ts';
import {
  CorrectPresenceInput,
  CorrectPresencePayload,
  PrintInsideListInput,
  PrintInsideListPayload,
  type PresenceCorrectionInput,
} from '../schema/presence.ts';
import { decided } from './gate.resolver.ts';
import { answer, badInput, forbidden, requireId, requireLotId, type Answer } from './payload.ts';

/** Who is inside, when no gate could know. */
@Resolver()
export class PresenceResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @Mutation(() => CorrectPresencePayload, {
    description:
      'Puts right who is inside: ends a visit that no gate saw end, or begins one. It is recorded with the reason. Refuses with REASON_REQUIRED, STAY_NOT_FOUND, GATE_NOT_FOUND, INVALID_INPUT, SPOT_UNAVAILABLE.',
  })
  correctPresence(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => CorrectPresenceInput, { description: 'What was seen, and why.' }) input: CorrectPresenceInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      if (viewer?.kind !== 'STAFF') throw forbidden();
      const { idempotencyKey, reason } = input;
      const corrected = { idempotencyKey, reason, ...correctionOf(input.correction) };
      return decided(await correctPresence(platform, corrected, viewer));
    });
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Mutation(() => PrintInsideListPayload, {
    description:
      'Gives the address of a list of who should be inside, for a quarter of an hour. A mutation, because each look is recorded with its reason. Refuses with REASON_REQUIRED, LOT_NOT_FOUND.',
  })
  printInsideList(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => PrintInsideListInput, { description: 'Which lot, and what for.' }) input: PrintInsideListInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      if (viewer?.kind !== 'STAFF') throw forbidden();
      const { id: lotId } = requireId('lot', input.lotId, 'lotId');
      const { expiresAt, ...grant } = await grantInsideList(platform, { lotId, reason: input.reason }, viewer);
      const url = `${platform.config.publicUrl ?? ''}/inside/${linkToken(platform, 'inside-list', grant)}`;
      return { url, csvUrl: `${url}/csv`, expiresAt };
    });
  }
}

function correctionOf({ left, inside }: PresenceCorrectionInput): { lotId: string; correction: Correction } {
  if (left) {
    const { lotId, id: stayId } = requireLotId('sty', left.stayId, 'stayId');
    return { lotId, correction: { is: 'LEFT', stayId, at: left.at ?? undefined } };
  }
  if (!inside) throw badInput('say what was seen');
  const { id: lotId } = requireId('lot', inside.lotId, 'lotId');
  const { credential, vehicleClass, at } = inside;
  const seen = { credential, vehicleClass: vehicleClass ?? undefined, at: at ?? undefined };
  return { lotId, correction: { is: 'INSIDE', ...seen } };
}
