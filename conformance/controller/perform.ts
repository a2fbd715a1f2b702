/** Performs one vector: the executor's part and the peers' part, brought together in one recording. */

import { createPeer, type Peer, type PeerHost } from '../peers/index.js';
import type { FromExecutor, Path, PeerAddress, PeerRecord, Recording, Seen, Vector } from '../plan.js';
import type { Link } from './link.js';
import type { Crash } from './process.js';

export interface Credentials {
  cert: string;
  key: string;
}

/** The executor ends a vector at its deadline by itself; this much later it counts as hanging, in milliseconds. */
const GRACE = 5_000;

let runs = 0;

export class Performing {
  readonly vector: Vector;
  readonly run = ++runs;
  readonly #link: Link;
  readonly #started = performance.now();
  readonly #peers: Peer[];
  readonly #addresses = new Deferred<PeerAddress>();
  readonly #values = new Deferred<Seen>();
  readonly #labels = new Labels();
  #backstop: NodeJS.Timeout | undefined;
  #resolve: ((recording: Recording) => void) | undefined;

  constructor(vector: Vector, link: Link, credentials: Credentials) {
    this.vector = vector;
    this.#link = link;
    const host: Omit<PeerHost, 'label'> = {
      now: () => performance.now() - this.#started,
      listening: (name) => this.#addresses.get(name),
      mark: (label) => link.send({ type: 'signal', run: this.run, label }),
      value: async (path: Path) => String(await this.#values.get(path.text)),
    };
    this.#peers = vector.peers.map((script) =>
      createPeer(script, { ...host, label: this.#labels.reader() }, credentials),
    );
  }

  /** Resolves when the vector has ended in whatever way; never rejects. */
  async start(): Promise<Recording> {
    const done = new Promise<Recording>((resolve) => {
      this.#resolve = resolve;
    });
    try {
      const peers: { [name: string]: PeerAddress } = {};
      for (const peer of this.#peers) {
        const address = await peer.start();
        if (address) peers[peer.name] = address;
        void peer.done.then(() => this.#link.send({ type: 'signal', run: this.run, label: `${peer.name} done` }));
      }
      this.#backstop = setTimeout(
        () => this.crash({ kind: 'hang', message: 'the vector never came to its end' }),
        this.vector.timeout + GRACE,
      );
      this.#link.send({ type: 'run', run: this.run, vector: this.vector, peers });
    } catch (error) {
      this.crash({ kind: 'start', message: `a peer did not start: ${(error as Error).message}` });
    }
    return done;
  }

  receive(message: FromExecutor): void {
    if (!('run' in message) || message.run !== this.run) return;
    switch (message.type) {
      case 'listening':
        this.#addresses.set(message.name, message.address);
        break;
      case 'signal':
        this.#labels.happen(message.label);
        break;
      case 'exports':
        for (const [path, value] of Object.entries(message.values)) this.#values.set(path, value);
        break;
      case 'performed':
        void Promise.all(this.#peers.map((peer) => peer.done)).then(() =>
          this.#link.send({ type: 'finish', run: this.run }),
        );
        break;
      case 'done':
        void this.#finish({
          ms: message.ms,
          lines: message.lines,
          exports: message.exports,
          end: message.stuck ? 'deadline' : 'done',
          ...(message.stuck ? { stuck: message.stuck } : {}),
        });
    }
  }

  /** The implementation broke the process, or the process had to be ended. */
  crash(crash: Crash): void {
    const ms = performance.now() - this.#started;
    void this.#finish({ ms, lines: [], exports: {}, end: 'crash', crash });
  }

  async #finish(recording: Omit<Recording, 'peers'>): Promise<void> {
    clearTimeout(this.#backstop);
    const peers: PeerRecord[] = await Promise.all(this.#peers.map((peer) => peer.finish()));
    this.#resolve?.({ ...recording, peers });
  }
}

/** Values that are waited for before they are there. */
class Deferred<T> {
  readonly #known = new Map<string, T>();
  readonly #waiting = new Map<string, ((value: T) => void)[]>();

  get(key: string): Promise<T> {
    if (this.#known.has(key)) return Promise.resolve(this.#known.get(key) as T);
    return new Promise((resolve) => this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), resolve]));
  }

  set(key: string, value: T): void {
    this.#known.set(key, value);
    for (const resolve of this.#waiting.get(key) ?? []) resolve(value);
    this.#waiting.delete(key);
  }
}

/** How often each label has happened in the executor. */
class Labels {
  readonly #counts = new Map<string, number>();
  #waiting: { label: string; target: number; resolve(): void }[] = [];

  /** For one peer: each wait uses up one occurrence, and leaves it to the other peers. */
  reader(): (label: string) => Promise<void> {
    const used = new Map<string, number>();
    return (label) => {
      const target = (used.get(label) ?? 0) + 1;
      used.set(label, target);
      if ((this.#counts.get(label) ?? 0) >= target) return Promise.resolve();
      return new Promise((resolve) => this.#waiting.push({ label, target, resolve }));
    };
  }

  happen(label: string): void {
    const count = (this.#counts.get(label) ?? 0) + 1;
    this.#counts.set(label, count);
    const due = this.#waiting.filter((waiter) => waiter.label === label && waiter.target <= count);
    this.#waiting = this.#waiting.filter((waiter) => !due.includes(waiter));
    for (const { resolve } of due) resolve();
  }
}
