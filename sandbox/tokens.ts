// Bearer tokens for the system that runs in this checkout, for scripts and load tools. People's tokens are good for fifteen minutes;
// device keys until they are revoked.

import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { EntityManager } from '@mikro-orm/postgresql';
import { StepFailure } from '../scripts/steps.mjs';
import { issueAccessToken } from '../src/accounts/access-tokens.ts';
import { verifyDeviceKey } from '../src/accounts/device-keys.ts';
import { issueDeviceKey } from '../src/accounts/operators/issue-device-key.ts';
import { driverViewer, staffViewer } from '../src/accounts/viewers.ts';
import { readConfig, type Config } from '../src/config.ts';
import type { DeviceRole, StaffRole, Viewer } from '../src/domain/viewer.ts';
import { Driver } from '../src/entities/driver.ts';
import { Gate } from '../src/entities/gate.ts';
import { Lot } from '../src/entities/lot.ts';
import { Staff } from '../src/entities/staff.ts';
import { openPlatform, type Platform } from '../src/platform/platform.ts';
import type { DemoDeviceKey } from './demo/lots.ts';
import { DEMO_LOGINS } from './demo-logins.ts';
import { deviceKeysFile, runningFile } from './places.ts';
import { keepSecrets } from './secrets.ts';

const ROLES = ['driver', 'attendant', 'operator', 'admin', 'gate', 'board'] as const;
type Role = (typeof ROLES)[number];

/** Who to be. Without an address, lot or gate: the demo's own person, the first lot, its first entry that works. */
export interface Wish {
  readonly role: Role;
  readonly email: string | undefined;
  readonly lotCode: string | undefined;
  readonly gateName: string | undefined;
}

export const TOKEN_USAGE = `<${ROLES.join('|')}> [--email address] [--lot CODE] [--gate name]`;

/** Reads whom a command line asks to be, and what else it says. Throws when its first word is no role. */
export function readWish(usage: string): { wish: Wish; rest: string[] } {
  const options = { email: { type: 'string' }, lot: { type: 'string' }, gate: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [first, ...rest] = positionals;
  const role = ROLES.find((name) => name === first?.toLowerCase());
  if (!role) throw new StepFailure('this command acts as one role', usage);
  const wish = { role, email: values.email?.toLowerCase(), lotCode: values.lot?.toUpperCase(), gateName: values.gate };
  return { wish, rest };
}

/** The running system's own settings; a system that runs elsewhere is told through the environment. */
function configOfRunning(): Config {
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  if (given['DATABASE_URL']) return readConfig({ ...given, LOG_LEVEL: 'silent' });
  if (!existsSync(runningFile)) {
    throw new StepFailure('nothing runs in this checkout', 'run "npm start" first, in another terminal.');
  }
  const { pid: _, ...running } = JSON.parse(readFileSync(runningFile, 'utf8')) as Record<string, string>;
  return readConfig({ NODE_ENV: 'development', ...keepSecrets(), ...given, ...running, LOG_LEVEL: 'silent' });
}

/** Who to be when nobody is named: the demo's own person of that role. */
function emailFor({ role, email }: Wish): string | undefined {
  return email ?? DEMO_LOGINS.find((login) => login.role === role.toUpperCase())?.email;
}

async function findLot(em: EntityManager, code: string | undefined): Promise<Lot> {
  const [lot] = await em.find(Lot, code === undefined ? {} : { code }, { orderBy: { createdAt: 'asc' }, limit: 1 });
  if (lot) return lot;
  const known = await em.find(Lot, {}, { orderBy: { code: 'asc' }, limit: 20 });
  throw new StepFailure('there is no such lot', `name one of: ${known.map((each) => each.code).join(', ')}`);
}

async function driverToken(platform: Platform, wish: Wish): Promise<string> {
  const em = platform.orm.em.fork();
  const email = emailFor(wish);
  const driver = await em.findOne(Driver, email === undefined ? {} : { email });
  if (!driver)
    throw new StepFailure('there is no driver with this address', 'name another with --email, or sign up first.');
  return issueAccessToken(platform, driverViewer(driver));
}

async function staffToken(platform: Platform, wish: Wish, role: StaffRole): Promise<string> {
  const em = platform.orm.em.fork();
  const email = emailFor(wish);
  const staff = await em.findOne(Staff, { ...(email === undefined ? {} : { email }), role, disabledAt: null });
  if (!staff)
    throw new StepFailure(`there is no ${role.toLowerCase()} with this address`, 'name another with --email.');
  const lotIds = wish.lotCode === undefined ? staff.lotIds : [(await findLot(em, wish.lotCode)).id];
  return issueAccessToken(platform, staffViewer({ ...staff, lotIds }));
}

/** The key that the demo was given, while it is good; else one of a new device. */
async function deviceKey(platform: Platform, wish: Wish, role: DeviceRole): Promise<string> {
  const em = platform.orm.em.fork();
  const lot = await findLot(em, wish.lotCode);
  const gate = role === 'GATE' ? await findGate(em, lot, wish.gateName) : undefined;
  const kept = keptKeys().find(
    (key) => key.lotCode === lot.code && key.role === role && (!gate || key.gateId === gate.id),
  );
  if (kept && (await verifyDeviceKey(platform, kept.key))) return kept.key;
  const admin: Viewer = { kind: 'STAFF', role: 'ADMIN', staffId: lot.id, operatorId: null, lotIds: 'ALL' };
  const device = { lotId: lot.id, name: 'Made by npm run token', role, gateId: gate?.id };
  return (await issueDeviceKey(platform, device, admin)).key;
}

async function findGate(em: EntityManager, lot: Lot, name: string | undefined): Promise<Gate> {
  const gates = await em.find(Gate, { lotId: lot.id }, { orderBy: { name: 'asc' } });
  const gate = gates.find((each) => {
    if (name === undefined) return each.inService && each.direction !== 'EXIT';
    return each.name.toLowerCase() === name.toLowerCase();
  });
  if (gate) return gate;
  throw new StepFailure(`${lot.code} has no such gate`, `name one of: ${gates.map((each) => each.name).join(', ')}`);
}

function keptKeys(): DemoDeviceKey[] {
  return existsSync(deviceKeysFile) ? (JSON.parse(readFileSync(deviceKeysFile, 'utf8')) as DemoDeviceKey[]) : [];
}

async function makeToken(platform: Platform, wish: Wish): Promise<string> {
  switch (wish.role) {
    case 'driver':
      return driverToken(platform, wish);
    case 'attendant':
      return staffToken(platform, wish, 'ATTENDANT');
    case 'operator':
      return staffToken(platform, wish, 'OPERATOR');
    case 'admin':
      return staffToken(platform, wish, 'ADMIN');
    case 'gate':
      return deviceKey(platform, wish, 'GATE');
    case 'board':
      return deviceKey(platform, wish, 'BOARD');
  }
}

/** A token for one role, as the running system's own settings make it; and where that system answers. */
export async function tokenOfRunning(wish: Wish): Promise<{ token: string; url: string }> {
  const platform = await openPlatform(configOfRunning());
  try {
    const { host, port, publicUrl } = platform.config;
    return { token: await makeToken(platform, wish), url: publicUrl ?? `http://${host}:${port}` };
  } finally {
    await platform.close();
  }
}
