/** Less than this is the way of the answer, not a clock that is off. */
const ON_THE_WAY_MS = 2000;
/** Two answers this far apart tell how fast the server's time goes by. */
const APART_MS = 500;

interface Heard {
  readonly serverMs: number;
  readonly ownMs: number;
}

let first: Heard | undefined;
let last: Heard | undefined;
let speed = 1;

/** What the server said that its clock shows, in ms; nothing for what is no time. */
export function hearServerTime(serverMs: number, ownMs = Date.now()): void {
  if (!Number.isFinite(serverMs) || serverMs <= 0) return;
  const heard = { serverMs, ownMs };
  first ??= heard;
  last = heard;
  const ownPassed = ownMs - first.ownMs;
  if (ownPassed >= APART_MS) speed = Math.max(1, Math.round((serverMs - first.serverMs) / ownPassed));
}

/** `fetch`, and what the answer says of the time. */
export async function fetchAndHear(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...request);
  hearServerTime(Number(response.headers.get('parkwell-time')));
  return response;
}

/** What the server's clock shows now, as far as its answers have told; this machine's own before the first, and where the two agree. */
export function serverNowMs(): number {
  const ownMs = Date.now();
  if (!last) return ownMs;
  const serverMs = last.serverMs + (ownMs - last.ownMs) * speed;
  return Math.abs(serverMs - ownMs) < ON_THE_WAY_MS ? ownMs : serverMs;
}

/** How many times as fast as this machine's clock the server's goes, as far as its answers have told. */
export const serverSpeed = (): number => speed;

/** Waits until the server has told the time once; without a network this machine's has to do. */
export async function waitForServerTime(): Promise<void> {
  if (last) return;
  try {
    await fetchAndHear('/livez', { cache: 'no-store' });
  } catch {
    // Nobody answers: what is asked next will not be answered either, and says so.
  }
}
