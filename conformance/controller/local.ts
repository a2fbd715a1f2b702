/** An executor in this process, on modules that are already loaded. */
import { Executor } from '../executor/executor.js';
import { runtime } from '../executor/runtime.js';
import type { FromExecutor, ModuleName, Runtime, ToExecutor } from '../plan.js';
import type { Link } from './link.js';

export class LocalExecutor implements Link {
  readonly #listeners = new Set<(message: FromExecutor) => void>();
  readonly #executor: Executor;

  /** @param modules - the implementations under test; what is not given is the runtime's own. */
  constructor(modules: Partial<Record<ModuleName, unknown>>) {
    this.#executor = new Executor(
      async (module) => modules[module] ?? import(`node:${module}`),
      (message) => {
        for (const listener of [...this.#listeners]) listener(message);
      },
    );
  }

  get runtime(): Runtime {
    return runtime();
  }

  /** @throws Error when the module cannot be loaded. */
  load(module: ModuleName): Promise<void> {
    return new Promise((resolve, reject) => {
      const release = this.onMessage((message) => {
        if (message.type !== 'loaded' || message.module !== module) return;
        release();
        if (message.error === undefined) resolve();
        else reject(new Error(`${module} cannot be loaded: ${message.error}`));
      });
      this.send({ type: 'load', module });
    });
  }

  send(message: ToExecutor): void {
    this.#executor.receive(message);
  }

  onMessage(listener: (message: FromExecutor) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
