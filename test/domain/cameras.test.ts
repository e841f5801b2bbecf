import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { messageOf, PICTURE } from '../../sandbox/virtual-lane/camera-messages.ts';
import { CAMERA_VENDORS, type CameraVendor } from '../../src/domain/hardware.ts';
import { UnreadableMessage, type CameraRead } from '../../src/hardware/cameras/camera-read.ts';
import { readCamera } from '../../src/hardware/cameras/read-camera.ts';

const JSON_TYPE = 'application/json';

function read(vendor: CameraVendor, body: string | Buffer, contentType = JSON_TYPE): CameraRead[] {
  const { message } = readCamera(vendor, { contentType, body: Buffer.from(body as string) });
  if (message.kind === 'NOTHING') throw new Error(`nothing was read: ${message.because}`);
  return [...message.reads];
}

function nothing(vendor: CameraVendor, body: string): string {
  const { message } = readCamera(vendor, { contentType: JSON_TYPE, body: Buffer.from(body) });
  return message.kind === 'NOTHING' ? message.because : 'READS';
}

describe('Plate Recognizer Stream', () => {
  const RECOGNITION = {
    hook: {
      target: 'https://example.test',
      id: 'camera-1',
      event: 'recognition',
      filename: 'camera-1_screenshots/image.jpg',
    },
    data: {
      camera_id: 'camera-1',
      filename: 'camera-1_screenshots/21-09-29/05-56-13.606935.jpg',
      timestamp: '2021-09-29T05:56:13.606935Z',
      timestamp_local: '2021-09-29 05:56:13.606935+00:00',
      results: [
        {
          box: { xmin: 460, ymin: 57, xmax: 557, ymax: 82 },
          plate: '9jub11',
          region: { code: 'gb', score: 0.413 },
          score: 0.839,
          candidates: [{ plate: '9jub11' }, { plate: 'sju88y' }, { plate: 'sjubi' }],
          dscore: 0.441,
          vehicle: { score: 0.267, type: 'Big Truck', box: { xmin: 387, ymin: 23, xmax: 1493, ymax: 577 } },
          direction: '',
          source_url: '/user-data/slow.mp4',
          position_sec: 4,
        },
      ],
    },
  };

  test('a recognition is one reading, with its guesses, its country, its kind and where its picture lies', () => {
    expect(read('PLATE_RECOGNIZER', JSON.stringify(RECOGNITION))).toEqual([
      {
        eventId: 'camera-1/2021-09-29T05:56:13.606935Z/camera-1_screenshots/21-09-29/05-56-13.606935.jpg/9jub11',
        carId: undefined,
        plate: {
          text: '9jub11',
          confidence: 0.839,
          candidates: [
            { text: 'sju88y', confidence: undefined },
            { text: 'sjubi', confidence: undefined },
          ],
          country: 'GB',
        },
        seenAt: new Date('2021-09-29T05:56:13.606Z'),
        motion: undefined,
        vehicleClass: 'TRUCK',
        imageRef: 'camera-1_screenshots/21-09-29/05-56-13.606935.jpg',
        isFrame: false,
      },
    ]);
  });

  test('degrees on the unit circle: down the picture is towards the camera, to the side is neither', () => {
    const moving = (direction: number) => {
      const [result] = RECOGNITION.data.results;
      const data = { ...RECOGNITION.data, results: [{ ...result, direction }] };
      return read('PLATE_RECOGNIZER', JSON.stringify({ data }))[0]?.motion;
    };
    expect([270, 240, 90, 0, 180].map(moving)).toEqual([
      'APPROACHING',
      'APPROACHING',
      'RECEDING',
      undefined,
      undefined,
    ]);
  });

  test('the picture beside the JSON is counted, and the JSON is found as a field of a form, too', () => {
    const message = messageOf('PLATE_RECOGNIZER', {
      plate: 'ABC123',
      confidence: 0.9,
      at: new Date(),
      car: 1,
      sequence: 1,
    });
    const body = Buffer.from(message.body as Buffer);
    expect(readCamera('PLATE_RECOGNIZER', { contentType: message.contentType, body }).images).toBe(1);
    const form = new URLSearchParams({ json: JSON.stringify(RECOGNITION) }).toString();
    expect(read('PLATE_RECOGNIZER', form, 'application/x-www-form-urlencoded')).toHaveLength(1);
  });

  test('an empty scene and a heartbeat say nothing', () => {
    expect(nothing('PLATE_RECOGNIZER', JSON.stringify({ data: { camera_id: 'a', results: [] } }))).toBe('NO_VEHICLE');
    const beat = { hook: { event: 'heartbeat' }, data: { camera_id: 'a' } };
    expect(nothing('PLATE_RECOGNIZER', JSON.stringify(beat))).toBe('HEARTBEAT');
  });
});

describe('Rekor Scout and OpenALPR', () => {
  const FRAME = {
    processing_time_ms: 105.850112915039,
    data_type: 'alpr_results',
    uuid: 'YYYYYYYYYYYYYYYY-1234-1562681608425',
    version: 2,
    camera_id: 1234,
    epoch_time: 1562681608425,
    results: [
      {
        plate_index: 0,
        plate: 'D2651BF',
        region: 'us-mo',
        confidence: 92.9419174194336,
        matches_template: 0,
        requested_topn: 10,
        candidates: [
          { plate: 'D2651BF', confidence: 92.9419174194336, matches_template: 0 },
          { plate: 'D265BF', confidence: 80, matches_template: 0 },
        ],
      },
      { plate_index: 1, plate: 'CG3L5Y', region: 'us-mo', confidence: 94.7, matches_template: 1, candidates: [] },
    ],
  };

  test('every plate of a frame is a reading, its confidence a share', () => {
    const [first, second] = read('REKOR', JSON.stringify(FRAME));
    expect(first).toMatchObject({
      eventId: 'YYYYYYYYYYYYYYYY-1234-1562681608425/0/D2651BF',
      plate: { text: 'D2651BF', confidence: 0.929419174194336, country: 'US' },
      seenAt: new Date(1562681608425),
      isFrame: true,
    });
    expect(first?.plate?.candidates).toEqual([{ text: 'D265BF', confidence: 0.8 }]);
    expect(second?.eventId).not.toBe(first?.eventId);
  });

  test('the group that comes ten seconds later is not waited for and not acted on', () => {
    const group = {
      data_type: 'alpr_group',
      best_plate_number: 'D2651BF',
      uuids: [FRAME.uuid],
      epoch_start: 1562681121504,
    };
    expect(nothing('REKOR', JSON.stringify(group))).toBe('GROUP');
    expect(nothing('REKOR', JSON.stringify({ data_type: 'heartbeat' }))).toBe('HEARTBEAT');
  });
});

describe('AXIS License Plate Verifier', () => {
  const NEW = {
    packetCounter: '4825',
    capture_timestamp: '1580739519254',
    datetime: '20200203 151839254',
    plateUTF8: 'AA7690EQ',
    plateText: '\\u0041\\u0041\\u0037',
    plateCountry: 'UKR',
    plateConfidence: '0.858004',
    carState: 'new',
    carMoveDirection: 'unknown',
    carID: '123',
    sensorProviderID: 'entry',
    imagesURI: ['/local/fflprapp/tools.cgi?action=getImage&name=1.jpg'],
  };

  test('a new car has no direction; its update has one, the same car and another id of its own', () => {
    const [first] = read('AXIS', JSON.stringify(NEW));
    const update = { ...NEW, carState: 'update', carMoveDirection: 'in', capture_timestamp: '1580739519554' };
    const [second] = read('AXIS', JSON.stringify(update));
    expect(first).toMatchObject({ carId: '123', motion: undefined, seenAt: new Date(1580739519254) });
    expect(first?.plate).toEqual({ text: 'AA7690EQ', confidence: 0.858004, candidates: [], country: 'UA' });
    expect(second).toMatchObject({ carId: '123', motion: 'APPROACHING' });
    expect(second?.eventId).not.toBe(first?.eventId);
  });

  test('lost says that the car has gone', () => {
    expect(nothing('AXIS', JSON.stringify({ ...NEW, carState: 'lost' }))).toBe('CAR_LEFT');
  });

  test('escaped letters, a date without epoch and one with a zone are understood', () => {
    const { plateUTF8: _utf8, capture_timestamp: _captured, ...bare } = NEW;
    const [plain] = read('AXIS', JSON.stringify(bare));
    expect(plain?.plate?.text).toBe('AA7');
    expect(plain?.seenAt).toEqual(new Date('2020-02-03T15:18:39.254Z'));
    const [zoned] = read('AXIS', JSON.stringify({ ...bare, datetime: '20200203 151839254+0200' }));
    expect(zoned?.seenAt).toEqual(new Date('2020-02-03T13:18:39.254Z'));
  });
});

describe('Hikvision ISAPI', () => {
  const alert = (
    inside: string,
    stamp = '2023-08-11T14:49:01.047+02:00',
    count = 1,
  ) => `<?xml version="1.0" encoding="utf-8"?>
    <EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
      <ipAddress>10.2.124.188</ipAddress><macAddress>bc:5e:33:62:2a:5c</macAddress><channelID>1</channelID>
      <dateTime>${stamp}</dateTime><activePostCount>${count}</activePostCount><eventType>ANPR</eventType>
      <eventState>active</eventState><ANPR>${inside}</ANPR></EventNotificationAlert>`;
  const PLATE =
    '<country>NOR</country><licensePlate>EK 12345</licensePlate><line>1</line><direction>reverse</direction><confidenceLevel>97</confidenceLevel><vehicleType>van</vehicleType>';

  test('an alert is a reading; uploaded again it is the same one', () => {
    const [first] = read('HIKVISION', alert(PLATE));
    expect(first).toMatchObject({
      plate: { text: 'EK 12345', confidence: 0.97, country: 'NO' },
      seenAt: new Date('2023-08-11T12:49:01.047Z'),
      motion: 'RECEDING',
      vehicleClass: 'VAN',
    });
    expect(read('HIKVISION', alert(PLATE, undefined, 3))[0]?.eventId).toBe(first?.eventId);
    expect(read('HIKVISION', alert(PLATE, '2023-08-11T14:49:09.047+02:00'))[0]?.eventId).not.toBe(first?.eventId);
  });

  test('a car without a legible plate is a car all the same', () => {
    const [unreadable] = read('HIKVISION', alert('<licensePlate>unknown</licensePlate>'));
    expect(unreadable?.plate).toBeUndefined();
  });

  test('the XML is found between pictures, and other events say nothing', () => {
    const message = messageOf('HIKVISION', { plate: 'ABC123', confidence: 0.9, at: new Date(), car: 1, sequence: 1 });
    const { message: read, images } = readCamera('HIKVISION', {
      ...message,
      body: Buffer.from(message.body as Buffer),
    });
    expect(read).toMatchObject({ kind: 'READS', reads: [{ plate: { text: 'ABC123' } }] });
    expect(images).toBe(1);
    expect(nothing('HIKVISION', alert('').replace('ANPR</eventType>', 'motiondetection</eventType>'))).toBe(
      'OTHER_EVENT',
    );
  });

  test('a document that defines entities is refused, and escapes are read', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaa">]>${alert(PLATE)}`;
    expect(() => read('HIKVISION', bomb)).toThrow(UnreadableMessage);
    expect(read('HIKVISION', alert('<licensePlate>A&amp;B&#49;23</licensePlate>'))[0]?.plate?.text).toBe('A&B123');
  });
});

describe('whatever comes', () => {
  const vendors = fc.constantFrom(...CAMERA_VENDORS);
  const types = fc.constantFrom(
    '',
    JSON_TYPE,
    'text/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=b',
    'multipart/mixed; boundary="b"',
  );

  /** Every answer is readings of a sound shape, nothing, or a refusal that names what was looked for. */
  function answersSoundly(vendor: CameraVendor, contentType: string, body: Buffer): void {
    try {
      const { message } = readCamera(vendor, { contentType, body });
      if (message.kind === 'NOTHING') return;
      for (const { eventId, plate, seenAt } of message.reads) {
        expect(typeof eventId).toBe('string');
        expect(seenAt === undefined || !Number.isNaN(seenAt.getTime())).toBe(true);
        const { confidence = 0.5 } = plate ?? {};
        expect(confidence >= 0 && confidence <= 1).toBe(true);
      }
    } catch (error) {
      expect(error).toBeInstanceOf(UnreadableMessage);
    }
  }

  test('bytes, JSON of any shape and mutated messages are read or refused, and nothing else happens', () => {
    fc.assert(
      fc.property(vendors, types, fc.uint8Array({ maxLength: 400 }), (vendor, type, bytes) =>
        answersSoundly(vendor, type, Buffer.from(bytes)),
      ),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(vendors, types, fc.json(), (vendor, type, text) => answersSoundly(vendor, type, Buffer.from(text))),
      { numRuns: 300 },
    );
    const mutation = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), cut: fc.nat() });
    fc.assert(
      fc.property(vendors, fc.array(mutation, { minLength: 1, maxLength: 8 }), (vendor, mutations) => {
        const { contentType, body } = messageOf(vendor, {
          plate: 'ABC123',
          confidence: 0.9,
          at: new Date(1.7e12),
          car: 1,
          sequence: 1,
          approaching: true,
        });
        let bytes = Buffer.from(body as string);
        for (const { at, byte, cut } of mutations) {
          bytes[at % bytes.length] = byte;
          if (cut % 5 === 0) bytes = Buffer.from(bytes.subarray(0, (cut % bytes.length) + 1));
        }
        answersSoundly(vendor, contentType, bytes);
      }),
      { numRuns: 800 },
    );
  });

  test('a megabyte of open brackets, tags or boundaries is answered at once', () => {
    const startedAt = performance.now();
    for (const vendor of CAMERA_VENDORS)
      for (const piece of ['[', '<a', '<a:b>', '--b\r\n', '&#x', '{"data":'])
        answersSoundly(vendor, 'multipart/form-data; boundary=b', Buffer.from(piece.repeat(2 ** 20 / piece.length)));
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  test('what is as large as the door lets in, and begins like an alert, keeps nobody waiting', () => {
    const startedAt = performance.now();
    const alert = (inside: string) =>
      `<EventNotificationAlert><eventType>ANPR</eventType><ANPR>${inside}</ANPR></EventNotificationAlert>`;
    for (const length of [500 * 1024, 4_000_000])
      answersSoundly('HIKVISION', 'text/xml', Buffer.from(alert('<'.repeat(length))));
    expect(performance.now() - startedAt).toBeLessThan(1500);
  });

  test('the pictures of a message stay out of what is read', () => {
    for (const vendor of CAMERA_VENDORS) {
      const { contentType, body } = messageOf(vendor, {
        plate: 'ABC123',
        confidence: 0.9,
        at: new Date(),
        car: 1,
        sequence: 1,
      });
      const told = JSON.stringify(readCamera(vendor, { contentType, body: Buffer.from(body as string) }));
      expect(told).not.toContain(PICTURE.toString('base64').slice(0, 20));
    }
  });
});
