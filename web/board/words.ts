import type { Say } from '../messages/open-messages.ts';
import type english from './messages/en.json';
import type { Shown } from './shown.ts';

export type BoardKey = keyof typeof english;

/** One figure of a board. STALE: nobody knows it now. */
export type Figure = Shown | { readonly kind: 'STALE' } | { readonly kind: 'CLOSED' };

/** The figure as it is written, and the class that gives it its colour. */
export function figureText(figure: Figure, say: Say<BoardKey>): { text: string; tone: string } {
  switch (figure.kind) {
    case 'STALE':
      return { text: say('stale'), tone: 'stale' };
    case 'CLOSED':
      return { text: say('closed'), tone: 'closed' };
    case 'FULL':
      return { text: say('full'), tone: 'full' };
    case 'FEW':
      return { text: say('few'), tone: 'few' };
    case 'COUNT':
      return { text: String(figure.free), tone: 'count' };
  }
}

/** The figure in words, for those who listen. */
export function figureHeard(name: string, figure: Figure, say: Say<BoardKey>): string {
  switch (figure.kind) {
    case 'STALE':
      return say('heardStale', { name });
    case 'CLOSED':
      return say('heardClosed', { name });
    case 'FULL':
      return say('heardFull', { name });
    case 'FEW':
      return say('heardFew', { name });
    case 'COUNT':
      return say('heardCount', { name, free: figure.free });
  }
}
