import type { ComponentChildren } from 'preact';
import mark from '../../design/mark.svg';
import { Notice } from '../../design/notice.tsx';
import { useApp, type AppKey } from './app-context.ts';
import { HelpButton } from './help.tsx';
import { addressOf, usePlace } from './router.ts';

const VIEWS: readonly { readonly part: string; readonly text: AppKey; readonly icon: string }[] = [
  {
    part: '',
    text: 'navSearch',
    icon: 'M10.5 4a6.5 6.5 0 1 0 4 11.6l5 5 1.4-1.4-5-5A6.5 6.5 0 0 0 10.5 4zm0 2a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z',
  },
  {
    part: 'parking',
    text: 'navParking',
    icon: 'M5 3h14v18H5zm2 2v14h10V5zm2 2h4a3 3 0 0 1 0 6h-2v4H9zm2 2v2h2a1 1 0 0 0 0-2z',
  },
  {
    part: 'account',
    text: 'navAccount',
    icon: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zm0 2a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM4 20c0-4 3.6-6.5 8-6.5s8 2.5 8 6.5v1H4zm2.2-1h11.6c-.6-2.100-2.900-3.500-5.800-3.500S6.800 16.900 6.200 19z',
  },
];

/** What stands around every view: the mark, the three ways, help, and word of a network that is gone. */
export function Frame({ children }: { children: ComponentChildren }) {
  const { say, isOnline } = useApp();
  const { parts } = usePlace();
  const shown = parts[0] === 'lots' ? '' : (parts[0] ?? '');
  return (
    <>
      <a class="skip" href="#view">
        {say('skip')}
      </a>
      <header class="top">
        <a class="home" href={addressOf()}>
          <img src={mark} alt="" width="32" height="32" />
          <span>Parkwell</span>
        </a>
        <nav class="ways" aria-label={say('navigation')}>
          {VIEWS.map(({ part, text, icon }) => (
            <a
              key={part}
              href={part === '' ? addressOf() : addressOf(part)}
              aria-current={shown === part ? 'page' : undefined}
            >
              <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
                <path d={icon} fill="currentColor" fill-rule="evenodd" />
              </svg>
              {say(text)}
            </a>
          ))}
        </nav>
        <HelpButton />
      </header>
      <main id="view" class="view stack" tabIndex={-1}>
        {!isOnline && <Notice tone="warn">{say('offline')}</Notice>}
        {children}
      </main>
    </>
  );
}
