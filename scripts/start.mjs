// npm start: installs what is missing, then runs the whole product on this machine (sandbox/start.ts).

import { handOver } from './hand-over.mjs';
import { installMissing } from './install.mjs';
import { printFailure } from './steps.mjs';
import { buildPages } from './web.mjs';

try {
  await installMissing({ dev: false });
  await buildPages();
  process.exitCode = await handOver(['--import', 'tsx', 'sandbox/start.ts', ...process.argv.slice(2)]);
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
