import { dropUnpaid } from '../booking/drop-unpaid.ts';
import { reservationKeyOf, type Job } from './job.ts';

/** When a reservation has ended: takes back the request to pay for it, unless it was paid. */
export const DROP_UNPAID: Job = {
  name: 'drop-unpaid',
  run: async (platform, data) => {
    await dropUnpaid(platform, reservationKeyOf(data));
    return 'DONE';
  },
};
