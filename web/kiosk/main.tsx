import { render } from 'preact';
import loaders from 'virtual:messages/kiosk';
import type { Locale } from '../messages/locales.ts';
import { openMessages, type Messages } from '../messages/open-messages.ts';
import { KioskContext, type KioskKey } from './kiosk-context.ts';
import { Kiosk } from './kiosk.tsx';

const root = document.getElementById('kiosk');
if (root) void start(root);

async function start(root: HTMLElement): Promise<void> {
  const own = await openMessages<KioskKey>(loaders);
  root.replaceChildren();
  // Without loading the page anew: a driver may press it while the server is away.
  const choose = (locale: Locale = own.locale) =>
    void openMessages<KioskKey>(loaders, locale)
      .then(show)
      .catch(() => undefined);
  const show = (messages: Messages<KioskKey>) => {
    const facts = { ...messages, choose, isOwnLanguage: messages.locale === own.locale };
    render(
      <KioskContext.Provider value={facts}>
        <Kiosk />
      </KioskContext.Provider>,
      root,
    );
  };
  show(own);
  // All languages are here before the server is away, or has those of a newer page only.
  for (const load of Object.values(loaders)) void load().catch(() => undefined);
}
