import './node-version.ts';
import closeWithGrace from 'close-with-grace';
import { ConfigError, readConfig, type Config } from './config.ts';
import { createApp } from './http/app.ts';
import { CLOSE_WITHIN_MS } from './http/closing.ts';
import { openPlatform } from './platform/platform.ts';

/** For the connections to PostgreSQL and Redis, which close last. */
const PLATFORM_CLOSE_MS = 2000;

function configuration(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

const config = configuration();
const platform = await openPlatform(config, { processMetrics: true });
const app = await createApp(platform, { roles: config.roles });
const closeTimeoutMs = config.drainDelayMs + CLOSE_WITHIN_MS + PLATFORM_CLOSE_MS;
closeWithGrace({ delay: closeTimeoutMs, logger: false }, async ({ err, signal }) => {
  if (err) platform.log.fatal({ err }, 'the process ends after an error nobody caught');
  else platform.log.info({ signal }, 'closing');
  await app.close();
  await platform.close();
});
const url = await app.listen();
platform.log.info({ url, roles: [...config.roles] }, 'ready');
