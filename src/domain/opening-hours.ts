/**
 * When a lot lets vehicles in, in its own time zone. ALWAYS: day and night. WEEKLY: a window for each day of the week
 * (0 = Monday) from `opens` to `closes` ("06:00", "24:00"); a day without an entry is closed. Exits are always open.
 */
export type OpeningHours =
  | { readonly kind: 'ALWAYS' }
  | { readonly kind: 'WEEKLY'; readonly days: readonly { readonly day: number; readonly opens: string; readonly closes: string }[] };
