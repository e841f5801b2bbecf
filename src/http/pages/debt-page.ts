import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { formatMoney } from '../../domain/money.ts';
import { Refusal } from '../../domain/refusal.ts';
import { localDateTime } from '../../domain/tariff/local-time.ts';
import { Debt } from '../../entities/debt.ts';
import { Lot } from '../../entities/lot.ts';
import { Payment } from '../../entities/payment.ts';
import { payDebt, settleDebtPayment } from '../../payments/pay-debt.ts';
import { readLink } from '../../payments/signed-link.ts';
import type { Platform } from '../../platform/platform.ts';
import { countPages, type PageDoor } from './counted.ts';
import { html, page, type Html } from './html.ts';

interface Addressed {
  Params: { token: string };
  Querystring: { locale?: string };
}

/** What the sandbox's provider takes for a card. */
const TEST_CARDS = [
  ['pm_card_visa', 'A card that pays'],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', 'A card without enough money'],
  ['pm_card_authenticationRequired', 'A card whose bank asks first'],
] as const;

const FORM = 'application/x-www-form-urlencoded';
const LARGEST_FORM_BYTES = 4096;

/**
 * GET and POST /pay/<token>: what somebody left owing, on a page of its own for whoever was given its address, without a login. It has no
 * script of anybody's. Card numbers never come here: in the sandbox the provider's test cards are on offer; elsewhere the page says where it
 * can be paid. 404 for any other text, 429 for too many.
 */
export async function registerDebtPage(fastify: FastifyInstance, door: PageDoor): Promise<void> {
  const { platform } = door;
  await fastify.register((scope, _options, done) => {
    countPages(scope, door);
    scope.addContentTypeParser(FORM, { parseAs: 'string', bodyLimit: LARGEST_FORM_BYTES }, (_request, body, parsed) =>
      parsed(null, new URLSearchParams(String(body))),
    );
    scope.get<Addressed>('/pay/:token', async ({ params, query }, reply) => {
      const asked = await read(platform, params.token);
      if (!asked) return reply.callNotFound();
      await hearOfIt(platform, asked.debt);
      return show(reply, platform, { ...asked, token: params.token, locale: query.locale });
    });
    scope.post<Addressed>('/pay/:token', async ({ params, query, body }, reply) => {
      const asked = await read(platform, params.token);
      if (!asked) return reply.callNotFound();
      const card = body instanceof URLSearchParams ? body.get('card') : null;
      const problem = card === null ? html`Choose a card.` : await pay(platform, asked.debt, card);
      return show(reply, platform, { ...asked, token: params.token, locale: query.locale, problem });
    });
    done();
  });
}

interface Asked {
  readonly debt: Debt;
  readonly lot: Lot;
}

async function read(platform: Platform, token: string): Promise<Asked | undefined> {
  const key = readLink(platform, 'debt', token);
  if (!key) return undefined;
  const em = platform.orm.em.fork();
  const [debt, lot] = await Promise.all([em.findOne(Debt, key), em.findOne(Lot, { id: key.lotId })]);
  return debt && lot ? { debt, lot } : undefined;
}

/** Who comes back from their bank's page has paid, perhaps, and no webhook has said so yet. */
async function hearOfIt(platform: Platform, { lotId, id: debtId, state }: Debt): Promise<void> {
  if (state !== 'OPEN') return;
  const begun = { lotId, debtId, capturedAt: null, providerRef: { $ne: null }, state: { $ne: 'CANCELED' as const } };
  const payment = await platform.orm.em.fork().findOne(Payment, begun, { orderBy: { id: 'desc' } });
  if (payment)
    await settleDebtPayment(platform, { lotId, paymentId: payment.id }).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
    });
}

/** Pays with a card; gives what to tell when that did not work. */
async function pay(platform: Platform, { lotId, id: debtId }: Debt, card: string): Promise<Html | undefined> {
  if (!TEST_CARDS.some(([name]) => name === card) || platform.config.stripe.apiBase === undefined)
    return html`This card can’t be used here.`;
  // Each try is one of its own: the debt's lock, and its one open payment, see to it that it is paid once.
  const input = { idempotencyKey: randomUUID(), lotId, debtId, paymentMethodId: card };
  try {
    await payDebt(platform, input, { actor: `link:${debtId}`, driverId: undefined });
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code === 'DEBT_NOT_FOUND' ? undefined : toldOf(error);
  }
}

function toldOf({ code, message, details }: Refusal): Html {
  const { nextAction } = details as { nextAction?: { url?: string } };
  if (code !== 'PAYMENT_ACTION_REQUIRED' || nextAction?.url === undefined) return html`${message}`;
  return html`Your bank asks first. <a href="${nextAction.url}">Answer it</a>, then load this page again.`;
}

interface Shown extends Asked {
  readonly token: string;
  readonly locale: string | undefined;
  readonly problem?: Html | undefined;
}

async function show(reply: FastifyReply, platform: Platform, shown: Shown): Promise<FastifyReply> {
  const asked = (await read(platform, shown.token)) ?? shown;
  const isPaid = asked.debt.state !== 'OPEN';
  const title = isPaid ? 'Nothing is owed' : 'Pay what is owed';
  return reply
    .code(shown.problem === undefined || isPaid ? 200 : 402)
    .header('cache-control', 'private, no-store')
    .header('referrer-policy', 'no-referrer')
    .type('text/html; charset=utf-8')
    .send(page(title, isPaid ? paidBody(asked) : openBody({ ...shown, ...asked }, platform)));
}

function paidBody({ debt, lot }: Asked): Html {
  const done = debt.state === 'SETTLED' ? 'It is paid. Thank you.' : 'Nobody asks for it any more.';
  return html`<h1>Nothing is owed</h1>
    <p role="status">${lot.name}: ${done}</p>`;
}

function openBody({ debt, lot, problem, locale }: Shown, platform: Platform): Html {
  const { currency, amountMinor, paidMinor, reason, createdAt } = debt;
  const amount = formatMoney({ amountMinor: amountMinor - paidMinor, currency }, locale ?? 'en');
  const since = localDateTime(createdAt.getTime(), lot.timeZone).slice(0, 16).replace('T', ' ');
  return html`<h1>Pay what is owed</h1>
    ${problem === undefined ? null : html`<p role="alert">${problem}</p>`}
    <dl>
      <dt>Place</dt>
      <dd>${lot.name}, ${lot.address}</dd>
      <dt>For</dt>
      <dd>${REASONS[reason] ?? 'Parking'}</dd>
      <dt>Since</dt>
      <dd>${since}</dd>
      <dt>To pay</dt>
      <dd class="total">${amount}</dd>
    </dl>
    ${platform.config.stripe.apiBase === undefined ? ELSEWHERE : cardForm(amount)}`;
}

const REASONS: Readonly<Record<string, string>> = {
  UNPAID_STAY: 'Parking that was not paid at the exit',
  AMENDED_STAY: 'Parking whose times were corrected afterwards',
  OVERSTAY: 'Time past the end of your reservation',
  REINSTATED: 'Your stay, whose price had been given back',
  NO_SHOW_FEE: 'The fee for not coming',
};

const ELSEWHERE = html`<p>Sign in to the app to pay it by card, or pay at the lot’s till.</p>`;

function cardForm(amount: string): Html {
  return html`<form method="post">
    <fieldset>
      <legend>Test card</legend>
      ${TEST_CARDS.map(
        ([name, text], index) =>
          html`<label
            ><input type="radio" name="card" value="${name}" required ${index === 0 ? CHECKED : null} /> ${text}</label
          >`,
      )}
    </fieldset>
    <button type="submit">Pay ${amount}</button>
  </form>`;
}

const CHECKED = html`checked`;
