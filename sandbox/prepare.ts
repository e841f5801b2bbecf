// Brings the database up to date and fills an empty one with demo data. A process of its own, so that the memory it needs is
// given back before the product runs.

import { writeFileSync } from 'node:fs';
import { readConfig } from '../src/config.ts';
import { migrate } from '../src/platform/db.ts';
import { openPlatform } from '../src/platform/platform.ts';
import { deviceKeysFile } from './places.ts';
import { seedDemo } from './seed.ts';

const config = readConfig();
await migrate(config.databaseUrl);
const platform = await openPlatform(config);
const { seeded, deviceKeys } = await seedDemo(platform);
await platform.close();
// The database knows only their hashes, and whoever tries a gate or a board needs one.
if (seeded) writeFileSync(deviceKeysFile, `${JSON.stringify(deviceKeys, undefined, 2)}\n`, { mode: 0o600 });
process.exit(0);
