import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';

/** The settings of one process, typed and frozen. See `.env.example` for what each variable means. */
export interface Config {
  readonly environment: 'development' | 'test' | 'production';
  readonly databaseUrl: string;
  readonly databaseReplicaUrls: readonly string[];
  readonly databasePoolMax: number;
  readonly redisUrl: string;
  readonly mongodbUrl: string | undefined;
  readonly stripe: {
    readonly secretKey: string;
    /** With it drivers type their card into Stripe's own element; without it the pages offer the test cards. */
    readonly publishableKey: string | undefined;
    readonly webhookSecret: string;
    readonly apiBase: URL | undefined;
    /** A call that takes longer is given up; and who has failed often is left alone for as long. */
    readonly timeoutMs: number;
  };
  readonly host: string;
  readonly port: number;
  /** The origin that people and devices see, without a trailing slash. */
  readonly publicUrl: string | undefined;
  /** How long a process that is told to end goes on serving after it says that it is not ready. */
  readonly drainDelayMs: number;
  readonly allowedOrigins: readonly string[];
  /** Networks (`10.0.0.0/8`) whose `X-Forwarded-For` is believed, besides this machine itself. */
  readonly trustedProxies: readonly string[];
  readonly tokenPrivateKey: KeyObject;
  readonly passPrivateKey: KeyObject;
  /** Whose passes count besides: keys that signed before, and one that will sign next. */
  readonly passPublicKeys: readonly KeyObject[];
  /** 32 bytes from which the keys of plates (encryption and both indexes) and quotes are derived. */
  readonly dataKey: Buffer;
  readonly introspection: boolean;
  /** `address:password` of a login that everybody may use; only where there are nothing but demo data. */
  readonly demoLogin: string | undefined;
  readonly logLevel: string;
  readonly roles: ReadonlySet<'api' | 'worker'>;
  /** Where the demo keeps the keys of its gates, for whoever tries a lane without hardware; never in production. */
  readonly demoKeysFile: string | undefined;
}

/** Thrown by `readConfig` with every problem of the environment at once, one a line, each with its cure. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Balancers look every few seconds. */
const PRODUCTION_DRAIN_DELAY_MS = 5000;

const url = (schemes: string[], example: string) =>
  z.string({ error: `is missing: set it to something like ${example}` }).refine(
    (text) => {
      const parsed = URL.parse(text);
      return parsed !== null && schemes.includes(parsed.protocol.replace(':', ''));
    },
    {
      error: `must be an address that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}, like ${example}`,
    },
  );

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

const ed25519 = (purpose: string) =>
  z
    .string({
      error: `is missing: the Ed25519 private key that signs ${purpose}, PKCS#8 DER in base64 (\`npm run keys\` prints one)`,
    })
    .transform((text, context) => {
      try {
        const key = createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
        if (key.asymmetricKeyType === 'ed25519') return key;
      } catch {
        // Falls through to the one message below: what was wrong with the key is nobody's business.
      }
      context.addIssue({
        code: 'custom',
        message: `must be an Ed25519 private key, PKCS#8 DER in base64 (\`npm run keys\` prints one)`,
      });
      return z.NEVER;
    });

const ed25519Public = (text: string): KeyObject | undefined => {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
};

const publicKeys = list.transform((texts, context) => {
  const keys = texts.map(ed25519Public);
  if (keys.every((key) => key !== undefined)) return keys;
  context.addIssue({
    code: 'custom',
    message:
      'must be Ed25519 public keys, SPKI DER in base64, separated by commas (`npm run keys -- next-pass-key` prints them)',
  });
  return z.NEVER;
});

/** A whole number in decimal digits. */
const wholeNumber = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error });
};

/** A network as `10.0.0.0/8`, or one address. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** Scheme, host and port; a slash at the end is forgiven. What is no address at all is told elsewhere. */
function isOrigin(text: string): boolean {
  const parsed = URL.parse(text);
  return parsed === null || [`${parsed.origin}`, `${parsed.origin}/`].includes(parsed.href);
}

const environmentSchema = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'], { error: 'must be development, test or production' })
    .default('production'),
  DATABASE_URL: url(['postgres', 'postgresql'], 'postgres://parkwell:secret@127.0.0.1:5432/parkwell'),
  DATABASE_REPLICA_URLS: list,
  DATABASE_POOL_MAX: wholeNumber(2, 200).default(20),
  REDIS_URL: url(['redis', 'rediss'], 'redis://127.0.0.1:6379'),
  MONGODB_URL: url(['mongodb', 'mongodb+srv'], 'mongodb://127.0.0.1:27017/parkwell').optional(),
  STRIPE_SECRET_KEY: z
    .string({ error: 'is missing: the secret key of your Stripe account (sk_…)' })
    .min(8, { error: 'is too short to be a Stripe key' }),
  STRIPE_PUBLISHABLE_KEY: z
    .string()
    .regex(/^pk_(test|live)_\w{8,}$/, {
      error: 'must be the publishable key of your Stripe account (pk_live_… or pk_test_…)',
    })
    .optional(),
  STRIPE_WEBHOOK_SECRET: z
    .string({ error: 'is missing: the signing secret of the webhook endpoint (whsec_…)' })
    .min(8, { error: 'is too short to be a signing secret' }),
  STRIPE_API_BASE: url(['http', 'https'], 'http://127.0.0.1:12111').optional(),
  STRIPE_TIMEOUT_MS: wholeNumber(500, 9000).default(5000),
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(4000),
  PUBLIC_URL: url(['http', 'https'], 'https://parking.example')
    .refine((text) => isOrigin(text), {
      error: 'must be an origin alone, like https://parking.example: no path, no query, no login in it',
    })
    .optional(),
  ALLOWED_ORIGINS: list,
  TRUSTED_PROXIES: list.refine((ranges) => ranges.every(isNetwork), {
    error: 'must be addresses or networks separated by commas, like 10.0.0.0/8 or fd00::/8',
  }),
  DRAIN_DELAY_MS: wholeNumber(0, 60_000).optional(),
  TOKEN_PRIVATE_KEY: ed25519('sign-in tokens'),
  PASS_PRIVATE_KEY: ed25519('passes'),
  PASS_PUBLIC_KEYS: publicKeys,
  DATA_KEY: z
    .string({ error: 'is missing: 32 random bytes in base64 (`npm run keys` prints them)' })
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((bytes) => bytes.length === 32, {
      error: 'must be exactly 32 bytes in base64 (`npm run keys` prints them)',
    }),
  DEMO_KEYS_FILE: z.string().optional(),
  GRAPHQL_INTROSPECTION: z.enum(['on', 'off'], { error: 'must be on or off' }).optional(),
  DEMO_LOGIN: z
    .string()
    .regex(/^[^\s:]+@[^\s:]+:.+$/, { error: 'must be address:password of one login' })
    .optional(),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be trace, debug, info, warn, error, fatal or silent',
    })
    .default('info'),
  ROLES: z
    .string()
    .default('api,worker')
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine((roles) => roles.length > 0 && roles.every((role) => role === 'api' || role === 'worker'), {
      error: 'must be api, worker or api,worker',
    }),
});

/**
 * Reads the whole configuration from `environment` (by default the process's own).
 * Throws {@link ConfigError} that lists all problems at once. An empty variable counts as unset.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(present);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  if (!parsed.success) throw new ConfigError(problems);
  const env = parsed.data;
  for (const replica of env.DATABASE_REPLICA_URLS) {
    if (!/^postgres(ql)?:\/\//.test(replica))
      problems.push('DATABASE_REPLICA_URLS must be postgres:// addresses separated by commas');
  }
  if (env.NODE_ENV === 'production' && env.STRIPE_API_BASE) {
    problems.push('STRIPE_API_BASE points payments at a test double: unset it, or set NODE_ENV=development');
  }
  if (env.NODE_ENV === 'production' && env.DEMO_LOGIN) {
    problems.push('DEMO_LOGIN tells a password to everybody: unset it, or set NODE_ENV=development');
  }
  if (env.NODE_ENV === 'production' && env.DEMO_KEYS_FILE) {
    problems.push('DEMO_KEYS_FILE hands out the keys of gates: unset it, or set NODE_ENV=development');
  }
  if (env.STRIPE_API_BASE && env.STRIPE_PUBLISHABLE_KEY) {
    problems.push(
      'STRIPE_PUBLISHABLE_KEY takes cards to Stripe itself, which a test double knows nothing of: unset one',
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze({
    environment: env.NODE_ENV,
    databaseUrl: env.DATABASE_URL,
    databaseReplicaUrls: Object.freeze(env.DATABASE_REPLICA_URLS),
    databasePoolMax: env.DATABASE_POOL_MAX,
    redisUrl: env.REDIS_URL,
    mongodbUrl: env.MONGODB_URL,
    stripe: Object.freeze({
      secretKey: env.STRIPE_SECRET_KEY,
      publishableKey: env.STRIPE_PUBLISHABLE_KEY,
      webhookSecret: env.STRIPE_WEBHOOK_SECRET,
      apiBase: env.STRIPE_API_BASE === undefined ? undefined : new URL(env.STRIPE_API_BASE),
      timeoutMs: env.STRIPE_TIMEOUT_MS,
    }),
    host: env.HOST,
    port: env.PORT,
    publicUrl: env.PUBLIC_URL === undefined ? undefined : new URL(env.PUBLIC_URL).origin,
    drainDelayMs: env.DRAIN_DELAY_MS ?? (env.NODE_ENV === 'production' ? PRODUCTION_DRAIN_DELAY_MS : 0),
    allowedOrigins: Object.freeze(env.ALLOWED_ORIGINS),
    trustedProxies: Object.freeze(env.TRUSTED_PROXIES),
    tokenPrivateKey: env.TOKEN_PRIVATE_KEY,
    passPrivateKey: env.PASS_PRIVATE_KEY,
    passPublicKeys: Object.freeze(env.PASS_PUBLIC_KEYS),
    dataKey: env.DATA_KEY,
    introspection: (env.GRAPHQL_INTROSPECTION ?? (env.NODE_ENV === 'production' ? 'off' : 'on')) === 'on',
    demoLogin: env.DEMO_LOGIN,
    logLevel: env.LOG_LEVEL,
    roles: new Set(env.ROLES as ('api' | 'worker')[]),
    demoKeysFile: env.DEMO_KEYS_FILE,
  });
}
