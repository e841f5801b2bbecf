import { forgetLogins } from '../accounts/forget-logins.ts';
import { forgetPastClaims } from '../allocation/forget-past-claims.ts';
import { forgetLaneScans } from '../gate/lane-sync/forget-lane-scans.ts';
import { forgetImages } from '../incidents/forget-images.ts';
import { forgetWatches } from '../incidents/watch-list.ts';
import { forgetMovements } from '../hardware/forget-movements.ts';
import { forgetImageRefs } from '../hardware/watch-camera.ts';
import { forgetHandled } from '../payments/forget-handled.ts';
import { forgetFinished } from '../payments/provider-commands.ts';
import { forgetKeys } from '../platform/idempotency.ts';
import { forgetRelayed } from '../platform/outbox.ts';
import type { Platform } from '../platform/platform.ts';
import { forgetSensorChanges } from '../sensors/sweep-spots.ts';
import type { Sweep } from './job.ts';

const HOUR_MS = 3_600_000;
/** A request is repeated within a day or not at all. */
const KEY_HOURS = 24;
/** The provider delivers an event again for three days. */
const WEBHOOK_HOURS = 7 * 24;
/** For whoever asks what was asked of the provider, and when. */
const COMMAND_HOURS = 7 * 24;
/** For whoever asks what was told to whom. */
const OUTBOX_HOURS = 7 * 24;
/** For whoever looks into an incident or asks for its pictures. */
const IMAGE_HOURS = 30 * 24;
/** For whoever looks into what a barrier did. */
const MOVEMENT_HOURS = 30 * 24;
/** For whoever asks what a lane decided alone; a plate stands sealed in it. */
const LANE_SCAN_HOURS = 30 * 24;
/** For the turnover of spots. */
const SENSOR_CHANGE_HOURS = 90 * 24;

/** Batches of one table and run, far above what a day brings: a backlog is worked off without keeping the others waiting. */
const MAX_BATCHES = 60;

/** Rows that remember what was done, once nobody asks any more. Nothing was missed here. */
export const FORGET_OLD_ROWS: Sweep = {
  name: 'old-rows',
  everySeconds: 300,
  run: async (platform) => {
    await untilNoneIsLeft(() => forgetPastClaims(platform));
    await untilNoneIsLeft(() => forgetKeys(platform, hoursAgo(platform, KEY_HOURS)));
    await untilNoneIsLeft(() => forgetHandled(platform, hoursAgo(platform, WEBHOOK_HOURS)));
    await untilNoneIsLeft(() => forgetFinished(platform, hoursAgo(platform, COMMAND_HOURS)));
    await untilNoneIsLeft(() => forgetImageRefs(platform, hoursAgo(platform, IMAGE_HOURS)));
    await untilNoneIsLeft(() => forgetMovements(platform, hoursAgo(platform, MOVEMENT_HOURS)));
    await untilNoneIsLeft(() => forgetRelayed(platform, hoursAgo(platform, OUTBOX_HOURS)));
    await untilNoneIsLeft(() => forgetLogins(platform, platform.clock.now()));
    await untilNoneIsLeft(() => forgetWatches(platform, platform.clock.now()));
    await untilNoneIsLeft(() => forgetImages(platform, hoursAgo(platform, IMAGE_HOURS)));
    await untilNoneIsLeft(() => forgetLaneScans(platform, hoursAgo(platform, LANE_SCAN_HOURS)));
    await untilNoneIsLeft(() => forgetSensorChanges(platform, hoursAgo(platform, SENSOR_CHANGE_HOURS)));
    return 0;
  },
};

async function untilNoneIsLeft(forgetSome: () => Promise<number>): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES; batch++) if ((await forgetSome()) === 0) return;
}

function hoursAgo(platform: Platform, hours: number): Date {
  return new Date(platform.clock.now().getTime() - hours * HOUR_MS);
}
