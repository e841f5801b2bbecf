import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

/** What `npm start` keeps of the demo's device keys. */
const keysSchema = z.array(
  z.object({ lotCode: z.string(), role: z.string(), name: z.string(), gateId: z.string().nullable(), key: z.string() }),
);

/**
 * GET /kiosk/demo/lanes: the lots of the demo, each with the keys of its gates, so that anyone can try a lane without hardware. Only there
 * where the demo's own file of keys is named; production refuses that setting.
 */
export function serveDemoLanes(scope: FastifyInstance, keysFile: string | undefined): void {
  if (keysFile === undefined) return;
  scope.get('/kiosk/demo/lanes', async (_request, reply) => {
    // Not there before there is a demo.
    const text = await readFile(keysFile, 'utf8').catch(() => '[]');
    const gates = keysSchema.parse(JSON.parse(text)).filter(({ gateId }) => gateId !== null);
    const lots = [...Map.groupBy(gates, ({ lotCode }) => lotCode)];
    return reply
      .header('cache-control', 'no-store')
      .send({ lots: lots.map(([code, ofLot]) => ({ code, keys: ofLot.map(({ key }) => key) })) });
  });
}
