import type { Context } from '../context.ts';

/** Makes a thing for each operation when it is first asked for: loaders, which bring together what the fields of one answer read. */
export function perOperation<T extends object>(make: (context: Context) => T): (context: Context) => T {
  const made = new WeakMap<Context['em'], T>();
  return (context) => {
    const thing = made.get(context.em) ?? make(context);
    made.set(context.em, thing);
    return thing;
  };
}
