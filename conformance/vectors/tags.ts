/** Nodes into values and matchers: plain YAML is itself, tags are read by their readers. */
import type { Matcher, Path, Value } from '../plan.js';
import type { Draft } from './draft.js';
import { meant } from './faults.js';
import { MATCHER_TAGS, readMatch } from './matchers.js';
import { parsePath } from './path.js';
import { type Inner, NOT_IN_MATCHERS, VALUE_TAGS } from './values.js';
import type { MapNode, Node, ScalarNode } from './yaml.js';
import { untagged } from './yaml.js';

const VALUES: Inner = {
  matcher: false,
  read: (draft, node) => read(draft, node, VALUES),
  entries: (draft, node) => entriesOf(draft, node as MapNode, VALUES),
};

const MATCHERS: Inner = {
  matcher: true,
  read: (draft, node) => read(draft, node, MATCHERS),
  entries: (draft, node) => entriesOf(draft, node as MapNode, MATCHERS),
};

export function toValue(draft: Draft, node: Node): Value {
  return read(draft, node, VALUES);
}

export function toMatcher(draft: Draft, node: Node): Matcher {
  return read(draft, node, MATCHERS);
}

function read(draft: Draft, node: Node, inner: Inner): Value {
  const tag = node.tags[0];
  if (tag !== undefined) return readTag(draft, node, tag, inner) ?? null;
  if (node.kind === 'seq') return node.items.map((item) => read(draft, item, inner));
  if (node.kind === 'map') return readMap(draft, node, inner);
  if (typeof node.value === 'number') return readNumber(draft, node, node.value);
  return node.value;
}

function readNumber(draft: Draft, node: ScalarNode, value: number): Value {
  if (Number.isNaN(value)) return { $: 'nan' };
  if (!Number.isFinite(value)) return value < 0 ? { $: 'infinity', negative: true } : { $: 'infinity' };
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && !/[eE.]/.test(node.text))
    draft.fault(node, `${node.text} is not exact as a number: use !bigint, or quotes for text`);
  return value;
}

function readTag(draft: Draft, node: Node, tag: string, inner: Inner): Value | undefined {
  const value = VALUE_TAGS[tag];
  const bare = untagged(node);
  if (value) {
    const instead = inner.matcher ? NOT_IN_MATCHERS[tag] : undefined;
    if (instead === undefined) return value(draft, bare, inner);
    draft.fault(node, `${tag} is no matcher: ${instead}`);
    return undefined;
  }
  const matcher = MATCHER_TAGS[tag];
  const isMatch = /^!match(?:\/[a-z]*)?$/.test(tag);
  if (matcher || isMatch) {
    if (!inner.matcher) draft.fault(node, `${tag} is a matcher: it cannot be passed as a value`);
    else return matcher ? matcher(draft, bare, inner) : (readMatch(draft, bare, tag) as Value | undefined);
    return undefined;
  }
  draft.fault(node, `unknown tag ${tag}${meant(tag, tagNames(inner.matcher))}`);
  return undefined;
}

function tagNames(matcher: boolean): string[] {
  const values = Object.keys(VALUE_TAGS);
  return matcher ? [...Object.keys(MATCHER_TAGS), '!match', ...values] : values;
}

function readMap(draft: Draft, node: MapNode, inner: Inner): Value {
  const entries = entriesOf(draft, node, inner);
  const special = entries.some(([key]) => typeof key !== 'string' || key === '$' || key === '__proto__');
  return special
    ? { $: 'object', proto: 'Object', entries }
    : (Object.fromEntries(entries) as { [key: string]: Value });
}

function entriesOf(draft: Draft, node: MapNode, inner: Inner): [string | Path, Value][] {
  return node.entries.map(({ key, value }) => [readKey(draft, key, inner), read(draft, value, inner)]);
}

/** A key in brackets is evaluated. */
function readKey(draft: Draft, key: ScalarNode, inner: Inner): string | Path {
  if (!key.text.startsWith('[') || !key.text.endsWith(']')) return key.text;
  const path = draft.parse(key, 1, () => parsePath(key.text.slice(1, -1)));
  if (path === undefined) return key.text;
  draft.refer(path, draft.within(key, 1), inner.matcher);
  return path;
}
