import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { announceLateArrival } from '../booking/announce-late-arrival.ts';
import { changeVehicle } from '../booking/change-vehicle.ts';
import type { Context } from '../context.ts';
import { Allow } from '../schema/access.ts';
import {
  AnnounceLateArrivalInput,
  AnnounceLateArrivalPayload,
  ChangeVehicleInput,
  ChangeVehiclePayload,
  ReservationType,
} from '../schema/reservation.ts';
import { answer, requireLotId, type Answer } from './payload.ts';
import { vehicleRef } from './vehicle-ref.ts';
import { requireDriver } from './who-asks.ts';

/** What a driver can still say of a reservation before its vehicle comes. */
@Resolver(() => ReservationType)
export class BeforeArrivalResolver {
  @Allow('DRIVER')
  @Mutation(() => ChangeVehiclePayload, {
    description:
      'Another vehicle comes instead: its plate opens the gates from now on. Spot and price stay, so one that needs another spot (SPOT_DOES_NOT_FIT) or costs more (PAYMENT_REQUIRED) is refused.',
  })
  changeVehicle(
    @Ctx() context: Context,
    @Arg('input', () => ChangeVehicleInput, { description: 'Which reservation, and which vehicle.' })
    input: ChangeVehicleInput,
  ): Promise<Answer<object>> {
    return answer(() => {
      const { lotId, id: reservationId } = requireLotId('res', input.reservationId, 'reservationId');
      const { idempotencyKey } = input;
      const wish = { lotId, reservationId, idempotencyKey, vehicle: vehicleRef(input.vehicle) };
      return changeVehicle(context.platform, wish, requireDriver(context));
    });
  }

  @Allow('DRIVER')
  @Mutation(() => AnnounceLateArrivalPayload, {
    description:
      'A driver says that they are late: the spot waits `LotPolicy.lateNoticeMinutes` longer, within the period. Saying it again changes nothing.',
  })
  announceLateArrival(
    @Ctx() context: Context,
    @Arg('input', () => AnnounceLateArrivalInput, { description: 'Which reservation.' })
    input: AnnounceLateArrivalInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, id: reservationId } = requireLotId('res', input.reservationId, 'reservationId');
      const driver = requireDriver(context);
      return { reservation: await announceLateArrival(context.platform, { lotId, reservationId }, driver) };
    });
  }
}
