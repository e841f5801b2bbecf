import { render } from 'preact';
import loaders from 'virtual:messages/kiosk';
import { openMessages } from '../messages/open-messages.ts';
import { KioskContext, type KioskKey } from './kiosk-context.ts';
import { Kiosk } from './kiosk.tsx';

const root = document.getElementById('kiosk');
if (root) void start(root);

async function start(root: HTMLElement): Promise<void> {
  const messages = await openMessages<KioskKey>(loaders);
  root.replaceChildren();
  render(
    <KioskContext.Provider value={messages}>
      <Kiosk />
    </KioskContext.Provider>,
    root,
  );
}
