import { reconcile } from '../payments/reconcile.ts';
import type { Sweep } from './job.ts';

/** What the payment provider knows and no webhook has told us. */
export const RECONCILE_PAYMENTS: Sweep = {
  name: 'reconcile-payments',
  everySeconds: 60,
  run: reconcile,
};
