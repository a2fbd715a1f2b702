/** Deep matchers: does what was seen match what a vector says of it? The rules are those of vectors/README.md. */

import { isDeepStrictEqual } from 'node:util';
import type { Matcher, Path, Seen, SeenTag } from '../plan.js';
import { type Content, sameBytes, sameBytesAsText, sameText } from './content.js';
import { type Properties, propertiesOf } from './properties.js';
import { contrast, quote, showMatcher, showSeen } from './show.js';
import { isTag, type MatchingTag } from './tags.js';

/** Where and how a value did not match; texts for people. */
export interface Mismatch {
  /** From the value that was compared to the part that differs: `.headers.host`, `[0]`; empty for the value itself. */
  path: string;
  expected: string;
  actual: string;
}

export interface Context {
  /** Values of the paths that matchers refer to, by the path's text. */
  exports: { [path: string]: Seen };
  /**
   * The value comes from a peer: maps are compared in part (an empty one must be empty), and text and bytes are the
   * same when this encoding makes one of the other.
   */
  wire?: 'utf8' | 'latin1';
}

type Compare<T> = (matcher: T, seen: Subject, at: At) => Mismatch | null;

/** undefined: there is no such property. */
type Subject = Seen | undefined;

interface At {
  path: string;
  context: Context;
}

/** A property that a class instance lacks: `undefined` and `!absent` alike. */
const LACKING: Seen = { $: 'undefined' };

/** @returns null when `seen` matches; otherwise the first difference. */
export function match(matcher: Matcher, seen: Seen, context: Context): Mismatch | null {
  return compare(matcher, orLacking(seen), { path: '', context });
}

const compare: Compare<Matcher> = (matcher, seen, at) => {
  if (isTag(matcher)) {
    const comparison = comparisons[matcher.$] as Compare<MatchingTag> | undefined;
    if (!comparison) throw new Error(`no matcher {$: ${matcher.$}}`);
    return comparison(matcher, seen, at);
  }
  if (typeof matcher === 'string') return compareText({ unit: matcher, times: 1 }, seen, at);
  if (Array.isArray(matcher)) return compareList(matcher, seen, at);
  if (matcher === null || typeof matcher !== 'object') return verdict(matcher === seen, matcher, seen, at);
  return compareMap(new Map(Object.entries(matcher)), matcher, seen, at);
};

const comparisons: { [Kind in MatchingTag['$']]: Compare<Extract<MatchingTag, { $: Kind }>> } = {
  any: (matcher, seen, at) => verdict(seen !== undefined, matcher, seen, at),
  absent: (matcher, seen, at) => verdict(seen === undefined || seen === LACKING, matcher, seen, at),
  type: (matcher, seen, at) => verdict(hasType(matcher.type, seen), matcher, seen, at),
  match(matcher, seen, at) {
    const text = isKind(seen, 'long') ? seen.head : seen;
    return verdict(
      typeof text === 'string' && new RegExp(matcher.pattern, matcher.flags).test(text),
      matcher,
      seen,
      at,
    );
  },
  compare(matcher, seen, at) {
    const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = matcher;
    const number = toNumber(seen);
    const holds = (matcher.gt === undefined || number > gt) && (matcher.lt === undefined || number < lt);
    return verdict(holds && number >= gte && number <= lte, matcher, seen, at);
  },
  'one-of': (matcher, seen, at) =>
    verdict(
      matcher.choices.some((choice) => !compare(choice, seen, at)),
      matcher,
      seen,
      at,
    ),
  not: (matcher, seen, at) => verdict(compare(matcher.matcher, seen, at) !== null, matcher, seen, at),
  contains(matcher, seen, at) {
    const missing = matcher.items.filter((item) => !contains(seen, item, at));
    return missing.length === 0 ? null : differ({ $: 'contains', items: missing }, seen, at);
  },
  partial(matcher, seen, at) {
    const properties = propertiesOf(seen);
    if (!properties || properties.of === 'instance') return differ(matcher, seen, at);
    return compareNamed(new Map(Object.entries(matcher.props)), properties, undefined, at);
  },
  unordered: compareUnordered,
  length(matcher, seen, at) {
    const length = lengthOf(seen);
    if (length === undefined) return differ(matcher, seen, at);
    return compare(matcher.matcher, length, step(at, '.length'));
  },
  instance(matcher, seen, at) {
    if (!classesOf(seen).includes(matcher.class)) return differ(matcher, seen, at);
    const properties = propertiesOf(seen);
    if (!matcher.props) return null;
    if (!properties) return differ(matcher, seen, at);
    return compareNamed(new Map(Object.entries(matcher.props)), properties, LACKING, at);
  },
  function: (matcher, seen, at) => verdict(isKind(seen, 'function'), matcher, seen, at),
  symbol: (matcher, seen, at) =>
    verdict(isKind(seen, 'symbol') && seen.description === matcher.description, matcher, seen, at),

  undefined: (matcher, seen, at) => verdict(isKind(seen, 'undefined'), matcher, seen, at),
  nan: (matcher, seen, at) => verdict(isKind(seen, 'nan'), matcher, seen, at),
  infinity: (matcher, seen, at) =>
    verdict(isKind(seen, 'infinity') && !seen.negative === !matcher.negative, matcher, seen, at),
  bigint: (matcher, seen, at) => verdict(isKind(seen, 'bigint') && seen.value === matcher.value, matcher, seen, at),
  date: (matcher, seen, at) => verdict(isKind(seen, 'date') && seen.iso === matcher.iso, matcher, seen, at),
  bytes(matcher, seen, at) {
    return compareBytes({ unit: Buffer.from(matcher.base64, 'base64'), times: 1 }, matcher.view, matcher, seen, at);
  },
  repeat(matcher, seen, at) {
    const content = { unit: matcher.text, times: matcher.times };
    if (matcher.view !== 'string') return compareBytes(content, matcher.view, matcher, seen, at);
    return compareText(content, seen, at);
  },
  url(matcher, seen, at) {
    const { href } = matcher;
    return compare({ $: 'instance', class: 'URL', props: { href } }, seen, at);
  },
  map(matcher, seen, at) {
    if (!isKind(seen, 'map')) return differ(matcher, seen, at);
    const holds = pair(
      matcher.entries,
      seen.entries,
      ([key, value], [seenKey, seenValue]) => !compare(key, seenKey, at) && !compare(value, seenValue, at),
    );
    return verdict(holds, matcher, seen, at);
  },
  set(matcher, seen, at) {
    if (!isKind(seen, 'set')) return differ(matcher, seen, at);
    return verdict(
      pair(matcher.items, seen.items, (item, seenItem) => !compare(item, seenItem, at)),
      matcher,
      seen,
      at,
    );
  },
  headers(matcher) {
    throw new Error(`${showMatcher(matcher)} is no matcher: compare a list of its entries`);
  },
  object(matcher, seen, at) {
    const entries = new Map(matcher.entries.map(([key, value]) => [keyOf(key, at.context), value]));
    if (matcher.proto === 'null' && propertiesOf(seen)?.of !== 'null-prototype') return differ(matcher, seen, at);
    return compareMap(entries, matcher, seen, at);
  },
  error(matcher, seen, at) {
    if (!isKind(seen, 'error')) return differ(matcher, seen, at);
    const { name, message, props } = matcher;
    return compareMap(new Map(Object.entries({ name, message, ...props })), matcher, seen, at);
  },
  ref(matcher, seen, at) {
    const value = at.context.exports[matcher.path.text];
    if (value === undefined) return neverDefined(matcher.path, seen, at);
    if (isDeepStrictEqual(value, seen)) return null;
    return { path: at.path, expected: `${showSeen(value)} (${matcher.path.text})`, actual: showSubject(seen) };
  },
  fmt(matcher, seen, at) {
    const unknown = matcher.parts.find((part) => typeof part !== 'string' && !(part.text in at.context.exports));
    if (typeof unknown === 'object') return neverDefined(unknown, seen, at);
    const unit = matcher.parts.map((part) => (typeof part === 'string' ? part : asText(part, at.context))).join('');
    return compareText({ unit, times: 1 }, seen, at);
  },
  fn: (matcher, seen, at) => verdict(isKind(seen, 'function'), matcher, seen, at),
  callback: (matcher, seen, at) => verdict(isKind(seen, 'function'), matcher, seen, at),
  file: noMatcher,
  temp: noMatcher,
};

function noMatcher(matcher: MatchingTag): never {
  throw new Error(`the ${showMatcher(matcher)} is no matcher: bind it with let and refer to it with !ref`);
}

function verdict(holds: boolean, matcher: Matcher, seen: Subject, at: At): Mismatch | null {
  return holds ? null : differ(matcher, seen, at);
}

function differ(matcher: Matcher, seen: Subject, at: At): Mismatch {
  return { path: at.path, expected: showMatcher(matcher), actual: showSubject(seen) };
}

function neverDefined(path: Path, seen: Subject, at: At): Mismatch {
  return { path: at.path, expected: `${path.text}, which was never defined`, actual: showSubject(seen) };
}

function showSubject(seen: Subject): string {
  return seen === undefined ? 'absent' : showSeen(seen);
}

function step(at: At, key: string): At {
  return { ...at, path: at.path + key };
}

function keyStep(key: string): string {
  if (/^\[.+\]$/.test(key)) return key;
  return /^[\w$]+$/.test(key) ? `.${key}` : `[${key}]`;
}

function orLacking(seen: Subject): Seen {
  return seen === undefined || isKind(seen, 'undefined') ? LACKING : seen;
}

function isKind<Kind extends SeenTag['$']>(seen: Subject, kind: Kind): seen is Extract<SeenTag, { $: Kind }> {
  return seen !== undefined && isTag(seen) && seen.$ === kind;
}

function compareText(content: Content & { unit: string }, seen: Subject, at: At): Mismatch | null {
  if (typeof seen === 'string' || isKind(seen, 'long')) {
    if (sameText(content, seen)) return null;
    if (typeof seen === 'string' && content.times === 1) return { path: at.path, ...contrast(content.unit, seen) };
  } else if (at.context.wire && isKind(seen, 'bytes') && sameBytes(content, seen)) return null;
  const expected = content.times === 1 ? quote(content.unit) : `${quote(content.unit)} x ${content.times}`;
  return { path: at.path, expected, actual: showSubject(seen) };
}

function compareBytes(content: Content, view: string, matcher: Matcher, seen: Subject, at: At): Mismatch | null {
  const { wire } = at.context;
  if (isKind(seen, 'bytes')) {
    return verdict((wire !== undefined || seen.class === view) && sameBytes(content, seen), matcher, seen, at);
  }
  const isText = typeof seen === 'string' || isKind(seen, 'long');
  return verdict(wire !== undefined && isText && sameBytesAsText(content, seen, wire), matcher, seen, at);
}

function compareList(items: Matcher[], seen: Subject, at: At): Mismatch | null {
  if (!Array.isArray(seen)) return differ(items, seen, at);
  for (const [i, item] of items.entries()) {
    const mismatch = i < seen.length ? compare(item, seen[i], step(at, `[${i}]`)) : null;
    if (mismatch) return mismatch;
  }
  if (seen.length === items.length) return null;
  const length = (list: unknown[], shown: string) => `${list.length} items: ${shown}`;
  return { path: at.path, expected: length(items, showMatcher(items)), actual: length(seen, showSeen(seen)) };
}

/** A map against a plain object: all its properties; against a class instance, and on the wire, only those named. */
function compareMap(props: Map<string, Matcher>, matcher: Matcher, seen: Subject, at: At): Mismatch | null {
  const properties = propertiesOf(seen);
  if (!properties) return differ(matcher, seen, at);
  if (properties.of === 'instance') return compareNamed(props, properties, LACKING, at);
  const mismatch = compareNamed(props, properties, undefined, at);
  if (mismatch) return mismatch;
  const inPart = at.context.wire && (props.size > 0 || at.path === '');
  if (inPart) return null;
  for (const key of properties.keys) {
    if (!props.has(key)) return { ...differ({ $: 'absent' }, properties.get(key), step(at, keyStep(key))) };
  }
  return null;
}

/** @param lacking - what stands for a property that is not there */
function compareNamed(props: Map<string, Matcher>, properties: Properties, lacking: Subject, at: At): Mismatch | null {
  for (const [key, matcher] of props) {
    const value = properties.get(key);
    const subject = lacking === LACKING ? orLacking(value) : value;
    const mismatch = compare(matcher, subject, step(at, keyStep(key)));
    if (mismatch) return mismatch;
  }
  return null;
}

function compareUnordered(matcher: { $: 'unordered'; items: Matcher[] }, seen: Subject, at: At): Mismatch | null {
  if (!Array.isArray(seen)) return differ(matcher, seen, at);
  return verdict(
    pair(matcher.items, seen, (item, seenItem) => !compare(item, seenItem, at)),
    matcher,
    seen,
    at,
  );
}

/** True when every one of `left` can be given one of `right` of its own that fits (augmenting paths), none left over. */
function pair<L, R>(left: L[], right: R[], fits: (l: L, r: R) => boolean): boolean {
  if (left.length !== right.length) return false;
  const takenBy = new Map<number, number>();
  const place = (l: number, tried: Set<number>): boolean =>
    right.some((candidate, r) => {
      if (tried.has(r) || !fits(left[l]!, candidate)) return false;
      tried.add(r);
      const holder = takenBy.get(r);
      if (holder !== undefined && !place(holder, tried)) return false;
      takenBy.set(r, l);
      return true;
    });
  return left.every((_, l) => place(l, new Set()));
}

function contains(seen: Subject, item: Matcher, at: At): boolean {
  if (Array.isArray(seen)) return seen.some((element) => !compare(item, element, at));
  const text = isKind(seen, 'long') ? seen.head : seen;
  if (typeof text !== 'string') return false;
  const part = isTag(item) && item.$ === 'ref' ? at.context.exports[item.path.text] : item;
  if (typeof part === 'string') return text.includes(part);
  return !compare(item, text, at);
}

function hasType(type: string, seen: Subject): boolean {
  if (type === 'integer') return typeof seen === 'number' && Number.isInteger(seen);
  return typeName(seen) === type;
}

/** `typeof`, with null and arrays told apart from other objects. */
function typeName(seen: Subject): string {
  if (seen === null) return 'null';
  if (Array.isArray(seen)) return 'array';
  if (seen === undefined || !isTag(seen)) return typeof seen;
  switch (seen.$) {
    case 'undefined':
    case 'bigint':
    case 'symbol':
    case 'function':
      return seen.$;
    case 'nan':
    case 'infinity':
      return 'number';
    case 'long':
      return 'string';
    default:
      return 'object';
  }
}

function toNumber(seen: Subject): number {
  if (isKind(seen, 'infinity')) return seen.negative ? -Infinity : Infinity;
  if (isKind(seen, 'bigint')) return Number(seen.value);
  return typeof seen === 'number' ? seen : Number.NaN;
}

function lengthOf(seen: Subject): number | undefined {
  if (typeof seen === 'string' || Array.isArray(seen)) return seen.length;
  return isKind(seen, 'long') || isKind(seen, 'bytes') ? seen.length : undefined;
}

/** Names of the classes that a value is an instance of. */
function classesOf(seen: Subject): string[] {
  const type = typeName(seen);
  if (type === 'array') return ['Array', 'Object'];
  if (type === 'function') return ['Function', 'Object'];
  if (type !== 'object' || seen === null || seen === undefined || typeof seen !== 'object') return [];
  if (!isTag(seen)) return ['Object'];
  switch (seen.$) {
    case 'error':
      return [...seen.classes, 'Object'];
    case 'object':
      return seen.class === null ? [] : [...seen.classes, 'Object'];
    case 'bytes':
      return seen.class === 'Buffer' ? ['Buffer', 'Uint8Array', 'Object'] : [seen.class, 'Object'];
    case 'date':
      return ['Date', 'Object'];
    case 'map':
      return ['Map', 'Object'];
    case 'set':
      return ['Set', 'Object'];
    default:
      return ['Object'];
  }
}

/** A matcher's computed key as the executor records it: `[description]` for a symbol. */
function keyOf(key: string | Path, context: Context): string {
  if (typeof key === 'string') return key;
  const value = context.exports[key.text];
  if (typeof value === 'string') return value;
  return `[${isKind(value, 'symbol') ? value.description : key.text}]`;
}

function asText(path: Path, context: Context): string {
  const value = context.exports[path.text]!;
  return typeof value === 'object' && value !== null ? showSeen(value) : String(value);
}
