// The public GraphQL API, as an app or a gate's controller calls it.

import type { Tally } from './tally.ts';

const ANSWER_WITHIN_MS = 15_000;

/** An answer that is no answer: the operation did not run. */
export class CallFailed extends Error {}

export interface Operation {
  readonly name: string;
  readonly document: string;
}

export class CityApi {
  private readonly url: string;
  private readonly tally: Tally;

  constructor(url: string, tally: Tally) {
    this.url = url;
    this.tally = tally;
  }

  /** The data of one operation. Throws {@link CallFailed} when it did not run; refusals are in the data. */
  async call<T>({ name, document }: Operation, variables: object, token?: string): Promise<T> {
    return this.tally.timed(name, async () => {
      const response = await fetch(`${this.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query: document, variables }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const { data, errors } = (await response.json()) as { data?: T; errors?: { message: string }[] };
      if (data === undefined || data === null || errors !== undefined)
        throw new CallFailed(`${name}: ${response.status} ${errors?.[0]?.message ?? ''}`);
      return data;
    });
  }
}
