import { isInputObjectType, isObjectType, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, Extensions, type NonEmptyArray, type PubSub } from 'type-graphql';
import { enforceAccess } from './access.ts';
import { PlainUserError } from './user-error.ts';

export type ResolverClass = abstract new (...args: never[]) => object;

/** Marks an input of which exactly one field must be set. Its fields are all nullable. */
export function OneOf(): ClassDecorator {
  return Extensions({ oneOf: true });
}

/** Every subscription brings its own source; the library wants this object nevertheless. */
const noPubSub: PubSub = {
  publish: () => {
    throw new Error('publish through platform.topics');
  },
  subscribe: () => {
    throw new Error('give the subscription its own `subscribe`');
  },
};

/** Builds the public schema from resolver classes, with one-of inputs and access rules in force. Throws when a field has no rule. */
export function createSchema(resolvers: readonly ResolverClass[]): GraphQLSchema {
  const schema = buildSchemaSync({
    // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- the library's own signature
    resolvers: resolvers as unknown as NonEmptyArray<Function>,
    orphanedTypes: [PlainUserError],
    pubSub: noPubSub,
    validate: false,
    // Its check runs the whole introspection, a tenth of a second; Apollo validates the schema when it starts.
    skipCheck: true,
  });
  enforceOneOf(schema);
  inheritDescriptions(schema);
  enforceAccess(schema);
  return schema;
}

function enforceOneOf(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type) && type.extensions['oneOf'] === true) type.isOneOf = true;
  }
}

/** A field that an object resolves in its own way keeps the description of the interface that asks for it. */
function inheritDescriptions(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const inherited of type.getInterfaces().flatMap((face) => Object.values(face.getFields()))) {
      const field = type.getFields()[inherited.name];
      if (field) field.description ??= inherited.description;
    }
  }
}
