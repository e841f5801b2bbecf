// npm run migrate: brings the database of DATABASE_URL up to date. Safe to run from several places at once, and beside running processes.

import { readConfig } from '../src/config.ts';
import { migrate } from '../src/platform/db.ts';
import { printFailure } from './steps.mjs';

try {
  await migrate(readConfig().databaseUrl);
  console.log('The database is up to date.');
  process.exit(0);
} catch (error) {
  printFailure(error);
  process.exit(1);
}
