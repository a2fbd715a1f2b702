/** One performance of one vector: its names, its trace, its end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fn, FromExecutor, Path, PeerAddress, Seen, Shape, Step, Vector } from '../plan.js';
import { bindParams } from './classes.js';
import { beforeEmit, isEmitter, Watcher } from './observe.js';
import { evaluate } from './path.js';
import { Scope } from './scope.js';
import { seen, seenError } from './seen.js';
import type { Ended, Stage, StepOf } from './stage.js';
import { performStep, Thrown } from './steps.js';
import { close } from './teardown.js';
import { Trace } from './trace.js';
import { type Maker, toValue } from './values.js';

type Send = (message: FromExecutor) => void;

/** A step threw that should not have; already recorded. */
class Broken extends Error {}

export class Performance implements Stage, Maker {
  readonly vector: Vector;
  readonly #run: number;
  readonly #send: Send;
  readonly #trace: Trace;
  readonly #root = new Scope();
  readonly #watcher: Watcher;
  readonly #opened: unknown[] = [];
  readonly #exports: { [path: string]: Seen } = {};
  readonly #unhook: (() => void)[] = [];
  #directory: string | undefined;
  #at: Step | undefined;
  #finish: (() => void) | undefined;
  readonly #finished = new Promise<void>((resolve) => {
    this.#finish = resolve;
  });
  #break: ((reason: Broken) => void) | undefined;
  readonly #broken = new Promise<never>((_, reject) => {
    this.#break = reject;
  });

  constructor(
    run: number,
    vector: Vector,
    peers: { [name: string]: PeerAddress },
    modules: { [name: string]: unknown },
    send: Send,
  ) {
    this.#run = run;
    this.vector = vector;
    this.#send = send;
    this.#trace = new Trace((label) => {
      if (vector.signals.includes(label)) send({ type: 'signal', run, label });
    });
    this.#watcher = new Watcher(vector.observe, this.#trace, (name, value) => this.bind(name, value, this.#root));
    this.#broken.catch(() => {});
    for (const [name, module] of Object.entries(modules)) this.#root.bind(name, module);
    for (const [name, address] of Object.entries(peers)) {
      this.#root.bind(name, { ...address, url: `http://${address.host}:${address.port}` });
    }
    for (const name of this.#watcher.names()) {
      if (this.#root.has(name)) this.#watcher.bound(name, this.#root.get(name));
    }
  }

  /** Performs the vector and sends `done`; whatever it opened is closed then. */
  async start(): Promise<void> {
    const deadline = new Promise<'deadline'>((resolve) => {
      const timer = setTimeout(resolve, this.vector.timeout, 'deadline');
      this.#unhook.push(() => clearTimeout(timer));
    });
    let stuck: { n: number; text: string } | undefined;
    try {
      const end = await Promise.race([this.#play(), this.#broken, deadline]);
      if (end === 'deadline') stuck = this.#whereabouts();
    } catch (error) {
      if (!(error instanceof Broken)) this.#record(error, this.#at);
    }
    this.#export();
    const ms = this.#trace.now();
    const lines = [...this.#trace.lines];
    await this.#teardown();
    this.#send({ type: 'done', run: this.#run, lines, exports: this.#exports, ms, ...(stuck ? { stuck } : {}) });
  }

  /** A peer's mark. */
  signal(label: string): void {
    this.#trace.happen(label, 'event', undefined);
  }

  /** All peers have come to their end. */
  finish(): void {
    this.#finish?.();
  }

  /** Ends the vector at once: its fault is known. */
  abandon(): void {
    this.#break?.(new Broken());
  }

  /** True when the vector itself watches for the process's uncaught errors. */
  expectsFault(kind: 'uncaughtException' | 'unhandledRejection'): boolean {
    return this.vector.observe.some(
      ({ name, events }) => name === 'process' && events.some(({ event }) => event === kind),
    );
  }

  async #play(): Promise<undefined> {
    this.#export();
    for (const step of this.vector.steps) {
      const ended = this.#step(step, this.#root);
      if (ended instanceof Promise) await ended;
      this.#export();
    }
    this.#at = undefined;
    await Promise.all(Object.entries(this.vector.expects).map(([label, count]) => this.#trace.reach(label, count)));
    this.#export();
    if (this.vector.peers.length > 0) {
      this.#send({ type: 'performed', run: this.#run });
      await this.#finished;
    }
    await new Promise((resolve) => setTimeout(resolve, this.vector.settle));
    return undefined;
  }

  #step(step: Step, scope: Scope): ReturnType<typeof performStep> {
    this.#at = step;
    try {
      const ended = performStep(step, scope, this);
      return ended instanceof Promise ? ended.catch((error) => this.#stop(error, step)) : ended;
    } catch (error) {
      return this.#stop(error, step);
    }
  }

  /** Ends the vector, unless the error is one that the vector throws on purpose. */
  #stop(error: unknown, step: Step): never {
    if (error instanceof Thrown || error instanceof Broken) throw error;
    this.#record(error, step);
    const broken = new Broken();
    this.#break?.(broken);
    throw broken;
  }

  #record(error: unknown, step: Step | undefined): void {
    const cause = error instanceof Thrown ? error.value : error;
    this.#trace.add({ k: 'broken', n: step?.n ?? 0, error: seenError(cause) });
  }

  perform(steps: Step[], scope: Scope): Ended | Promise<Ended> {
    for (const [i, step] of steps.entries()) {
      const ended = this.#step(step, scope);
      if (ended instanceof Promise) return ended.then((value) => value || this.perform(steps.slice(i + 1), scope));
      if (ended) return ended;
    }
    return undefined;
  }

  value(value: Parameters<Stage['value']>[0], scope: Scope): unknown {
    return toValue(value, scope, this);
  }

  bind(name: string, value: unknown, scope: Scope): void {
    scope.bind(name, value);
    this.#opened.push(value);
    this.#watcher.bound(name, value);
  }

  record(line: Parameters<Trace['add']>[0]): undefined {
    this.#trace.add(line);
  }

  happen(label: string, kind: 'note' | 'callback', data: Seen[]): void {
    this.#trace.happen(label, kind, data);
  }

  use(label: string, times: number): Promise<void> | undefined {
    return this.#trace.use(label, times);
  }

  fn(fn: Fn, scope: Scope): (...args: unknown[]) => unknown {
    const perform = (self: unknown, args: unknown[]): Ended | Promise<Ended> => {
      const local = new Scope(scope);
      local.bind('this', self);
      bindParams(fn, args, local, this);
      return this.perform(fn.do, local);
    };
    if (fn.async) {
      return async function (this: unknown, ...args) {
        try {
          return (await perform(this, args))?.value;
        } catch (error) {
          throw error instanceof Thrown ? error.value : error;
        }
      };
    }
    const stop = (error: unknown) => this.#outcome(error);
    return function (this: unknown, ...args) {
      try {
        const ended = perform(this, args);
        if (ended instanceof Promise) ended.catch(stop);
        else return ended?.value;
      } catch (error) {
        stop(error);
      }
    };
  }

  /** Only what the vector throws on purpose reaches the implementation; a broken vector has ended already. */
  #outcome(error: unknown): void {
    if (error instanceof Thrown) throw error.value;
    if (!(error instanceof Broken)) throw error;
  }

  callback(name: string, shapes: Shape[]): (...args: unknown[]) => void {
    const label = `${name}()`;
    return (...args) => {
      this.#trace.happen(
        label,
        'callback',
        args.map((arg, i) => seen(arg, shapes[i] ?? true)),
      );
    };
  }

  file(name: string, base64: string): string {
    const path = this.temp(name);
    writeFileSync(path, Buffer.from(base64, 'base64'));
    return path;
  }

  temp(name: string): string {
    this.#directory ??= mkdtempSync(join(tmpdir(), 'plumbline-'));
    return join(this.#directory, name);
  }

  async listen(step: StepOf<'listen'>, scope: Scope): Promise<void> {
    const server = scope.get(step.name) as Listener;
    const path = step.socket ? String(evaluate(step.socket, scope)) : undefined;
    const where = path ? { path } : { host: step.host ?? '127.0.0.1', port: step.port ?? 0 };
    if (isEmitter(server)) {
      // Sockets and sessions that only the server knows must be closed with it.
      this.#unhook.push(
        beforeEmit(server, (event, args) => {
          if (event === 'connection' || event === 'secureConnection' || event === 'session') this.#opened.push(args[0]);
        }),
      );
    }
    this.#opened.push(server);
    await new Promise<void>((resolve) => server.listen(where, resolve));
    const address = server.address();
    this.#send({
      type: 'listening',
      run: this.#run,
      name: step.name,
      address: path
        ? { host: '', port: 0, path }
        : { host: (address as { address: string }).address, port: (address as { port: number }).port },
    });
  }

  /** Reads what matchers and peers refer to, as soon as it is there. */
  #export(): void {
    const fresh: { [path: string]: Seen } = {};
    for (const path of this.vector.exports) {
      if (path.text in this.#exports) continue;
      const value = this.#peek(path);
      if (value !== undefined) fresh[path.text] = this.#exports[path.text] = seen(value);
    }
    if (this.vector.peers.length > 0 && Object.keys(fresh).length > 0) {
      this.#send({ type: 'exports', run: this.#run, values: fresh });
    }
  }

  #peek(path: Path): unknown {
    try {
      return evaluate(path, this.#root);
    } catch {
      return undefined;
    }
  }

  #whereabouts(): { n: number; text: string } {
    if (this.#at) return { n: this.#at.n, text: this.#at.text };
    const awaited = this.#trace.awaited();
    return { n: 0, text: awaited.length > 0 ? `waiting for ${awaited.join(', ')}` : 'waiting for the peers' };
  }

  async #teardown(): Promise<void> {
    for (const undo of this.#unhook) undo();
    this.#watcher.release();
    close(this.#opened);
    // Lets 'error' and 'close' of what was just closed come out before the next vector starts.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#directory) rmSync(this.#directory, { recursive: true, force: true });
  }
}

interface Listener {
  listen(where: object, listening: () => void): void;
  address(): unknown;
}
