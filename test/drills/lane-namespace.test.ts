import { execFileSync } from 'node:child_process';
import { connect, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { quantile } from '../../bench/result.ts';
import { eventually } from '../support/eventually.ts';
import { expectInTime } from '../support/in-time.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';
import { startLaneProcess, untilAlone, untilUploaded, type LaneNetwork } from './lane-process.ts';

/** A cable that is pulled out says nothing, not even that it is gone: no proxy does that. It needs root, and is for the full size. */
const isPossible = process.env['PARKWELL_FULL'] === '1' && process.platform === 'linux' && process.getuid?.() === 0;
const CUTS = 10;
const NOTICED_MS = 300;
const [CLOUD, LANE, DEVICES, DOOR] = ['10.199.1.1', '10.199.1.2', '10.199.2.1', '10.199.2.2'];
const [TO_CLOUD, TO_DEVICES] = [`pkc${process.pid}`, `pkd${process.pid}`];

let system: TestSystem | undefined;
let forwarder: Server | undefined;
beforeAll(async () => {
  if (isPossible) system = await startSystem();
});
afterAll(async () => {
  forwarder?.close();
  await system?.stop();
});

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' });

/** One cable from the agent to the cloud and one to its devices; only the first is pulled. */
function layCables(pid: number): void {
  const inside = (...args: string[]) => execFileSync('nsenter', ['-t', String(pid), '-n', 'ip', ...args]);
  for (const [name, outer, inner] of [
    [TO_CLOUD, CLOUD, LANE],
    [TO_DEVICES, DEVICES, DOOR],
  ] as const) {
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}n`);
    ip('link', 'set', `${name}n`, 'netns', String(pid));
    ip('address', 'add', `${outer}/30`, 'dev', name);
    ip('link', 'set', name, 'up');
    inside('address', 'add', `${inner}/30`, 'dev', `${name}n`);
    inside('link', 'set', `${name}n`, 'up');
  }
}

/** The cloud listens on the loopback alone; this leads there from the agent's cable. */
async function leadToCloud(url: string): Promise<string> {
  const { port, hostname } = new URL(url);
  forwarder = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => [near, far].forEach((end) => end.destroy()));
  });
  await new Promise<void>((resolve) => forwarder?.listen(0, '0.0.0.0', resolve));
  const address = forwarder.address();
  return `http://${CLOUD}:${address !== null && typeof address === 'object' ? address.port : 0}`;
}

(isPossible ? test : test.skip)(
  'a lane whose cable is pulled out notices it within 300 ms, decides alone, and comes back',
  async () => {
    const cloud = system!;
    const lot = await makeLot(cloud, { spots: { STANDARD: 2 * CUTS } });
    const network: LaneNetwork = { cloudUrl: await leadToCloud(cloud.url), laneHost: DOOR, attach: layCables };
    const lane = await startLaneProcess(cloud, lot, network);
    const noticed: number[] = [];
    try {
      for (let cut = 0; cut < CUTS; cut++) {
        await untilUploaded(lane);
        const pulledAt = performance.now();
        ip('link', 'set', TO_CLOUD, 'down');
        await untilAlone(lane);
        noticed.push(performance.now() - pulledAt);
        const decision = await lane.ask(lot.entry, { plate: { text: `PULL${cut}ED` } });
        expect(decision).toMatchObject({ action: 'OPEN', decidedBy: 'LANE', durable: true });
        ip('link', 'set', TO_CLOUD, 'up');
      }
      await untilUploaded(lane);
      const rows = await eventually(
        () => cloud.platform.orm.em.fork().execute<{ id: string }[]>('SELECT id FROM stay WHERE lot_id = ?', [lot.id]),
        ({ length }) => length === CUTS,
      );
      expect(rows).toHaveLength(CUTS);
      expectInTime('noticed, at the median', quantile(noticed, 0.5), NOTICED_MS);
    } finally {
      await lane.stop();
    }
  },
  120_000,
);
