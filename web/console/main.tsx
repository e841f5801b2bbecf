import { render } from 'preact';
import loaders from 'virtual:messages/console';
import { Session } from '../data/session.ts';
import { openMessages } from '../messages/open-messages.ts';
import { Console } from './console.tsx';
import type { ConsoleKey } from './frame/console-context.ts';

const root = document.getElementById('console');
if (root) void start(root);

async function start(root: HTMLElement): Promise<void> {
  const messages = await openMessages<ConsoleKey>(loaders);
  root.replaceChildren();
  render(<Console messages={messages} session={new Session('console')} />, root);
}
