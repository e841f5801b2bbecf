// npm run lane: the agent of one lot, on a machine in the lot. It knows no database but its own file.

import { readFileSync } from 'node:fs';
import { createLog } from '../../platform/log.ts';
import { startLaneAgent, type LaneAgent } from './agent.ts';
import { ArgumentsError, readArguments, USAGE, type LaneArguments } from './arguments.ts';
import { FolderTakenError } from './lane-database.ts';

const CLOSE_WITHIN_MS = 5000;

function commandLine(): LaneArguments {
  try {
    return readArguments(process.argv.slice(2), (path) => readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof ArgumentsError)) throw error;
    process.stderr.write(`This can't be started:\n${error.message}\n\n${USAGE}\n`);
    process.exit(2);
  }
}

async function start({ logLevel, cloudKey, pingMs, ...rest }: LaneArguments): Promise<LaneAgent> {
  const log = createLog(logLevel);
  const optional = { ...(cloudKey === undefined ? {} : { cloudKey }), ...(pingMs === undefined ? {} : { pingMs }) };
  try {
    return await startLaneAgent({ ...rest, ...optional, log });
  } catch (error) {
    if (!(error instanceof FolderTakenError)) throw error;
    process.stderr.write(`${error.message} One agent works on a folder at a time.\n`);
    process.exit(2);
  }
}

const agent = await start(commandLine());
let isClosing = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isClosing) return;
    isClosing = true;
    setTimeout(() => process.exit(1), CLOSE_WITHIN_MS).unref();
    void agent.close().then(() => process.exit(0));
  });
}
