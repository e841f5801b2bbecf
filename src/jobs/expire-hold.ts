import { expireHold } from '../booking/expire-hold.ts';
import { reservationKeyOf, type Job } from './job.ts';

/** At the end of a hold: ends it unless it was paid. */
export const EXPIRE_HOLD: Job = {
  name: 'expire-hold',
  run: async (platform, data) => {
    await expireHold(platform, reservationKeyOf(data));
    return 'DONE';
  },
};
