/** Waits until nobody else installs or builds in this checkout; gives what lets the next one go on. */
export function lockInstalls(): Promise<() => void>;
