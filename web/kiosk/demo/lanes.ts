import { findPlace, type Place } from '../door.ts';

/** A lot of the demo, with the keys of its gates. */
export interface DemoLot {
  readonly code: string;
  readonly keys: readonly string[];
}

/** The lots whose lanes anyone may try; undefined where the server hands out no keys. */
export async function findDemoLots(): Promise<readonly DemoLot[] | undefined> {
  try {
    const response = await fetch('/kiosk/demo/lanes');
    const { lots } = (await response.json()) as { lots: DemoLot[] };
    return lots.length > 0 ? lots : undefined;
  } catch {
    return undefined;
  }
}

/** The gates behind keys, entries first. Throws AwayError. */
export async function findGates(keys: readonly string[]): Promise<readonly Place[]> {
  const found = await Promise.all(keys.map(findPlace));
  return found
    .filter((place) => place !== undefined)
    .sort((a, b) => Number(a.direction === 'EXIT') - Number(b.direction === 'EXIT'));
}
