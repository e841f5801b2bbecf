import {
  createSourceEventStream,
  execute,
  getOperationAST,
  Kind,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql';
import type { AvailabilitySnapshot } from '../availability/snapshot.ts';
import { MAX_LOTS_WATCHED } from '../availability/watch-availability.ts';
import { createContext } from '../context.ts';
import type { Platform } from '../platform/platform.ts';
import { mapResults, SubscriptionShares } from '../platform/shared-subscription.ts';

type Subscribe = (args: ExecutionArgs) => Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;

/** The source could not be opened; `answer` says why, to every subscriber that waited for it. */
class NotOpened extends Error {
  readonly answer: ExecutionResult;

  constructor(answer: ExecutionResult) {
    super('the subscription could not be opened');
    this.answer = answer;
  }
}

/**
 * Subscriptions that are equal (same document and variables) and that everybody may read share one execution: a change of a lot that
 * thousands watch is worked out once. They are executed as by somebody who is not signed in, so nobody is shown what only another may
 * see. Undefined for a subscription that can't be shared.
 */
export function createSharedSubscribe(platform: Platform): (args: ExecutionArgs) => ReturnType<Subscribe> | undefined {
  const shares = new SubscriptionShares<ExecutionResult>({ capacity: MAX_LOTS_WATCHED });
  const anonymous = () => createContext({ platform, viewer: undefined, requestId: 'shared', clientAddress: '' });
  return (args) => {
    if (!isShareable(args)) return undefined;
    const text = args.document.loc?.source.body;
    if (text === undefined) return undefined;
    const key = JSON.stringify([text, args.operationName ?? null, args.variableValues ?? null]);
    return shares
      .join(key, () => openSource({ ...args, contextValue: anonymous() }, anonymous))
      .catch((error: unknown) => {
        if (error instanceof NotOpened) return error.answer;
        throw error;
      });
  };
}

/** Only `availability` and nothing beside it: its events are snapshots, each in the place of the lot's previous one. */
function isShareable({ document, operationName }: ExecutionArgs): boolean {
  const selections = getOperationAST(document, operationName)?.selectionSet.selections ?? [];
  const [only] = selections;
  return selections.length === 1 && only?.kind === Kind.FIELD && only.name.value === 'availability';
}

async function openSource(args: ExecutionArgs, contextOfEvent: () => unknown) {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) throw new NotOpened(source);
  const events = source[Symbol.asyncIterator]() as AsyncIterator<AvailabilitySnapshot>;
  return mapResults(events, async (snapshot) => ({
    key: snapshot.lotId,
    result: await execute({ ...args, rootValue: snapshot, contextValue: contextOfEvent() }),
  }));
}
