import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { Store, StoreSnapshot } from './store.ts';

const SAVE_AFTER_MS = 300;

/**
 * Keeps a store in a file, so that a restarted double knows the customers and payments that the database of its installation knows.
 * Written a moment after each change and when it is closed; a file that cannot be read is an error, because starting without it would
 * lose payments silently.
 */
export class StateFile {
  readonly #file: string;
  readonly #store: Store;
  #timer: NodeJS.Timeout | undefined;

  constructor(file: string, store: Store) {
    this.#file = file;
    this.#store = store;
    if (existsSync(file)) store.restore(deserialize(readFileSync(file)) as StoreSnapshot);
  }

  /** Something may have changed. */
  touch(): void {
    this.#timer ??= setTimeout(() => this.#save(), SAVE_AFTER_MS);
  }

  close(): void {
    this.#save();
  }

  #save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const unfinished = `${this.#file}.new`;
    writeFileSync(unfinished, serialize(this.#store.snapshot()), { mode: 0o600 });
    renameSync(unfinished, this.#file);
  }
}
