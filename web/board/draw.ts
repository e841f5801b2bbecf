import type { Messages } from '../messages/open-messages.ts';
import type english from './messages/en.json';
import { WAYS, type Shown, type Way } from './shown.ts';

export type BoardKey = keyof typeof english;

/** One figure of a board; undefined: nobody knows it now. */
export type Figure = Shown | undefined;

/** All that stands on a board. */
export interface Drawing {
  readonly lotName: string;
  readonly isOpen: boolean;
  readonly sum: Figure;
  readonly levels: readonly { readonly name: string; readonly way: Way | undefined; readonly figure: Figure }[];
  readonly clock: string;
  readonly updated: string | undefined;
}

/** The figure as text and the class that gives it its colour. */
export function figureText(figure: Figure, { say }: Messages<BoardKey>): { text: string; tone: string } {
  switch (figure?.kind) {
    case undefined:
      return { text: say('stale'), tone: 'stale' };
    case 'FULL':
      return { text: say('full'), tone: 'full' };
    case 'FEW':
      return { text: say('few'), tone: 'few' };
    case 'COUNT':
      return { text: String(figure.free), tone: 'count' };
  }
}

/** The figure in words, for those who listen. */
export function figureHeard(name: string, figure: Figure, { say }: Messages<BoardKey>): string {
  switch (figure?.kind) {
    case undefined:
      return say('heardStale', { name });
    case 'FULL':
      return say('heardFull', { name });
    case 'FEW':
      return say('heardFew', { name });
    case 'COUNT':
      return say('heardCount', { name, free: figure.free });
  }
}

export const wayText = (way: Way | undefined): string => (way === undefined ? '' : WAYS[way]);
