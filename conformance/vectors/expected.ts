/** What a peer must receive, as vectors write it. */
import type { Expected, Matcher, PeerKind } from '../plan.js';
import { asCount, asFields, asMap, asText, wrong } from './content.js';
import type { Draft } from './draft.js';
import { expectFrame, matchFields } from './frames.js';
import { toMatcher } from './tags.js';
import { type Entry, type MapNode, type Node, valueAt } from './yaml.js';

/** Whose script is read. */
export interface Receiving {
  draft: Draft;
  kind: PeerKind;
}

const REQUEST = ['method', 'target', 'version', 'headers', 'rawHeaders', 'body', 'trailers'];
const RESPONSE = ['status', 'reason', 'version', 'headers', 'rawHeaders', 'body', 'trailers'];
const MESSAGE = ['headers', 'fields', 'body', 'trailers', 'informational'];

/** A message, a frame, or bare bytes. */
export function readExpected(reading: Receiving, value: Node): Expected | undefined {
  return reading.kind.startsWith('http2') ? receiveHttp2(reading, value) : receiveHttp1(reading, value);
}

function receiveHttp1({ draft, kind }: Receiving, value: Node): Expected | undefined {
  const server = kind === 'http1-server';
  const word = server ? 'request' : 'response';
  if (value.kind === 'scalar' && value.tags.length === 0) {
    if (value.text === word) return { kind: word, matcher: null };
    draft.fault(value, `${kind} receives a "${word}", not "${value.text}"`);
    return undefined;
  }
  const map = asMap(draft, value, `"${word}", or a map of what must be received`);
  if (!map) return undefined;
  const raw = receiveText(draft, map);
  if (raw) return raw;
  const inner = valueAt(map, server ? 'request' : 'head') ?? (server ? undefined : valueAt(map, 'response'));
  if (inner && map.entries.length > 1)
    draft.fault(
      map.entries[1]!.key,
      `"${map.entries[1]!.key.text}" cannot stand here: all that is expected stands inside "${map.entries[0]!.key.text}"`,
    );
  if (server) {
    if (inner) return { kind: 'request', matcher: message(draft, inner, 'a request', REQUEST) };
    return wrong(draft, map, '{ request: { … } }, { bytes, is }, { until, is } or { all }');
  }
  const matcher = message(draft, inner ?? map, 'a response', RESPONSE);
  return valueAt(map, 'head') ? { kind: 'response', matcher, head: true } : { kind: 'response', matcher };
}

/** `{ bytes, is }`, `{ until, is }`, `{ all }`. */
function receiveText(draft: Draft, map: MapNode): Expected | undefined {
  const kind = (['bytes', 'until', 'all'] as const).find((name) => valueAt(map, name));
  if (kind === undefined) return undefined;
  const fields = asFields(draft, map, '"receive"', kind === 'all' ? ['all'] : [kind, 'is']);
  const value = fields?.[kind as never] as Entry | undefined;
  const is = (fields as { is?: Entry } | undefined)?.is?.value;
  const matcher: Matcher | undefined = is && toMatcher(draft, is);
  if (!value) return undefined;
  if (kind === 'all') return { kind: 'bytes', count: null, matcher: toMatcher(draft, value.value) };
  if (kind === 'bytes')
    return {
      kind: 'bytes',
      count: asCount(draft, value.value, 'a number of bytes', 1) ?? 1,
      matcher: matcher ?? { $: 'any' },
    };
  return { kind: 'until', text: asText(draft, value.value, 'a text')?.text ?? '', matcher: matcher ?? null };
}

function receiveHttp2(reading: Receiving, value: Node): Expected | undefined {
  const { draft } = reading;
  const inner = value.kind === 'map' && value.tags.length === 0 ? valueAt(value, 'message') : undefined;
  if (!inner) return readExpectedFrame(reading, value);
  const map = asMap(draft, inner, 'a message: { stream, headers, body, … }');
  if (!map) return undefined;
  const stream = valueAt(map, 'stream');
  if (!stream) return wrong(draft, map, '"stream", the number of the stream, in a message');
  const rest: MapNode = { ...map, entries: map.entries.filter(({ key }) => key.text !== 'stream') };
  const matcher = rest.entries.length > 0 ? message(draft, rest, 'a message', MESSAGE) : null;
  return { kind: 'message', stream: asCount(draft, stream, 'a stream', 1, 0x7fff_ffff) ?? 1, matcher };
}

export function readExpectedFrame({ draft }: Receiving, value: Node): Extract<Expected, { kind: 'frame' }> | undefined {
  const expected = expectFrame(draft, value);
  return expected && { kind: 'frame', ...expected };
}

/** A message is compared in part. */
function message(draft: Draft, node: Node, what: string, names: readonly string[]): Matcher | null {
  if (node.kind === 'scalar' && node.value === null && node.tags.length === 0) return null;
  if (node.tags.length > 0) return toMatcher(draft, node);
  const map = asMap(draft, node, `a map of what ${what} must be`);
  if (!map) return null;
  return { $: 'partial', props: matchFields(draft, map, what, names) };
}
