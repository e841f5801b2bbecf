import { z } from 'zod';
import type { CameraMessage, CameraRead, Motion } from './camera-read.ts';
import { UnreadableMessage } from './camera-read.ts';
import { parseJson, type CameraText } from './payload.ts';
import { countryOfPlate } from './plate-country.ts';
import { share, text } from './values.ts';
import { vehicleClassOf } from './vehicle-class.ts';

const candidate = z.object({ plate: text, score: share.optional() });
const result = z.object({
  plate: text,
  score: share.optional(),
  candidates: z.array(candidate).max(100).nullish(),
  region: z.object({ code: text.nullish() }).nullish(),
  vehicle: z.object({ type: text.nullish() }).nullish(),
  /** Degrees on the unit circle of the picture: 90 is up, 270 down; "" while it does not know. */
  direction: z.union([z.number(), z.string().max(40)]).nullish(),
});
const message = z.object({
  hook: z.object({ event: text.nullish() }).nullish(),
  data: z.object({
    camera_id: text.nullish(),
    filename: z.string().max(500).nullish(),
    timestamp: z.string().max(40).nullish(),
    results: z.array(result).max(100).nullish(),
  }),
});

type Result = z.infer<typeof result>;

/**
 * Plate Recognizer Stream: the webhook's JSON, plain or as the field `json` beside a picture. Plates in lower case, scores 0 to 1, UTC with
 * microseconds; no id of the reading and none of the car.
 */
export function readPlateRecognizer({ text: json }: CameraText): CameraMessage {
  const parsed = message.safeParse(parseJson(json));
  if (!parsed.success)
    throw new UnreadableMessage(
      'There is no `data.results[]` with a `plate` each, as Plate Recognizer Stream sends it.',
    );
  const { hook, data } = parsed.data;
  const results = data.results ?? [];
  if (hook?.event != null && /heartbeat|image/i.test(hook.event) && results.length === 0)
    return { kind: 'NOTHING', because: 'HEARTBEAT' };
  if (results.length === 0) return { kind: 'NOTHING', because: 'NO_VEHICLE' };
  const seenAt = instantOf(data.timestamp);
  const origin = `${data.camera_id ?? ''}/${data.timestamp ?? ''}/${data.filename ?? ''}`;
  return {
    kind: 'READS',
    reads: results.map((each) => readOf(each, { origin, seenAt, imageRef: data.filename ?? undefined })),
  };
}

function readOf(
  { plate, score, candidates, region, vehicle, direction }: Result,
  of: { origin: string; seenAt: Date | undefined; imageRef: string | undefined },
): CameraRead {
  const others = (candidates ?? []).filter((other) => other.plate.toLowerCase() !== plate.toLowerCase());
  return {
    eventId: `${of.origin}/${plate}`,
    carId: undefined,
    plate: {
      text: plate,
      confidence: score,
      candidates: others.map((other) => ({ text: other.plate, confidence: other.score })),
      country: countryOfPlate(region?.code ?? undefined),
    },
    seenAt: of.seenAt,
    motion: motionOf(direction),
    vehicleClass: vehicleClassOf(vehicle?.type ?? undefined),
    imageRef: of.imageRef,
    isFrame: false,
  };
}

/** Down the picture is towards the camera. To the side is neither. */
function motionOf(direction: Result['direction']): Motion | undefined {
  const degrees = typeof direction === 'string' && direction.trim() !== '' ? Number(direction) : direction;
  if (typeof degrees !== 'number' || !Number.isFinite(degrees)) return undefined;
  const downwards = -Math.sin((degrees * Math.PI) / 180);
  if (Math.abs(downwards) < 0.3) return undefined;
  return downwards > 0 ? 'APPROACHING' : 'RECEDING';
}

/** Microseconds and a space instead of the T are usual; without a zone it is UTC. */
function instantOf(timestamp: string | null | undefined): Date | undefined {
  const [, day, time, fraction = '', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/.exec(timestamp ?? '') ?? [];
  if (day === undefined || time === undefined) return undefined;
  const at = new Date(`${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
