import { parseArgs } from 'node:util';
import { decodeId } from '../../domain/public-id.ts';
import { readLaneKey } from './lane-key.ts';
import type { ListenAt } from './local-api.ts';

/** What the command line says. */
export interface LaneArguments {
  readonly lotId: string;
  readonly cloudUrl: string;
  readonly deviceKey: string;
  readonly dataFolder: string;
  readonly listen: ListenAt;
  readonly cloudKey: string | undefined;
  readonly pingMs: number | undefined;
  readonly logLevel: string;
}

/** The command line is not usable; one problem a line. */
export class ArgumentsError extends Error {
  override readonly name = 'ArgumentsError';
}

export const USAGE = `npm run lane -- --lot <lot id> --cloud <url> --key-file <file with the agent's device key>
  --data <folder>        journal and bundle (default: lane-data)
  --listen <host:port>   for the lot's devices (default: 127.0.0.1:4100)
  --cloud-key <text>     by which bundles must be signed (default: the key of the first answer)
  --ping-ms <number>     how often to look whether the cloud is there (default: 100)
  --log-level <level>    (default: info)`;

const OPTIONS = {
  lot: { type: 'string' },
  cloud: { type: 'string' },
  'key-file': { type: 'string' },
  data: { type: 'string', default: 'lane-data' },
  listen: { type: 'string', default: '127.0.0.1:4100' },
  'cloud-key': { type: 'string' },
  'ping-ms': { type: 'string' },
  'log-level': { type: 'string', default: 'info' },
} as const;

/** Reads the command line; `readFile` gives the text of the key file. Throws ArgumentsError with every problem at once. */
export function readArguments(argv: readonly string[], readFile: (path: string) => string): LaneArguments {
  const values = parsed(argv);
  const problems: string[] = [];
  const lot = decodeId('lot', values.lot ?? '');
  if (lot === undefined) problems.push('--lot must be the id of a lot (lot_…)');
  const cloud = URL.parse(values.cloud ?? '');
  if (cloud === null || !/^https?:$/.test(cloud.protocol)) problems.push('--cloud must be an address (https://…)');
  const deviceKey = keyIn(values['key-file'], readFile);
  const key = deviceKey === undefined ? undefined : readLaneKey(deviceKey);
  if (key === undefined) problems.push('--key-file must name a file with a device key (pwk_…) and nothing else');
  if (key !== undefined && lot !== undefined && key.lotId !== lot.id) problems.push('the key is of another lot');
  const listen = /^(.+):(\d{1,5})$/.exec(values.listen);
  if (listen === null) problems.push('--listen must be host:port');
  const pingMs = values['ping-ms'] === undefined ? undefined : Number(values['ping-ms']);
  if (pingMs !== undefined && !(pingMs >= 10 && pingMs <= 60_000)) problems.push('--ping-ms must be from 10 to 60000');
  if (problems.length > 0 || lot === undefined || cloud === null || deviceKey === undefined || listen === null)
    throw new ArgumentsError(problems.map((problem) => `  - ${problem}`).join('\n'));
  return {
    ...{ lotId: lot.id, cloudUrl: cloud.href, deviceKey, dataFolder: values.data, pingMs },
    listen: { host: listen[1] ?? '', port: Number(listen[2]) },
    cloudKey: values['cloud-key'],
    logLevel: values['log-level'],
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new ArgumentsError(`  - ${error instanceof Error ? error.message : String(error)}`);
  }
}

function keyIn(path: string | undefined, readFile: (path: string) => string): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFile(path).trim();
  } catch {
    // Told as a problem with --key-file.
    return undefined;
  }
}
