import { GraphiQL } from 'graphiql';
import 'graphiql/setup-workers/vite';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { ask } from './ask-by-hand.ts';
import { readyTabs } from './ready-tabs.ts';

const root = document.getElementById('graphiql');
if (root) void start(root);

/** The workbench itself is React's; no other page carries that along. */
async function start(element: HTMLElement): Promise<void> {
  const defaultTabs = await readyTabs();
  const logo = createElement(GraphiQL.Logo, null, createElement('span', { className: 'wordmark' }, 'Parkwell'));
  const ready = { defaultTabs, defaultEditorToolsVisibility: 'variables' } as const;
  createRoot(element).render(createElement(GraphiQL, { fetcher: ask, ...ready, children: logo }));
}
