/**
 * Which vector runs when, and where.
 *
 * Each executor has up to WIDTH vectors in flight. When an executor comes to grief and cannot tell which of them is to
 * blame, all that were in flight are performed again, each alone, and what then goes wrong is the vector's own.
 * Vectors that touch process-wide state run alone in their executor as well, some in a new one.
 */
import { type FromExecutor, MODULES, type ModuleName, type Recording, type Runtime, type Vector } from '../plan.js';
import type { Launch } from '../targets/launch.js';
import { type Credentials, Performing } from './perform.js';
import { type Crash, ExecutorProcess } from './process.js';

const WIDTH = 24;

export interface PoolOptions {
  launch: Launch;
  jobs: number;
  credentials: Credentials;
  signal: AbortSignal;
  /** Tells what the runtime is, before the first vector; what it returns is performed. */
  onRuntime(runtime: Runtime): Vector[];
  onRecording(vector: Vector, recording: Recording): void;
}

/** Performs all vectors; resolves when they have ended or the signal is aborted. */
export async function performAll(options: PoolOptions): Promise<void> {
  const first = await ExecutorProcess.start(options.launch);
  const pool = new Pool(options, options.onRuntime(first.runtime));
  await pool.run(first.executor);
}

class Pool {
  readonly #options: PoolOptions;
  readonly #shared: Vector[];
  readonly #alone: Vector[];
  readonly #fresh: Vector[];
  /** Modules that cannot be loaded, with the reason. */
  readonly #broken = new Map<ModuleName, string>();
  readonly #modules: ModuleName[];

  constructor(options: PoolOptions, vectors: Vector[]) {
    this.#options = options;
    this.#shared = vectors.filter((vector) => !vector.exclusive);
    this.#alone = vectors.filter((vector) => vector.exclusive === true);
    this.#fresh = vectors.filter((vector) => vector.exclusive === 'fresh');
    this.#modules = MODULES.filter((module) => vectors.some(({ uses }) => uses.includes(module)));
  }

  async run(first: ExecutorProcess): Promise<void> {
    const executor = await this.#loaded(first);
    const all = this.#shared.length + this.#alone.length + this.#fresh.length;
    const others = Math.min(this.#options.jobs, Math.ceil(all / WIDTH)) - 1;
    const lanes = [this.#lane(executor)];
    for (let i = 0; i < others; i++) lanes.push(this.#lane(undefined));
    await Promise.all(lanes);
  }

  /** One executor after another, until nothing is left to perform. */
  async #lane(given: ExecutorProcess | undefined): Promise<void> {
    let executor = given;
    try {
      for (const [queue, width, fresh] of [
        [this.#shared, WIDTH, false],
        [this.#alone, 1, false],
        [this.#fresh, 1, true],
      ] as const) {
        while (queue.length > 0 && !this.#options.signal.aborted) {
          if (fresh) executor?.kill();
          if (!executor || executor.crashed) executor = await this.#start();
          await this.#drain(executor, fresh ? queue.splice(0, 1) : queue, width);
        }
      }
    } finally {
      executor?.kill();
    }
  }

  async #start(): Promise<ExecutorProcess> {
    return this.#loaded((await ExecutorProcess.start(this.#options.launch)).executor);
  }

  /** Loads the modules; one that breaks the executor is left out of the next. */
  async #loaded(given: ExecutorProcess): Promise<ExecutorProcess> {
    const executor = given;
    for (const module of this.#modules) {
      if (this.#broken.has(module)) continue;
      const reason = await executor.load(module);
      if (reason === undefined) continue;
      this.#broken.set(module, reason);
      executor.kill();
      return this.#loaded((await ExecutorProcess.start(this.#options.launch)).executor);
    }
    return executor;
  }

  /** Keeps `width` vectors in flight until the queue is empty or the executor comes to grief. */
  #drain(executor: ExecutorProcess, queue: Vector[], width: number): Promise<void> {
    const flying = new Set<Performing>();
    return new Promise((resolve) => {
      let over = false;
      const end = () => {
        over = true;
        this.#options.signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = () => {
        executor.kill();
        end();
      };
      const next = () => {
        while (!over && flying.size < width && queue.length > 0) {
          const vector = queue.shift() as Vector;
          const unloadable = vector.uses.find((module) => this.#broken.has(module));
          if (unloadable) this.#unloadable(vector, unloadable);
          else launch(vector);
        }
        if (!over && flying.size === 0) end();
      };
      const launch = (vector: Vector) => {
        const performing = new Performing(vector, executor, this.#options.credentials);
        flying.add(performing);
        void performing.start().then((recording) => {
          flying.delete(performing);
          if (over) return;
          this.#options.onRecording(vector, recording);
          if (recording.crash?.kind === 'hang') grief(recording.crash);
          else next();
        });
      };
      const fault = ({ kind, message, run }: Extract<FromExecutor, { type: 'fault' }>) => {
        const culprit = [...flying].find((performing) => performing.run === run);
        if (!culprit) return grief({ kind, message });
        executor.send({ type: 'abandon', run: culprit.run });
        culprit.crash({ kind, message });
      };
      const grief = (crash: Crash) => {
        if (over) return;
        over = true;
        executor.kill();
        const [only] = flying;
        if (flying.size === 1 && only) this.#blame(only, crash);
        else this.#alone.push(...[...flying].map(({ vector }) => vector));
        for (const performing of flying) performing.crash(crash);
        end();
      };
      this.#options.signal.addEventListener('abort', stop);
      executor.onCrash(grief);
      executor.onMessage((message) => {
        if (message.type !== 'fault') for (const performing of flying) performing.receive(message);
        else if (!over) fault(message);
      });
      next();
    });
  }

  #blame(performing: Performing, crash: Crash): void {
    this.#options.onRecording(performing.vector, { ms: 0, lines: [], peers: [], exports: {}, end: 'crash', crash });
  }

  #unloadable(vector: Vector, module: ModuleName): void {
    const message = `${module} cannot be loaded: ${this.#broken.get(module)}`;
    this.#options.onRecording(vector, {
      ms: 0,
      lines: [],
      peers: [],
      exports: {},
      end: 'crash',
      crash: { kind: 'import', message },
    });
  }
}
