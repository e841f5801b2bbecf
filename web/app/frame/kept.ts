import { useState } from 'preact/hooks';

const PREFIX = 'parkwell.app.';

/** As `useState`, but it outlives a reload, a lost connection and a visit to another view, until the tab is closed. */
export function useKept<T>(name: string, initial: () => T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => readKept<T>(name) ?? initial());
  const keep = (next: T) => {
    writeKept(name, next);
    setValue(next);
  };
  return [value, keep];
}

export function readKept<T>(name: string): T | undefined {
  try {
    const text = sessionStorage.getItem(PREFIX + name);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

/** Forgets it when `value` is undefined. */
export function writeKept(name: string, value: unknown): void {
  try {
    if (value === undefined) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing loses it at the next load.
  }
}

/** Whoever leaves for good leaves nothing typed behind. */
export function forgetKept(): void {
  const names = Array.from({ length: sessionStorage.length }, (_, at) => sessionStorage.key(at));
  for (const name of names) if (name?.startsWith(PREFIX) === true) sessionStorage.removeItem(name);
}

/**
 * The idempotency key of a request: the same one for as long as the same is asked for, so that pressing again after a lost connection does
 * nothing twice. `forgetKey` once it has been answered.
 */
export function keyFor(name: string, input: object): string {
  const asked = JSON.stringify(input);
  const kept = readKept<{ key: string; asked: string }>(`key.${name}`);
  if (kept?.asked === asked) return kept.key;
  const key = crypto.randomUUID();
  writeKept(`key.${name}`, { key, asked });
  return key;
}

export function forgetKey(name: string): void {
  writeKept(`key.${name}`, undefined);
}
