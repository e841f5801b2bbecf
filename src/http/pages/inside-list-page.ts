import type { FastifyInstance, FastifyReply } from 'fastify';
import { localDateTime } from '../../domain/tariff/local-time.ts';
import { insideListCsv } from '../../incidents/inside-list-csv.ts';
import { readInsideList, type InsideList, type ListedVehicle } from '../../incidents/inside-list.ts';
import { readLink } from '../../payments/signed-link.ts';
import type { Platform } from '../../platform/platform.ts';
import { countPages, type PageDoor } from './counted.ts';
import { html, page, type Html } from './html.ts';

interface Addressed {
  Params: { token: string };
}

/**
 * GET /inside/<token> and /inside/<token>/csv: who should be inside a lot, for the member of staff who asked for the address, for a quarter
 * of an hour. 404 for any other text and afterwards, 429 for too many.
 */
export async function registerInsideListPage(fastify: FastifyInstance, door: PageDoor): Promise<void> {
  await fastify.register((scope, _options, done) => {
    countPages(scope, door);
    addPages(scope, door.platform);
    done();
  });
}

function addPages(fastify: FastifyInstance, platform: Platform): void {
  fastify.get<Addressed>('/inside/:token', async ({ params }, reply) => {
    const list = await read(platform, params.token);
    if (!list) return reply.callNotFound();
    return keptPrivate(reply)
      .type('text/html; charset=utf-8')
      .send(page(`Inside ${list.lot.name}`, body(list, `/inside/${params.token}/csv`)));
  });
  fastify.get<Addressed>('/inside/:token/csv', async ({ params }, reply) => {
    const list = await read(platform, params.token);
    if (!list) return reply.callNotFound();
    return keptPrivate(reply)
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="inside-${list.lot.code}.csv"`)
      .send(insideListCsv(list));
  });
}

function keptPrivate(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'private, no-store').header('referrer-policy', 'no-referrer');
}

async function read(platform: Platform, token: string): Promise<InsideList | undefined> {
  const grant = readLink(platform, 'inside-list', token);
  return grant && readInsideList(platform, grant);
}

function body({ lot, asOf, inside, due }: InsideList, csv: string): Html {
  const { name, timeZone } = lot;
  return html`<h1>${name}</h1>
    <p>
      As of ${localDateTime(asOf.getTime(), timeZone)} (${timeZone}). Inside: ${String(inside.length)}. Due within
      twelve hours: ${String(due.length)}.
    </p>
    ${table('Inside', { rows: inside, timeZone })} ${table('Due', { rows: due, timeZone })}
    <p><a href="${csv}">The same for a spreadsheet</a></p>`;
}

function table(caption: string, { rows, timeZone }: { rows: readonly ListedVehicle[]; timeZone: string }): Html {
  const local = (instant: Date | null) => (instant === null ? '' : localDateTime(instant.getTime(), timeZone));
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">Spot</th>
        <th scope="col">Plate</th>
        <th scope="col">Code</th>
        <th scope="col">Vehicle</th>
        <th scope="col">From</th>
        <th scope="col">Until</th>
        <th scope="col">Seen</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ spotLabel, plate, code, vehicleClass, from, until }) =>
          html`<tr>
            <td>${spotLabel ?? '?'}</td>
            <td>${plate ?? 'not read'}</td>
            <td>${code ?? ''}</td>
            <td>${vehicleClass}</td>
            <td>${local(from)}</td>
            <td>${local(until)}</td>
            <td>☐</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
