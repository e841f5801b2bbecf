import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { settleDispute } from '../../src/payments/settle-dispute.ts';
import { intentOf, moneySettled, Payer, rowOf } from '../journeys/payment-steps.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot } from '../support/world.ts';

let system: TestSystem;
let line: Server;
/** What the next answer about a dispute waits for, after the provider has given it. */
let held: Promise<void> | undefined;
let answered = () => {};

beforeAll(async () => {
  line = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { host: _, connection: __, ...headers } = request.headers as Record<string, string>;
      const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
      const answer = await fetch(`${system.stripe.url}${request.url}`, { method: request.method!, headers, ...body });
      const text = await answer.text();
      if (held !== undefined && request.url!.startsWith('/v1/disputes/')) {
        const wait = held;
        held = undefined;
        answered();
        await wait;
      }
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    })();
  }).listen(0, '127.0.0.1');
  await once(line, 'listening');
  const { port } = line.address() as AddressInfo;
  system = await startSystem({ roles: ['api'], env: { STRIPE_API_BASE: `http://127.0.0.1:${port}` } });
});

afterAll(async () => {
  await system?.stop();
  line?.close();
});

test('an answer that a dispute is open, which comes after the dispute was won, does not hold the money back for good', async () => {
  system.stripe.faults.set({ webhooks: { dropShare: 1 } });
  const payer = new Payer(system, await makeDriver(system));
  const reserved = await payer.reserve(await makeLot(system), 48);
  await payer.complete(reserved, 'pm_card_createDispute');
  const intentId = intentOf(reserved.payment!.clientSecret!);
  const dispute = system.stripe.state.disputes().find(({ payment_intent }) => payment_intent === intentId)!;
  const payment = rowOf('pay', reserved.payment!.id);

  let letGo = () => {};
  held = new Promise((resolve) => (letGo = resolve));
  const onItsWay = new Promise<void>((resolve) => (answered = resolve));
  const late = settleDispute(system.platform, payment, dispute.id);
  await onItsWay;
  const evidence = { uncategorized_text: 'winning_evidence' };
  await payer.operatorsLibrary().disputes.update(dispute.id, { evidence });
  await settleDispute(system.platform, payment, dispute.id);
  letGo();
  await late;

  expect((await payer.read(reserved)).payment).toMatchObject({ state: 'CAPTURED' });
  await payer.cancel(reserved);
  await moneySettled(system);
  expect((await payer.read(reserved)).payment!.refunds).toMatchObject([{ state: 'SUCCEEDED' }]);
  await expectBooksBalanced(system.platform, system.stripe);
});
