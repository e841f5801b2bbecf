import type { ComponentType } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { useAsk, useDo } from '../../data/ask.ts';
import mark from '../../design/mark.svg';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { ConsoleLotDocument, SignOutDocument } from '../../generated/graphql.ts';
import { SECTIONS, type Section } from '../sections.ts';
import { ConnectionContext } from './connection.ts';
import { useConsole } from './console-context.ts';
import { Heading } from './heading.tsx';
import { forgetKept } from './kept.ts';
import { Languages } from './languages.tsx';
import { LotContext, type ChosenLot } from './lot.ts';
import { ChooseLot, LotButton } from './lot-picker.tsx';
import { Problem } from './problem.tsx';
import { addressOf, usePlace } from './router.ts';
import { SearchBox } from './search-box.tsx';
import { useSettled } from './settled.ts';

const GONE_AFTER_MS = 1500;

/** What stands around every view: the mark, the ways, search, the lot that is looked at, and who is signed in. */
export function Frame() {
  const { say, isOperator } = useConsole();
  const { parts, query } = usePlace();
  const code = query.get('lot') ?? undefined;
  const [{ data, error, fetching }, again] = useAsk(ConsoleLotDocument, { code: code ?? '' }, code === undefined);
  const lot = code === undefined ? undefined : (data?.lot ?? undefined);
  const sections = SECTIONS.filter(({ isFor }) => isOperator || isFor === 'ALL_STAFF');
  const section = sections.find(({ path }) => path === (parts[0] ?? ''));
  const ways = useRef<HTMLElement>(null);
  useEffect(() => {
    const current = ways.current?.querySelector('[aria-current]');
    if (current && ways.current) ways.current.scrollLeft = offsetIn(ways.current, current);
  }, [section]);
  const isUnknown = code !== undefined && !fetching && !error && data?.lot === null;
  return (
    <div class="frame">
      <a class="skip" href="#view">
        {say('skip')}
      </a>
      <header class="top">
        <a class="home" href={addressOf()}>
          <img src={mark} alt="" width="32" height="32" />
          <span>Parkwell</span>
        </a>
        <LotButton lot={lot} />
        <SearchBox />
        <Account />
      </header>
      <nav ref={ways} class="ways" aria-label={say('navigation')}>
        {sections.map(({ path, name, icon }) => (
          <a
            key={path}
            href={addressOf(path === '' ? [] : [path])}
            aria-current={section?.path === path ? 'page' : undefined}
          >
            <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
              <path d={icon} fill="currentColor" fill-rule="evenodd" />
            </svg>
            {say(name)}
          </a>
        ))}
      </nav>
      <main id="view" class="view stack" tabIndex={-1}>
        <Gone />
        {error && <Problem error={error} onRetry={again} />}
        {isUnknown && <Notice tone="warn">{say('lotUnknown', { code: code ?? '' })}</Notice>}
        <LotContext.Provider value={lot}>
          {section === undefined ? (
            <Nowhere />
          ) : (
            <Opened {...{ section, lot }} isLotAwaited={fetching && code !== undefined} />
          )}
        </LotContext.Provider>
      </main>
    </div>
  );
}

/** How far a row that is wider than the page is moved, so that one of its parts stands in the middle. */
function offsetIn(row: Element, part: Element): number {
  const [all, one] = [row.getBoundingClientRect(), part.getBoundingClientRect()];
  return row.scrollLeft + one.left - all.left - (all.width - one.width) / 2;
}

/** What has been opened once is there at once. */
const opened = new Map<string, ComponentType>();

interface OpenedProps {
  readonly section: Section;
  readonly lot: ChosenLot | undefined;
  readonly isLotAwaited: boolean;
}

function Opened({ section, lot, isLotAwaited }: OpenedProps) {
  const { say } = useConsole();
  const [, setLoaded] = useState<string>();
  const [isBroken, setBroken] = useState(false);
  const { path, load, needsLot, name } = section;
  const View = opened.get(path);
  const open = () => {
    setBroken(false);
    load()
      .then(({ default: view }) => opened.set(path, view))
      .then(() => setLoaded(path))
      .catch(() => setBroken(true));
  };
  useEffect(() => {
    if (View === undefined) open();
  }, [path]);
  if (needsLot && lot === undefined)
    return isLotAwaited ? <Waiting label={say('loading')} /> : <ChooseLot title={say(name)} />;
  if (View !== undefined) return <View key={needsLot ? `${path} ${lot?.id}` : path} />;
  if (!isBroken) return <Waiting label={say('loading')} />;
  return (
    <Notice tone="bad" actions={<Button onClick={open}>{say('tryAgain')}</Button>}>
      {say('problem_offline')}
    </Notice>
  );
}

/** Said while nothing is heard of what changes; a connection that is back at once is not worth a word. */
function Gone() {
  const { say } = useConsole();
  const isGone = useSettled(useContext(ConnectionContext).isGone, GONE_AFTER_MS);
  return isGone ? <Notice tone="warn">{say('gone')}</Notice> : null;
}

function Nowhere() {
  const { say } = useConsole();
  return (
    <>
      <Heading title={say('nowhere')} />
      <p>
        <a class="button main" href={addressOf()}>
          {say('nav_home')}
        </a>
      </p>
    </>
  );
}

/** Who is signed in, their language, and the way out. */
function Account() {
  const { say, staff, session, locale } = useConsole();
  const [isOpen, setOpen] = useState(false);
  const [{ fetching }, signOut] = useDo(SignOutDocument);
  const leave = async () => {
    const { refreshToken } = session;
    if (refreshToken !== undefined) await signOut({ input: { refreshToken } });
    forgetKept();
    session.forget();
  };
  return (
    <>
      <button type="button" class="who" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <span class="heard">{say('account')}: </span>
        <span aria-hidden="true" class="initials">
          {initialsOf(staff.name)}
        </span>
        <span class="who-name">{staff.name}</span>
      </button>
      {isOpen && (
        <Dialog title={staff.name} onClose={() => setOpen(false)}>
          <p class="quiet">
            {staff.email} · {say(`role_${staff.role}`)}
          </p>
          <Languages {...{ say, locale }} />
          <Button isBusy={fetching} onClick={() => void leave()}>
            {say('signOut')}
          </Button>
        </Dialog>
      )}
    </>
  );
}

function initialsOf(name: string): string {
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => [...part][0] ?? '')
    .join('')
    .toUpperCase();
}
