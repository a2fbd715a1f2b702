/** Watching objects by wrapping `emit`: a listener would change what is watched. */
import type { Observation } from '../plan.js';
import { seen } from './seen.js';
import type { Trace } from './trace.js';

type Emit = (this: unknown, event: unknown, ...args: unknown[]) => unknown;
interface Emitter {
  emit: Emit;
}

export function isEmitter(value: unknown): value is Emitter {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as Emitter).emit === 'function'
  );
}

/** Puts a hook before an object's `emit`. Returns what undoes it. */
export function beforeEmit(target: Emitter, hook: (event: unknown, args: unknown[]) => void): () => void {
  const had = Object.getOwnPropertyDescriptor(target, 'emit');
  const original = target.emit;
  const emit: Emit = function (event, ...args) {
    hook(event, args);
    return Reflect.apply(original, this, [event, ...args]);
  };
  Object.defineProperty(target, 'emit', { value: emit, configurable: true, writable: true });
  return () => {
    if (target.emit !== emit) return;
    if (had) Object.defineProperty(target, 'emit', had);
    else delete (target as Partial<Emitter>).emit;
  };
}

/** Wraps what the vector watches, as names get bound. */
export class Watcher {
  readonly #observations: Map<string, Observation>;
  readonly #wrapped = new Map<string, Set<unknown>>();
  readonly #undo: (() => void)[] = [];
  readonly #trace: Trace;
  readonly #bind: (name: string, value: unknown) => void;

  constructor(observations: Observation[], trace: Trace, bind: (name: string, value: unknown) => void) {
    this.#observations = new Map(observations.map((observation) => [observation.name, observation]));
    this.#trace = trace;
    this.#bind = bind;
  }

  /** The name is bound to this value now. */
  bound(name: string, value: unknown): void {
    const observation = this.#observations.get(name);
    if (!observation || !isEmitter(value)) return;
    const wrapped = this.#wrapped.get(name) ?? new Set();
    if (wrapped.has(value)) return;
    this.#wrapped.set(name, wrapped.add(value));
    if ((value as unknown) === process) this.#listen(observation);
    else this.#wrap(observation, value);
  }

  #wrap(observation: Observation, value: Emitter): void {
    const events = new Map(observation.events.map((entry) => [entry.event, entry]));
    this.#undo.push(
      beforeEmit(value, (event, args) => {
        const entry = typeof event === 'string' ? events.get(event) : undefined;
        if (entry) this.#happened(observation.name, entry, args);
      }),
    );
  }

  /** Some runtimes call the listeners of the process without its `emit`; no listener of it changes what they do. */
  #listen(observation: Observation): void {
    for (const entry of observation.events) {
      const listener = (...args: unknown[]) => this.#happened(observation.name, entry, args);
      process.on(entry.event, listener);
      this.#undo.push(() => process.off(entry.event, listener));
    }
  }

  #happened(name: string, entry: Observation['events'][number], args: unknown[]): void {
    entry.bind?.forEach((argument, i) => {
      this.#bind(argument, args[i]);
    });
    const data = entry.traced ? args.map((arg, i) => seen(arg, entry.shapes[i] ?? true)) : undefined;
    this.#trace.happen(`${name} ${entry.event}`, 'event', data);
  }

  names(): Iterable<string> {
    return this.#observations.keys();
  }

  release(): void {
    for (const undo of this.#undo.reverse()) undo();
  }
}
