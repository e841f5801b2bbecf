import { render } from 'preact';
import loaders from 'virtual:messages/app';
import { Session } from '../data/session.ts';
import { openMessages } from '../messages/open-messages.ts';
import { App } from './app.tsx';
import type { AppKey } from './frame/app-context.ts';
import { keepForOffline } from './frame/offline.ts';

const root = document.getElementById('app');
if (root) void start(root);

async function start(root: HTMLElement): Promise<void> {
  const messages = await openMessages<AppKey>(loaders);
  root.replaceChildren();
  render(<App messages={messages} session={new Session('app')} />, root);
  void keepForOffline();
}
