import { parseArgs } from 'node:util';
import { startStripeDouble } from './server.ts';

/*
 * node --import tsx sandbox/stripe/main.ts [--port 12111] [--host 127.0.0.1] [--public-url …] [--webhook-url …]
 * Keys come from STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET (or --secret-key, --webhook-secret).
 * One line on stdout when it listens: {"ready":true,"url":…}. SIGTERM and SIGINT end it.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env['STRIPE_DOUBLE_PORT'] ?? '0' },
    host: { type: 'string', default: '127.0.0.1' },
    'public-url': { type: 'string' },
    'secret-key': { type: 'string', default: process.env['STRIPE_SECRET_KEY'] ?? '' },
    'webhook-secret': { type: 'string', default: process.env['STRIPE_WEBHOOK_SECRET'] ?? '' },
    'webhook-url': { type: 'string', default: process.env['STRIPE_WEBHOOK_URL'] ?? '' },
    'rate-per-second': { type: 'string', default: '25' },
  },
});

const port = Number(values.port);
const ratePerSecond = Number(values['rate-per-second']);
const wrong = [
  values['secret-key'].startsWith('sk_test_')
    ? ''
    : 'STRIPE_SECRET_KEY must be a test key (sk_test_…): the sandbox takes no other.',
  values['webhook-secret'].startsWith('whsec_') ? '' : 'STRIPE_WEBHOOK_SECRET must start with whsec_.',
  Number.isInteger(port) && port >= 0 && port < 65_536 ? '' : 'The port must be a number from 0 to 65535.',
  ratePerSecond > 0 ? '' : 'The rate per second must be a positive number.',
].filter((line) => line !== '');
if (wrong.length > 0) {
  process.stderr.write(`${wrong.join('\n')}\n`);
  process.exit(1);
}

const double = await startStripeDouble({
  port,
  host: values.host,
  secretKey: values['secret-key'],
  webhookSecret: values['webhook-secret'],
  ratePerSecond,
  ...(values['public-url'] === undefined ? {} : { publicUrl: values['public-url'] }),
  ...(values['webhook-url'] === '' ? {} : { webhookUrl: values['webhook-url'] }),
}).catch((error: unknown) => {
  process.stderr.write(`The Stripe double cannot listen on ${values.host}:${port}: ${String(error)}\n`);
  process.exit(1);
});

const end = (): void => void double.stop().then(() => process.exit(0));
process.once('SIGTERM', end).once('SIGINT', end);
// Started with an IPC channel, it does not outlive its parent, however that one ended.
process.once('disconnect', end);
process.stdout.write(`${JSON.stringify({ ready: true, url: double.url })}\n`);
