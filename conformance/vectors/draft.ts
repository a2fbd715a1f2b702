/** A vector while it is compiled: what it binds, uses, waits for and makes, for the checks at the end. */
import type { Fn, Matcher, Path, Step, Tagged } from '../plan.js';
import { type Fault, Slip } from './faults.js';
import type { Label } from './label.js';
import { pathsIn } from './path.js';
import type { Node, ScalarNode, Source } from './yaml.js';

/** A name that gets bound. */
export interface Binding {
  name: string;
  at: number;
  /** Index of the step of the vector that binds it; null where that happens later (functions, events). */
  step: number | null;
}

/** A path that is read. */
export interface Reference {
  path: Path;
  at: number;
  /** Index of the step of the vector that reads it; null where that happens later. */
  step: number | null;
  inFunction: boolean;
}

/** A label that somebody waits for. */
export interface Awaited {
  label: string;
  at: number;
  /** The peer that waits; undefined: the vector. */
  peer?: string;
}

/** What a note reads; shapes are added once the trace is known. */
export type NoteItems = Extract<Step, { op: 'note'; items: unknown }>['items'];
export type CallbackTag = Extract<Tagged, { $: 'callback' }>;

/** A line that the trace names. */
export interface TraceLine {
  label: Label;
  at: number;
  data: Matcher[];
  min: number;
}

export interface Place {
  at: number;
}

/** What the compiler stands on: files, and the parts of the grammar that refer to each other. */
export interface Ground {
  /** Content of `fixtures/NAME`. */
  fixture(name: string): Uint8Array | undefined;
  fixtureNames(): string[];
  /** Reads `!fn`; the grammar of steps and that of values contain each other. */
  fn(draft: Draft, node: Node): Fn;
}

/** What a path that does not parse stands for until the fault is reported. */
export const NOWHERE: Path = { root: '', steps: [], text: '' };

export class Draft {
  readonly source: Source;
  readonly faults: Fault[];
  /** Offsets of the faults. */
  readonly said: number[];
  readonly ground: Ground;
  readonly bindings: Binding[] = [];
  readonly references: Reference[] = [];
  /** Paths that matchers and peers refer to, by text. */
  readonly exports = new Map<string, Path>();
  readonly awaited: Awaited[] = [];
  readonly callbacks: CallbackTag[] = [];
  readonly notes: { items: NoteItems; at: number }[] = [];
  readonly lines: TraceLine[] = [];
  /** Labels of `since`. */
  readonly sinces: { label: Label; at: number }[] = [];
  /** Servers that the vector starts. */
  readonly listened = new Set<string>();
  /** Calls of a bare name that is spelt like a verb, and the verb. */
  readonly doubtful = new Map<Path, string>();
  /** Capabilities that what is written calls for. */
  readonly needs = new Set<'tls' | 'unix-socket' | 'files'>();
  /** The peers' names, each with the marks it makes. */
  readonly peers = new Map<string, Set<string>>();
  /** Expectations that must hold for the vector to pass; those that nothing can fail do not count. */
  expectations = 0;
  /** How many functions enclose what is being read. */
  depth = 0;
  /** Index of the vector's step that is being read; null outside `do`. */
  step: number | null = null;
  #n = 0;

  constructor(source: Source, faults: Fault[], said: number[], ground: Ground) {
    this.source = source;
    this.faults = faults;
    this.said = said;
    this.ground = ground;
  }

  /** The next step's number. */
  number(): number {
    return ++this.#n;
  }

  fault(place: Place | number, message: string): void {
    const at = typeof place === 'number' ? place : place.at;
    this.said.push(at);
    this.faults.push(this.source.fault(at, message));
  }

  /** Reads a part of a node's text; a slip becomes a fault at its place in the text. `offset`: where the part begins. */
  parse<T>(node: ScalarNode, offset: number, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Slip)) throw error;
      this.fault(this.within(node, offset + error.index), error.message);
      return undefined;
    }
  }

  /** Offset in the file of a place in a node's text, or of the node where its text is not as written. */
  within(node: ScalarNode, index: number): number {
    return node.textAt === null ? node.at : node.textAt + index;
  }

  bind(name: string, at: number, later = this.depth > 0): void {
    this.bindings.push({ name, at, step: later ? null : this.step });
  }

  /** Notes that a path is read; `at` is where it begins. `exported`: read as soon as it is defined, for a matcher or a peer. */
  refer(path: Path, at: number, exported = false): void {
    if (exported && path !== NOWHERE) this.exports.set(path.text, path);
    const step = exported ? null : this.step;
    for (const part of pathsIn(path)) {
      this.references.push({ path: part, at, step, inFunction: this.depth > 0 });
    }
  }
}
