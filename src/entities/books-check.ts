import { defineEntity, p } from '@mikro-orm/postgresql';
import type { BooksFault } from '../domain/books.ts';

/** The last look of the monitor at the books: one row. */
const schema = defineEntity({
  name: 'BooksCheck',
  tableName: 'books_check',
  properties: {
    id: p.smallint().primary(),
    /** Everything posted until then has been looked at. */
    checkedThrough: p.datetime(3),
    checkedAt: p.datetime(3),
    /** What was found wrong and still is. */
    faults: p.json<BooksFault[]>(),
  },
});

export class BooksCheck extends schema.class {}
schema.setClass(BooksCheck);
