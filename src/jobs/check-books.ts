import { checkBooks } from '../payments/check-books.ts';
import type { Sweep } from './job.ts';

/** Whether the books are sound, as far as anything is new. */
export const SWEEP_BOOKS: Sweep = { name: 'books', everySeconds: 60, run: checkBooks };
