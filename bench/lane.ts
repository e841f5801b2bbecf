// A lane that is cut off, of a lot with 5,000 spots and as many rights: how long a device waits for a decision that is on the disk by then,
// beside what the bare append to SQLite takes on the same disk; and how long the agent takes from its start to its first answer.

import { fork, type ChildProcess } from 'node:child_process';
import { createHmac, generateKeyPairSync, hash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent as KeepAlive, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reservationCode } from '../src/domain/code.ts';
import type { BundleRight, LaneBundle } from '../src/domain/lane-bundle.ts';
import { plateSkeleton } from '../src/domain/plate.ts';
import { DEFAULT_LOT_POLICY } from '../src/domain/policies.ts';
import { encodeId } from '../src/domain/public-id.ts';
import { encodeBundle } from '../src/gate/lane/bundle-codec.ts';
import { BundleStore } from '../src/gate/lane/bundle-store.ts';
import { durably, openLaneDatabase } from '../src/gate/lane/lane-database.ts';
import { passKeyOf, signPassToken, writePassKey } from '../src/gate/pass-token.ts';
import { plainTariff } from '../test/support/tariffs.ts';
import { quantile, underLimit, type BenchResult } from './result.ts';

const SPOTS = Number(process.env['BENCH_SPOTS'] ?? 5000);
const SCANS = Number(process.env['BENCH_SCANS'] ?? 3000);
/** Until the code of the agent is compiled: a lane decides all day. */
const FIRST = 200;
const HOUR_MS = 3_600_000;
const DECISION_MS = 10;
const RESTART_MS = 10_000;
/** One alone may not say so much in a second. */
const DEVICES = 20;
const NOWHERE = 'http://127.0.0.1:9';
const MOST_BYTES = 1024 ** 3;
/** About what an entry takes. */
const ENTRY = 'x'.repeat(900);

export async function run(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'parkwell-bench-lane-'));
  try {
    const lane = makeLane(folder);
    const appendMs = bareAppends(join(folder, 'floor'));
    const startedMs = performance.now();
    const { child, url } = await startAgent(lane);
    const ask = doorOf(url, lane);
    await ask(lane.scans[0] ?? {});
    const startMs = performance.now() - startedMs;
    const decisionMs: number[] = [];
    for (const [index, scan] of lane.scans.slice(1).entries()) {
      const askedMs = performance.now();
      await ask(scan);
      if (index >= FIRST) decisionMs.push(performance.now() - askedMs);
    }
    child.disconnect();
    await once(child, 'exit');
    return rows({ appendMs, decisionMs, startMs });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rows({
  appendMs,
  decisionMs,
  startMs,
}: {
  appendMs: number[];
  decisionMs: number[];
  startMs: number;
}): BenchResult[] {
  const row = (share: number) =>
    underLimit(DECISION_MS, {
      name: `decision of a lane alone, at its door, on the disk, p${share * 100}`,
      unit: 'ms',
      value: quantile(decisionMs, share),
      floorName: 'bare durable append to SQLite',
      floor: quantile(appendMs, share),
    });
  return [
    row(0.5),
    row(0.99),
    underLimit(RESTART_MS, {
      ...{ name: 'from the start without a network to the first answer', unit: 'ms', value: startMs },
      ...{ floorName: 'bare durable append to SQLite, p50', floor: quantile(appendMs, 0.5) },
    }),
  ];
}

interface BenchLane {
  readonly options: object;
  readonly deviceKeys: readonly string[];
  readonly scans: readonly object[];
}

/** A bundle of a full lot on the agent's disk, and the scans of its guests: by pass, by plate, and of walk-ins. */
function makeLane(folder: string): BenchLane {
  const [lotId, gateId] = [randomUUID(), randomUUID()];
  const keyOf = () => {
    const ids = Buffer.from(`${lotId}${randomUUID()}`.replaceAll('-', ''), 'hex').toString('base64url');
    return `pwk_${ids}_${randomBytes(32).toString('base64url')}`;
  };
  const agentKey = keyOf();
  const deviceKeys = Array.from({ length: DEVICES }, keyOf);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const cloudKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');
  const passKey = passKeyOf(privateKey);
  const startsAt = Date.now() - HOUR_MS;
  const plateKeys = { exact: randomBytes(32).toString('base64url'), skeleton: randomBytes(32).toString('base64url') };
  const rights = Array.from({ length: SPOTS }, (_, index) => rightOf({ lotId, index, startsAt, plateKeys }));
  const bundle: LaneBundle = {
    ...{ lotId, version: startsAt, issuedAt: Date.now(), expiresAt: Date.now() + 24 * HOUR_MS },
    lot: {
      ...{ operatorId: randomUUID(), name: 'Bench', timeZone: 'Europe/Helsinki', currency: 'EUR', state: 'OPEN' },
      ...{ openingHours: { kind: 'ALWAYS' }, policy: DEFAULT_LOT_POLICY, tariffId: 'tariff' },
    },
    tariffs: { tariff: plainTariff({ blockMinutes: 60, minor: 200 }) },
    passKeys: [{ id: passKey.id, publicKey: writePassKey(passKey) }],
    ...{ factorKey: null, plateKeys, freeByType: { STANDARD: SPOTS }, paymentProvider: 'UP' },
    sealKey: generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
    gates: [{ id: gateId, name: 'Entry', direction: 'BOTH', inService: true }],
    devices: deviceKeys.map((key) => ({ id: randomUUID(), gateId, role: 'GATE', keyHash: hash('sha256', key) })),
    ...{ rights, stays: [], monthlyPasses: [], deniedReservationIds: [] },
  };
  const dataFolder = join(folder, 'lane');
  const database = openLaneDatabase(dataFolder, { mostBytes: MOST_BYTES });
  new BundleStore(database, lotId).take(encodeBundle({ kind: 'FULL', bundle }, privateKey), cloudKey);
  database.close();
  const gate = encodeId('gat', lotId, gateId);
  const scans = Array.from({ length: FIRST + SCANS + 1 }, (_, index) => {
    const right = rights[index % SPOTS];
    const pass = () => signPassToken(privateKey, passKey, passContent(lotId, right, startsAt));
    const credential =
      index % 3 === 0
        ? { pass: pass() }
        : { plate: { text: index % 3 === 1 ? plateOf(index % SPOTS) : `W${100_000 + index}I` } };
    return { operation: 'CHECK_IN', gateId: gate, scanId: randomUUID(), credential };
  });
  const listen = { host: '127.0.0.1', port: 0 };
  return {
    options: { lotId, cloudUrl: NOWHERE, deviceKey: agentKey, dataFolder, listen, cloudKey },
    deviceKeys,
    scans,
  };
}

function passContent(lotId: string, right: BundleRight | undefined, startsAt: number) {
  const reservationId = right?.reservationId ?? randomUUID();
  const [starts, ends] = [new Date(startsAt), new Date(startsAt + 6 * HOUR_MS)];
  return { lotId, reservationId, spotType: 'STANDARD', startsAt: starts, endsAt: ends } as const;
}

const plateOf = (index: number) => `R${10_000 + index}T`;

interface RightOfLot {
  readonly lotId: string;
  readonly index: number;
  readonly startsAt: number;
  readonly plateKeys: LaneBundle['plateKeys'];
}

function rightOf({ lotId, index, startsAt, plateKeys }: RightOfLot): BundleRight {
  const plate = plateOf(index);
  const under = (key: string, text: string) =>
    createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest().subarray(0, 16).toString('base64url');
  return {
    ...{
      lotId,
      reservationId: randomUUID(),
      revision: 1,
      state: 'CONFIRMED',
      startsAt,
      endsAt: startsAt + 6 * HOUR_MS,
    },
    ...{ spotId: randomUUID(), spotLabel: `1-${index}`, directions: null, code: reservationCode(randomBytes(4)) },
    ...{ paidMinor: 1200, currency: 'EUR', spotType: 'STANDARD', pricedSpotType: 'STANDARD', vehicleClass: 'CAR' },
    ...{ tariffId: 'tariff', multiplierPercent: 100, exitGraceMinutes: 15, presence: { at: 'OUTSIDE' } },
    plateIndex: under(plateKeys.exact, plate),
    plateSkeletonIndex: under(plateKeys.skeleton, plateSkeleton(plate)),
  };
}

/** What the disk costs alone: one row a commit, as the journal writes. */
function bareAppends(folder: string): number[] {
  const database = openLaneDatabase(folder, { mostBytes: MOST_BYTES });
  const insert = database.prepare('INSERT INTO entry (seq, scan_id, body, chain, answer) VALUES (?, ?, ?, ?, ?)');
  const tookMs = Array.from({ length: SCANS }, (_, index) => {
    const startedMs = performance.now();
    durably(database, () => insert.run(index + 1, randomUUID(), ENTRY, 'chain', '{}'));
    return performance.now() - startedMs;
  });
  database.close();
  return tookMs;
}

async function startAgent({ options }: BenchLane): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(join(import.meta.dirname, 'lane', 'agent.ts'), [JSON.stringify(options)], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', 'tsx'],
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return { child, url };
}

/** Devices that keep their connection. Throws for a scan that the lane did not let in. */
function doorOf(url: string, { deviceKeys }: BenchLane): (scan: object) => Promise<void> {
  const agent = new KeepAlive({ keepAlive: true, maxSockets: 1 });
  let turn = 0;
  return (scan) =>
    new Promise((resolve, reject) => {
      const authorization = `Bearer ${deviceKeys[turn++ % DEVICES] ?? ''}`;
      const headers = { 'content-type': 'application/json', authorization };
      const asked = request(`${url}/v1/scans`, { method: 'POST', agent, headers }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          if (text.includes('"action":"OPEN"')) resolve();
          else reject(new Error(`not let in: ${text}`));
        });
      });
      asked.once('error', reject);
      asked.end(JSON.stringify(scan));
    });
}
