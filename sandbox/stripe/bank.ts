import type { FaultSwitches } from './faults.ts';
import { contest } from './disputes.ts';
import { sendBack } from './refunds.ts';
import type { Store } from './store.ts';

/** What banks and card owners do in their own time, by the schedule of faults. */
export class Bank {
  readonly #store: Store;
  readonly #faults: FaultSwitches;
  readonly #judged = new Set<string>();

  constructor(store: Store, faults: FaultSwitches) {
    this.#store = store;
    this.#faults = faults;
  }

  /**
   * Contests the charges and sends back the refunds whose turn it is, each looked at once; gives how many of each. Without a schedule
   * nothing happens.
   */
  act(): { disputed: number; sentBack: number } {
    const schedule = this.#faults.schedule();
    if (schedule === undefined) return { disputed: 0, sentBack: 0 };
    const charges = this.#store.charges.all();
    const disputed = charges.filter(
      (charge, n) =>
        this.#isNew(charge.id) &&
        schedule.isDisputed(n) &&
        charge.captured &&
        charge.amount_refunded === 0 &&
        contest(this.#store, charge),
    );
    const sentBack = this.#store.refunds
      .all()
      .filter((refund, n) => this.#isNew(refund.id) && schedule.isSentBack(n) && sendBack(this.#store, refund));
    return { disputed: disputed.length, sentBack: sentBack.length };
  }

  #isNew(id: string): boolean {
    const isNew = !this.#judged.has(id);
    this.#judged.add(id);
    return isNew;
  }
}
