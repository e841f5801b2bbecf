import { useEffect, useState } from 'preact/hooks';
import type { AppReservationFragment } from '../../generated/graphql.ts';
import { nowMs, useNow } from '../../data/now.ts';

type PassMoment = NonNullable<AppReservationFragment['passMoment']>;

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The text of the QR now: the pass, and where the lot asks for it a dot and the code of the moment (RFC 6238). Works without a network. */
export function usePassText(pass: string, moment: PassMoment | null | undefined): string | undefined {
  const stepMs = (moment?.stepSeconds ?? 30) * 1000;
  const step = Math.floor(useNow(1000) / stepMs);
  const [code, setCode] = useState<string>();
  useEffect(() => {
    if (moment) void codeOf(moment, Math.floor(nowMs() / stepMs)).then(setCode);
  }, [moment?.secret, step]);
  if (!moment) return pass;
  return code === undefined ? undefined : `${pass}.${code}`;
}

async function codeOf({ secret, digits, algorithm }: PassMoment, step: number): Promise<string> {
  const hash = algorithm.replace(/^SHA(\d+)$/, 'SHA-$1');
  const key = await crypto.subtle.importKey('raw', bytesOf(secret), { name: 'HMAC', hash }, false, ['sign']);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer));
  const at = mac.getUint8(mac.byteLength - 1) & 0xf;
  const number = mac.getUint32(at) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

function bytesOf(base32: string): Uint8Array<ArrayBuffer> {
  const bits = [...base32.replaceAll('=', '').toUpperCase()]
    .map((character) => BASE32.indexOf(character).toString(2).padStart(5, '0'))
    .join('');
  return new Uint8Array((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
