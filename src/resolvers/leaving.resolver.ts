import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import type { Reservation } from '../entities/reservation.ts';
import { settledIfLeaving, type LeavingMoney } from '../gate/leaving-now.ts';
import { Money, money } from '../schema/money.ts';
import { ReservationType } from '../schema/reservation.ts';

@Resolver(() => ReservationType)
export class LeavingResolver {
  @FieldResolver(() => Money, {
    nullable: true,
    description: 'What leaving now would give back, as the exit would settle it; null while the vehicle is not inside.',
  })
  async refundIfLeavingNow(@Ctx() context: Context, @Root() reservation: Reservation): Promise<Money | null> {
    const settled = await leaving(context, reservation);
    return settled ? money(settled.refundMinor, reservation.currency) : null;
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description:
      'What leaving now would cost on top (time before or after the period); null while the vehicle is not inside.',
  })
  async dueIfLeavingNow(@Ctx() context: Context, @Root() reservation: Reservation): Promise<Money | null> {
    const settled = await leaving(context, reservation);
    return settled ? money(settled.dueMinor, reservation.currency) : null;
  }
}

async function leaving({ em, now, loaders }: Context, reservation: Reservation): Promise<LeavingMoney | undefined> {
  const lot = await loaders.lot(reservation.lotId);
  return lot && settledIfLeaving(em, { reservation, lot }, now);
}
