import { cacheExchange, Client, fetchExchange, mapExchange, subscriptionExchange } from '@urql/core';
import { useMutation, useQuery, useSubscription, type UseMutationState, type UseQueryState } from '@urql/preact';
import type { Client as LiveClient } from 'graphql-ws';
import type { TypedDocumentString } from '../generated/graphql.ts';
import { fetchAndHear } from './server-time.ts';
import type { Session } from './session.ts';

/** The connection of a page: questions over HTTP with the login of the moment, live answers over `live`. */
export function openClient(session: Session, live: LiveClient): Client {
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    fetch: fetchAndHear,
    exchanges: [
      mapExchange({
        onOperation: async (operation) => {
          const authorization = await session.authorization();
          if (authorization === undefined) return operation;
          const fetchOptions = { headers: { authorization } };
          return { ...operation, context: { ...operation.context, fetchOptions } };
        },
      }),
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: live.subscribe(
              { query: query ?? '', variables: variables ?? {} },
              {
                next: ({ data = null, errors }) => sink.next(errors === undefined ? { data } : { data, errors }),
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              },
            ),
          }),
        }),
      }),
    ],
  });
}

type Of<Document> =
  Document extends TypedDocumentString<infer Result, infer Variables>
    ? { result: Result; variables: Variables & Record<string, unknown> }
    : never;

/** Asks when the part is shown and whenever `variables` change; `isPaused` waits. Gives the state and how to ask anew. */
export function useAsk<Document extends TypedDocumentString<unknown, never>>(
  document: Document,
  variables: Of<Document>['variables'],
  isPaused = false,
): [UseQueryState<Of<Document>['result']>, () => void] {
  const [state, again] = useQuery<Of<Document>['result'], Record<string, unknown>>({
    query: document.toString(),
    variables,
    pause: isPaused,
    requestPolicy: 'cache-and-network',
  });
  return [state, () => again({ requestPolicy: 'network-only' })];
}

/** Does something when it is called; the promise gives the payload, or undefined with `error` in the state. */
export function useDo<Document extends TypedDocumentString<unknown, never>>(
  document: Document,
): [
  UseMutationState<Of<Document>['result']>,
  (variables: Of<Document>['variables']) => Promise<Of<Document>['result'] | undefined>,
] {
  const [state, execute] = useMutation<Of<Document>['result'], Record<string, unknown>>(document.toString());
  return [state, async (variables) => (await execute(variables)).data];
}

/** The newest of a live answer; undefined until the first is there. */
export function useLive<Document extends TypedDocumentString<unknown, never>>(
  document: Document,
  variables: Of<Document>['variables'],
  isPaused = false,
): Of<Document>['result'] | undefined {
  const [{ data }] = useSubscription<Of<Document>['result'], Of<Document>['result'], Record<string, unknown>>({
    query: document.toString(),
    variables,
    pause: isPaused,
  });
  return data;
}
