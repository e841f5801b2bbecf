import { forgetPastClaims } from '../allocation/forget-past-claims.ts';
import { forgetHandled } from '../payments/forget-handled.ts';
import { forgetKeys } from '../platform/idempotency.ts';
import { forgetRelayed } from '../platform/outbox.ts';
import type { Platform } from '../platform/platform.ts';
import type { Sweep } from './job.ts';

const HOUR_MS = 3_600_000;
/** A request is repeated within a day or not at all. */
const KEY_HOURS = 24;
/** The provider delivers an event again for three days. */
const WEBHOOK_HOURS = 7 * 24;
/** For whoever asks what was told to whom. */
const OUTBOX_HOURS = 7 * 24;

/** Rows that remember what was done, once nobody asks any more. Nothing was missed here. */
export const FORGET_OLD_ROWS: Sweep = {
  name: 'old-rows',
  everySeconds: 300,
  run: async (platform) => {
    await forgetPastClaims(platform);
    await forgetKeys(platform, hoursAgo(platform, KEY_HOURS));
    await forgetHandled(platform, hoursAgo(platform, WEBHOOK_HOURS));
    await forgetRelayed(platform, hoursAgo(platform, OUTBOX_HOURS));
    return 0;
  },
};

function hoursAgo(platform: Platform, hours: number): Date {
  return new Date(platform.clock.now().getTime() - hours * HOUR_MS);
}
