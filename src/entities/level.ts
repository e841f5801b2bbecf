import { defineEntity, p } from '@mikro-orm/postgresql';

/** A floor or area of a lot. */
const schema = defineEntity({
  name: 'Level',
  tableName: 'level',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    name: p.text(),
    /** Order from the entrance; 0 is where vehicles come in. */
    ordinal: p.integer(),
  },
});

export class Level extends schema.class {}
schema.setClass(Level);
