// A process of a benchmark, seen from the one that started it. See `child.ts` for the other side.

import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ProgramOptions {
  /** Cores that it is to run on; undefined for any. Needs `taskset`. */
  readonly cores?: string | undefined;
  /** For Node. */
  readonly flags?: readonly string[];
}

export class Program {
  readonly #child: ChildProcess;
  readonly #messages: AsyncIterator<unknown[]>;

  /** @param task - what the script gets from `child.ts` */
  constructor(script: URL, task: object, { cores, flags = [] }: ProgramOptions = {}) {
    const file = fileURLToPath(script);
    const pinned = cores === undefined ? {} : { execPath: 'taskset' };
    const execArgv = cores === undefined ? [...flags] : ['-c', cores, process.execPath, ...flags];
    this.#child = fork(file, [JSON.stringify(task)], { ...pinned, execArgv });
    this.#messages = on(this.#child, 'message', { close: ['exit'] });
  }

  /** What the process says next. @throws when it ends without a word */
  async next<T>(): Promise<T> {
    const { value, done } = await this.#messages.next();
    if (done) throw new Error(`${basename(this.#child.spawnargs.at(-2)!)} ended with ${this.#child.exitCode}`);
    return value[0] as T;
  }

  /** The answer to a question. */
  ask<T>(question: unknown): Promise<T> {
    this.#child.send(question as string);
    return this.next<T>();
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
}
