import { useState } from 'preact/hooks';

/** What a page keeps of what was typed, beside what other pages keep. */
export interface Kept {
  /** As `useState`, but it outlives a reload, a lost connection and a visit to another view, until the tab is closed. */
  readonly useKept: <T>(name: string, initial: () => T) => [T, (value: T) => void];
  /** Forgets it when `value` is undefined. */
  readonly writeKept: (name: string, value: unknown) => void;
  /** Whoever leaves for good leaves nothing typed behind. */
  readonly forgetKept: () => void;
  /**
   * The idempotency key of a request: the same one for as long as the same is asked for, so that pressing again after a lost connection
   * does nothing twice. `forgetKey` once it has been answered.
   */
  readonly keyFor: (name: string, input: object) => string;
  readonly forgetKey: (name: string) => void;
}

export function openKept(page: string): Kept {
  const prefix = `parkwell.${page}.`;
  const writeKept = (name: string, value: unknown): void => writeText(prefix + name, value);
  return {
    useKept: <T>(name: string, initial: () => T) => {
      const [value, setValue] = useState<T>(() => readText<T>(prefix + name) ?? initial());
      const keep = (next: T) => {
        writeKept(name, next);
        setValue(next);
      };
      return [value, keep];
    },
    writeKept,
    forgetKept: () => {
      const names = Array.from({ length: sessionStorage.length }, (_, at) => sessionStorage.key(at));
      for (const name of names) if (name?.startsWith(prefix) === true) sessionStorage.removeItem(name);
    },
    keyFor: (name, input) => {
      const asked = JSON.stringify(input);
      const kept = readText<{ key: string; asked: string }>(`${prefix}key.${name}`);
      if (kept?.asked === asked) return kept.key;
      const key = crypto.randomUUID();
      writeKept(`key.${name}`, { key, asked });
      return key;
    },
    forgetKey: (name) => writeKept(`key.${name}`, undefined),
  };
}

function readText<T>(name: string): T | undefined {
  try {
    const text = sessionStorage.getItem(name);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

function writeText(name: string, value: unknown): void {
  try {
    if (value === undefined) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing loses it at the next load.
  }
}
