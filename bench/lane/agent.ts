// The agent that bench/lane.ts measures, in a process of its own; its cloud is nowhere.

import { startLaneAgent, type LaneAgentOptions } from '../../src/gate/lane/agent.ts';
import { createLog } from '../../src/platform/log.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as LaneAgentOptions;
const agent = await startLaneAgent({ ...options, log: createLog('silent') });
process.send?.({ url: agent.url });
process.on('disconnect', () => void agent.close().then(() => process.exit(0)));
