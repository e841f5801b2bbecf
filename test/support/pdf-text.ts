import { inflateSync } from 'node:zlib';

/** The words of a PDF whose fonts tell which signs their glyphs are, as a reader would copy them: one line for each piece of text. */
export function pdfText(pdf: Buffer): string {
  const objects = readObjects(pdf);
  const fonts = new Map<string, Map<number, string>>();
  for (const { text } of objects.values()) {
    const names = /\/Font <<([^]*?)>>/.exec(text)?.[1] ?? '';
    for (const [, name = '', id = ''] of names.matchAll(/\/(\w+) (\d+) 0 R/g)) fonts.set(name, signsOf(objects, id));
  }
  const contents = [...objects.values()].map(({ stream }) => stream).filter((stream) => /\bT[Jj]\b/.test(stream));
  return contents.flatMap((content) => piecesOf(content, fonts)).join('\n');
}

interface PdfObject {
  readonly text: string;
  readonly stream: string;
}

function readObjects(pdf: Buffer): Map<string, PdfObject> {
  const all = pdf.toString('latin1');
  const objects = new Map<string, PdfObject>();
  for (const found of all.matchAll(/(\d+) 0 obj\n([^]*?)\nendobj/g)) {
    const [, id = '', body = ''] = found;
    const [head = '', packed] = body.split(/\nstream\n/);
    objects.set(id, { text: head, stream: packed === undefined ? '' : unpack(head, packed) });
  }
  return objects;
}

function unpack(head: string, packed: string): string {
  const bytes = Buffer.from(packed.replace(/\nendstream$/, ''), 'latin1');
  return (head.includes('/FlateDecode') ? inflateSync(bytes) : bytes).toString('latin1');
}

/** Which sign each glyph of a font is. */
function signsOf(objects: Map<string, PdfObject>, fontId: string): Map<number, string> {
  const mapId = /\/ToUnicode (\d+) 0 R/.exec(objects.get(fontId)?.text ?? '')?.[1] ?? '';
  const signs = new Map<number, string>();
  const map = objects.get(mapId)?.stream ?? '';
  for (const [, first = '', list = ''] of map.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/gi)) {
    const from = Number.parseInt(first, 16);
    [...list.matchAll(/<([0-9a-f]*)>/gi)].forEach(([, hex = ''], index) => signs.set(from + index, utf16(hex)));
  }
  return signs;
}

function utf16(hex: string): string {
  return Buffer.from(hex, 'hex').swap16().toString('utf16le');
}

function piecesOf(content: string, fonts: Map<string, Map<number, string>>): string[] {
  let signs: Map<number, string> | undefined;
  const pieces: string[] = [];
  for (const [, font, shown] of content.matchAll(/\/(\w+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (font !== undefined) signs = fonts.get(font);
    else pieces.push([...(shown ?? '').matchAll(/<([0-9a-f]+)>/gi)].map(([, hex = '']) => glyphs(hex, signs)).join(''));
  }
  return pieces;
}

function glyphs(hex: string, signs: Map<number, string> | undefined): string {
  return (hex.match(/.{4}/g) ?? []).map((glyph) => signs?.get(Number.parseInt(glyph, 16)) ?? '?').join('');
}
