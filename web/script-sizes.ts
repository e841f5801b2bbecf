import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
}

/** What the build says of its own: by module, the file it is in and what that loads. */
export type Manifest = Readonly<Record<string, Chunk>>;

/** `../virtual:messages/console/reports/de` */
const MESSAGES = /virtual:messages\/.*\/([a-z]{2})$/;

/** How much script the pages of a build send, packed by gzip. */
export class ScriptSizes {
  private readonly dist: string;
  private readonly manifest: Manifest;

  constructor(dist: string, manifest: Manifest) {
    this.dist = dist;
    this.manifest = manifest;
  }

  /** KiB of a page in the language that has most: what it loads by itself, and all that a visitor can make it load. */
  of(page: string): { atFirstKib: number; inAllKib: number } {
    const entry = `${page}/index.html`;
    const atFirst = this.reached([entry], () => []);
    const everything = this.reached([entry], ({ dynamicImports = [] }) => dynamicImports);
    const locales = new Set([...everything].flatMap((name) => MESSAGES.exec(name)?.[1] ?? []));
    const inOneLanguage = [...locales, ''].map((locale) =>
      this.reached([entry], ({ dynamicImports = [] }) =>
        dynamicImports.filter((name) => (MESSAGES.exec(name)?.[1] ?? locale) === locale),
      ),
    );
    const firstMessages = [...atFirst]
      .flatMap((name) => this.manifest[name]?.dynamicImports ?? [])
      .filter((name) => MESSAGES.test(name))
      .map((name) => this.kibOf(this.reached([name], () => []).difference(atFirst)));
    return {
      atFirstKib: this.kibOf(atFirst) + Math.max(0, ...firstMessages),
      inAllKib: Math.max(...inOneLanguage.map((names) => this.kibOf(names))),
    };
  }

  /** The modules that are loaded with these, and what is named besides. */
  private reached(from: readonly string[], besides: (chunk: Chunk) => readonly string[]): Set<string> {
    const found = new Set(from);
    for (const name of found) {
      const chunk = this.manifest[name];
      if (chunk) for (const next of [...(chunk.imports ?? []), ...besides(chunk)]) found.add(next);
    }
    return found;
  }

  private kibOf(names: ReadonlySet<string>): number {
    const files = new Set([...names].flatMap((name) => this.manifest[name]?.file ?? []));
    const scripts = [...files].filter((file) => file.endsWith('.js'));
    return scripts.reduce((bytes, file) => bytes + this.packedBytes(file), 0) / 1024;
  }

  private packedBytes(file: string): number {
    return gzipSync(readFileSync(join(this.dist, file)), { level: 9 }).length;
  }
}
