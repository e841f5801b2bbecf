import { Migration20261120000000 } from './20261120000000-first.ts';

/** Every migration, oldest first. A released one is never edited. */
export const migrationsList = [{ name: '20261120000000-first', class: Migration20261120000000 }];
