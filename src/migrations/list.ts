import { Migration20261120000000 } from './20261120000000-first.ts';
import { Migration20261121000100 } from './20261121000100-provider-commands.ts';
import { Migration20261121000200 } from './20261121000200-books.ts';
import { Migration20261121000300 } from './20261121000300-discounts.ts';
import { Migration20261121000400 } from './20261121000400-repricing.ts';
import { Migration20261121000500 } from './20261121000500-tariff-documents.ts';
import { Migration20261121000600 } from './20261121000600-debt-lists.ts';
import { Migration20261122000100 } from './20261122000100-lane-sync.ts';
import { Migration20261122000300 } from './20261122000300-exit.ts';
import { Migration20261122000400 } from './20261122000400-reseat.ts';
import { Migration20261122000500 } from './20261122000500-alerts.ts';
import { Migration20261122000600 } from './20261122000600-hardware.ts';
import { Migration20261123000300 } from './20261123000300-lists-of-a-lot.ts';
import { Migration20261123000500 } from './20261123000500-driver-name.ts';

/** Every migration, oldest first. A released one is never edited. */
export const migrationsList = [
  { name: '20261120000000-first', class: Migration20261120000000 },
  { name: '20261121000100-provider-commands', class: Migration20261121000100 },
  { name: '20261121000200-books', class: Migration20261121000200 },
  { name: '20261121000300-discounts', class: Migration20261121000300 },
  { name: '20261121000400-repricing', class: Migration20261121000400 },
  { name: '20261121000500-tariff-documents', class: Migration20261121000500 },
  { name: '20261121000600-debt-lists', class: Migration20261121000600 },
  { name: '20261122000100-lane-sync', class: Migration20261122000100 },
  { name: '20261122000300-exit', class: Migration20261122000300 },
  { name: '20261122000400-reseat', class: Migration20261122000400 },
  { name: '20261122000500-alerts', class: Migration20261122000500 },
  { name: '20261122000600-hardware', class: Migration20261122000600 },
  { name: '20261123000300-lists-of-a-lot', class: Migration20261123000300 },
  { name: '20261123000500-driver-name', class: Migration20261123000500 },
];
