// The secrets of the local system: made once, kept in a file that only its owner reads.

import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { freshKeys } from '../scripts/keys.mjs';
import { secretsFile } from './places.ts';

const random = (bytes: number) => randomBytes(bytes).toString('hex');

const freshSecrets = () => ({
  ...freshKeys(),
  STRIPE_SECRET_KEY: `sk_test_${random(24)}`,
  STRIPE_WEBHOOK_SECRET: `whsec_${random(24)}`,
  POSTGRES_PASSWORD: random(16),
  REDIS_PASSWORD: random(16),
});

export type Secrets = ReturnType<typeof freshSecrets>;

/** The kept secrets; those that are missing are made and kept. */
export function keepSecrets(): Secrets {
  const kept = existsSync(secretsFile) ? parse(readFileSync(secretsFile, 'utf8')) : {};
  const secrets = { ...freshSecrets(), ...kept };
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}`);
  writeFileSync(secretsFile, `${lines.join('\n')}\n`, { mode: 0o600 });
  chmodSync(secretsFile, 0o600);
  return secrets;
}

function parse(text: string): Partial<Secrets> {
  const pairs = [...text.matchAll(/^([A-Z_]+)=(.+)$/gm)].map(([, name = '', value = '']) => [name, value] as const);
  return Object.fromEntries(pairs);
}
