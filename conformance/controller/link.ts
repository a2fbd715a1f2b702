import type { FromExecutor, ToExecutor } from '../plan.js';

/** A way to an executor: its own process, or this one. */
export interface Link {
  send(message: ToExecutor): void;
  /** Told of every message until the link is gone. */
  onMessage(listener: (message: FromExecutor) => void): void;
}
