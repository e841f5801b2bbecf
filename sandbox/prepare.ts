// Brings the database up to date and fills an empty one with demo data. A process of its own, so that the memory it needs
// is given back before the product runs. With the argument "migrate" or "seed" it does that half.

import { readConfig } from '../src/config.ts';
import { migrate } from '../src/platform/db.ts';
import { openPlatform } from '../src/platform/platform.ts';

const config = readConfig();
if (process.argv[2] === 'migrate') await migrate(config.databaseUrl);
if (process.argv[2] === 'seed') await seedWhenEmpty();
process.exit(0);

async function seedWhenEmpty(): Promise<void> {
  const platform = await openPlatform(config);
  const rows: unknown[] = await platform.orm.em.getConnection().execute('select 1 from operator limit 1');
  if (rows.length === 0) {
    const { seedDemo } = await import('./seed.ts');
    await seedDemo(platform);
  }
  await platform.close();
}
