import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Choice } from '../../design/field.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { SignOutDocument } from '../../generated/graphql.ts';
import { chooseLocale, LOCALES, type Locale } from '../../messages/locales.ts';
import { useApp } from '../frame/app-context.ts';
import { Heading } from '../frame/heading.tsx';
import { forgetKept } from '../frame/kept.ts';
import { forgetCopies } from '../frame/offline.ts';
import { isSignedOut, Problem } from '../frame/problem.tsx';
import { SignInFirst } from '../parking/parking-list.tsx';
import { Cards } from './cards.tsx';
import { Debts } from './debts.tsx';
import { MyData } from './my-data.tsx';
import { Vehicles } from './vehicles.tsx';
import { useViewer } from './viewer.ts';

/** Who one is here: vehicles, card, language, and one's own data. */
export function AccountView() {
  const { say, isSignedIn } = useApp();
  const { driver, isOther, isAsking, error, again } = useViewer();
  const isAway = !isSignedIn || isSignedOut(error);
  return (
    <>
      <Heading title={say('navAccount')} />
      {isAway && <SignInFirst />}
      {isAsking && !driver && <Waiting label={say('loading')} />}
      {error && !isAway && <Problem error={error} onRetry={again} />}
      {isOther && <Notice tone="warn">{say('notDriver')}</Notice>}
      {driver && (
        <section class="card stack" aria-labelledby="me">
          <h2 id="me">{driver.name}</h2>
          <p class="quiet">{driver.email}</p>
          <SignOutButton />
        </section>
      )}
      {isOther && <SignOutButton />}
      {driver && (
        <div class="booking">
          <div class="stack">
            <Debts />
            <Vehicles driver={driver} onChanged={again} />
          </div>
          <div class="stack">
            <Cards driver={driver} onChanged={again} />
            <MyData driver={driver} />
          </div>
        </div>
      )}
      <Language />
    </>
  );
}

function SignOutButton() {
  const { say, session } = useApp();
  const [{ fetching }, signOut] = useDo(SignOutDocument);
  const leave = async () => {
    const { refreshToken } = session;
    if (refreshToken !== undefined) await signOut({ input: { refreshToken } });
    forgetCopies();
    forgetKept();
    session.forget();
  };
  return (
    <p>
      <Button isBusy={fetching} onClick={() => void leave()}>
        {say('signOut')}
      </Button>
    </p>
  );
}

function Language() {
  const { say, locale } = useApp();
  return (
    <section class="card stack" aria-labelledby="language">
      <h2 id="language">{say('language')}</h2>
      <Choice
        label={say('language')}
        value={locale}
        options={Object.entries(LOCALES).map(([value, text]) => ({ value, text }))}
        onChange={({ currentTarget }) => chooseLocale(currentTarget.value as Locale)}
      />
    </section>
  );
}
