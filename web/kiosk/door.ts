import {
  KioskDeviceDocument,
  KioskInDocument,
  KioskOutDocument,
  KioskPlaceDocument,
  type CheckInInput,
  type KioskDecisionFragment,
  type TypedDocumentString,
} from '../generated/graphql.ts';

/** Where a kiosk stands, and the key it speaks with. Kept on the device. */
export interface Place {
  readonly key: string;
  readonly gateId: string;
  readonly gateName: string;
  readonly direction: 'ENTRY' | 'EXIT';
  readonly lotName: string;
  readonly timeZone: string;
}

export type Credential =
  | { readonly plate: { readonly text: string; readonly confidence?: number; readonly arrivalKey?: string } }
  | { readonly pass: string }
  | { readonly code: string }
  | { readonly ticket: true }
  | { readonly unreadable: true };

/** One reading, made here; sent again under its id until the answer is durable. */
export interface Scan {
  readonly scanId: string;
  readonly credential: Credential;
  readonly observedAt: string;
  /** The barrier has opened for it, on an answer that was not durable yet. */
  readonly alreadyOpened?: boolean;
}

/** A driver waits no longer for an answer; the scan is kept and sent again. */
const ANSWER_MS = 3000;
const KEPT_AS = 'parkwell.kiosk';

/** The server can't be reached, or is in trouble; what was asked may be asked again. */
export class AwayError extends Error {}

/** Asks the public interface. Throws AwayError where nobody answers in time, an Error that names the request where it is refused. */
export async function ask<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  key?: string,
): Promise<Result> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ query: document.toString(), variables }),
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch(() => undefined);
  if (response === undefined || response.status >= 500 || response.status === 429) throw new AwayError();
  const { data, errors } = (await response.json().catch(() => ({}))) as { data?: Result | null; errors?: unknown[] };
  if (data == null || errors !== undefined) throw new Error(response.headers.get('x-request-id') ?? 'refused');
  return data;
}

/** Who a key belongs to and where that stands; undefined when it is the key of no gate. Throws AwayError. */
export async function findPlace(key: string): Promise<Place | undefined> {
  try {
    const { viewer } = await ask(KioskDeviceDocument, {}, key);
    if (viewer == null || !('gateId' in viewer) || viewer.gateId == null) return undefined;
    const { gate, lot } = await ask(KioskPlaceDocument, { gateId: viewer.gateId, lotId: viewer.lotId }, key);
    if (gate == null || !('direction' in gate) || lot == null) return undefined;
    const direction = gate.direction === 'EXIT' ? 'EXIT' : 'ENTRY';
    return { key, gateId: gate.id, gateName: gate.name, direction, lotName: lot.name, timeZone: lot.timeZone };
  } catch (error) {
    if (error instanceof AwayError) throw error;
    return undefined;
  }
}

/** A scan of this minute is of the server's minute, whatever the device's clock says; only one that is sent late has to say when it was. */
const LATE_MS = 60_000;
/** How far the server's clock is ahead of the device's, as its last answer told. */
let aheadMs = 0;

/** Sends a scan of the gate. Gives undefined when the request itself was wrong. Throws AwayError. */
export async function sendScan(place: Place, scan: Scan): Promise<KioskDecisionFragment | undefined> {
  const { observedAt, ...told } = scan;
  const madeAtMs = Date.parse(observedAt);
  const isLate = Date.now() - madeAtMs > LATE_MS;
  const when = isLate ? { observedAt: new Date(madeAtMs + aheadMs).toISOString() } : {};
  const decision = await decide(place, { input: { gateId: place.gateId, ...told, ...when } });
  if (decision && !isLate) aheadMs = Date.parse(decision.decidedAt) - Date.now();
  return decision;
}

async function decide(
  { direction, key }: Place,
  variables: { input: CheckInInput },
): Promise<KioskDecisionFragment | undefined> {
  const { decision } =
    direction === 'EXIT'
      ? (await ask(KioskOutDocument, variables, key)).checkOut
      : (await ask(KioskInDocument, variables, key)).checkIn;
  return decision ?? undefined;
}

export function keptPlace(): Place | undefined {
  try {
    const text = localStorage.getItem(KEPT_AS);
    return text === null ? undefined : (JSON.parse(text) as Place);
  } catch {
    return undefined;
  }
}

export function keepPlace(place: Place | undefined): void {
  if (place === undefined) localStorage.removeItem(KEPT_AS);
  else localStorage.setItem(KEPT_AS, JSON.stringify(place));
}
