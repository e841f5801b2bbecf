import { defineEntity, p } from '@mikro-orm/postgresql';
import { CAMERA_VENDORS } from '../domain/hardware.ts';

/** What has been seen of a device that is a camera; written as it reads, at most once a minute. */
const schema = defineEntity({
  name: 'Camera',
  tableName: 'camera',
  properties: {
    lotId: p.uuid().primary(),
    deviceId: p.uuid().primary(),
    vendor: p.enum(CAMERA_VENDORS),
    /** What is to be added to its clock to get ours; null until it has told a time. */
    clockSkewMs: p.bigint('number').nullable(),
    lastReadAt: p.datetime(3),
  },
});

export class Camera extends schema.class {}
schema.setClass(Camera);
