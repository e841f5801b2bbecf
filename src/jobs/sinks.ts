import { nextDeadline, type Deadline } from '../booking/next-deadline.ts';
import { projectLot } from '../gate/project-lot.ts';
import { projectMonthlyPass } from '../gate/project-monthly-pass.ts';
import { projectRight } from '../gate/project-right.ts';
import { projectStay } from '../gate/project-stay.ts';
import type { Platform } from '../platform/platform.ts';
import type { OutboxMessage, OutboxSink } from '../platform/outbox.ts';
import { topic } from '../platform/topics.ts';
import { DROP_UNPAID } from './drop-unpaid.ts';
import { EXPIRE_HOLD } from './expire-hold.ts';
import type { Job } from './job.ts';
import { RELEASE_NO_SHOW } from './release-no-show.ts';

/** What the gates keep a copy of, by what the type of a message begins with. */
const COPIES: Readonly<Record<string, (platform: Platform, message: OutboxMessage) => Promise<unknown>>> = {
  lot: (platform, { lotId }) => projectLot(platform, lotId),
  reservation: (platform, message) => projectRight(platform, reservationOf(message)),
  stay: (platform, { lotId, aggregateId: stayId }) => projectStay(platform, { lotId, stayId }),
  monthly_pass: (platform, { lotId, aggregateId: monthlyPassId }) =>
    projectMonthlyPass(platform, { lotId, monthlyPassId }),
};

const copyOf = (type: string) => COPIES[type.split('.', 1)[0] ?? ''];

/** The gates learn of every change of a reservation, of a lot's policy, state and prices, of what is given to a stay, and of monthly passes. */
const TELL_GATES: OutboxSink = {
  name: 'gates',
  wants: (type) => copyOf(type) !== undefined,
  deliver: async (platform, message) => {
    await copyOf(message.type)?.(platform, message);
  },
  ping: (platform) => platform.redis.ping(),
};

const DEADLINES: Readonly<Record<string, { ends: Deadline['ends']; job: Job }>> = {
  'reservation.held': { ends: 'HOLD', job: EXPIRE_HOLD },
  'reservation.confirmed': { ends: 'GRACE', job: RELEASE_NO_SHOW },
};

/**
 * What time alone will do to a reservation is put on the clock. A change may put it there again: a job decides from the row. Of a row that
 * has moved on already a later message tells.
 */
const SCHEDULE_DEADLINE: OutboxSink = {
  name: 'deadlines',
  wants: (type) => type in DEADLINES,
  deliver: async (platform, message) => {
    const key = reservationOf(message);
    const deadline = await nextDeadline(platform, key);
    const expected = DEADLINES[message.type];
    if (!deadline || deadline.ends !== expected?.ends) return;
    await platform.scheduler.schedule(expected.job.name, deadline.at, key);
  },
  ping: (platform) => platform.scheduler.ping(),
};

/** What lanes decide from when they are cut off comes from the same rows: a message says "look", and their bundle is made anew. */
const TELL_LANES: OutboxSink = {
  name: 'lanes',
  wants: (type) => copyOf(type) !== undefined,
  deliver: async ({ topics }, { lotId }) => topics.publish(topic.rightsChanged(lotId), { lotId }),
  ping: (platform) => platform.redis.ping(),
};

/** Nobody is asked to pay for a reservation that has ended. A job of its own: the provider's pace must not be the relay's. */
const DROP_PAYMENT: OutboxSink = {
  name: 'unpaid',
  wants: (type) => type === 'reservation.expired' || type === 'reservation.cancelled',
  deliver: (platform, message) => platform.scheduler.runIn(DROP_UNPAID.name, 0, reservationOf(message)),
  ping: (platform) => platform.scheduler.ping(),
};

export const SINKS: readonly OutboxSink[] = [TELL_GATES, TELL_LANES, SCHEDULE_DEADLINE, DROP_PAYMENT];

function reservationOf({ lotId, aggregateId }: OutboxMessage): { lotId: string; reservationId: string } {
  return { lotId, reservationId: aggregateId };
}
