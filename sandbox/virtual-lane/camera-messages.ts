// What cameras of four makers push, in their own shapes, for one reading of one car.

import type { CameraVendor } from '../../src/domain/hardware.ts';

/** One reading that a camera is to tell. */
export interface Sighting {
  /** As the camera reads it, right or wrong. */
  readonly plate: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Other guesses, best first. */
  readonly candidates?: readonly string[];
  /** By the camera's clock. */
  readonly at: Date;
  /** Counts the cars of a camera; an Axis tells it, the others do not know it. */
  readonly car: number;
  /** Counts the readings of a camera. */
  readonly sequence: number;
  readonly approaching?: boolean;
  /** Of an Axis: the first reading of a car, or a later one. */
  readonly state?: 'new' | 'update' | 'lost';
  /** Of a Hikvision: how often the same message has been uploaded. */
  readonly upload?: number;
}

/** A body with its type, ready to be posted. */
export interface CameraMessageBody {
  readonly contentType: string;
  readonly body: string | Buffer;
}

/** A JPEG of one grey pixel: cameras send pictures, and nobody looks at these. */
export const PICTURE = Buffer.from(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z',
  'base64',
);

/** The message of one reading, as a camera of this make pushes it. */
export function messageOf(vendor: CameraVendor, sighting: Sighting): CameraMessageBody {
  switch (vendor) {
    case 'PLATE_RECOGNIZER':
      return plateRecognizer(sighting);
    case 'REKOR':
      return json(rekor(sighting));
    case 'AXIS':
      return json(axis(sighting));
    case 'HIKVISION':
      return hikvision(sighting);
  }
}

function json(value: object): CameraMessageBody {
  return { contentType: 'application/json', body: JSON.stringify(value) };
}

function plateRecognizer({
  plate,
  confidence,
  candidates = [],
  at,
  sequence,
  approaching,
}: Sighting): CameraMessageBody {
  const timestamp = at.toISOString().replace('Z', '000Z');
  const filename = `lane-camera_screenshots/${timestamp.slice(2, 10)}/${sequence}.jpg`;
  const guesses = [plate, ...candidates].map((guess) => ({ plate: guess.toLowerCase(), score: confidence }));
  const value = {
    hook: { target: 'http://parkwell', id: 'lane-camera', event: 'recognition', filename },
    data: {
      camera_id: 'lane-camera',
      filename,
      timestamp,
      timestamp_local: timestamp.replace('T', ' ').replace('Z', '+00:00'),
      results: [
        {
          box: { xmin: 153, ymin: 91, xmax: 302, ymax: 125 },
          plate: plate.toLowerCase(),
          region: { code: 'fi', score: 0.72 },
          score: confidence,
          candidates: guesses,
          dscore: 0.81,
          vehicle: { score: 0.79, type: 'Sedan', box: { xmin: 67, ymin: 13, xmax: 386, ymax: 246 } },
          direction: approaching === undefined ? '' : approaching ? 268 : 92,
          orientation: [{ orientation: 'Front', score: 0.82 }],
        },
      ],
    },
  };
  return multipart([
    { name: 'json', contentType: 'application/json', bytes: JSON.stringify(value) },
    { name: 'upload', fileName: 'frame.jpg', contentType: 'image/jpeg', bytes: PICTURE },
  ]);
}

function rekor({ plate, confidence, candidates = [], at, sequence }: Sighting): object {
  const percent = confidence * 100;
  const guesses = [plate, ...candidates].map((guess, index) => ({
    plate: guess,
    confidence: percent - index * 7,
    matches_template: 0,
  }));
  return {
    data_type: 'alpr_results',
    version: 2,
    uuid: `LANEAGENT-1234-${at.getTime()}-${sequence}`,
    agent_uid: 'LANEAGENT',
    camera_id: 1234,
    epoch_time: at.getTime(),
    processing_time_ms: 105.85,
    img_width: 1280,
    img_height: 720,
    results: [
      {
        plate_index: 0,
        plate,
        confidence: percent,
        region: 'eu-fi',
        region_confidence: 57,
        matches_template: 0,
        requested_topn: 10,
        processing_time_ms: 47,
        coordinates: [{ x: 325, y: 188 }],
        candidates: guesses,
      },
    ],
  };
}

function axis({ plate, confidence, at, car, sequence, approaching, state = 'new' }: Sighting): object {
  return {
    packetCounter: String(sequence),
    capture_timestamp: String(at.getTime()),
    frame_timestamp: String(at.getTime() * 1_000_000),
    datetime: at
      .toISOString()
      .replace(/[-:.Z]/g, '')
      .replace('T', ' '),
    plateText: plate,
    plateUTF8: plate,
    plateUnicode: plate,
    plateCountry: 'FIN',
    plateConfidence: confidence.toFixed(6),
    carState: state,
    roiID: '1',
    geotag: { lat: 60.17, lon: 24.93 },
    imageType: 'plate',
    plateImageType: 'jpeg',
    plateImageSize: '0',
    carMoveDirection: approaching === undefined || state === 'new' ? 'unknown' : approaching ? 'in' : 'out',
    timeProcessing: '0',
    plateCoordinates: [466, 302, 133, 28],
    carID: String(car),
    sensorProviderID: 'lane-camera',
    imagesURI: [`/local/fflprapp/tools.cgi?action=getImage&name=${sequence}.jpg`],
    vehicle_info: { type: 'car', confidence: 0.9 },
    camera_info: { SerialNumber: 'ACCC8E000000', ProdShortName: 'AXIS P1455-LE', MACAddress: 'AC:CC:8E:00:00:00' },
  };
}

function hikvision({ plate, confidence, at, sequence, approaching, upload = 1 }: Sighting): CameraMessageBody {
  const direction = approaching === undefined ? 'unknown' : approaching ? 'forward' : 'reverse';
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
<ipAddress>192.168.1.64</ipAddress>
<portNo>80</portNo>
<protocol>HTTP</protocol>
<macAddress>c0:56:e3:00:00:01</macAddress>
<channelID>1</channelID>
<dateTime>${at.toISOString().replace('Z', '+00:00')}</dateTime>
<activePostCount>${upload}</activePostCount>
<eventType>ANPR</eventType>
<eventState>active</eventState>
<eventDescription>ANPR</eventDescription>
<ANPR>
<country>FIN</country>
<licensePlate>${plate}</licensePlate>
<line>1</line>
<direction>${direction}</direction>
<confidenceLevel>${Math.round(confidence * 100)}</confidenceLevel>
<plateType>unknown</plateType>
<vehicleType>vehicle</vehicleType>
<originalLicensePlate>${plate}</originalLicensePlate>
<picName>${sequence}_lane.jpg</picName>
</ANPR>
<picNum>1</picNum>
</EventNotificationAlert>
`;
  return multipart([
    { name: 'anpr.xml', fileName: 'anpr.xml', contentType: 'text/xml', bytes: xml },
    { name: 'detectionPicture.jpg', fileName: 'detectionPicture.jpg', contentType: 'image/jpeg', bytes: PICTURE },
  ]);
}

interface PartBody {
  readonly name: string;
  readonly fileName?: string;
  readonly contentType: string;
  readonly bytes: string | Buffer;
}

const BOUNDARY = 'MIMEBoundary-lane-camera';

function multipart(parts: readonly PartBody[]): CameraMessageBody {
  const chunks = parts.flatMap(({ name, fileName, contentType, bytes }) => {
    const file = fileName === undefined ? '' : `; filename="${fileName}"`;
    const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\nContent-Type: ${contentType}\r\n\r\n`;
    return [Buffer.from(head), Buffer.from(bytes as string), Buffer.from('\r\n')];
  });
  const body = Buffer.concat([...chunks, Buffer.from(`--${BOUNDARY}--\r\n`)]);
  return { contentType: `multipart/form-data; boundary=${BOUNDARY}`, body };
}
