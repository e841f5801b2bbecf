import type { EntityClass } from '@mikro-orm/postgresql';
import { encodeId } from '../../src/domain/public-id.ts';
import { messageOf, type CameraMessageBody, type Sighting } from '../../sandbox/virtual-lane/camera-messages.ts';
import type { CameraVendor } from '../../src/domain/hardware.ts';
import type { TestSystem } from './system.ts';
import type { TestGate, TestLot } from './world.ts';

/** The rows of a lot. */
export async function rowsOf<T extends object>(system: TestSystem, entity: EntityClass<T>, lot: TestLot): Promise<T[]> {
  return system.platform.orm.em.fork().find(entity, { lotId: lot.id } as never);
}

export interface Told {
  status: number;
  headers: Headers;
  body: any;
}

/** A camera at a gate of a lot, with the gate's own key. */
export interface TestCamera {
  system: TestSystem;
  lot: TestLot;
  gate: TestGate;
  vendor: CameraVendor;
  /** After the device's id: `/<secret>` or `?sees=…`. */
  path?: string;
  authorization?: string | null;
}

export const deviceIdOf = (lot: TestLot, gate: TestGate): string => encodeId('dev', lot.id, gate.deviceId);

/** Sends a body as a camera does. */
export async function push(camera: TestCamera, { contentType, body }: CameraMessageBody): Promise<Told> {
  const { system, lot, gate, vendor, path = '' } = camera;
  const { authorization = `Bearer ${gate.deviceKey}` } = camera;
  const response = await fetch(`${system.url}/hardware/v1/${vendor}/${deviceIdOf(lot, gate)}${path}`, {
    method: 'POST',
    headers: { 'content-type': contentType, ...(authorization === null ? {} : { authorization }) },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

let sequence = 0;

/** A camera reads a plate now, in its maker's own words. */
export function see(camera: TestCamera, sighting: Partial<Sighting> & { plate: string }): Promise<Told> {
  sequence += 1;
  const at = camera.system.clock.now();
  return push(camera, messageOf(camera.vendor, { confidence: 0.93, at, car: sequence, sequence, ...sighting }));
}

/** Speaks to the relay's door with a gate's key. */
export async function tell(
  { system, gate }: Pick<TestCamera, 'system' | 'gate'>,
  path: string,
  body?: object,
): Promise<Told> {
  const response = await fetch(`${system.url}/hardware/v1/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${gate.deviceKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}
