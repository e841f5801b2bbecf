import { Field, ID, InterfaceType } from 'type-graphql';

/** Values behind an interface: rows are named by their class, plain objects say their type themselves. */
export function typeNameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { __typename } = value as { __typename?: unknown };
  return typeof __typename === 'string' ? __typename : value.constructor.name;
}

@InterfaceType('Node', {
  description: 'Anything that can be read again by its id alone, through `node(id:)`.',
  resolveType: typeNameOf,
})
export abstract class Node {
  @Field(() => ID, { description: 'Opaque and lasting. Store it as text, at most 64 characters; never take it apart.' })
  id!: string;
}
