import 'reflect-metadata';
import {
  defaultFieldResolver,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { Extensions } from 'type-graphql';
import { roleOf, type Role, type Viewer } from '../domain/viewer.ts';
import { forbidden, unauthenticated } from './coded-errors.ts';

/** What the access pass needs of an operation's context. */
interface AskedBy {
  readonly viewer: Viewer | undefined;
}

/**
 * Who may use a field. On an object type: the rule of all its fields that have none of their own, where `PUBLIC` means
 * whoever was given the parent. On a field of Query, Mutation or Subscription: required. ADMIN may do what any role may.
 * Whether the row is theirs is decided by the resolver or the verb, not here.
 */
export function Allow(...roles: readonly Role[]): ClassDecorator & PropertyDecorator & MethodDecorator {
  return Extensions({ roles });
}

/** On a field beside `Allow`: also for a device whose key nobody could vouch for in the last minute. The verb decides what it may do then. */
export function AllowUnverified(): MethodDecorator {
  return Extensions({ unverified: true });
}

/**
 * Enforces the rules in place. Throws an error that names every field without a rule, so that a forgotten one can't be served.
 */
export function enforceAccess(schema: GraphQLSchema): void {
  const unruled: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    const typeRoles = isRoot(schema, type.name) ? undefined : rolesIn(type.extensions);
    const fields: readonly GraphQLField<unknown, AskedBy>[] = Object.values(type.getFields());
    for (const field of fields) {
      const roles = rolesIn(field.extensions) ?? typeRoles;
      if (roles) guard(field, roles);
      else unruled.push(`${type.name}.${field.name}`);
    }
  }
  if (unruled.length > 0) throw new Error(`fields without an access rule (@Allow): ${unruled.join(', ')}`);
}

/** The rule of each field as `Type.field` → roles, for documents and tests. Interfaces have none: their objects do. */
export function accessTable(schema: GraphQLSchema): Map<string, readonly Role[]> {
  const table = new Map<string, readonly Role[]>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInterfaceType(type) || !isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const roles = rolesIn(field.extensions) ?? rolesIn(type.extensions);
      if (roles) table.set(`${type.name}.${field.name}`, roles);
    }
  }
  return table;
}

function isRoot(schema: GraphQLSchema, typeName: string): boolean {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].some(
    (root) => root?.name === typeName,
  );
}

function rolesIn(extensions: Readonly<Record<string, unknown>>): readonly Role[] | undefined {
  const { roles } = extensions as { roles?: readonly Role[] };
  return roles !== undefined && roles.length > 0 ? roles : undefined;
}

function guard(field: GraphQLField<unknown, AskedBy>, roles: readonly Role[]): void {
  if (roles.includes('PUBLIC')) return;
  const allowed = new Set<Role>([...roles, 'ADMIN']);
  const takesUnverified = field.extensions['unverified'] === true;
  const guarded =
    (resolve: GraphQLFieldResolver<unknown, AskedBy>): GraphQLFieldResolver<unknown, AskedBy> =>
    (...asked) => {
      const [, , context] = asked;
      const { viewer } = context;
      if (!allowed.has(roleOf(viewer))) throw viewer === undefined ? unauthenticated() : forbidden();
      if (!takesUnverified && viewer?.kind === 'DEVICE' && viewer.isUnverified) throw unauthenticated();
      return resolve(...asked);
    };
  field.resolve = guarded(field.resolve ?? defaultFieldResolver);
  if (field.subscribe) field.subscribe = guarded(field.subscribe);
}
