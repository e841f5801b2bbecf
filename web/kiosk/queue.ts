import type { Scan } from './door.ts';

const KEPT_AS = 'parkwell.kiosk.scans';

/** Nobody stands at the gate any more for a scan without an answer that is older: sent now, it would open for somebody else. */
const NOBODY_WAITS_MS = 120_000;

/** The scans that still have to be told to the server, the oldest first; they outlive a restart of the device. */
export function keptScans(): readonly Scan[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? '[]') as Scan[];
  } catch {
    return [];
  }
}

export function keepScan(scan: Scan): void {
  write([...keptScans().filter(({ scanId }) => scanId !== scan.scanId), scan]);
}

export function dropScan(scanId: string): void {
  write(keptScans().filter((scan) => scan.scanId !== scanId));
}

/** Which kept scans may still be sent. Those that opened always, because the vehicle is through and has to be recorded. */
export function sendable(scans: readonly Scan[], nowMs: number): readonly Scan[] {
  return scans.filter(
    ({ alreadyOpened, observedAt }) =>
      alreadyOpened === true || nowMs - new Date(observedAt).getTime() < NOBODY_WAITS_MS,
  );
}

function write(scans: readonly Scan[]): void {
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(scans));
  } catch {
    // A browser that keeps nothing loses them at a restart; the lane's own journal does not.
  }
}
