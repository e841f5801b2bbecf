import type { FastifyInstance, FastifyReply } from 'fastify';
import { Lot } from '../../entities/lot.ts';
import { Receipt } from '../../entities/receipt.ts';
import { receiptPdf } from '../../payments/receipts/receipt-pdf.ts';
import { receiptSections, type ReceiptSections } from '../../payments/receipts/receipt-sections.ts';
import { readLink } from '../../payments/signed-link.ts';
import type { Platform } from '../../platform/platform.ts';
import { countPages, type PageDoor } from './counted.ts';
import { html, page, type Html } from './html.ts';

interface Addressed {
  Params: { token: string };
  Querystring: { locale?: string };
}

/**
 * GET /receipts/<token> and /receipts/<token>/pdf: a receipt for whoever was given its address, without a login. 404 for any other text,
 * 429 for too many.
 */
export async function registerReceiptPages(fastify: FastifyInstance, door: PageDoor): Promise<void> {
  await fastify.register((scope, _options, done) => {
    countPages(scope, door);
    addReceiptPages(scope, door.platform);
    done();
  });
}

function addReceiptPages(fastify: FastifyInstance, platform: Platform): void {
  fastify.get<Addressed>('/receipts/:token', async ({ params, query }, reply) => {
    const found = await read(platform, params.token, query.locale);
    if (!found) return reply.callNotFound();
    const { sections } = found;
    return keptPrivate(reply)
      .type('text/html; charset=utf-8')
      .send(page(`${sections.title} ${sections.facts[0]?.[1] ?? ''}`, body(sections, `/receipts/${params.token}/pdf`)));
  });
  fastify.get<Addressed>('/receipts/:token/pdf', async ({ params, query }, reply) => {
    const found = await read(platform, params.token, query.locale);
    if (!found) return reply.callNotFound();
    const { sections, receipt } = found;
    const name = `${sections.facts[0]?.[1] ?? 'receipt'}.pdf`;
    return keptPrivate(reply)
      .type('application/pdf')
      .header('content-disposition', `inline; filename="${name}"`)
      .send(await receiptPdf(sections, receipt.issuedAt));
  });
}

/** Nobody between us and the reader keeps a copy, and no address of a receipt is told to other sites. */
function keptPrivate(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'private, no-store').header('referrer-policy', 'no-referrer');
}

async function read(platform: Platform, token: string, locale: string | undefined) {
  const key = readLink(platform, 'receipt', token);
  if (!key) return undefined;
  const em = platform.orm.em.fork();
  const receipt = await em.findOne(Receipt, key);
  const lot = receipt && (await em.findOne(Lot, { id: key.lotId }));
  if (!receipt || !lot) return undefined;
  const asRead = { ...receipt, issuedAt: receipt.issuedAt };
  return { receipt, sections: receiptSections(asRead, { lotCode: lot.code, locale: locale ?? 'en' }) };
}

function body(sections: ReceiptSections, pdf: string): Html {
  const { title, from, facts, lines, total, tax, payments, footer } = sections;
  const row = ([text, amount]: readonly [string, string]) =>
    html`<tr>
      <td>${text}</td>
      <td>${amount}</td>
    </tr>`;
  return html`<h1>${title}</h1>
    <p>${from.map((line) => html`${line}<br />`)}</p>
    <dl>
      ${facts.map(
        ([label, text]) =>
          html`<dt>${label}</dt>
            <dd>${text}</dd>`,
      )}
    </dl>
    <table>
      <caption>
        What it is made of
      </caption>
      <tbody>
        ${lines.map(row)}
        <tr class="total">
          <td>${total[0]}</td>
          <td>${total[1]}</td>
        </tr>
        ${tax.map(row)}
      </tbody>
    </table>
    <table>
      <caption>
        How it was paid
      </caption>
      <tbody>
        ${payments.map(row)}
      </tbody>
    </table>
    ${footer === null ? null : html`<p>${footer}</p>`}
    <p><a href="${pdf}">The same as a PDF</a></p>`;
}
