import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { clientOf, openDouble, payWith } from './stripe-double-harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'parkwell-double-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a double with a state file refunds after a restart what was paid before, and knows its customers', async () => {
  const stateFile = join(folder, 'stripe');
  const first = await openDouble({ stateFile });
  const customer = await clientOf(first).customers.create({ metadata: { driverId: '1' } });
  const paid = await payWith(clientOf(first), { customer: customer.id });
  await first.stop();
  const second = await openDouble({ stateFile });
  try {
    const stripe = clientOf(second);
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ metadata: { driverId: '1' } });
    expect(await stripe.refunds.create({ payment_intent: paid.id })).toMatchObject({
      status: 'succeeded',
      amount: 1200,
    });
  } finally {
    await second.stop();
  }
});
