import { randomUUID } from 'node:crypto';
import { hoursFrom } from '../support/booking.ts';
import type { TestSystem } from '../support/system.ts';
import { loginOf, makeStaff, type TestLot } from '../support/world.ts';

const ERRORS = 'userErrors { code message field }';
const DISCOUNT = 'discount { kind amount { amountMinor } percent minutes meaning }';
const PROMO = `id code uses endedAt lotIds ${DISCOUNT}`;
const MERCHANT = `id name spent { amountMinor } given remaining { amountMinor } remainingCount`;
const PASS = `id name state renews plates usesPerMonth period { startsAt endsAt } price { amountMinor } hours { days from to }`;
const LINES = 'price { total { amountMinor } lines { rule description amount { amountMinor } } }';

const DOCUMENTS = {
  createPromoCode: `mutation ($input: CreatePromoCodeInput!) { createPromoCode(input: $input) { promoCode { ${PROMO} } ${ERRORS} } }`,
  endPromoCode: `mutation ($input: EndPromoCodeInput!) { endPromoCode(input: $input) { promoCode { ${PROMO} } ${ERRORS} } }`,
  createMerchant: `mutation ($input: CreateMerchantInput!) { createMerchant(input: $input) { merchant { ${MERCHANT} } ${ERRORS} } }`,
  updateMerchant: `mutation ($input: UpdateMerchantInput!) { updateMerchant(input: $input) { merchant { ${MERCHANT} } ${ERRORS} } }`,
  issueDeviceKey: `mutation ($input: IssueDeviceKeyInput!) { issueDeviceKey(input: $input) { key device { id role } ${ERRORS} } }`,
  revokeDeviceKey: `mutation ($input: RevokeDeviceKeyInput!) { revokeDeviceKey(input: $input) { device { id } ${ERRORS} } }`,
  validateStay: `mutation ($input: ValidateStayInput!) { validateStay(input: $input) { replayed validation { id state ${DISCOUNT} worth { amountMinor } cost { amountMinor } } ${ERRORS} } }`,
  offerMonthlyPass: `mutation ($input: OfferMonthlyPassInput!) { offerMonthlyPass(input: $input) { product { id name price { amountMinor } hours { days from to } } ${ERRORS} } }`,
  withdrawMonthlyPass: `mutation ($input: WithdrawMonthlyPassInput!) { withdrawMonthlyPass(input: $input) { product { id } ${ERRORS} } }`,
  buyMonthlyPass: `mutation ($input: BuyMonthlyPassInput!) { buyMonthlyPass(input: $input) { replayed clientSecret monthlyPass { ${PASS} } ${ERRORS} } }`,
  grantMonthlyPass: `mutation ($input: GrantMonthlyPassInput!) { grantMonthlyPass(input: $input) { replayed monthlyPass { ${PASS} } ${ERRORS} } }`,
  endMonthlyPass: `mutation ($input: EndMonthlyPassInput!) { endMonthlyPass(input: $input) { monthlyPass { ${PASS} } ${ERRORS} } }`,
  setMonthlyPassRenewal: `mutation ($input: SetMonthlyPassRenewalInput!) { setMonthlyPassRenewal(input: $input) { monthlyPass { ${PASS} } ${ERRORS} } }`,
} as const;
const QUOTE = `query ($input: QuoteInput!) { quote(input: $input) { quote { id available ${LINES} } ${ERRORS} } }`;
const LISTS = {
  promoCodes: `query ($lotId: ID!, $first: Int, $after: String) { promoCodes(lotId: $lotId, first: $first, after: $after) { nodes { ${PROMO} } pageInfo { hasNextPage endCursor } } }`,
  merchants: `query ($lotId: ID!, $first: Int, $after: String) { merchants(lotId: $lotId, first: $first, after: $after) { nodes { ${MERCHANT} } pageInfo { hasNextPage endCursor } } }`,
  lotMonthlyPasses: `query ($lotId: ID!, $first: Int, $after: String) { lotMonthlyPasses(lotId: $lotId, first: $first, after: $after) { nodes { ${PASS} } pageInfo { hasNextPage endCursor } } }`,
} as const;

export type Period = ReturnType<typeof hoursFrom>;

type ValidateArguments = [key: string | undefined, guest: object, discount: object, more?: object];

/** What operators, merchants and drivers do about discounts, through the door. */
export class Discounts {
  constructor(
    readonly system: TestSystem,
    readonly lot: TestLot,
  ) {}

  /** Sends one of the mutations and gives its payload; throws on top-level errors. */
  async send(name: keyof typeof DOCUMENTS, token: string | undefined, input: object): Promise<any> {
    const { data, errors } = await this.system.client(token).query(DOCUMENTS[name], { input });
    if (errors) throw new Error(`${name} answered with errors: ${JSON.stringify(errors)}`);
    return data[name];
  }

  /** As `send`, of an operator of the lot; the payload must hold no refusal. */
  async asOperator(name: keyof typeof DOCUMENTS, input: object): Promise<any> {
    const { operatorId } = this.lot;
    const { token } = await makeStaff(this.system, { role: 'OPERATOR', operatorId });
    const payload = await this.send(name, token, input);
    if (payload.userErrors.length > 0) throw new Error(`${name} was refused: ${JSON.stringify(payload.userErrors)}`);
    return payload;
  }

  /** A new promo code; 3.00 EUR off unless told. */
  async promo(more: object = {}): Promise<any> {
    const code = `C${randomUUID().slice(0, 8).toUpperCase()}`;
    const input = { code, discount: { amountMinor: 300 }, currency: 'EUR', ...more };
    return (await this.asOperator('createPromoCode', input)).promoCode;
  }

  async merchant(more: object = {}): Promise<{ id: string; key: string; deviceId: string }> {
    const input = { lotId: this.lot.publicId, name: `Shop ${randomUUID()}`, mostMinor: 1000, ...more };
    const { merchant } = await this.asOperator('createMerchant', input);
    const till = { lotId: this.lot.publicId, name: 'Till', role: 'MERCHANT', merchantId: merchant.id };
    const { key, device } = await this.asOperator('issueDeviceKey', till);
    return { id: merchant.id, key, deviceId: device.id };
  }

  validate(...[key, guest, discount, more = {}]: ValidateArguments): Promise<any> {
    return this.send('validateStay', key, { idempotencyKey: randomUUID(), guest, discount, ...more });
  }

  /** A monthly pass on sale: 100.00 EUR, weekdays from 07:00 to 19:00, unless told. */
  async product(more: object = {}): Promise<any> {
    const days = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'];
    const input = { lotId: this.lot.publicId, name: `Commuter ${randomUUID()}`, priceMinor: 10_000 };
    const hours = [{ days, from: '07:00', to: '19:00' }];
    return (await this.asOperator('offerMonthlyPass', { ...input, hours, ...more })).product;
  }

  /** Asks for a price; gives the payload. */
  async quote(period: Period, more: object = {}, token?: string): Promise<any> {
    const input = { lotId: this.lot.publicId, period, ...more };
    const { data, errors } = await this.system.client(token).query(QUOTE, { input });
    if (errors) throw new Error(`quote answered with errors: ${JSON.stringify(errors)}`);
    return data['quote'];
  }

  async list(name: keyof typeof LISTS, more: object = {}): Promise<any> {
    const { token } = await makeStaff(this.system, { role: 'OPERATOR', operatorId: this.lot.operatorId });
    const { data, errors } = await this.system.client(token).query(LISTS[name], { lotId: this.lot.publicId, ...more });
    if (errors) throw new Error(`${name} answered with errors: ${JSON.stringify(errors)}`);
    return data[name];
  }

  /** A period of whole hours from tomorrow on. */
  period(hours: number): Period {
    return hoursFrom(this.system.clock.now(), 24, hours);
  }

  login(driver: { id: string }): Promise<string> {
    return loginOf(this.system, driver);
  }
}

/** The amounts of a price's lines of one rule. */
export const linesOf = (
  price: { lines: { rule: string; amount: { amountMinor: number } }[] },
  rule: string,
): number[] => price.lines.filter((line) => line.rule === rule).map(({ amount }) => amount.amountMinor);
