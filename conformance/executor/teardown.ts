/** Closing whatever a vector opened, however it ended. */

type Closable = Partial<
  Record<'closeAllConnections' | 'close' | 'destroy' | 'disconnect' | 'listen' | 'terminate', () => unknown> & {
    on(event: string, listener: () => void): unknown;
    fd: unknown;
  }
>;

/** Errors of what is being closed belong to no vector. */
const ignore = () => {};

export function close(opened: unknown[]): void {
  const seen = new Set<unknown>([globalThis, process]);
  for (const value of [...opened].reverse()) {
    if (value === null || typeof value !== 'object' || seen.has(value)) continue;
    seen.add(value);
    attempt(() => closeOne(value as Closable));
  }
}

function closeOne(value: Closable): void {
  if (typeof value.on === 'function' && (value.destroy || value.close)) attempt(() => value.on?.('error', ignore));
  if (typeof value.closeAllConnections === 'function') attempt(() => value.closeAllConnections?.());
  if (typeof value.listen === 'function' || typeof value.fd === 'number') attempt(() => settle(value.close?.()));
  if (typeof value.destroy === 'function') attempt(() => value.destroy?.());
  if (typeof value.disconnect === 'function') attempt(() => value.disconnect?.());
}

function settle(result: unknown): void {
  if (result instanceof Promise) result.catch(ignore);
}

/** What cannot be closed must not keep the rest open. */
function attempt(act: () => unknown): void {
  try {
    act();
  } catch {
    // An implementation may throw at anything; the vector is over.
  }
}
