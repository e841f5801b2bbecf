import type { EntityManager } from '@mikro-orm/postgresql';
import type { BooksFault } from '../domain/books.ts';
import { mayServeLot, type Viewer } from '../domain/viewer.ts';
import { BooksCheck } from '../entities/books-check.ts';
import { Lot } from '../entities/lot.ts';

/** What the monitor of the books found, as far as somebody may see it. */
export interface BooksState {
  readonly checkedAt: Date;
  readonly checkedThrough: Date;
  readonly faults: readonly BooksFault[];
}

/** The last look at the books, with the faults of the lots that the viewer serves; undefined before the first. Reads only. */
export async function booksState(em: EntityManager, viewer: Viewer | undefined): Promise<BooksState | undefined> {
  const check = await em.findOne(BooksCheck, { id: 1 });
  if (!check) return undefined;
  const lots = await em.find(Lot, { id: { $in: [...new Set(check.faults.map(({ lotId }) => lotId))] } });
  const served = new Set(lots.filter((lot) => mayServeLot(viewer, lot)).map(({ id }) => id));
  const { checkedAt, checkedThrough, faults } = check;
  return { checkedAt, checkedThrough, faults: faults.filter(({ lotId }) => served.has(lotId)) };
}
