/** Markup that is safe to send as it is. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | Html[] | string | number | null;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A template whose values are escaped unless they are markup already. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Html {
  return new Html(strings.reduce((text, piece, index) => text + render(values[index - 1] ?? null) + piece));
}

function render(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map((entry) => entry.text).join('');
  return String(part).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1b1f24; background: #fff; }
  table { border-collapse: collapse; width: 100%; margin-bottom: 2rem; }
  caption { text-align: left; font-weight: 600; font-size: 1.2rem; padding: .5rem 0; }
  th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #ccd1d6; font-variant-numeric: tabular-nums; }
  button { font: inherit; padding: .75rem 1.25rem; min-height: 44px; margin: 0 .5rem .5rem 0; border: 2px solid #1b1f24; border-radius: 6px; background: #fff; color: #1b1f24; cursor: pointer; }
  button.main { background: #0b5d3b; border-color: #0b5d3b; color: #fff; }
  :focus-visible { outline: 3px solid #0a58ca; outline-offset: 2px; }
  @media (prefers-color-scheme: dark) {
    body { color: #e8eaed; background: #16191d; } th, td { border-color: #444b52; }
    button { background: #16191d; color: #e8eaed; border-color: #e8eaed; }
  }`;

/** A whole page without anything from elsewhere. */
export function document(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html>`.text;
}
