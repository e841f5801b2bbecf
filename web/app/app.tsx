import { Provider } from '@urql/preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { openClient } from '../data/ask.ts';
import { openLive } from '../data/live.ts';
import type { Session } from '../data/session.ts';
import type { Messages } from '../messages/open-messages.ts';
import { AccountView } from './account/account-view.tsx';
import { Booking } from './book/booking.tsx';
import { AppContext, useApp, type AppFacts, type AppKey } from './frame/app-context.ts';
import { Frame } from './frame/frame.tsx';
import { Heading } from './frame/heading.tsx';
import { useOnline } from './frame/offline.ts';
import { addressOf, followLinks, usePlace } from './frame/router.ts';
import { ParkingList } from './parking/parking-list.tsx';
import { ReservationView } from './parking/reservation-view.tsx';
import { Search } from './search/search.tsx';

interface Props {
  readonly messages: Messages<AppKey>;
  readonly session: Session;
}

/** The driver's page: its connection belongs to whoever is signed in, so that nothing of one person is shown to the next. */
export function App({ messages, session }: Props) {
  const isSignedIn = useSignedIn(session);
  const isOnline = useOnline();
  const live = useMemo(() => openLive({ authorization: () => session.authorization() }), [session, isSignedIn]);
  const client = useMemo(() => openClient(session, live), [session, live]);
  useEffect(() => () => void live.dispose(), [live]);
  useEffect(() => {
    addEventListener('click', followLinks);
    return () => removeEventListener('click', followLinks);
  }, []);
  const facts: AppFacts = { ...messages, session, isSignedIn, isOnline };
  return (
    <AppContext.Provider value={facts}>
      <Provider value={client}>
        <Frame>
          <View />
        </Frame>
      </Provider>
    </AppContext.Provider>
  );
}

function View() {
  const { parts } = usePlace();
  const [view, name] = parts;
  if (view === undefined) return <Search />;
  if (view === 'lots' && name !== undefined) return <Booking key={name} code={name} />;
  if (view === 'parking') return name === undefined ? <ParkingList /> : <ReservationView key={name} id={name} />;
  if (view === 'account') return <AccountView />;
  return <Nowhere />;
}

function Nowhere() {
  const { say } = useApp();
  return (
    <>
      <Heading title={say('nowhere')} />
      <p>
        <a class="button main" href={addressOf()}>
          {say('navSearch')}
        </a>
      </p>
    </>
  );
}

function useSignedIn(session: Session): boolean {
  const [isSignedIn, setSignedIn] = useState(session.isSignedIn);
  useEffect(() => session.onChange(() => setSignedIn(session.isSignedIn)), [session]);
  return isSignedIn;
}
