/** What a person gave that cannot be used: each line goes to stderr as it is, and the exit status is 2. */
export class CliFault extends Error {
  override name = 'CliFault';
}

/** The exit status for faults of arguments, files or the harness itself. */
export const FAULT_STATUS = 2;

/** The exit status after SIGINT or SIGTERM. */
export const INTERRUPTED_STATUS = 130;

/** `cannot read x.yaml: no such file or directory` out of a file system's error. */
export function fileFault(doing: string, path: string, error: unknown): CliFault {
  const { message } = error as Error;
  const reason = /^\w+: ([^,]+)/.exec(message)?.[1] ?? message;
  return new CliFault(`cannot ${doing} ${path}: ${reason}`);
}
