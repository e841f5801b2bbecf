import type { CameraMessage, Motion } from './camera-read.ts';
import { UnreadableMessage } from './camera-read.ts';
import type { CameraText } from './payload.ts';
import { countryOfPlate } from './plate-country.ts';
import { instantOfMs, shareOfPercent } from './values.ts';
import { vehicleClassOf } from './vehicle-class.ts';
import { checkXml, element, textOfElement } from './xml.ts';

/** What it writes where a plate would stand. */
const NO_PLATE: ReadonlySet<string> = new Set(['', 'unknown', 'noplate', 'no plate', 'unlicensed', '无车牌']);
const MOTIONS: Readonly<Record<string, Motion>> = {
  forward: 'APPROACHING',
  approach: 'APPROACHING',
  reverse: 'RECEDING',
  away: 'RECEDING',
};

/**
 * Hikvision ISAPI: `EventNotificationAlert` as XML, plain or as the part `anpr.xml` beside pictures. Confidence 0 to 100. A message that
 * is uploaded again has a higher `activePostCount` and the same `dateTime`, and is the same reading.
 */
export function readHikvision({ text: xml }: CameraText): CameraMessage {
  checkXml(xml);
  const alert = element(xml, 'EventNotificationAlert');
  const eventType = alert === undefined ? undefined : textOfElement(alert, 'eventType');
  if (alert === undefined || eventType === undefined)
    throw new UnreadableMessage('There is no `EventNotificationAlert` with an `eventType`, as ISAPI sends it.');
  const anpr = element(alert, 'ANPR');
  if (!/^(?:ANPR|vehicledetection)$/i.test(eventType) || anpr === undefined) {
    const isBeat = /^(?:heartbeat|videoloss)$/i.test(eventType);
    return { kind: 'NOTHING', because: isBeat ? 'HEARTBEAT' : 'OTHER_EVENT' };
  }
  const plate = textOfElement(anpr, 'licensePlate');
  const stamp = textOfElement(alert, 'dateTime');
  const origin = [textOfElement(alert, 'macAddress'), textOfElement(alert, 'channelID'), textOfElement(anpr, 'line')];
  const confidence = Number(textOfElement(anpr, 'confidenceLevel') ?? Number.NaN);
  const read = {
    eventId: textOfElement(alert, 'UUID') ?? [...origin, stamp, plate].map((part) => part ?? '').join('/'),
    carId: undefined,
    plate:
      plate === undefined || NO_PLATE.has(plate.toLowerCase())
        ? undefined
        : {
            text: plate,
            confidence: Number.isFinite(confidence) ? shareOfPercent(confidence) : undefined,
            candidates: otherSpelling(anpr, plate),
            country: countryOfPlate(textOfElement(anpr, 'country')),
          },
    seenAt: stamp === undefined ? undefined : instantOfMs(Date.parse(stamp)),
    motion: MOTIONS[textOfElement(anpr, 'direction')?.toLowerCase() ?? ''],
    vehicleClass: vehicleClassOf(textOfElement(anpr, 'vehicleType')),
    imageRef: textOfElement(anpr, 'picName') ?? textOfElement(alert, 'pictureURL'),
    isFrame: false,
  };
  return { kind: 'READS', reads: [read] };
}

/** What it had read before its own rules changed it. */
function otherSpelling(anpr: string, plate: string): { text: string; confidence: undefined }[] {
  const original = textOfElement(anpr, 'originalLicensePlate');
  return original === undefined || original === plate ? [] : [{ text: original, confidence: undefined }];
}
