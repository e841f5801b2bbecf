/** What a public id may stand for; the kind is the text before the underscore. */
export const ID_KINDS = [
  'lot',
  'res',
  'spt',
  'gat',
  'dev',
  'sty',
  'lvl',
  'pay',
  'drv',
  'veh',
  'stf',
  'qte',
  'opr',
  'prm',
  'mer',
  'val',
  'mpp',
  'mps',
  'tar',
  'rpr',
  'dbt',
  'shf',
  'rcp',
  'inc',
  'sen',
  'wat',
] as const;
export type IdKind = (typeof ID_KINDS)[number];

/** What a public id says: the row, and the lot it lives in when its table is distributed by lot. */
export interface PublicId {
  readonly lotId: string | null;
  readonly id: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const UUID_HEX_LENGTH = 32;
/** Every byte in hex: ids are read with each request, and numbers are slow to write. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** 16 or 32 bytes in base64url without padding. */
const BODY = /^(?:[A-Za-z0-9_-]{22}|[A-Za-z0-9_-]{43})$/;

/**
 * The opaque public id of a row: "res_" and 43 characters with a lot, 22 without. It carries the lot so that a look-up by id knows
 * its shard; a lot's own id carries only itself. Throws RangeError when an id is no UUID, because ids are made by us.
 */
export function encodeId(kind: IdKind, lotId: string | null, id: string): string {
  const hex = lotId === null || kind === 'lot' ? uuidHex(id) : uuidHex(lotId) + uuidHex(id);
  return `${kind}_${base64url(hex)}`;
}

/** What a public id of this kind says, or undefined for any text that `encodeId` would not have made for the kind. */
export function decodeId(kind: IdKind, text: string): PublicId | undefined {
  if (idKindOf(text) !== kind) return undefined;
  const body = text.slice(kind.length + 1);
  const hex = hexOf(body);
  // The last character of a body has spare bits: only the one true spelling is taken, so that equal rows have equal ids.
  if (hex === undefined || base64url(hex) !== body) return undefined;
  if (hex.length === UUID_HEX_LENGTH) return { lotId: null, id: uuidOf(hex) };
  if (hex.length !== 2 * UUID_HEX_LENGTH || kind === 'lot') return undefined;
  return { lotId: uuidOf(hex.slice(0, UUID_HEX_LENGTH)), id: uuidOf(hex.slice(UUID_HEX_LENGTH)) };
}

/** The kind that a public id claims to be; undefined when it claims none. The rest of the text is not looked at. */
export function idKindOf(text: string): IdKind | undefined {
  return ID_KINDS.find((kind) => text.startsWith(`${kind}_`));
}

function uuidHex(id: string): string {
  if (!UUID.test(id)) throw new RangeError('not a UUID');
  return id.replaceAll('-', '').toLowerCase();
}

function uuidOf(hex: string): string {
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return parts.join('-');
}

function base64url(hex: string): string {
  let binary = '';
  for (let at = 0; at < hex.length; at += 2) binary += String.fromCharCode(Number.parseInt(hex.slice(at, at + 2), 16));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function hexOf(body: string): string | undefined {
  if (!BODY.test(body)) return undefined;
  const binary = atob(body.replaceAll('-', '+').replaceAll('_', '/'));
  let hex = '';
  for (let at = 0; at < binary.length; at++) hex += HEX[binary.charCodeAt(at)] ?? '';
  return hex;
}
