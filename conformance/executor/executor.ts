/** Performs vectors on the two modules it is handed, many at once; knows nothing of processes. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { FromExecutor, ModuleName, ToExecutor } from '../plan.js';
import { Performance } from './performance.js';
import { seenError } from './seen.js';

export type Load = (module: ModuleName) => Promise<unknown>;

export class Executor {
  readonly #load: Load;
  readonly #send: (message: FromExecutor) => void;
  readonly #modules: { [name: string]: unknown } = {};
  readonly #performances = new Map<number, Performance>();
  /** Tells, in most runtimes, which vector an uncaught error belongs to. */
  readonly #context = new AsyncLocalStorage<number>();

  constructor(load: Load, send: (message: FromExecutor) => void) {
    this.#load = load;
    this.#send = send;
  }

  receive(message: ToExecutor): void {
    switch (message.type) {
      case 'ping':
        this.#send({ type: 'pong' });
        break;
      case 'load':
        void this.#import(message.module);
        break;
      case 'run':
        this.#perform(message);
        break;
      case 'signal':
        this.#performances.get(message.run)?.signal(message.label);
        break;
      case 'finish':
        this.#performances.get(message.run)?.finish();
        break;
      case 'abandon':
        this.#performances.get(message.run)?.abandon();
        break;
    }
  }

  /** The vector in whose asynchronous context this is called. */
  current(): number | undefined {
    const run = this.#context.getStore();
    return run !== undefined && this.#performances.has(run) ? run : undefined;
  }

  /** True when a vector in progress watches for this. */
  expectsFault(kind: 'uncaughtException' | 'unhandledRejection'): boolean {
    return [...this.#performances.values()].some((performance) => performance.expectsFault(kind));
  }

  async #import(module: ModuleName): Promise<void> {
    try {
      const loaded = (await this.#load(module)) as { default?: unknown };
      this.#modules[module] = loaded.default ?? loaded;
      this.#send({ type: 'loaded', module });
    } catch (error) {
      const { name, message } = seenError(error) as { name?: string; message?: string };
      this.#send({ type: 'loaded', module, error: `${name ?? 'thrown'}: ${message ?? String(error)}` });
    }
  }

  #perform({ run, vector, peers }: Extract<ToExecutor, { type: 'run' }>): void {
    const performance = new Performance(run, vector, peers, this.#modules, this.#send);
    this.#performances.set(run, performance);
    void this.#context.run(run, () => performance.start()).finally(() => this.#performances.delete(run));
  }
}
