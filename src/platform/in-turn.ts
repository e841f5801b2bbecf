const turns = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * Runs work for one key one after the other within this process, in the order in which it was asked for. It spares the outside the
 * same call twenty times when a client repeats itself twenty times; what is right is decided by rows and locks, not by this.
 */
export async function inTurn<T>(owner: object, key: string, work: () => Promise<T>): Promise<T> {
  const ofOwner = turns.get(owner) ?? new Map<string, Promise<unknown>>();
  turns.set(owner, ofOwner);
  const before = ofOwner.get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  ofOwner.set(key, mine);
  try {
    return await mine;
  } finally {
    if (ofOwner.get(key) === mine) ofOwner.delete(key);
  }
}
