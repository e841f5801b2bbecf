import { createSourceEventStream, execute, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { Context } from '../context.ts';

export type EventStream = AsyncGenerator<ExecutionResult, void, void>;

/**
 * As `subscribe` of graphql-js, but each event is executed in a context of its own: what was read for one event must not
 * be told again with the next, and nothing is kept for the hours that a subscription lives.
 */
export async function subscribeFresh(
  args: ExecutionArgs,
  contextOfEvent: () => Context,
): Promise<EventStream | ExecutionResult> {
  const source: unknown = await createSourceEventStream(args);
  if (!isAsyncIterable(source)) return source as ExecutionResult;
  const events = source[Symbol.asyncIterator]();
  const answer = (event: unknown) => execute({ ...args, rootValue: event, contextValue: contextOfEvent() });
  const ended = { value: undefined, done: true } as const;
  const stream: EventStream = {
    next: async () => {
      const step: IteratorResult<unknown, unknown> = await events.next();
      return step.done === true ? ended : { value: await answer(step.value), done: false };
    },
    // Goes straight to the source, which may be waiting for its next event.
    return: async () => {
      await events.return?.();
      return ended;
    },
    throw: async (error) => {
      await events.return?.();
      throw error;
    },
    [Symbol.asyncIterator]: () => stream,
    [Symbol.asyncDispose]: async () => {
      await events.return?.();
    },
  };
  return stream;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
