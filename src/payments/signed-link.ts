import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config.ts';

/** What a link may be for; a signature for one is none for another. */
export type LinkPurpose = 'debt' | 'receipt' | 'inside-list';

const UUID_BYTES = 16;
const SIGNATURE_BYTES = 16;
const LENGTH = 2 * UUID_BYTES + SIGNATURE_BYTES;

type Keyed = { readonly config: Pick<Config, 'dataKey'> };

/**
 * The secret end of a link to one row: whoever has it may see the row's page without a login. It carries the row's ids, which say nothing,
 * and a signature under a key of the installation that nobody can guess.
 */
export function linkToken(platform: Keyed, purpose: LinkPurpose, row: { lotId: string; id: string }): string {
  const bytes = Buffer.from((row.lotId + row.id).replaceAll('-', ''), 'hex');
  return Buffer.concat([bytes, signature(platform, purpose, bytes)]).toString('base64url');
}

/** The row of a link; undefined for any text that `linkToken` of this installation did not make for the purpose. */
export function readLink(
  platform: Keyed,
  purpose: LinkPurpose,
  token: string,
): { lotId: string; id: string } | undefined {
  const signed = Buffer.from(token, 'base64url');
  if (signed.length !== LENGTH || signed.toString('base64url') !== token) return undefined;
  const bytes = signed.subarray(0, 2 * UUID_BYTES);
  if (!timingSafeEqual(signed.subarray(2 * UUID_BYTES), signature(platform, purpose, bytes))) return undefined;
  return { lotId: uuidAt(bytes, 0), id: uuidAt(bytes, UUID_BYTES) };
}

function uuidAt(bytes: Buffer, offset: number): string {
  const hex = bytes.toString('hex', offset, offset + UUID_BYTES);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function signature({ config }: Keyed, purpose: LinkPurpose, bytes: Buffer): Buffer {
  const key = Buffer.from(hkdfSync('sha256', config.dataKey, Buffer.alloc(0), `link/${purpose}`, 32));
  return createHmac('sha256', key).update(bytes).digest().subarray(0, SIGNATURE_BYTES);
}
