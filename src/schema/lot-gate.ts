import { Field, ObjectType } from 'type-graphql';
import type { GateDirection } from '../entities/gate.ts';
import { Allow } from './access.ts';
import { enumOf } from './enums.ts';
import { Node } from './node.ts';

const GATE_DIRECTIONS = ['ENTRY', 'EXIT', 'BOTH'] as const satisfies readonly GateDirection[];

export const GateDirectionEnum = enumOf<GateDirection>('GateDirection', GATE_DIRECTIONS, {
  description: 'Which way vehicles pass a gate.',
  values: { ENTRY: 'In.', EXIT: 'Out.', BOTH: 'In and out, one after the other.' },
});

@Allow('PUBLIC')
@ObjectType('Gate', { implements: Node, description: 'Where vehicles enter or leave a lot.' })
export class GateType extends Node {
  @Field(() => String, { description: 'What stands on it; unique in its lot.' })
  name!: string;

  @Field(() => GateDirectionEnum, { description: 'Which way vehicles pass it.' })
  direction!: GateDirection;

  @Field(() => Boolean, { description: 'Whether it is in use.' })
  inService!: boolean;
}
