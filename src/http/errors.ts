import { GraphQLError, Kind, type ASTNode, type GraphQLFormattedError } from 'graphql';
import { Refusal } from '../domain/refusal.ts';
import { isLockTimeout } from '../platform/db.ts';
import { CodedError, type ErrorCode } from '../schema/coded-errors.ts';

/** What a client is told of an error. */
interface Told {
  readonly code: ErrorCode;
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

const INTERNAL: Told = {
  code: 'INTERNAL',
  message: 'Something went wrong on our side. Try again; if it stays, tell us the request id.',
};

/** A lock did not come free in time. A card may have been charged by then, so it says what is safe, not what was done. */
const BUSY: Told = {
  code: 'BUSY',
  message:
    'Too many want the same at this moment. Try again in a few seconds with the same idempotency key: nothing happens twice.',
};

/** How Apollo Server calls what we call something else. Its other codes are internal. */
const APOLLO_CODES: Readonly<Record<string, (error: GraphQLError) => Told>> = {
  BAD_REQUEST: (error) => ({ code: 'BAD_REQUEST', message: error.message }),
  GRAPHQL_PARSE_FAILED: () => ({ code: 'GRAPHQL_PARSE_FAILED', message: 'The document is not valid GraphQL.' }),
  GRAPHQL_VALIDATION_FAILED: validationFailure,
  BAD_USER_INPUT: () => ({ code: 'BAD_USER_INPUT', message: 'A variable does not fit its type.' }),
  OPERATION_RESOLUTION_FAILURE: () => ({
    code: 'BAD_REQUEST',
    message: 'Name in `operationName` one operation that the document has.',
  }),
  PERSISTED_QUERY_NOT_SUPPORTED: () => ({
    code: 'BAD_REQUEST',
    message: 'Automatic persisted queries are not supported: send the document.',
  }),
};

const VALUE_KINDS: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
  Kind.ARGUMENT,
]);

/** The error in which a client finds its code, or undefined for what stays inside. */
function tellable(error: unknown): Told | undefined {
  if (error instanceof CodedError) return { code: error.code, message: error.message, extensions: error.extensions };
  if (error instanceof Refusal) return refusal(error);
  if (isLockTimeout(causeOf(error))) return BUSY;
  if (!(error instanceof GraphQLError)) return undefined;
  const ownInside = ownCause(error);
  if (ownInside) return tellable(ownInside);
  const { code } = error.extensions;
  const byCode = typeof code === 'string' ? APOLLO_CODES[code] : undefined;
  // An error of another kind inside may have brought any extensions: what it says is not for clients.
  const foreign = error.originalError !== undefined && !(error.originalError instanceof GraphQLError);
  if (foreign) return undefined;
  return byCode ? byCode(error) : ofGraphqlItself(error);
}

/** The error that one of our resolvers threw, inside the places that GraphQL and Apollo Server wrapped around it. */
function ownCause(error: GraphQLError): CodedError | Refusal | undefined {
  const cause = causeOf(error);
  return cause instanceof CodedError || cause instanceof Refusal ? cause : undefined;
}

/** A refusal outside a payload: in a query, whose fields have no `userErrors`. */
function refusal(error: Refusal): Told {
  const code = error.code.endsWith('NOT_FOUND') ? 'NOT_FOUND' : 'BAD_USER_INPUT';
  return { code, message: error.message, extensions: { reason: error.code } };
}

/** graphql-js complains about the caller's variables and arguments while executing; of all else it can complain, we are the cause. */
function ofGraphqlItself(error: GraphQLError): Told | undefined {
  const kind = error.nodes?.[0]?.kind;
  if (kind === Kind.VARIABLE_DEFINITION)
    return { code: 'BAD_USER_INPUT', message: 'A variable does not fit its type.' };
  if (kind !== undefined && VALUE_KINDS.has(kind))
    return { code: 'BAD_USER_INPUT', message: 'An argument does not fit its type.' };
  return undefined;
}

/** Names may be repeated (they are in the document), values may not; and what else the schema holds is not suggested. */
function validationFailure(error: GraphQLError): Told {
  const code = 'GRAPHQL_VALIDATION_FAILED';
  if (isAboutValue(error.nodes)) return { code, message: 'A literal in the document does not fit its type.' };
  return { code, message: error.message.replace(/ Did you mean .*$/s, '') };
}

function isAboutValue(nodes: readonly ASTNode[] | undefined): boolean {
  const kind = nodes?.[0]?.kind;
  return kind !== undefined && kind !== Kind.ARGUMENT && VALUE_KINDS.has(kind);
}

/** Whether an error is our own fault: to be logged, and told without its message. */
export function isInternal(error: unknown): boolean {
  return tellable(error) === undefined;
}

/** An error as it leaves the house, through whichever door: by an allow-list of codes, without stack, SQL, suggestions or the caller's values. */
export function presentError(error: unknown, requestId?: string): GraphQLFormattedError {
  const { code, message, extensions } = tellable(error) ?? INTERNAL;
  const { locations, path } = error instanceof GraphQLError ? error : {};
  return {
    message,
    ...(locations === undefined ? {} : { locations }),
    ...(path === undefined ? {} : { path }),
    extensions: { ...extensions, code, ...(requestId === undefined ? {} : { requestId }) },
  };
}

/** The cause inside GraphQL's wrapping, for the log. */
export function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? causeOf(error.originalError) : error;
}
