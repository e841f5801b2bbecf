// The product itself on a faster clock: `--speed 60 --since <ms>`. Only the sandbox starts it so; nothing of it is in src/.

import { parseArgs } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { readConfig } from '../../src/config.ts';
import { createApp } from '../../src/http/app.ts';
import { openPlatform } from '../../src/platform/platform.ts';
import { ScaledClock, scaledScheduler } from './scaled-clock.ts';

const CLOSE_WITHIN_MS = 20_000;

const { values } = parseArgs({ options: { speed: { type: 'string', default: '60' }, since: { type: 'string' } } });
const clock = new ScaledClock(Number(values.speed), Number(values.since ?? Date.now()));
const config = readConfig();
const opened = await openPlatform(config, { clock, processMetrics: true });
const platform = { ...opened, scheduler: scaledScheduler(opened.scheduler, clock) };
const app = await createApp(platform, { roles: config.roles });
closeWithGrace({ delay: config.drainDelayMs + CLOSE_WITHIN_MS, logger: false }, async ({ err, signal }) => {
  platform.log.info({ err, signal }, 'closing');
  await app.close();
  await opened.close();
});
const url = await app.listen();
platform.log.info({ url, speed: clock.speed }, 'ready');
