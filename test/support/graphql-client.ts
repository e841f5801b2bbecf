import { createClient } from 'graphql-ws';
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { WebSocket } from 'ws';
import { PATIENCE_MS } from './eventually.ts';

/** A document: text, or what codegen made of one, which knows the types of its answer and variables. */
export type Document<TData, TVariables> = string | (DocumentTypeDecoration<TData, TVariables> & { toString(): string });

export interface GraphqlError {
  message: string;
  path?: (string | number)[];
  locations?: { line: number; column: number }[];
  extensions: { code: string; requestId: string } & Record<string, unknown>;
}

/** What a server answers. `data` is null when the operation did not run; reading through it then fails the test. */
export interface Answer<TData> {
  status: number;
  headers: Headers;
  data: TData;
  errors: GraphqlError[] | undefined;
  extensions: { cost?: { requested: number; limit: number } } & Record<string, unknown>;
}

export interface GraphqlClient {
  /** The bearer token it speaks with. */
  token: string | undefined;
  query<TData = Record<string, any>, TVariables = Record<string, unknown>>(
    document: Document<TData, TVariables>,
    variables?: TVariables,
    headers?: Record<string, string>,
  ): Promise<Answer<TData>>;
}

/** Speaks GraphQL over HTTP, with a bearer token if there is one. */
export function graphqlClient(url: string, token?: string): GraphqlClient {
  return {
    token,
    query: async (document, variables, headers = {}) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        body: JSON.stringify({ query: String(document), variables }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const body = (await response.json()) as {
        data?: never;
        errors?: GraphqlError[];
        extensions?: Record<string, unknown>;
      };
      return {
        status: response.status,
        headers: response.headers,
        data: body.data as never,
        errors: body.errors,
        extensions: body.extensions ?? {},
      };
    },
  };
}

/** A running subscription. */
export interface LiveSubscription<TData> extends AsyncIterable<TData> {
  /** The next event. Fails when none comes within `timeoutMs` (a minute), when the server answers with errors, and when it has ended. */
  next(timeoutMs?: number): Promise<TData>;
  /** Resolves when nothing comes for so long; fails with what came. */
  silence(forMs: number): Promise<void>;
  /** Ends the subscription and its connection. */
  stop(): Promise<void>;
}

export interface SubscriptionProblem {
  errors?: GraphqlError[];
  closeCode?: number;
  reason?: string;
}

/** Thrown by a subscription that was refused: by GraphQL errors or by closing the socket. */
export class SubscriptionFailed extends Error {
  readonly problem: SubscriptionProblem;
  constructor(problem: SubscriptionProblem) {
    super(`the subscription failed: ${JSON.stringify(problem)}`);
    this.problem = problem;
  }
}

/** Subscribes over a connection of its own. */
export function subscribe<TData = Record<string, any>, TVariables = Record<string, unknown>>(
  wsUrl: string,
  { document, variables, token }: { document: Document<TData, TVariables>; variables?: TVariables; token?: string },
): LiveSubscription<TData> {
  const client = createClient({
    url: wsUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: true,
    ...(token === undefined ? {} : { connectionParams: { authorization: `Bearer ${token}` } }),
  });
  const queue = new EventQueue<TData>();
  client.subscribe<TData>(
    { query: String(document), variables: variables ?? {} },
    {
      next: ({ data, errors }) => {
        if (errors) queue.fail(new SubscriptionFailed({ errors: errors as unknown as GraphqlError[] }));
        else queue.push(data as TData);
      },
      error: (problem) => queue.fail(new SubscriptionFailed(problemOf(problem))),
      complete: () => queue.fail(new SubscriptionFailed({ reason: 'complete' })),
    },
  );
  return {
    next: (timeoutMs = PATIENCE_MS) => queue.next(timeoutMs),
    silence: async (forMs) => {
      const event = await queue.next(forMs).catch((error: unknown) => {
        if (error instanceof SubscriptionFailed) throw error;
        return undefined;
      });
      if (event !== undefined) throw new Error(`expected silence, heard ${JSON.stringify(event)}`);
    },
    stop: async () => {
      await client.dispose();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) yield await queue.next(PATIENCE_MS);
    },
  };
}

function problemOf(problem: unknown): SubscriptionProblem {
  if (Array.isArray(problem)) return { errors: problem as GraphqlError[] };
  const { code, reason, message } = problem as { code?: number; reason?: string; message?: string };
  return { ...(code === undefined ? {} : { closeCode: code }), reason: reason ?? message ?? String(problem) };
}

/** Events in the order they came, for one reader. */
class EventQueue<T> {
  private readonly events: T[] = [];
  private failure: Error | undefined;
  private waiting: { resolve: (event: T) => void; reject: (error: Error) => void } | undefined;

  push(event: T): void {
    // Two may come in one turn of the event loop: the second must not go to a reader that has been served.
    const reader = this.waiting;
    this.waiting = undefined;
    if (reader) reader.resolve(event);
    else this.events.push(event);
  }

  fail(error: Error): void {
    this.failure ??= error;
    this.waiting?.reject(this.failure);
  }

  async next(timeoutMs: number): Promise<T> {
    if (this.events.length > 0) return this.events.shift()!;
    if (this.failure) throw this.failure;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        this.waiting = { resolve, reject };
        timer = setTimeout(() => reject(new Error(`no event within ${timeoutMs} ms`)), timeoutMs);
      });
    } finally {
      clearTimeout(timer);
      this.waiting = undefined;
    }
  }
}
