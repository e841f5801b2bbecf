import type { GraphiQL } from 'graphiql';
import { getOperationAST, OperationTypeNode, parse, type OperationDefinitionNode } from 'graphql';
import type { ComponentProps } from 'react';
import { openLive } from '../data/live.ts';

type Fetcher = ComponentProps<typeof GraphiQL>['fetcher'];

interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string | null;
}

interface Answer {
  readonly data?: { readonly signIn?: { readonly login?: { readonly accessToken?: string } | null } };
}

/** Of the last sign-in in this tab; forgotten with it. */
let authorization: string | undefined;
const live = openLive({ authorization: () => authorization });

/** Sends what stands in a tab: subscriptions by websocket, the rest by HTTP. A sign-in holds for all that is sent after it. */
export const ask: Fetcher = ({ query, variables, operationName }: Operation, options) => {
  const chosen = operationOf(query, operationName);
  const body = { query, variables, operationName: chosen?.name?.value };
  if (chosen?.operation !== OperationTypeNode.SUBSCRIPTION) return send(body, options?.headers);
  return live.iterate(body) as AsyncGenerator<Record<string, unknown>>;
};

/** Right after a change of tabs GraphiQL still names the operation of the other one: what is not in the text is not meant. */
function operationOf(query: string, name: string | null | undefined): OperationDefinitionNode | null | undefined {
  try {
    const document = parse(query);
    return getOperationAST(document, name) ?? getOperationAST(document);
  } catch {
    // The server says better what is wrong with it.
    return undefined;
  }
}

/** What is typed as a header goes before the login of the last sign-in. */
export async function send(body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const login: Record<string, string> = authorization === undefined ? {} : { authorization };
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...login, ...headers },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Answer;
  const token = answer.data?.signIn?.login?.accessToken;
  if (token !== undefined) authorization = `Bearer ${token}`;
  return answer;
}
