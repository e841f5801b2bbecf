import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticate } from '../accounts/authenticate.ts';
import { InvalidToken } from '../accounts/invalid-token.ts';
import { decodeId, encodeId, type IdKind } from '../domain/public-id.ts';
import { exportToApds } from '../domain/tariff/apds.ts';
import { mayServeLot, type Viewer } from '../domain/viewer.ts';
import { Lot } from '../entities/lot.ts';
import type { RepricedStay } from '../entities/repriced-stay.ts';
import { Repricing } from '../entities/repricing.ts';
import { Tariff } from '../entities/tariff.ts';
import { eachRepriced } from '../insight/list-repricings.ts';
import type { Platform } from '../platform/platform.ts';
import type { RequestCounter } from './rate-limit.ts';

export interface DownloadDoor {
  readonly platform: Platform;
  readonly countRequest: RequestCounter;
  readonly addressOf: (request: FastifyRequest['raw']) => string;
}

type Params = { Params: { id: string } };

const CSV_HEADER = 'stay_id,left_at,currency,old_minor,new_minor,difference_minor,refund_due_minor,refunded_minor\n';

/**
 * GET /tariffs/tar_….apds.json: a published tariff as APDS rate tables, for everybody. GET /repricings/rpr_….csv: the stays whose price a
 * repricing would change, for the staff of its lot (401 for a credential that is not good, 404 for whoever may not see it). 429 for too many.
 */
export function registerTariffDownloads(fastify: FastifyInstance, door: DownloadDoor): void {
  fastify.get<Params>('/tariffs/:id/apds.json', (request, reply) =>
    admitted(door, { request, reply }, () => sendApds(door.platform, request.params.id, reply)),
  );
  fastify.get<Params>('/repricings/:id', (request, reply) =>
    admitted(door, { request, reply }, (viewer) =>
      sendCsv(door.platform, { id: request.params.id.replace(/\.csv$/, ''), viewer }, reply),
    ),
  );
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

async function admitted(
  { platform, countRequest, addressOf }: DownloadDoor,
  { request, reply }: Exchange,
  answer: (viewer: Viewer | undefined) => Promise<unknown>,
): Promise<unknown> {
  const viewer = await authenticate(platform, request.headers.authorization).catch((error: unknown) => {
    if (error instanceof InvalidToken) return 'INVALID' as const;
    throw error;
  });
  const tooMany = await countRequest(viewer === 'INVALID' ? undefined : viewer, addressOf(request.raw));
  if (tooMany) return reply.code(429).send({ error: tooMany.message });
  if (viewer === 'INVALID')
    return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'The token is not valid.' });
  return answer(viewer);
}

function keyOf(kind: IdKind, text: string): { lotId: string; id: string } | undefined {
  const { lotId = null, id } = decodeId(kind, text) ?? {};
  return lotId === null || id === undefined ? undefined : { lotId, id };
}

async function sendApds(platform: Platform, id: string, reply: FastifyReply): Promise<unknown> {
  const key = keyOf('tar', id);
  const tariff = key && (await platform.orm.em.fork().findOne(Tariff, key));
  if (!tariff) return reply.code(404).send({ error: 'There is no such tariff.' });
  // A version never changes.
  return reply.header('cache-control', 'public, max-age=86400').send(exportToApds({ ...tariffOf(tariff), id }));
}

function tariffOf({ versionNumber, publishedAt, document }: Tariff) {
  return { versionNumber, publishedAt, document };
}

async function sendCsv(
  platform: Platform,
  { id: text, viewer }: { id: string; viewer: Viewer | undefined },
  reply: FastifyReply,
): Promise<unknown> {
  const key = keyOf('rpr', text);
  const em = platform.orm.em.fork();
  const lot = key && viewer?.kind === 'STAFF' ? await em.findOne(Lot, { id: key.lotId }) : null;
  const repricing = key && lot && mayServeLot(viewer, lot) ? await em.findOne(Repricing, key) : null;
  if (!repricing) return reply.code(404).send({ error: 'There is no such repricing.' });
  const { lotId, id: repricingId, currency } = repricing;
  async function* rows(): AsyncGenerator<string> {
    yield CSV_HEADER;
    for await (const stays of eachRepriced(platform, { lotId, repricingId }))
      yield stays.map((stay) => csvLine(stay, currency)).join('');
  }
  return reply.type('text/csv; charset=utf-8').send(Readable.from(rows()));
}

function csvLine(stay: RepricedStay, currency: string): string {
  const { lotId, stayId, leftAt, oldMinor, newMinor, differenceMinor, refundDueMinor, refundedMinor } = stay;
  const amounts = [oldMinor, newMinor, differenceMinor, refundDueMinor, refundedMinor ?? ''];
  return `${[encodeId('sty', lotId, stayId), leftAt.toISOString(), currency, ...amounts].join(',')}\n`;
}
