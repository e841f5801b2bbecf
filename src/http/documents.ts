import {
  GraphQLError,
  Kind,
  Lexer,
  NoSchemaIntrospectionCustomRule,
  parse,
  Source,
  specifiedRules,
  TokenKind,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { remember } from '../platform/remember.ts';
import { CodedError } from '../schema/coded-errors.ts';
import { checkDocumentLimits } from './document-limits.ts';
import { DOCUMENT_LIMITS } from './limits.ts';

const REMEMBERED = 1000;
const MAX_VALIDATION_ERRORS = 10;

/** A document that may be executed, or why not. HOSTILE: over a limit, whatever the schema says. */
export type Admission =
  | { readonly document: DocumentNode }
  | { readonly problem: 'HOSTILE' | 'INVALID'; readonly errors: readonly GraphQLError[] };

/** The one gate for documents of both doors, HTTP and websocket: tokens, shape, validation, in this order. What passed is remembered. */
export interface Documents {
  admit(source: string): Admission;
}

export function createDocuments(schema: GraphQLSchema, options: { introspection: boolean }): Documents {
  const admitted = new Map<string, { readonly document: DocumentNode }>();
  const rules = options.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const examine = (source: string): Admission => {
    const parsed = parseDocument(source);
    if (!('document' in parsed)) return parsed;
    const excess = checkDocumentLimits(parsed.document);
    if (excess) return { problem: 'HOSTILE', errors: [excess] };
    const errors = validate(schema, parsed.document, rules, { maxErrors: MAX_VALIDATION_ERRORS });
    if (errors.length === 0) return parsed;
    return { problem: errors.some(isIntrospection) ? 'HOSTILE' : 'INVALID', errors: errors.map(validationError) };
  };
  return {
    admit: (source) => {
      const known = admitted.get(source);
      if (known) return known;
      const admission = examine(source);
      if ('document' in admission) remember(admitted, { key: source, value: admission, limit: REMEMBERED });
      return admission;
    },
  };
}

function parseDocument(source: string): Admission {
  try {
    return { document: parse(source, { maxTokens: DOCUMENT_LIMITS.tokens }) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (hasTooManyTokens(source))
      return {
        problem: 'HOSTILE',
        errors: [
          new CodedError('OPERATION_TOO_COMPLEX', `The document has more than ${DOCUMENT_LIMITS.tokens} tokens.`),
        ],
      };
    return { problem: 'INVALID', errors: [coded('GRAPHQL_PARSE_FAILED', error)] };
  }
}

/** The parser stops at the limit as it stops at a mistake: which one it was is found by counting again. */
function hasTooManyTokens(source: string): boolean {
  const lexer = new Lexer(new Source(source));
  try {
    for (let tokens = 0; tokens <= DOCUMENT_LIMITS.tokens; tokens++) {
      if (lexer.advance().kind === TokenKind.EOF) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/** The rule of graphql-js for introspection complains of a field of the introspection types. */
function isIntrospection(error: GraphQLError): boolean {
  const node = error.nodes?.[0];
  return node?.kind === Kind.FIELD && node.name.value.startsWith('__');
}

function validationError(error: GraphQLError): GraphQLError {
  if (error instanceof CodedError) return error;
  return isIntrospection(error)
    ? new CodedError('GRAPHQL_VALIDATION_FAILED', 'Introspection is off here: read the published schema.')
    : coded('GRAPHQL_VALIDATION_FAILED', error);
}

/** The library's error with the code by which `presentError` knows what may be told of it. */
function coded(code: string, error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { code },
  });
}
