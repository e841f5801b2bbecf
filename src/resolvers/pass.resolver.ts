import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import type { Reservation } from '../entities/reservation.ts';
import { momentOfPass } from '../gate/passes.ts';
import { PassMomentType } from '../schema/pass.ts';
import { ReservationType } from '../schema/reservation.ts';

@Resolver(() => ReservationType)
export class PassResolver {
  @FieldResolver(() => PassMomentType, {
    nullable: true,
    description:
      'How to make the code of the moment that goes with the pass; to its driver alone, null where the lot does not ask for one.',
  })
  async passMoment(
    @Ctx() { platform, viewer, loaders }: Context,
    @Root() reservation: Reservation,
  ): Promise<PassMomentType | null> {
    if (viewer?.kind !== 'DRIVER' || viewer.driverId !== reservation.driverId) return null;
    const lot = await loaders.lot(reservation.lotId);
    return lot?.policy.livePass === true ? momentOfPass(platform, reservation) : null;
  }
}
