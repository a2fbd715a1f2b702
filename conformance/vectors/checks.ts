/** What a vector's parts say of each other: names that are bound, waits that can end, expectations that can fail. */
import { BUILTINS, GLOBALS, MODULES } from '../plan.js';
import type { Draft, Reference } from './draft.js';
import { enumerate, meant } from './faults.js';
import { type Label, parseLabel } from './label.js';
import type { Connects } from './peers.js';
import { VERB_NAMES } from './steps.js';
import type { Watch } from './trace.js';

const AMBIENT: ReadonlySet<string> = new Set([...MODULES, ...BUILTINS, ...GLOBALS]);
const RESERVED: ReadonlySet<string> = new Set([
  ...MODULES,
  'this',
  'super',
  'note',
  'undefined',
  'null',
  'true',
  'false',
]);
const ADDRESS = ['host', 'port', 'path', 'url'];

/** Parts of a vector that the checks compare. */
export interface Parts {
  watches: readonly Watch[];
  /** Place of `watch`, where there is one. */
  watchAt: number | undefined;
  traced: boolean;
  /** Place of the vector's id. */
  at: number;
  connects: readonly Connects[];
}

export function checkVector(draft: Draft, parts: Parts): void {
  const bound = new Map<string, (number | null)[]>();
  for (const { name, at, step } of draft.bindings) {
    if (RESERVED.has(name))
      draft.fault(
        at,
        `"${name}" cannot be bound: it ${MODULES.includes(name as never) ? 'is the module under test' : 'has a meaning of its own'}`,
      );
    if (draft.peers.has(name)) draft.fault(at, `"${name}" is a peer: choose another name`);
    bound.set(name, [...(bound.get(name) ?? []), step]);
  }
  for (const reference of draft.references) checkReference(draft, reference, bound);
  checkWatches(draft, parts, bound);
  checkAwaited(draft, bound);
  checkLines(draft, parts);
  for (const { name, at } of parts.connects) {
    if (draft.listened.has(name)) continue;
    const hint = meant(name, draft.listened) || `: the vector needs "listen: ${name}"`;
    draft.fault(at, `the vector never listens on "${name}"${hint}`);
  }
  if (draft.said.length === 0 && draft.expectations === 0 && !draft.lines.some(({ min }) => min > 0))
    draft.fault(
      parts.at,
      'the vector expects nothing: state a check, throws, rejects, returns, a trace with a line that must happen, or what a peer must receive',
    );
}

type Bound = ReadonlyMap<string, (number | null)[]>;

function checkReference(draft: Draft, { path, at, step, inFunction }: Reference, bound: Bound): void {
  const { root } = path;
  if (root === '' || root.startsWith('!')) return;
  const steps = bound.get(root);
  if (steps) {
    const first = steps.some((bind) => bind === null) ? 0 : Math.min(...(steps as number[]));
    // Until it is bound, a name such as `stream` is the built-in module.
    if (step !== null && !inFunction && step < first && !AMBIENT.has(root))
      draft.fault(at, `"${root}" is read before it is bound`);
    return;
  }
  if (root === 'this' || root === 'super') {
    if (!inFunction) draft.fault(at, `"${root}" stands inside functions only`);
    return;
  }
  if (draft.peers.has(root)) {
    checkAddress(draft, path, at);
    return;
  }
  if (AMBIENT.has(root)) return;
  const verb = draft.doubtful.get(path);
  const hint = meant(root, [...bound.keys(), ...draft.peers.keys(), ...AMBIENT]);
  if (verb !== undefined && hint === '') draft.fault(at, `unknown verb "${root}": did you mean "${verb}"?`);
  else
    draft.fault(
      at,
      `nothing binds "${root}"${hint || (VERB_NAMES.includes(root) ? ': it is a verb and stands alone' : '')}`,
    );
}

function checkAddress(draft: Draft, path: Reference['path'], at: number): void {
  const [first] = path.steps;
  if (first && 'key' in first && ADDRESS.includes(first.key)) return;
  draft.fault(
    at,
    `"${path.text}": of a peer there is ${enumerate(
      ADDRESS.map((key) => `${path.root}.${key}`),
      'or',
    )}`,
  );
}

function checkWatches(draft: Draft, { watches, watchAt, traced }: Parts, bound: Bound): void {
  for (const { name, at, events } of watches) {
    if (!bound.has(name) && !AMBIENT.has(name))
      draft.fault(at, `nothing binds "${name}", so that it is never watched${meant(name, bound.keys())}`);
    const seen = new Set<string>();
    for (const { event, at: place } of events) {
      if (seen.has(event)) draft.fault(place, `"${event}" is watched already`);
      seen.add(event);
    }
  }
  if (watchAt !== undefined && !traced)
    draft.fault(watchAt, '"watch" without "trace": what is watched must be compared with something');
  if (traced) return;
  for (const { at } of draft.notes) draft.fault(at, '"note" without "trace": a note is a line of the trace');
}

// ------------------------------------------------------------------------------------------------------------ waits

function checkAwaited(draft: Draft, bound: Bound): void {
  for (const { label: text, at, peer } of draft.awaited) {
    const label = parseLabel(text);
    const reason = unreachable(draft, label, bound, peer);
    if (reason !== undefined)
      draft.fault(at, `${peer === undefined ? 'the wait' : `the peer's wait`} can never end: ${reason}`);
  }
}

/** Why a label cannot happen. */
function unreachable(draft: Draft, label: Label, bound: Bound, peer: string | undefined): string | undefined {
  if (label.kind === 'note') return draft.notes.length > 0 ? undefined : 'no step makes a note';
  const names = draft.callbacks.map(({ name }) => name);
  if (label.kind === 'callback') {
    if (names.includes(label.name)) return undefined;
    return `no step passes !callback ${label.name}${meant(label.name, names)}`;
  }
  const marks = draft.peers.get(label.name);
  if (marks) {
    if (peer !== undefined) return `a peer waits for labels of the vector, and "${label.name}" is a peer`;
    if (label.event === 'done' || marks.has(label.event)) return undefined;
    return `the peer "${label.name}" never marks "${label.event}"${meant(label.event, [...marks, 'done'])}`;
  }
  if (bound.has(label.name) || AMBIENT.has(label.name)) return undefined;
  const hint = meant(label.name, [...bound.keys(), ...draft.peers.keys()]);
  return `nothing binds "${label.name}"${hint}`;
}

// ------------------------------------------------------------------------------------------------------------ trace

function checkLines(draft: Draft, { watches }: Parts): void {
  const labels = watches.flatMap(({ name, events }) => events.map(({ event }) => `${name} ${event}`));
  for (const { label, at } of draft.lines) {
    const reason = untraceable(draft, label, labels);
    if (reason !== undefined) draft.fault(at, `"${label.text}" can never be in the trace: ${reason}`);
  }
  for (const { label, at } of draft.sinces) {
    const reason = untraceable(draft, label, labels);
    if (reason !== undefined) draft.fault(at, `"${label.text}" is never recorded: ${reason}`);
  }
}

/** Why a label cannot be a line of the trace. */
function untraceable(draft: Draft, label: Label, labels: readonly string[]): string | undefined {
  if (label.kind === 'note') return draft.notes.length > 0 ? undefined : 'no step makes a note';
  const names = draft.callbacks.map(({ name }) => name);
  if (label.kind === 'callback') {
    if (names.includes(label.name)) return undefined;
    return `no step passes !callback ${label.name}${meant(label.name, names)}`;
  }
  if (draft.peers.has(label.name)) return `"${label.name}" is a peer, whose marks are for waits`;
  if (labels.includes(label.text)) return undefined;
  const all = [...labels, ...names.map((name) => `${name}()`)];
  return `it is not watched${meant(label.text, all)}`;
}
