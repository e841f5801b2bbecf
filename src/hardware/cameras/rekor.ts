import { z } from 'zod';
import type { CameraMessage, CameraRead } from './camera-read.ts';
import { UnreadableMessage } from './camera-read.ts';
import { parseJson, type CameraText } from './payload.ts';
import { countryOfPlate } from './plate-country.ts';
import { instantOfEpoch, shareOfPercent, text } from './values.ts';

const candidate = z.object({ plate: text, confidence: z.number().optional() });
const result = z.object({
  plate: text,
  plate_index: z.number().optional(),
  confidence: z.number().optional(),
  region: text.nullish(),
  candidates: z.array(candidate).max(100).nullish(),
});
const frame = z.object({
  uuid: text.nullish(),
  camera_id: text.nullish(),
  agent_uid: text.nullish(),
  epoch_time: z.number().nullish(),
  results: z.array(result).max(100),
});

/**
 * Rekor Scout and OpenALPR: one `alpr_results` a frame, up to fifty a car, acted on at once. The `alpr_group` that sums them up comes as
 * late as ten seconds after the car and is not waited for. Confidence 0 to 100, epoch in milliseconds.
 */
export function readRekor({ text: json }: CameraText): CameraMessage {
  const body = parseJson(json);
  const type = z.object({ data_type: text }).safeParse(body);
  if (!type.success) throw new UnreadableMessage('There is no `data_type`, as Rekor Scout sends it.');
  switch (type.data.data_type) {
    case 'alpr_results':
      return readFrame(body);
    case 'alpr_group':
      return { kind: 'NOTHING', because: 'GROUP' };
    case 'heartbeat':
      return { kind: 'NOTHING', because: 'HEARTBEAT' };
    default:
      return { kind: 'NOTHING', because: 'OTHER_EVENT' };
  }
}

function readFrame(body: unknown): CameraMessage {
  const parsed = frame.safeParse(body);
  if (!parsed.success)
    throw new UnreadableMessage('There is no `results[]` with a `plate` each, as Rekor Scout sends it.');
  const { results, ...of } = parsed.data;
  if (results.length === 0) return { kind: 'NOTHING', because: 'NO_VEHICLE' };
  return { kind: 'READS', reads: results.map((each, index) => readOf(each, index, of)) };
}

function readOf(
  { plate, plate_index: plateIndex, confidence, region, candidates }: z.infer<typeof result>,
  index: number,
  { uuid, camera_id: cameraId, agent_uid: agentUid, epoch_time: epoch }: Omit<z.infer<typeof frame>, 'results'>,
): CameraRead {
  const frameId = uuid ?? `${agentUid ?? ''}/${cameraId ?? ''}/${epoch ?? ''}`;
  const others = (candidates ?? []).filter((other) => other.plate !== plate);
  return {
    eventId: `${frameId}/${plateIndex ?? index}/${plate}`,
    carId: undefined,
    plate: {
      text: plate,
      confidence: confidence === undefined ? undefined : shareOfPercent(confidence),
      candidates: others.map((other) => ({
        text: other.plate,
        confidence: other.confidence === undefined ? undefined : shareOfPercent(other.confidence),
      })),
      country: countryOfPlate(region ?? undefined),
    },
    seenAt: epoch == null ? undefined : instantOfEpoch(epoch),
    motion: undefined,
    vehicleClass: undefined,
    imageRef: uuid ?? undefined,
    isFrame: true,
  };
}
