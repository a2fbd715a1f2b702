/** The tags of values: what YAML lacks, as the tagged JSON of the plan. */
import type { Path, Tagged, Value } from '../plan.js';
import { asFields, asList, asText, wrong } from './content.js';
import type { Draft } from './draft.js';
import { NOWHERE } from './draft.js';
import { meant } from './faults.js';
import { parseFormat, parsePath } from './path.js';
import { httpText } from './text.js';
import { kindOf, type Node, type ScalarNode } from './yaml.js';

/** How the content of a tag is read: with the tags of values only, or those of matchers too. */
export interface Inner {
  matcher: boolean;
  /** Reads a node. */
  read(draft: Draft, node: Node): Value;
  /** Reads the entries of a map. */
  entries(draft: Draft, node: Node): [string | Path, Value][];
}

/** Reads a node whose tag has been taken off. */
export type TagReader = (draft: Draft, node: Node, inner: Inner) => Value | undefined;

export const VALUE_TAGS: { [tag: string]: TagReader } = {
  '!undefined': (draft, node) => nothing(draft, node, '!undefined') && { $: 'undefined' },
  '!nan': (draft, node) => nothing(draft, node, '!nan') && { $: 'nan' },
  '!infinity': (draft, node) => nothing(draft, node, '!infinity') && { $: 'infinity' },
  '!-infinity': (draft, node) => nothing(draft, node, '!-infinity') && { $: 'infinity', negative: true },
  '!bigint': (draft, node) => {
    const text = content(draft, node, '!bigint', 'digits');
    if (text === undefined) return undefined;
    if (/^-?\d+$/.test(text.text)) return { $: 'bigint', value: text.text };
    return wrong(draft, node, 'digits after !bigint');
  },
  '!hex': (draft, node) => bytesOf(hexBytes(draft, node)),
  '!base64': (draft, node) => {
    const text = content(draft, node, '!base64', 'text')?.text;
    if (text === undefined) return undefined;
    const packed = text.replaceAll(/\s/g, '');
    if (!/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(packed))
      return wrong(draft, node, 'base64 with its padding after !base64');
    return { $: 'bytes', base64: packed, view: 'Buffer' };
  },
  '!buffer': (draft, node) => view(draft, node, '!buffer', 'Buffer'),
  '!uint8': (draft, node) => view(draft, node, '!uint8', 'Uint8Array'),
  '!dataview': (draft, node) => view(draft, node, '!dataview', 'DataView'),
  '!arraybuffer': (draft, node) => view(draft, node, '!arraybuffer', 'ArrayBuffer'),
  '!text': (draft, node) => {
    const repeated = repetition(draft, node, '!text');
    return repeated && { $: 'repeat', ...repeated, view: 'string' };
  },
  '!http': (draft, node) => {
    const text = content(draft, node, '!http', 'text');
    return text && bytesOf(Buffer.from(httpText(text.text)));
  },
  '!url': (draft, node) => {
    const text = content(draft, node, '!url', 'a URL')?.text;
    if (text === undefined) return undefined;
    return URL.canParse(text) ? { $: 'url', href: text } : wrong(draft, node, 'a URL after !url');
  },
  '!date': (draft, node) => {
    const text = content(draft, node, '!date', 'a date')?.text;
    if (text === undefined) return undefined;
    const date = new Date(text);
    if (Number.isNaN(date.getTime())) return wrong(draft, node, 'a date such as "2024-01-01T00:00:00Z" after !date');
    return { $: 'date', iso: date.toISOString() };
  },
  '!ref': (draft, node, { matcher }) => ({ $: 'ref', path: taggedPath(draft, node, '!ref', matcher) }),
  '!fmt': (draft, node, { matcher }) => {
    const parts = formatParts(draft, node, matcher);
    return parts && { $: 'fmt', parts };
  },
  '!fn': (draft, node) => draft.ground.fn(draft, node),
  '!callback': (draft, node) => {
    const name = content(draft, node, '!callback', 'a name');
    if (name === undefined) return undefined;
    if (!/^[A-Za-z_$][\w$-]*$/.test(name.text)) return wrong(draft, node, 'a name after !callback');
    const tag: Extract<Tagged, { $: 'callback' }> = { $: 'callback', name: name.text };
    draft.callbacks.push(tag);
    return tag;
  },
  '!error': errorTag,
  '!null-proto': (draft, node, { entries }) =>
    node.kind === 'map'
      ? { $: 'object', proto: 'null', entries: entries(draft, node) }
      : wrong(draft, node, 'a map after !null-proto'),
  '!map': (draft, node, { read }) => {
    const entries = pairs(draft, node, '!map');
    return entries && { $: 'map', entries: entries.map(([key, value]) => [read(draft, key), read(draft, value)]) };
  },
  '!set': (draft, node, { read }) => {
    const items = asList(draft, node, 'a list after !set');
    return items && { $: 'set', items: items.map((item) => read(draft, item)) };
  },
  '!headers': (draft, node) => {
    const entries = pairs(draft, node, '!headers');
    return (
      entries && { $: 'headers', entries: entries.map(([name, value]) => [textOf(draft, name), textOf(draft, value)]) }
    );
  },
  '!file': (draft, node) => {
    draft.needs.add('files');
    const fixture = fixtureOf(draft, node, '!file');
    return fixture && { $: 'file', name: fixture.name, base64: fixture.bytes.toString('base64') };
  },
  '!fixture': (draft, node) => fixtureOf(draft, node, '!fixture')?.bytes.toString('utf8'),
  '!fixture-buffer': (draft, node) => bytesOf(fixtureOf(draft, node, '!fixture-buffer')?.bytes),
  '!temp': (draft, node) => {
    const name = content(draft, node, '!temp', 'a name');
    if (name === undefined) return undefined;
    if (!/^[\w-][\w.-]*$/.test(name.text)) return wrong(draft, node, 'a file name after !temp');
    return { $: 'temp', name: name.text };
  },
};

/** Tags whose values cannot be compared with. */
export const NOT_IN_MATCHERS: { [tag: string]: string } = {
  '!fn': 'use !function',
  '!callback': 'use !function',
  '!file': 'use !type string',
  '!temp': 'bind the path with let and use !ref',
  '!headers': 'compare what its methods return',
};

/** The text of a tag's content. */
export function content(draft: Draft, node: Node, tag: string, what: string): ScalarNode | undefined {
  if (node.kind === 'scalar' && node.tags.length === 0 && (node.value !== null || !node.plain)) return node;
  return wrong(draft, node, `${what} after ${tag}`);
}

/** True when a tag stands alone, as it should. */
export function nothing(draft: Draft, node: Node, tag: string): true | undefined {
  if (node.kind === 'scalar' && node.tags.length === 0 && node.value === null && node.text === '') return true;
  draft.fault(node, `${tag} stands alone: it takes no content (${kindOf(node)})`);
  return undefined;
}

/** The path after a tag, noted as read. */
function taggedPath(draft: Draft, node: Node, tag: string, exported: boolean): Path {
  const text = content(draft, node, tag, 'a path');
  if (text === undefined) return NOWHERE;
  const path = draft.parse(text, 0, () => parsePath(text.text));
  if (path === undefined) return NOWHERE;
  draft.refer(path, draft.within(text, 0), exported);
  return path;
}

/** The parts of `!fmt`, its paths noted as read. */
function formatParts(draft: Draft, node: Node, exported: boolean): (string | Path)[] | undefined {
  const text = content(draft, node, '!fmt', 'text');
  const parts = text && draft.parse(text, 0, () => parseFormat(text.text));
  for (const part of parts ?? []) if (typeof part !== 'string') draft.refer(part, node.at, exported);
  return parts;
}

/** Bytes of `!hex`. */
function hexBytes(draft: Draft, node: Node): Buffer | undefined {
  const text = content(draft, node, '!hex', 'hexadecimal digits')?.text;
  if (text === undefined) return undefined;
  const digits = text.replaceAll(/\s/g, '');
  if (/^(?:[\da-fA-F]{2})*$/.test(digits)) return Buffer.from(digits, 'hex');
  return wrong(draft, node, 'pairs of hexadecimal digits after !hex');
}

/** `{repeat: a, times: 9}`. */
export function repetition(draft: Draft, node: Node, tag: string): { text: string; times: number } | undefined {
  const fields = asFields(draft, node, `{ repeat: TEXT, times: NUMBER } after ${tag}`, ['repeat', 'times']);
  if (fields === undefined) return undefined;
  if (!fields.repeat || !fields.times) {
    draft.fault(node, `${tag} needs both "repeat" and "times"`);
    return undefined;
  }
  const times = fields.times.value;
  const text = asText(draft, fields.repeat.value, 'the text to repeat');
  if (times.kind !== 'scalar' || !Number.isInteger(times.value) || Number(times.value) < 0)
    return wrong(draft, times, 'how often to repeat it (a whole number)');
  return text && { text: text.text, times: Number(times.value) };
}

function view(
  draft: Draft,
  node: Node,
  tag: string,
  kind: 'Buffer' | 'Uint8Array' | 'DataView' | 'ArrayBuffer',
): Value | undefined {
  if (node.kind === 'map' && (kind === 'Buffer' || kind === 'Uint8Array')) {
    const repeated = repetition(draft, node, tag);
    return repeated && { $: 'repeat', ...repeated, view: kind };
  }
  const text = content(draft, node, tag, 'text');
  return text && { $: 'bytes', base64: Buffer.from(text.text).toString('base64'), view: kind };
}

function bytesOf(bytes: Buffer | undefined): Value | undefined {
  return bytes && { $: 'bytes', base64: bytes.toString('base64'), view: 'Buffer' };
}

function errorTag(draft: Draft, node: Node, { read }: Inner): Value | undefined {
  if (node.kind !== 'map') return wrong(draft, node, 'a map after !error, such as { message: x }');
  const tag = { $: 'error' as const, name: 'Error', message: '', props: {} as { [key: string]: Value } };
  for (const { key, value } of node.entries) {
    if (key.text === 'name' || key.text === 'message') tag[key.text] = asText(draft, value, 'text')?.text ?? '';
    else tag.props[key.text] = read(draft, value);
  }
  return tag;
}

function pairs(draft: Draft, node: Node, tag: string): [Node, Node][] | undefined {
  const items = asList(draft, node, `a list of pairs after ${tag}`);
  return items?.flatMap((item) => {
    if (item.kind === 'seq' && item.tags.length === 0 && item.items.length === 2) return [item.items as [Node, Node]];
    wrong(draft, item, `a pair [a, b] in ${tag}`);
    return [];
  });
}

function textOf(draft: Draft, node: Node): string {
  return asText(draft, node, 'text')?.text ?? '';
}

function fixtureOf(draft: Draft, node: Node, tag: string): { name: string; bytes: Buffer } | undefined {
  const name = content(draft, node, tag, 'the name of a fixture');
  if (name === undefined) return undefined;
  const bytes = draft.ground.fixture(name.text);
  if (bytes) return { name: name.text.replaceAll('/', '-'), bytes: Buffer.from(bytes) };
  draft.fault(node, `there is no fixtures/${name.text}${meant(name.text, draft.ground.fixtureNames())}`);
  return undefined;
}
