import { randomUUID } from 'node:crypto';
import { issueAccessToken } from '../../src/accounts/access-tokens.ts';
import type { TestSystem } from '../support/system.ts';
import { makeStaff, type TestLot } from '../support/world.ts';

const SHIFT = `shift { id openedAt closedAt opening { amountMinor } expected { amountMinor } counted { amountMinor } difference { amountMinor } }
  replayed userErrors { code field }`;
const PAYMENT = `payment { id kind state method amount { amountMinor } captured { amountMinor } refunded { amountMinor } handedOver { amountMinor } change { amountMinor }
  tax { amountMinor } refunds { amount { amountMinor } reason state method } }`;
const OPEN = `mutation ($input: OpenShiftInput!) { openShift(input: $input) { ${SHIFT} } }`;
const CLOSE = `mutation ($input: CloseShiftInput!) { closeShift(input: $input) { ${SHIFT} } }`;
const TAKE = `mutation ($input: TakePaymentInput!) { takePayment(input: $input) { ${PAYMENT}
  stay { id paid { amountMinor } due { amountMinor } paidUntil } debt { id state } replayed userErrors { code field } } }`;
const REFUND = `mutation ($input: RefundInCashInput!) { refundInCash(input: $input) { ${PAYMENT} replayed userErrors { code field } } }`;

/** Somebody at a lot's till, with the logins that moved clocks ask for. */
export class Attendant {
  readonly system: TestSystem;
  private readonly lot: TestLot;
  private readonly role: 'ATTENDANT' | 'OPERATOR';
  private staffId: string | undefined;

  constructor(system: TestSystem, lot: TestLot, role: 'ATTENDANT' | 'OPERATOR' = 'ATTENDANT') {
    this.system = system;
    this.lot = lot;
    this.role = role;
  }

  openShift(openingMinor: number, more: Record<string, unknown> = {}): Promise<any> {
    return this.ask('openShift', OPEN, { lotId: this.lot.publicId, openingMinor, ...more });
  }

  closeShift(shiftId: string, countedMinor: number): Promise<any> {
    return this.ask('closeShift', CLOSE, { shiftId, countedMinor });
  }

  take(...[shiftId, what, how, more = {}]: [string, object, object, Record<string, unknown>?]): Promise<any> {
    return this.ask('takePayment', TAKE, { shiftId, for: what, by: how, ...more });
  }

  refund(shiftId: string, refund: { paymentId: string; amountMinor: number; reason: string }): Promise<any> {
    return this.ask('refundInCash', REFUND, { shiftId, ...refund });
  }

  async ask(name: string, document: string, input: Record<string, unknown>): Promise<any> {
    return (await this.query(document, { input: { idempotencyKey: randomUUID(), ...input } }))[name];
  }

  async query(document: string, variables: Record<string, unknown>): Promise<any> {
    const { data, errors } = await this.system.client(await this.login()).query(document, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  private async login(): Promise<string> {
    const { role, lot, system } = this;
    const place = { operatorId: lot.operatorId, lotIds: [lot.id] };
    this.staffId ??= (await makeStaff(system, { role, ...place })).id;
    return issueAccessToken(system.platform, { kind: 'STAFF', role, staffId: this.staffId, ...place });
  }
}
