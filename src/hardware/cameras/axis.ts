import { z } from 'zod';
import type { CameraMessage, Motion } from './camera-read.ts';
import { UnreadableMessage } from './camera-read.ts';
import { parseJson, type CameraText } from './payload.ts';
import { countryOfPlate } from './plate-country.ts';
import { instantOfEpoch, instantOfMs, text } from './values.ts';
import { vehicleClassOf } from './vehicle-class.ts';

const message = z.object({
  carID: text,
  carState: text,
  plateUTF8: text.nullish(),
  plateUnicode: text.nullish(),
  plateText: text.nullish(),
  plateConfidence: text.nullish(),
  plateCountry: text.nullish(),
  carMoveDirection: text.nullish(),
  capture_timestamp: text.nullish(),
  datetime: text.nullish(),
  sensorProviderID: text.nullish(),
  imagesURI: z.array(z.string().max(500)).max(20).nullish(),
  vehicle_info: z.object({ type: text.nullish() }).nullish(),
});
type Message = z.infer<typeof message>;

/**
 * AXIS License Plate Verifier, push events as JSON: `new` (no direction yet), `update` (a direction, or another reading of the same plate)
 * and `lost`, one `carID` for all of them. Every number may be text; the country has three letters.
 */
export function readAxis({ text: json }: CameraText): CameraMessage {
  const parsed = message.safeParse(parseJson(json));
  if (!parsed.success)
    throw new UnreadableMessage('There is no `carID` and `carState`, as the License Plate Verifier sends them.');
  const { carID, carState, capture_timestamp: captured, datetime, ...car } = parsed.data;
  const state = carState.toLowerCase();
  if (state === 'lost') return { kind: 'NOTHING', because: 'CAR_LEFT' };
  if (state !== 'new' && state !== 'update' && state !== 'updated') return { kind: 'NOTHING', because: 'OTHER_EVENT' };
  const plate = plateOf(car);
  const seenAt = captured == null ? instantOfDatetime(datetime) : instantOfEpoch(Number(captured));
  const read = {
    eventId: [car.sensorProviderID, carID, state, captured ?? datetime, plate].map((part) => part ?? '').join('/'),
    carId: carID,
    plate:
      plate === undefined
        ? undefined
        : {
            text: plate,
            confidence: confidenceOf(car.plateConfidence),
            candidates: [],
            country: countryOfPlate(car.plateCountry ?? undefined),
          },
    seenAt,
    motion: motionOf(car.carMoveDirection),
    vehicleClass: vehicleClassOf(car.vehicle_info?.type ?? undefined),
    imageRef: car.imagesURI?.[0],
    isFrame: false,
  };
  return { kind: 'READS', reads: [read] };
}

/** The plain spelling first; the other two may come with their escapes escaped. */
function plateOf({ plateUTF8, plateUnicode, plateText }: Partial<Message>): string | undefined {
  const given = [plateUTF8, plateUnicode, plateText].find((spelling) => spelling != null && spelling.trim() !== '');
  return given?.replace(/\\u([0-9a-f]{4})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** 0 to 1; some releases say it of a hundred. */
function confidenceOf(given: string | null | undefined): number | undefined {
  const value = Number(given ?? Number.NaN);
  if (!(value >= 0 && value <= 100)) return undefined;
  return value <= 1 ? value : value / 100;
}

const MOTIONS: Readonly<Record<string, Motion>> = { in: 'APPROACHING', out: 'RECEDING' };

function motionOf(direction: string | null | undefined): Motion | undefined {
  return MOTIONS[direction?.toLowerCase() ?? ''];
}

/** "20260203 151839254" with or without "+0200"; without, the zone is the camera's and counts as a part of its skew. */
function instantOfDatetime(datetime: string | null | undefined): Date | undefined {
  const [, ...parts] =
    /^(\d{4})(\d\d)(\d\d) (\d\d)(\d\d)(\d\d)(\d{3})(?:([+-])(\d\d):?(\d\d))?$/.exec(datetime ?? '') ?? [];
  if (parts.length === 0) return undefined;
  const [year, month, day, hour, minute, second, ms] = parts.slice(0, 7).map(Number);
  const ahead = (Number(parts[8] ?? 0) * 60 + Number(parts[9] ?? 0)) * (parts[7] === '-' ? -1 : 1);
  const utc = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second, ms);
  return instantOfMs(utc - ahead * 60_000);
}
