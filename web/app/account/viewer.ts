import { useAsk } from '../../data/ask.ts';
import { AppViewerDocument, type AppViewerQuery } from '../../generated/graphql.ts';
import { useApp } from '../frame/app-context.ts';

export type Driver = Extract<NonNullable<AppViewerQuery['viewer']>, { __typename: 'Driver' }>;

/** Who is signed in; `isOther` when that is not a driver. */
export function useViewer() {
  const { isSignedIn } = useApp();
  const [{ data, fetching, error }, again] = useAsk(AppViewerDocument, {}, !isSignedIn);
  const viewer = isSignedIn ? data?.viewer : undefined;
  const driver: Driver | undefined = viewer?.__typename === 'Driver' ? viewer : undefined;
  return { driver, isOther: viewer != null && !driver, isAsking: fetching, error, again };
}
