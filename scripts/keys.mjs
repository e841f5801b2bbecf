// npm run keys: prints fresh secrets in the form of an environment file.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { pathToFileURL } from 'node:url';

/** A new set of the keys that an installation keeps for itself. @returns {Record<string, string>} */
export function freshKeys() {
  return { TOKEN_PRIVATE_KEY: ed25519(), PASS_PRIVATE_KEY: ed25519(), DATA_KEY: randomBytes(32).toString('base64') };
}

function ed25519() {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [name, value] of Object.entries(freshKeys())) console.log(`${name}=${value}`);
}
