import { GraphQLError, type ASTNode } from 'graphql';

/** The codes of top-level errors, in `extensions.code`. What is none of these reaches no client. */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'RATE_LIMITED',
  'BUSY',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_TOO_COMPLEX',
  'INTERNAL',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** A top-level error that clients may read as it stands: its message never holds what the client sent. */
export class CodedError extends GraphQLError {
  override readonly name = 'CodedError';
  readonly code: ErrorCode;

  constructor(
    code: ErrorCode,
    message: string,
    options: { extensions?: Readonly<Record<string, unknown>>; nodes?: readonly ASTNode[] } = {},
  ) {
    super(message, {
      extensions: { ...options.extensions, code },
      ...(options.nodes === undefined ? {} : { nodes: options.nodes }),
    });
    this.code = code;
  }
}

export function unauthenticated(): CodedError {
  return new CodedError('UNAUTHENTICATED', 'Sign in first: send a valid token as `Authorization: Bearer …`.');
}

export function forbidden(): CodedError {
  return new CodedError('FORBIDDEN', 'Your role may not do this.');
}

/** An argument that no typed user error covers. `message` says what is expected and never repeats what was sent. */
export function badInput(message: string, nodes: readonly ASTNode[] = []): CodedError {
  return new CodedError('BAD_USER_INPUT', message, nodes.length === 0 ? {} : { nodes });
}

export function notFound(message: string): CodedError {
  return new CodedError('NOT_FOUND', message);
}

export function rateLimited(retryAfterSeconds: number): CodedError {
  return new CodedError('RATE_LIMITED', `Too many requests: try again in ${retryAfterSeconds} s.`, {
    extensions: { retryAfterSeconds },
  });
}
