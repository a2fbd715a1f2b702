import { INTERRUPTED_STATUS } from './fault.js';

/** The first SIGINT or SIGTERM ends the run in order; the second ends the process. */
export function listenForSignals(before: () => void): { signal: AbortSignal; stop(): void } {
  const interruption = new AbortController();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const interrupt = () => {
    if (interruption.signal.aborted) process.exit(INTERRUPTED_STATUS);
    interruption.abort();
    before();
    process.stderr.write('interrupted: writing what there is\n');
  };
  for (const name of signals) process.on(name, interrupt);
  return {
    signal: interruption.signal,
    stop: () => {
      for (const name of signals) process.off(name, interrupt);
    },
  };
}
