import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema } from '../schema/build-schema.ts';
import { RESOLVERS } from './resolvers.ts';

/** The public schema as it is published in `schema.graphql`: in alphabetical order, so that it changes only where the schema does. */
export function printPublicSchema(): string {
  return `${printSchema(lexicographicSortSchema(createSchema(RESOLVERS)))}\n`;
}
