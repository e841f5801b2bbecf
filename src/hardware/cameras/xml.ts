import { UnreadableMessage } from './camera-read.ts';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** A document says what it says: it defines nothing and fetches nothing. */
const DEFINES = /<!(?:DOCTYPE|ENTITY)/i;
const LONGEST_TEXT = 1000;
/** Hundreds of times what a camera sends; it is looked through once for each element that is asked for. */
const LONGEST_DOCUMENT = 512 * 1024;

/** Refuses what is no plain XML document (UnreadableMessage). */
export function checkXml(text: string): void {
  if (!text.trimStart().startsWith('<')) throw new UnreadableMessage('The message is not XML.');
  if (text.length > LONGEST_DOCUMENT) throw new UnreadableMessage('The XML is far longer than what cameras send.');
  if (DEFINES.test(text)) throw new UnreadableMessage('The XML defines entities or a type: cameras send plain XML.');
}

/** What stands inside the first element of this name, whatever its prefix; undefined when there is none. */
export function element(xml: string, name: string): string | undefined {
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at + 1)) {
    const tag = nameAt(xml, at + 1);
    if (tag.name !== name) continue;
    const open = xml.indexOf('>', at);
    if (open < 0 || xml[open - 1] === '/') return undefined;
    const end = xml.indexOf(`</${tag.full}`, open);
    return end < 0 ? undefined : xml.slice(open + 1, end);
  }
  return undefined;
}

/** Also where a tag begins: text is looked through once, however many there are. */
const NAME_END = /[\s/<>]/;

function nameAt(xml: string, from: number): { full: string; name: string } {
  let to = from;
  while (to < xml.length && to - from < 64 && !NAME_END.test(xml[to] ?? '>')) to++;
  const full = xml.slice(from, to);
  return { full, name: full.slice(full.indexOf(':') + 1) };
}

/** The text of the first element of this name; undefined when there is none, or it is empty or holds elements. */
export function textOfElement(xml: string, name: string): string | undefined {
  const inside = element(xml, name)?.trim();
  if (inside === undefined || inside === '' || inside.length > LONGEST_TEXT || inside.includes('<')) return undefined;
  return inside.replace(/&(#x?[0-9a-f]{1,6}|[a-z]{2,4});/gi, (whole, code: string) => decode(code) ?? whole);
}

function decode(code: string): string | undefined {
  if (!code.startsWith('#')) return ENTITIES[code.toLowerCase()];
  const point = /^#x/i.test(code) ? Number.parseInt(code.slice(2), 16) : Number.parseInt(code.slice(1), 10);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}
