import { defineEntity, p } from '@mikro-orm/postgresql';

export const GATE_DIRECTIONS = ['ENTRY', 'EXIT', 'BOTH'] as const;
export type GateDirection = (typeof GATE_DIRECTIONS)[number];

/** Where vehicles enter or leave a lot. */
const schema = defineEntity({
  name: 'Gate',
  tableName: 'gate',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    name: p.text(),
    direction: p.enum(GATE_DIRECTIONS),
    inService: p.boolean(),
    createdAt: p.datetime(3),
  },
  uniques: [{ name: 'gate_name', properties: ['lotId', 'name'] }],
});

export class Gate extends schema.class {}
schema.setClass(Gate);
