import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  type GraphQLNamedType,
} from 'graphql';
import { printPublicSchema } from '../../src/http/print-schema.ts';

const printed = printPublicSchema();
const schema = lexicographicSortSchema(buildSchema(printed));
const own = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);

test('schema.graphql is what the code says', () => {
  expect(readFileSync('schema.graphql', 'utf8')).toBe(printed);
});

/** What would break the clients of `before`. */
async function breaking(before: string, after: string): Promise<string[]> {
  const changes = await diff(buildSchema(before), buildSchema(after));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message);
}

test('nothing that the last published schema had has been taken away', async () => {
  const published = spawnSync('git', ['show', `${publishedRevision()}:schema.graphql`], { encoding: 'utf8' });
  if (published.status !== 0) return;
  expect(await breaking(published.stdout, printed)).toEqual([]);
});

test('a field taken away is noticed', async () => {
  expect(await breaking('type Query { a: Int b: Int }', 'type Query { a: Int }')).toEqual([
    "Field 'b' was removed from object type 'Query'",
  ]);
});

/** The newest tag: what partners have. Before the first release nothing is published. */
function publishedRevision(): string {
  return spawnSync('git', ['describe', '--tags', '--abbrev=0'], { encoding: 'utf8' }).stdout.trim() || 'no-release-yet';
}

describe('what partners read', () => {
  test('every type, field, argument, enum value and input field has a description', () => {
    expect(own.flatMap(undescribed)).toEqual([]);
  });

  test('no input is bare text: it goes through a scalar that bounds it, but for ids and cursors', () => {
    const cursors = /\.(?:after|before)$/;
    expect(
      own
        .flatMap(inputs)
        .filter(([path, type]) => /\bString\b/.test(type) && !cursors.test(path))
        .map(([path]) => path),
    ).toEqual([]);
  });

  test('mutations take one input and answer with a payload that has userErrors', () => {
    const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
    const odd = mutations.filter(({ args, type, name }) => {
      const payload = schema.getType(String(type).replace('!', ''));
      const errors = isObjectType(payload) ? payload.getFields()['userErrors'] : undefined;
      const inputName = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
      return (
        args.length > 1 ||
        (args[0] && (args[0].name !== 'input' || String(args[0].type) !== inputName)) ||
        String(errors?.type) !== '[UserError!]!'
      );
    });
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  test('money is never a float', () => {
    const floats = own.flatMap((type) =>
      isObjectType(type)
        ? Object.values(type.getFields())
            .filter((field) => /Float/.test(String(field.type)))
            .map((field) => `${type.name}.${field.name}`)
        : [],
    );
    expect(floats.filter((path) => !/latitude|longitude|distance|confidence|percent/i.test(path))).toEqual([]);
  });
});

function undescribed(type: GraphQLNamedType): string[] {
  const missing = type.description || ['Query', 'Mutation', 'Subscription'].includes(type.name) ? [] : [type.name];
  const without = (members: readonly { name: string; description?: string | null | undefined }[], prefix: string) =>
    members.filter(({ description }) => !description).map(({ name }) => `${prefix}.${name}`);
  if (isEnumType(type)) return [...missing, ...without(type.getValues(), type.name)];
  if (isInputObjectType(type)) return [...missing, ...without(Object.values(type.getFields()), type.name)];
  if (!isObjectType(type) && !isInterfaceType(type)) return missing;
  const fields = Object.values(type.getFields());
  return [
    ...missing,
    ...without(fields, type.name),
    ...fields.flatMap((field) => without(field.args, `${type.name}.${field.name}`)),
  ];
}

function inputs(type: GraphQLNamedType): [path: string, type: string][] {
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, String(field.type)]);
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    field.args.map((arg): [string, string] => [`${type.name}.${field.name}.${arg.name}`, String(arg.type)]),
  );
}
