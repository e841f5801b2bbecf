import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  typeFromAST,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  type GraphQLSchema,
  type NamedTypeNode,
  type OperationDefinitionNode,
} from 'graphql';
import { CodedError } from '../schema/coded-errors.ts';

const MAX_PROBLEMS = 10;

const BUILT_IN: Readonly<Record<string, string>> = {
  Int: 'a whole number between -2147483648 and 2147483647',
  Float: 'a number',
  String: 'text',
  Boolean: 'true or false',
  ID: 'an id as text',
};

/** A value that does not fit: where it stands, and what would fit there. */
interface Misfit {
  readonly path: Path;
  readonly expected: string;
}
type Path = readonly (string | number)[];

/**
 * Says where the variables of an operation do not fit and what is expected there, without repeating a value: the messages
 * of graphql-js quote what was sent. Empty when all fit.
 */
export function explainVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): CodedError[] {
  const problems: CodedError[] = [];
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const value = variables[name];
    // One overload for each kind of node, and none for their union.
    const type = typeFromAST(schema, definition.type as NamedTypeNode);
    if (!isInputType(type) || (value === undefined && definition.defaultValue)) continue;
    for (const { path, expected } of misfits(value, type, [name])) {
      if (problems.length >= MAX_PROBLEMS) return problems;
      const message = `Variable "$${path.join('.')}": ${expected}.`;
      problems.push(new CodedError('BAD_USER_INPUT', message, { nodes: [definition] }));
    }
  }
  return problems;
}

function* misfits(value: unknown, type: GraphQLInputType, path: Path): Generator<Misfit> {
  if (value === undefined || value === null) {
    if (isNonNullType(type)) yield { path, expected: `a value of type ${String(type)} is required` };
    return;
  }
  const bare = getNullableType(type);
  if (isListType(bare)) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const [index, item] of items.entries()) yield* misfits(item, bare.ofType, [...path, index]);
  } else if (isInputObjectType(bare)) {
    yield* misfitsOfObject(value, bare, path);
  } else if (isLeafType(bare) && !fits(value, bare)) {
    yield { path, expected: `expected ${expectation(bare)}` };
  }
}

function* misfitsOfObject(value: unknown, type: GraphQLInputObjectType, path: Path): Generator<Misfit> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield { path, expected: `expected an object of type ${type.name}` };
    return;
  }
  const fields = type.getFields();
  const given: Readonly<Record<string, unknown>> = { ...value };
  const set = Object.entries(given).filter(([, member]) => member !== undefined && member !== null);
  if (Object.keys(given).some((name) => fields[name] === undefined)) {
    yield { path, expected: `has a field that ${type.name} does not have` };
  }
  for (const field of Object.values(fields)) {
    if (given[field.name] === undefined && field.defaultValue !== undefined) continue;
    yield* misfits(given[field.name], field.type, [...path, field.name]);
  }
  if (type.isOneOf && set.length !== 1) {
    yield { path, expected: `expected exactly one field of ${Object.keys(fields).join(', ')}` };
  }
}

function fits(value: unknown, type: GraphQLLeafType): boolean {
  try {
    type.parseValue(value);
    return true;
  } catch {
    return false;
  }
}

function expectation(type: GraphQLLeafType): string {
  if (isEnumType(type)) {
    const names = type.getValues().map(({ name }) => name);
    return `one of ${names.join(', ')}`;
  }
  const { expected } = type.extensions as { expected?: string };
  return expected ?? BUILT_IN[type.name] ?? `a value of type ${type.name}`;
}
