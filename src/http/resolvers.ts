import { NodeResolver } from '../resolvers/node.resolver.ts';
import type { ResolverClass } from '../schema/build-schema.ts';

/** Every resolver class of the public schema. */
export const RESOLVERS: readonly ResolverClass[] = [NodeResolver];
