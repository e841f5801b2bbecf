/** Markup that is safe to send as it is. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | readonly Html[] | string | number | null;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose values are escaped unless they are markup already. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.reduce((text, piece, index) => text + render(values[index - 1] ?? null) + piece));
}

/** The page with a fact for its script in its head. */
export function withMeta(page: string, name: string, content: string): string {
  return page.replace('</head>', () => html`<meta name="${name}" content="${content}" /></head>`.text);
}

function render(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string' || typeof part === 'number')
    return String(part).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
  return part.map(({ text }) => text).join('');
}

const STYLE = new Html(`
  body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 40rem; padding: 0 1rem; color: #1b1f24; background: #fff; }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
  th, td { text-align: left; padding: .4rem 0; border-bottom: 1px solid #ccd1d6; vertical-align: top; }
  td + td { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  dt { color: #4b5563; } dd { margin: 0 0 .5rem; }
  .total { font-weight: 700; }
  fieldset { border: 1px solid #6b7280; border-radius: 6px; margin: 1rem 0; }
  label { display: block; padding: .6rem; }
  button { font: inherit; min-height: 44px; padding: .75rem 1.5rem; border: 0; border-radius: 6px; background: #0b5d3b; color: #fff; cursor: pointer; }
  [role=alert] { border-left: 4px solid #b42318; padding-left: 1rem; }
  :focus-visible { outline: 3px solid #0a58ca; outline-offset: 2px; }
  @media print { a, nav { display: none; } }
  @media (prefers-color-scheme: dark) { @media screen { body { color: #e8eaed; background: #16191d; } dt { color: #b6bcc4; } a { color: #8ab4f8; } } }`);

/** A whole page without anything from elsewhere: no script, no picture, no font. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`.text;
}
