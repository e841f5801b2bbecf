import { existsSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the pictures of every page and state lie after a run, for a person to leaf through. */
export const PICTURES = join(import.meta.dirname, '..', '..', '.parkwell', 'pictures');

interface Picture {
  readonly file: string;
  readonly state: string;
  readonly device: string;
  readonly colours: string;
  readonly takenAt: Date;
}

/** Writes `.parkwell/pictures/index.html`: all pictures that are there, by page and state, with when they were taken. */
export function writePictureIndex(): void {
  if (!existsSync(PICTURES)) return;
  const pages = readdirSync(PICTURES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
  const body = pages.map((page) => `<h2 id="${page}">${page}</h2>\n${statesOf(page)}`).join('\n');
  const links = pages.map((page) => `<a href="#${page}">${page}</a>`).join(' ');
  const file = join(PICTURES, 'index.html');
  // Two test files may end at once: each writes the whole of it, and the last one counts.
  const written = `${file}.${process.pid}`;
  writeFileSync(written, `${HEAD}<h1>Every page and state</h1>\n<p>${links}</p>\n${body}\n`);
  renameSync(written, file);
}

function statesOf(page: string): string {
  const states = Map.groupBy(picturesOf(page), ({ state }) => state);
  return [...states]
    .map(([state, pictures]) => `<h3>${state}</h3>\n<p>${pictures.map(figure).join('')}</p>`)
    .join('\n');
}

function picturesOf(page: string): Picture[] {
  const folder = join(PICTURES, page);
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => {
      const [, state = '', device = '', colours = ''] =
        /^(.+)-(small-phone|[a-z]+)-(light|dark)\.png$/.exec(name) ?? [];
      const takenAt = statSync(join(folder, name)).mtime;
      return state === '' ? [] : [{ file: `${page}/${name}`, state, device, colours, takenAt }];
    });
}

function figure({ file, state, device, colours, takenAt }: Picture): string {
  const at = takenAt.toISOString().slice(0, 16).replace('T', ' ');
  return `<a href="${file}"><img src="${file}" alt="${state}, ${device}, ${colours}" loading="lazy"><br>${device}, ${colours}, ${at}</a>\n`;
}

const HEAD = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Parkwell: every page and state</title>
<style>
  body { font: 15px/1.5 sans-serif; margin: 2rem; background: #e8e8e8; }
  p a { display: inline-block; margin: 0 1rem 1rem 0; vertical-align: top; }
  img { block-size: 20rem; border: 1px solid #999; }
</style>
`;
