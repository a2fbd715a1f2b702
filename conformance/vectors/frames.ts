/** HTTP/2 frames as vectors write them: to send, and to compare with. */
import type { Matcher, WireFrame } from '../plan.js';
import { asCount, asList, asMap, asText, asTrue, unknownKey, wrong } from './content.js';
import type { Draft } from './draft.js';
import { enumerate, meant } from './faults.js';
import { toMatcher } from './tags.js';
import { type Entry, kindOf, type MapNode, type Node } from './yaml.js';

const MAX_UINT32 = 0xffff_ffff;

/** Node's names of the settings; `maxHeaderSize` is another name of `maxHeaderListSize`. */
const SETTINGS = [
  'headerTableSize',
  'enablePush',
  'maxConcurrentStreams',
  'initialWindowSize',
  'maxFrameSize',
  'maxHeaderListSize',
  'maxHeaderSize',
  'enableConnectProtocol',
];

const CODES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

const FLAGS = ['END_STREAM', 'END_HEADERS', 'PADDED', 'PRIORITY', 'ACK'];

type Reader = (draft: Draft, node: Node) => unknown;

const number: Reader = (draft, node) => asCount(draft, node, 'a number', 0, MAX_UINT32);
const isTrue: Reader = (draft, node) => asTrue(draft, node, 'true');
/** Text, bytes, or a repetition; paths in `!fmt` are exported. */
const bytes: Reader = (draft, node) => {
  if (node.kind === 'scalar' && node.tags.length === 0) return asText(draft, node, 'text or bytes')?.text;
  return toMatcher(draft, node);
};

const BLOCK: { [field: string]: Reader } = { fields: readFields, block: bytes, pad: number };
const PRIORITY: { [field: string]: Reader } = { parent: number, weight: number, exclusive: isTrue };

/** Fields of each type, besides those that every frame has. */
const FRAMES: { [type: string]: { [field: string]: Reader } } = {
  DATA: { data: bytes, pad: number },
  HEADERS: { ...BLOCK, priority: readPriority },
  PRIORITY,
  RST_STREAM: { code: readCode },
  SETTINGS: { settings: readSettings, entries: readEntries, ack: isTrue },
  PUSH_PROMISE: { promised: number, ...BLOCK },
  PING: { payload: bytes, ack: isTrue },
  GOAWAY: { last: number, code: readCode, debug: bytes },
  WINDOW_UPDATE: { increment: number },
  CONTINUATION: { fields: readFields, block: bytes },
  ALTSVC: { origin: bytes, value: bytes },
  ORIGIN: { origins: (draft, node) => asList(draft, node, 'a list of origins')?.map((item) => bytes(draft, item)) },
  UNKNOWN: { code: number },
};

const COMMON: { [field: string]: Reader } = { stream: number, flags: readFlags, raw: readRaw, length: number };

/** Further fields of frames that have been received. */
const RECEIVED: { [type: string]: readonly string[] } = {
  HEADERS: ['headers', 'sensitive', 'continuations'],
  PUSH_PROMISE: ['headers', 'sensitive', 'continuations'],
  UNKNOWN: ['raw'],
};

export const FRAME_TYPES: readonly string[] = Object.keys(FRAMES);

/** `TYPE: { … }` to send. */
export function readFrame(draft: Draft, { key, value }: Entry): WireFrame | undefined {
  if (!knownType(draft, key)) return undefined;
  const type = key.text;
  const frame: WireFrame = { type };
  const readers = { ...COMMON, ...FRAMES[type] };
  const map =
    value.kind === 'scalar' && value.value === null && value.tags.length === 0
      ? undefined
      : asMap(draft, value, `the fields of ${type}`);
  for (const entry of map?.entries ?? []) {
    const name = entry.key.text;
    if (!Object.hasOwn(readers, name)) unknownKey(draft, entry.key, `${type} to send`, Object.keys(readers));
    else frame[name] = readers[name]!(draft, entry.value);
  }
  return frame;
}

function knownType(draft: Draft, key: { text: string; at: number }): boolean {
  if (Object.hasOwn(FRAMES, key.text)) return true;
  draft.fault(
    key,
    `unknown frame type "${key.text}"${meant(key.text, FRAME_TYPES) || `: it is one of ${enumerate(FRAME_TYPES)}`}`,
  );
  return false;
}

/** A frame to compare with: `TYPE`, or `{ TYPE: { … } }` compared in part. A stream that is a number selects. */
export function expectFrame(
  draft: Draft,
  node: Node,
): { type: string; stream?: number; matcher: Matcher | null } | undefined {
  if (node.kind === 'scalar' && node.tags.length === 0) {
    return knownType(draft, node) ? { type: node.text, matcher: null } : undefined;
  }
  const map = asMap(draft, node, 'a frame, { TYPE: { … } }');
  const [entry, more] = map?.entries ?? [];
  if (!map || !entry || more || !knownType(draft, entry.key)) {
    if (map && (!entry || more)) draft.fault(map, 'a frame is a map with one key, its type');
    return undefined;
  }
  const type = entry.key.text;
  const { value } = entry;
  if (value.tags.length > 0) return { type, matcher: toMatcher(draft, value) };
  if (value.kind === 'scalar' && value.value === null) return { type, matcher: null };
  const fields = asMap(draft, value, `the fields of ${type}`);
  if (!fields) return undefined;
  const names = ['type', ...Object.keys(COMMON), ...Object.keys(FRAMES[type]!), ...(RECEIVED[type] ?? [])];
  const selecting = fields.entries.find(({ key }) => key.text === 'stream')?.value;
  const stream =
    selecting?.kind === 'scalar' && selecting.tags.length === 0
      ? asCount(draft, selecting, 'a stream', 0, MAX_UINT32)
      : undefined;
  const rest =
    stream === undefined ? fields : { ...fields, entries: fields.entries.filter(({ key }) => key.text !== 'stream') };
  const props = matchFields(draft, rest, `${type} as received`, names);
  const matcher = Object.keys(props).length > 0 ? ({ $: 'partial', props } as const) : null;
  return { type, ...(stream === undefined ? {} : { stream }), matcher };
}

/** Maps inside a message or frame are compared in part as well; flags in any order. */
export function matchFields(
  draft: Draft,
  map: MapNode,
  what: string,
  names: readonly string[],
): { [key: string]: Matcher } {
  const props: [string, Matcher][] = [];
  for (const { key, value } of map.entries) {
    if (!names.includes(key.text)) unknownKey(draft, key, what, names);
    else props.push([key.text, matchField(draft, key.text, value)]);
  }
  return Object.fromEntries(props);
}

function matchField(draft: Draft, name: string, node: Node): Matcher {
  if (node.tags.length > 0) return toMatcher(draft, node);
  if (node.kind === 'seq' && name === 'flags') {
    for (const item of node.items) if (item.kind === 'scalar' && item.tags.length === 0) knownFlag(draft, item);
    return { $: 'unordered', items: node.items.map((item) => toMatcher(draft, item)) };
  }
  if (node.kind === 'map') {
    // What must be empty is compared whole.
    if (node.entries.length === 0) return {};
    if (name === 'headers' || name === 'trailers') lowerCased(draft, node);
    return {
      $: 'partial',
      props: Object.fromEntries(node.entries.map(({ key, value }) => [key.text, toMatcher(draft, value)])),
    };
  }
  if (name === 'code' && node.kind === 'scalar' && typeof node.value === 'string') readCode(draft, node);
  return toMatcher(draft, node);
}

function lowerCased(draft: Draft, map: MapNode): void {
  for (const { key } of map.entries) {
    if (key.text !== key.text.toLowerCase())
      draft.fault(
        key,
        `header names are lower case here: "${key.text.toLowerCase()}" (rawHeaders and fields keep what was sent)`,
      );
  }
}

// --------------------------------------------------------------------------------------------------- fields to send

function readFlags(draft: Draft, node: Node): string[] | number | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'number') return asCount(draft, node, 'flags', 0, 255);
  return asList(draft, node, 'a list of flags, or a number')?.flatMap((item) => {
    const name = asText(draft, item, 'a flag');
    return name && knownFlag(draft, name) ? [name.text] : [];
  });
}

function knownFlag(draft: Draft, node: { text: string; at: number }): boolean {
  if (FLAGS.includes(node.text)) return true;
  draft.fault(node, `unknown flag "${node.text}"${meant(node.text, FLAGS) || `: it is one of ${enumerate(FLAGS)}`}`);
  return false;
}

/** The payload, in base64. */
function readRaw(draft: Draft, node: Node): string | undefined {
  const value = bytes(draft, node);
  if (typeof value === 'string') return Buffer.from(value).toString('base64');
  const tagged = value as { $?: string; base64?: string; text?: string; times?: number } | undefined;
  if (tagged?.$ === 'bytes') return tagged.base64;
  if (tagged?.$ === 'repeat') return Buffer.from(tagged.text!.repeat(tagged.times!)).toString('base64');
  return wrong(draft, node, 'bytes, such as !hex "00ff"');
}

function readCode(draft: Draft, node: Node): string | number | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'number')
    return asCount(draft, node, 'an error code', 0, MAX_UINT32);
  const name = asText(draft, node, 'an error code, by name or number');
  return name && knownCode(draft, name) ? name.text : undefined;
}

/** Reports a name that the RFC does not give. */
export function knownCode(draft: Draft, node: { text: string; at: number }): boolean {
  if (CODES.includes(node.text)) return true;
  draft.fault(node, `unknown error code "${node.text}"${meant(node.text, CODES)}`);
  return false;
}

/** `[[name, value], [name, value, sensitive]]`. */
function readFields(draft: Draft, node: Node): unknown[] | undefined {
  return asList(draft, node, 'a list of [name, value]')?.flatMap((item) => {
    const parts = item.kind === 'seq' && item.tags.length === 0 ? item.items : [];
    if (parts.length < 2 || parts.length > 3) return wrong(draft, item, 'a field [name, value]') ?? [];
    if (parts[2] && (parts[2].kind !== 'scalar' || parts[2].text !== 'sensitive'))
      return wrong(draft, parts[2], '"sensitive" as the third item') ?? [];
    return [[...parts.slice(0, 2).map((part) => bytes(draft, part)), ...(parts[2] ? ['sensitive'] : [])]];
  });
}

function readPriority(draft: Draft, node: Node): unknown {
  const priority: { [field: string]: unknown } = {};
  for (const { key, value } of asMap(draft, node, '{ parent, weight, exclusive }')?.entries ?? []) {
    if (!Object.hasOwn(PRIORITY, key.text)) unknownKey(draft, key, '"priority"', Object.keys(PRIORITY));
    else priority[key.text] = PRIORITY[key.text]!(draft, value);
  }
  return priority;
}

/** Settings by Node's names, or by number. */
export function readSettings(draft: Draft, node: Node): { [name: string]: number } {
  const settings: { [name: string]: number } = {};
  for (const { key, value } of asMap(draft, node, 'a map of settings')?.entries ?? []) {
    if (!SETTINGS.includes(key.text) && !/^\d+$/.test(key.text)) {
      draft.fault(key, `unknown setting "${key.text}"${meant(key.text, SETTINGS) || ': use its name or its number'}`);
    } else if (value.kind === 'scalar' && typeof value.value === 'boolean') settings[key.text] = Number(value.value);
    else settings[key.text] = asCount(draft, value, 'a setting', 0, MAX_UINT32) ?? 0;
  }
  return settings;
}

/** `[[id, value], …]`. */
function readEntries(draft: Draft, node: Node): number[][] | undefined {
  return asList(draft, node, 'a list of [id, value]')?.flatMap((item) => {
    const pair = item.kind === 'seq' && item.tags.length === 0 && item.items.length === 2 ? item.items : undefined;
    if (!pair) {
      draft.fault(item, `expected [id, value], found ${kindOf(item)}`);
      return [];
    }
    return [pair.map((part) => asCount(draft, part, 'a number', 0, MAX_UINT32) ?? 0)];
  });
}
