// npm run keys: prints fresh secrets in the form of an environment file.
// npm run keys -- next-pass-key: prints the next key of passes; those of the key that is in force now go on opening gates.

import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { pathToFileURL } from 'node:url';

/** A new set of the keys that an installation keeps for itself. @returns {Record<string, string>} */
export function freshKeys() {
  return { TOKEN_PRIVATE_KEY: ed25519(), PASS_PRIVATE_KEY: ed25519(), DATA_KEY: randomBytes(32).toString('base64') };
}

function ed25519() {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

/**
 * The next key of passes, and the list of public keys that every process must have before it signs.
 * @param {Record<string, string | undefined>} environment with the PASS_PRIVATE_KEY in force, and its PASS_PUBLIC_KEYS
 * @returns {{ PASS_PUBLIC_KEYS: string, PASS_PRIVATE_KEY: string }}
 */
export function nextPassKey(environment) {
  const next = ed25519();
  const others = (environment['PASS_PUBLIC_KEYS'] ?? '').split(',').map((key) => key.trim());
  const keys = [publicHalf(next), publicHalf(environment['PASS_PRIVATE_KEY'] ?? ''), ...others];
  return { PASS_PUBLIC_KEYS: [...new Set(keys)].filter((key) => key !== '').join(','), PASS_PRIVATE_KEY: next };
}

/** @param {string} text */
function publicHalf(text) {
  const key = createPrivateKey({ key: text, format: 'der', type: 'pkcs8', encoding: 'base64' });
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}

function printNextPassKey() {
  if (!process.env['PASS_PRIVATE_KEY']) {
    console.error('PASS_PRIVATE_KEY is not set: give me the one in force, so that its passes go on opening gates.');
    process.exit(1);
  }
  const { PASS_PUBLIC_KEYS, PASS_PRIVATE_KEY } = nextPassKey(process.env);
  console.log(`# First, to every process:\nPASS_PUBLIC_KEYS=${PASS_PUBLIC_KEYS}`);
  console.log(`# Then, when all of them have started with it and every lane was online since:`);
  console.log(`PASS_PRIVATE_KEY=${PASS_PRIVATE_KEY}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv[2] === 'next-pass-key') printNextPassKey();
  else for (const [name, value] of Object.entries(freshKeys())) console.log(`${name}=${value}`);
}
