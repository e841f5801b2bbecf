import { createRequire } from 'node:module';
import {
  isCompositeType,
  getNamedType,
  Kind,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql';
import type * as QueryComplexity from 'graphql-query-complexity';
import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '../schema/connection.ts';
import { CodedError } from '../schema/coded-errors.ts';
import { DOCUMENT_LIMITS } from './limits.ts';

// The library's ES module brings a second copy of graphql, which refuses our schema: take its CommonJS build.
const { fieldExtensionsEstimator, getComplexity } = createRequire(import.meta.url)(
  'graphql-query-complexity',
) as typeof QueryComplexity;

export interface Operation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Tells what an operation costs: each object one point, a page or a list of ids its size times what one entry costs, at least one, plain fields nothing. */
export type CostMeter = (operation: Operation) => number;

/** How many a field with arguments for a page or a list of ids may answer; undefined for a field without. */
function entries(args: Readonly<Record<string, unknown>>, takesPage: boolean): number | undefined {
  const size = args['first'] ?? args['last'];
  if (typeof size === 'number') return Math.min(Math.max(size, 1), PAGE_SIZE_MAX);
  const lists = Object.values(args).filter(Array.isArray);
  if (lists.length > 0) return Math.max(1, ...lists.map((list) => list.length));
  return takesPage ? PAGE_SIZE_DEFAULT : undefined;
}

const objectsAndPages: QueryComplexity.ComplexityEstimator = ({ args, childComplexity, field }) => {
  if (!isCompositeType(getNamedType(field.type))) return 0;
  const takesPage = field.args.some(({ name }) => name === 'first');
  const count = entries(args, takesPage);
  // Each entry is looked for, whatever is asked of it.
  return 1 + (count === undefined ? childComplexity : count * Math.max(1, childComplexity));
};

/** Meters operations of a schema. What does not depend on variables is computed once for each remembered document. */
export function createCostMeter(schema: GraphQLSchema): CostMeter {
  const settled = new WeakMap<OperationDefinitionNode, number>();
  const estimators = [fieldExtensionsEstimator(), objectsAndPages];
  const compute = ({ document, operation, variables }: Operation): number => {
    const operationName = operation.name?.value;
    return getComplexity({
      schema,
      query: document,
      variables: { ...variables },
      estimators,
      ...(operationName === undefined ? {} : { operationName }),
    });
  };
  return (asked) => {
    const known = settled.get(asked.operation);
    if (known !== undefined) return known;
    const cost = compute(asked);
    if (!dependsOnVariables(asked.operation)) settled.set(asked.operation, cost);
    return cost;
  };
}

/** Sizes, lists of ids and conditions come in as numbers, lists and booleans; input objects carry none of them. */
function dependsOnVariables(operation: OperationDefinitionNode): boolean {
  return (operation.variableDefinitions ?? []).some(({ type }) => mayDecideCost(type));
}

function mayDecideCost(type: TypeNode): boolean {
  if (type.kind === Kind.LIST_TYPE) return true;
  if (type.kind === Kind.NON_NULL_TYPE) return mayDecideCost(type.type);
  return type.name.value === 'Int' || type.name.value === 'Boolean';
}

/** The refusal of an operation that costs too much, or undefined. */
export function tooCostly(cost: number): CodedError | undefined {
  if (cost <= DOCUMENT_LIMITS.cost) return undefined;
  return new CodedError(
    'OPERATION_TOO_COMPLEX',
    `The operation costs ${cost} points; the limit is ${DOCUMENT_LIMITS.cost}. Ask for smaller pages.`,
  );
}
