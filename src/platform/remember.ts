/** Keeps a value in a map of at most `limit` keys; the one that was put there first makes room. */
export function remember<K, V>(known: Map<K, V>, { key, value, limit }: { key: K; value: V; limit: number }): void {
  const oldest = known.size < limit || known.has(key) ? undefined : known.keys().next().value;
  if (oldest !== undefined) known.delete(oldest);
  known.set(key, value);
}
