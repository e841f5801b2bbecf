import { defineEntity, p } from '@mikro-orm/postgresql';

/** Where the picture of a scan lies; the picture itself stays at the camera or its recorder. */
const schema = defineEntity({
  name: 'ScanImage',
  tableName: 'scan_image',
  properties: {
    lotId: p.uuid().primary(),
    scanId: p.uuid().primary(),
    imageRef: p.text(),
    deviceId: p.uuid(),
    createdAt: p.datetime(3),
  },
});

export class ScanImage extends schema.class {}
schema.setClass(ScanImage);
