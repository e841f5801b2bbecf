import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Platform } from '../../platform/platform.ts';

/** The keys between the cloud and its lanes; all follow from the server's data key, so that nothing more has to be kept. */
interface LaneKeys {
  /** Signs bundles (Ed25519). */
  readonly bundleKey: KeyObject;
  /** Its public half, SPKI in base64url: what an agent is started with. */
  readonly bundlePublicKey: string;
  /** Opens plates that lanes have sealed (X25519). */
  readonly sealKey: KeyObject;
  /** Its public half, SPKI in base64url. */
  readonly sealPublicKey: string;
}

/** What precedes 32 bytes of key in PKCS #8, by curve (RFC 8410). */
const PKCS8 = { ed25519: '302e020100300506032b657004220420', x25519: '302e020100300506032b656e04220420' };

const remembered = new WeakMap<Platform, LaneKeys>();

export function laneKeysOf(platform: Platform): LaneKeys {
  const known = remembered.get(platform);
  if (known) return known;
  const { dataKey } = platform.config;
  const derive = (curve: keyof typeof PKCS8, purpose: string) => {
    const seed = Buffer.from(hkdfSync('sha256', dataKey, Buffer.alloc(0), purpose, 32));
    return createPrivateKey({
      key: Buffer.concat([Buffer.from(PKCS8[curve], 'hex'), seed]),
      format: 'der',
      type: 'pkcs8',
    });
  };
  const bundleKey = derive('ed25519', 'lane/bundle');
  const sealKey = derive('x25519', 'lane/seal');
  const keys = {
    bundleKey,
    bundlePublicKey: publicText(bundleKey),
    sealKey,
    sealPublicKey: publicText(sealKey),
  };
  remembered.set(platform, keys);
  return keys;
}

function publicText(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64url');
}
