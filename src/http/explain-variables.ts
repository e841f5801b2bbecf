import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  typeFromAST,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { isLeafType } from 'graphql';
import { CodedError } from '../schema/coded-errors.ts';

const MAX_PROBLEMS = 10;

const BUILT_IN: Readonly<Record<string, string>> = {
  Int: 'a whole number between -2147483648 and 2147483647',
  Float: 'a number',
  String: 'text',
  Boolean: 'true or false',
  ID: 'an id as text',
};

/**
 * Says where the variables of an operation do not fit and what is expected there, without repeating a value: the messages
 * of graphql-js quote what was sent. Empty when all fit.
 */
export function explainVariables(schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): CodedError[] {
  const problems: CodedError[] = [];
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    // The document is valid, so the type is there and is an input type.
    const type = typeFromAST(schema, definition.type as never) as GraphQLInputType | undefined;
    const value = variables[name];
    if (!type || (value === undefined && definition.defaultValue)) continue;
    explain(value, type, [name], (path, expected) => {
      if (problems.length >= MAX_PROBLEMS) return;
      problems.push(new CodedError('BAD_USER_INPUT', `Variable "$${path.join('.')}": ${expected}.`, { nodes: [definition] }));
    });
  }
  return problems;
}

type Report = (path: readonly (string | number)[], expected: string) => void;

function explain(value: unknown, type: GraphQLInputType, path: readonly (string | number)[], report: Report): void {
  if (value === undefined || value === null) {
    if (isNonNullType(type)) report(path, `a value of type ${String(type)} is required`);
    return;
  }
  const bare = getNullableType(type);
  if (isListType(bare)) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    items.forEach((item, index) => explain(item, bare.ofType, [...path, index], report));
  } else if (isInputObjectType(bare)) {
    explainObject(value, bare, path, report);
  } else if (isLeafType(bare)) {
    try {
      bare.parseValue(value);
    } catch {
      report(path, `expected ${expectation(bare)}`);
    }
  }
}

function explainObject(value: unknown, type: GraphQLInputObjectType, path: readonly (string | number)[], report: Report): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(path, `expected an object of type ${type.name}`);
    return;
  }
  const fields = type.getFields();
  const given: Readonly<Record<string, unknown>> = { ...value };
  if (Object.keys(given).some((name) => fields[name] === undefined)) report(path, `has a field that ${type.name} does not have`);
  for (const field of Object.values(fields)) {
    if (given[field.name] === undefined && field.defaultValue !== undefined) continue;
    explain(given[field.name], field.type, [...path, field.name], report);
  }
  if (type.isOneOf && Object.values(given).filter((member) => member !== undefined && member !== null).length !== 1) {
    report(path, `expected exactly one field of ${Object.keys(fields).join(', ')}`);
  }
}

function expectation(type: { readonly name: string; readonly extensions: Readonly<Record<string, unknown>> }): string {
  if (isEnumType(type)) return `one of ${type.getValues().map(({ name }) => name).join(', ')}`;
  const { expected } = type.extensions as { expected?: string };
  return expected ?? BUILT_IN[type.name] ?? `a value of type ${type.name}`;
}
