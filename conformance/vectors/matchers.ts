/** The tags of matchers. */
import type { Matcher, MatcherTag, Value } from '../plan.js';
import { asFields, asList, asNumber, asText, wrong } from './content.js';
import type { Draft } from './draft.js';
import { enumerate } from './faults.js';
import { content, type Inner, nothing, type TagReader } from './values.js';
import type { Node } from './yaml.js';

const TYPES = [
  'string',
  'number',
  'boolean',
  'undefined',
  'object',
  'function',
  'symbol',
  'bigint',
  'null',
  'array',
  'integer',
];

type MatcherReader = (draft: Draft, node: Node, inner: Inner) => MatcherTag | undefined;

const READERS: { [tag: string]: MatcherReader } = {
  '!any': (draft, node) => nothing(draft, node, '!any') && { $: 'any' },
  '!absent': (draft, node) => nothing(draft, node, '!absent') && { $: 'absent' },
  '!function': (draft, node) => nothing(draft, node, '!function') && { $: 'function' },
  '!type': (draft, node) => {
    const type = content(draft, node, '!type', 'a type')?.text;
    if (type === undefined) return undefined;
    return TYPES.includes(type) ? { $: 'type', type } : wrong(draft, node, `${enumerate(TYPES, 'or')} after !type`);
  },
  '!gt': (draft, node) => compare(draft, node, 'gt'),
  '!gte': (draft, node) => compare(draft, node, 'gte'),
  '!lt': (draft, node) => compare(draft, node, 'lt'),
  '!lte': (draft, node) => compare(draft, node, 'lte'),
  '!range': (draft, node) => {
    const [gte, lte, ...more] = (asList(draft, node, '[least, most] after !range') ?? []).map((item) =>
      asNumber(draft, item, 'a number'),
    );
    if (gte === undefined || lte === undefined || more.length > 0 || gte > lte)
      return node.kind === 'seq' ? wrong(draft, node, '[least, most] after !range') : undefined;
    return { $: 'compare', gte, lte };
  },
  '!one-of': (draft, node, inner) => {
    const choices = several(draft, node, '!one-of', inner);
    return choices && { $: 'one-of', choices };
  },
  '!none-of': (draft, node, inner) => {
    const choices = several(draft, node, '!none-of', inner);
    return choices && { $: 'not', matcher: { $: 'one-of', choices } };
  },
  '!not': (draft, node, inner) => ({ $: 'not', matcher: inner.read(draft, node) }),
  '!contains': (draft, node, inner) => ({ $: 'contains', items: [inner.read(draft, node)] }),
  '!contains-all': (draft, node, inner) => {
    const items = several(draft, node, '!contains-all', inner);
    return items && { $: 'contains', items };
  },
  '!unordered': (draft, node, inner) => {
    const items = asList(draft, node, 'a list after !unordered');
    return items && { $: 'unordered', items: items.map((item) => inner.read(draft, item)) };
  },
  '!partial': (draft, node, inner) =>
    node.kind === 'map'
      ? { $: 'partial', props: properties(draft, node, inner) }
      : wrong(draft, node, 'a map after !partial'),
  '!length': (draft, node, inner) => {
    const plain = node.kind === 'scalar' && node.tags.length === 0;
    if (plain && !Number.isInteger(node.value)) return wrong(draft, node, 'a whole number after !length');
    return { $: 'length', matcher: inner.read(draft, node) };
  },
  '!instance': instance,
  '!symbol': (draft, node) => {
    const text = content(draft, node, '!symbol', "the symbol's description");
    return text && { $: 'symbol', description: text.text };
  },
};

/** Readers of matcher tags. Tagged JSON in, so to say, of the same type as values: judges tell them apart by `$`. */
export const MATCHER_TAGS = READERS as { [tag: string]: TagReader };

/** `!match` and `!match/FLAGS`. */
export function readMatch(draft: Draft, node: Node, tag: string): Matcher | undefined {
  const flags = tag.slice('!match/'.length);
  const pattern = content(draft, node, tag, 'a regular expression');
  if (pattern === undefined) return undefined;
  try {
    new RegExp(pattern.text, flags);
  } catch (error) {
    draft.fault(node, (error as Error).message);
  }
  return { $: 'match', pattern: pattern.text, flags };
}

function compare(draft: Draft, node: Node, sign: 'gt' | 'gte' | 'lt' | 'lte'): MatcherTag | undefined {
  const number = asNumber(draft, node, `a number after !${sign}`);
  return number === undefined ? undefined : { $: 'compare', [sign]: number };
}

function several(draft: Draft, node: Node, tag: string, inner: Inner): Value[] | undefined {
  const items = asList(draft, node, `a list after ${tag}`);
  if (items?.length === 0) return wrong(draft, node, `a list that is not empty after ${tag}`);
  return items?.map((item) => inner.read(draft, item));
}

function properties(draft: Draft, node: Node, inner: Inner): { [key: string]: Value } {
  const props: [string, Value][] = [];
  for (const [key, value] of inner.entries(draft, node)) {
    if (typeof key === 'string') props.push([key, value]);
    else draft.fault(node, `the key [${key.text}] cannot stand in a map that is compared in part`);
  }
  return Object.fromEntries(props);
}

function instance(draft: Draft, node: Node, inner: Inner): MatcherTag | undefined {
  if (node.kind === 'scalar') {
    const name = content(draft, node, '!instance', 'the name of a class');
    return name && { $: 'instance', class: name.text };
  }
  const fields = asFields(draft, node, '{ of: CLASS, with: { … } } after !instance', ['of', 'with']);
  if (fields === undefined) return undefined;
  if (fields.of === undefined) return wrong(draft, node, '"of" with the name of a class in !instance');
  const name = asText(draft, fields.of.value, 'the name of a class');
  if (name === undefined) return undefined;
  if (fields.with === undefined) return { $: 'instance', class: name.text };
  if (fields.with.value.kind !== 'map') return wrong(draft, fields.with.value, 'a map of properties');
  return { $: 'instance', class: name.text, props: properties(draft, fields.with.value, inner) };
}
