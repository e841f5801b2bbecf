import { invalid } from './problem.ts';

type Leaf = string;
export type ParamTree = Map<string, Leaf | ParamTree>;

const MAX_DEPTH = 8;

/** Parses `a[b][c]=1&list[0]=x` as Stripe does. Later values win; a key that is both a value and a group is refused. */
export function parseForm(encoded: string): ParamTree {
  const root: ParamTree = new Map();
  for (const [name, value] of new URLSearchParams(encoded)) insert(root, segmentsOf(name), value);
  return root;
}

function segmentsOf(name: string): string[] {
  const head = name.split('[', 1)[0] ?? '';
  const segments = [head, ...[...name.slice(head.length).matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? '')];
  if (segments.length > MAX_DEPTH) throw invalid(`Parameter nested too deeply: ${head}`, { param: head });
  return segments;
}

function insert(root: ParamTree, segments: string[], value: string): void {
  let at = root;
  for (const segment of segments.slice(0, -1)) {
    const next = at.get(segment) ?? (new Map() as ParamTree);
    if (typeof next === 'string') throw invalid('Invalid object', { param: segments.join('.') });
    at.set(segment, next);
    at = next;
  }
  const last = segments.at(-1) ?? '';
  // `list[]=x` carries no index: each occurrence takes the next one.
  at.set(last === '' ? String(at.size) : last, value);
}

/** Typed reading of one level of the parameters of a call; a wrong value becomes the error that Stripe gives for it. */
export class Params {
  readonly #tree: ParamTree;
  readonly #path: string;

  constructor(tree: ParamTree, path = '') {
    this.#tree = tree;
    this.#path = path;
  }

  /** Refuses every parameter that the endpoint of the double does not know, so that nothing is ignored in silence. */
  allow(...known: string[]): this {
    for (const name of this.#tree.keys()) {
      if (known.includes(name)) continue;
      const param = this.named(name);
      throw invalid(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
    }
    return this;
  }

  has(name: string): boolean {
    return this.#tree.has(name);
  }

  names(): string[] {
    return [...this.#tree.keys()];
  }

  /** The full name of a parameter of this level, as in error bodies: `card[number]`. */
  named(name: string): string {
    return this.#path === '' ? name : `${this.#path}[${name}]`;
  }

  text(name: string): string | undefined {
    const value = this.#tree.get(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw invalid(`Invalid string: ${this.named(name)}`, { param: this.named(name) });
    if (value === '') {
      const param = this.named(name);
      throw invalid(`You passed an empty string for '${param}'.`, { code: 'parameter_invalid_empty', param });
    }
    return value;
  }

  /** A value that may be unset with the empty string: undefined = not sent, null = unset. */
  unsettable(name: string): string | null | undefined {
    return this.#tree.get(name) === '' ? null : this.text(name);
  }

  required(name: string): string {
    return this.text(name) ?? this.#missing(name);
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,15}$/.test(value)) {
      throw invalid(`Invalid integer: ${value}`, { code: 'parameter_invalid_integer', param: this.named(name) });
    }
    return Number(value);
  }

  requiredInteger(name: string): number {
    return this.integer(name) ?? this.#missing(name);
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value !== 'true' && value !== 'false') throw invalid(`Invalid boolean: ${value}`, { param: this.named(name) });
    return value === 'true';
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined)
      throw invalid(`Invalid ${this.named(name)}: must be one of ${allowed.join(', ')}`, { param: this.named(name) });
    return found;
  }

  group(name: string): Params | undefined {
    const value = this.#tree.get(name);
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'string') throw invalid(`Invalid object: ${this.named(name)}`, { param: this.named(name) });
    return new Params(value, this.named(name));
  }

  list(name: string): string[] | undefined {
    const value = this.#tree.get(name);
    if (value === undefined) return undefined;
    if (typeof value === 'string') throw invalid(`Invalid array: ${this.named(name)}`, { param: this.named(name) });
    return [...value.values()].filter((entry) => typeof entry === 'string');
  }

  /** Merges `metadata[...]` into what stands, within Stripe's limits; an empty value removes its key, an empty group all. */
  metadata(current: Record<string, string> = {}): Record<string, string> {
    if (this.#tree.get('metadata') === '') return {};
    const group = this.group('metadata');
    const merged = new Map(Object.entries(current));
    for (const key of group?.names() ?? []) {
      const value = group?.unsettable(key) ?? null;
      if (key.length > 40) throw invalid('Metadata keys can be at most 40 characters long.', { param: 'metadata' });
      if (value !== null && value.length > 500)
        throw invalid('Metadata values can have up to 500 characters.', { param: `metadata[${key}]` });
      if (value === null) merged.delete(key);
      else merged.set(key, value);
    }
    if (merged.size > 50) throw invalid('Metadata can hold at most 50 keys.', { param: 'metadata' });
    return Object.fromEntries(merged);
  }

  /** A text of the parameters that does not depend on their order; two calls are the same when it is. */
  canonical(): string {
    const render = (tree: ParamTree): unknown[] =>
      [...tree]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => [key, typeof value === 'string' ? value : render(value)]);
    return JSON.stringify(render(this.#tree));
  }

  #missing(name: string): never {
    const param = this.named(name);
    throw invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
}
