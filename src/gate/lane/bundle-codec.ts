import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { applyBundleDelta, type BundleMessage, type LaneBundle } from '../../domain/lane-bundle.ts';
import { fromColumns, toColumns, type Columns } from './columns.ts';

const SIGNATURE_BYTES = 64;
/** Far above any bundle: what is larger is no bundle, and is not unpacked. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Why a bundle was not taken. NEEDS_FULL: it was made for another version than the one that is here. */
export type BundleRefusal = 'UNSIGNED' | 'UNREADABLE' | 'OTHER_LOT' | 'OLDER' | 'NEEDS_FULL';

/** A bundle that is good now, and how it came. */
export interface TakenBundle {
  readonly bundle: LaneBundle;
  readonly kind: BundleMessage['kind'];
}

/** A bundle as it is sent: 64 bytes of Ed25519 signature over the rest, which is gzipped JSON. */
export function encodeBundle(message: BundleMessage, privateKey: KeyObject): Buffer {
  const body = gzipSync(JSON.stringify(written(message)));
  return Buffer.concat([sign(null, body, privateKey), body]);
}

/** What a signed bundle says; a refusal for anything that this key has not signed whole. `publicKey` is SPKI in base64url. */
export function verifyBundle(bytes: Uint8Array, publicKey: string): BundleMessage | 'UNSIGNED' | 'UNREADABLE' {
  const body = bytes.subarray(SIGNATURE_BYTES);
  if (body.length === 0 || !verify(null, body, publicKeyOf(publicKey), bytes.subarray(0, SIGNATURE_BYTES)))
    return 'UNSIGNED';
  try {
    const text = gunzipSync(body, { maxOutputLength: MOST_BYTES }).toString('utf8');
    return read(JSON.parse(text) as Written);
  } catch {
    // Signed by us and not readable: of a form that this program does not know.
    return 'UNREADABLE';
  }
}

/** The long lists of a bundle go by columns. */
const LONG_LISTS = ['rights', 'stays', 'monthlyPasses'] as const;
const NO_LONG_LISTS = { rights: [], stays: [], monthlyPasses: [] };
type Long = { readonly [L in (typeof LONG_LISTS)[number]]?: readonly Columns[] };
type Written =
  | { readonly kind: 'FULL'; readonly bundle: object; readonly long: Long }
  | { readonly kind: 'DELTA'; readonly delta: { readonly lists: object }; readonly long: Long };

function written(message: BundleMessage): Written {
  const { kind } = message;
  const listOf = (list: keyof Long): readonly object[] =>
    message.kind === 'FULL' ? message.bundle[list] : (message.delta.lists[list]?.put ?? []);
  const long = Object.fromEntries(LONG_LISTS.map((list) => [list, toColumns(listOf(list))]));
  if (kind === 'FULL') return { kind, bundle: { ...message.bundle, ...NO_LONG_LISTS }, long };
  const { lists } = message.delta;
  const short = LONG_LISTS.flatMap((list) => (lists[list] ? [[list, { put: [], gone: lists[list].gone }]] : []));
  return { kind, delta: { ...message.delta, lists: { ...lists, ...(Object.fromEntries(short) as object) } }, long };
}

function read({ long, ...message }: Written): BundleMessage {
  const listOf = (list: keyof Long) => fromColumns(long[list] ?? []);
  if (message.kind === 'FULL') {
    const lists = Object.fromEntries(LONG_LISTS.map((list) => [list, listOf(list)]));
    return { kind: 'FULL', bundle: Object.assign({}, message.bundle as LaneBundle, lists) };
  }
  const { delta } = message as Extract<BundleMessage, { kind: 'DELTA' }>;
  const put = LONG_LISTS.flatMap((list) => {
    const change = delta.lists[list];
    return change === undefined ? [] : [[list, { ...change, put: listOf(list) }]];
  });
  return { kind: 'DELTA', delta: { ...delta, lists: { ...delta.lists, ...(Object.fromEntries(put) as object) } } };
}

/**
 * The bundle that is good after one has come: the new one, or the refusal, and then the one that was there stays. Takes nothing that is
 * unsigned, cut short, of another lot, or not newer than `current`.
 */
export function takeBundle(
  current: LaneBundle | undefined,
  bytes: Uint8Array,
  { lotId, publicKey }: { lotId: string; publicKey: string },
): TakenBundle | { readonly refused: BundleRefusal } {
  const message = verifyBundle(bytes, publicKey);
  if (typeof message === 'string') return { refused: message };
  const news = message.kind === 'FULL' ? message.bundle : message.delta;
  if (news.lotId !== lotId) return { refused: 'OTHER_LOT' };
  if (current !== undefined && news.version <= current.version) return { refused: 'OLDER' };
  if (message.kind === 'FULL') return { bundle: message.bundle, kind: 'FULL' };
  const bundle = current && applyBundleDelta(current, message.delta);
  return bundle === undefined ? { refused: 'NEEDS_FULL' } : { bundle, kind: 'DELTA' };
}

const keys = new Map<string, KeyObject>();

/** Making a key object costs more than the check itself. */
function publicKeyOf(spki: string): KeyObject {
  const known = keys.get(spki);
  if (known) return known;
  const key = createPublicKey({ key: Buffer.from(spki, 'base64url'), format: 'der', type: 'spki' });
  keys.set(spki, key);
  return key;
}
