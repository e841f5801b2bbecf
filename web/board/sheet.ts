import type { Way } from './hung-up.ts';

/** One line of the board: what it says, in which colour, and where its arrow points. */
export interface Line {
  readonly text: string;
  readonly tone: string;
  readonly way: Way | undefined;
}

/** All that a board says at one moment. */
export interface Drawing {
  readonly sum: Line;
  /** Below the sum: what is counted, or what to do. */
  readonly unit: string;
  /** By the id of the level. Levels that are not among them are not shown. */
  readonly rows: ReadonlyMap<string, Line>;
  readonly clock: string;
  readonly updated: string;
  readonly heard: string;
}

/** Longer words are written smaller. */
const LONG_WORD = 6;

/** Fills in what the server has drawn already: a board has no markup of its own. */
export class Sheet {
  private readonly root: Element;

  constructor(root: Element) {
    this.root = root;
  }

  draw({ sum, unit, rows, clock, updated, heard }: Drawing): void {
    this.line(this.root.querySelector('.sum'), sum, 'sum');
    for (const row of this.root.querySelectorAll<HTMLElement>('.row')) {
      const line = rows.get(row.id);
      row.hidden = line === undefined;
      if (line) this.line(row, line, 'row');
    }
    const sheet = this.root.querySelector('.sheet');
    sheet?.classList.toggle('single', rows.size < 2);
    sheet?.classList.toggle('shut', sum.tone === 'closed');
    this.say('.unit', unit);
    this.say('time', clock);
    this.say('.updated', updated);
    this.say('.heard', heard);
  }

  private line(element: Element | null, { text, tone, way }: Line, name: string): void {
    if (!element) return;
    element.className = `${name} ${tone} ${way ?? ''} ${text.length > LONG_WORD ? 'long' : ''}`;
    write(element.querySelector('.figure'), text);
  }

  private say(selector: string, text: string): void {
    write(this.root.querySelector(selector), text);
  }
}

/** Only what differs is written: whoever listens hears each thing once. */
function write(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}
