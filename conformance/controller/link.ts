import type { FromExecutor, ToExecutor } from '../plan.js';

/** A way to an executor: its own process, or this one. */
export interface Link {
  send(message: ToExecutor): void;
  /** Told of every message, until what is returned is called. */
  onMessage(listener: (message: FromExecutor) => void): () => void;
}
