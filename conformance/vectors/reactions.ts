/** Reactions of which the RFCs allow several: `any-of`, and short names for those that come again and again. */
import type { Choice, Expected, Matcher, PeerStepBody } from '../plan.js';
import { asCount, asFields, asList, asMap, asText } from './content.js';
import type { Draft } from './draft.js';
import { type Receiving, readExpected } from './expected.js';
import { knownCode } from './frames.js';
import { toMatcher } from './tags.js';
import { readDuration } from './trace.js';
import { kindOf, type Node, valueAt } from './yaml.js';

/** Milliseconds in which a reaction must have come. */
const WITHIN = 3_000;

type Verb = (reading: Receiving, value: Node) => PeerStepBody[];

/** `[…]`, or `{ of: […], within: 5s }`. */
export function readAnyOf(reading: Receiving, value: Node): PeerStepBody[] {
  const { draft } = reading;
  const fields = value.kind === 'map' ? asFields(draft, value, '"any-of"', ['of', 'within']) : undefined;
  const list = fields ? fields.of?.value : value;
  const within = fields?.within && readDuration(draft, fields.within.value);
  const items = list ? asList(draft, list, 'a list of reactions') : undefined;
  const choices = (items ?? []).flatMap((item) => readChoice(reading, item));
  if (items?.length === 0 || !list) draft.fault(value, '"any-of" needs a list of reactions, of which one must come');
  return anyOf(reading, choices, within);
}

function readChoice(reading: Receiving, node: Node): Choice[] {
  if (node.kind === 'scalar' && node.tags.length === 0 && (node.text === 'closed' || node.text === 'nothing'))
    return [{ kind: node.text }];
  const expected = readExpected(reading, node);
  return expected ? [expected] : [];
}

function anyOf({ draft, kind }: Receiving, choices: Choice[], within = WITHIN): PeerStepBody[] {
  draft.expectations++;
  const other: Expected = { kind: kind === 'http1-client' ? 'response' : 'request', matcher: null };
  return [{ op: 'any-of', choices, within, ...(kind.startsWith('http1') ? { other } : {}) }];
}

const partial = (props: { [key: string]: Matcher }): Matcher => ({ $: 'partial', props });
const oneOf = (choices: Matcher[]): Matcher => ({ $: 'one-of', choices });
const bare = (node: Node) => node.kind === 'scalar' && node.value === null && node.tags.length === 0;

export const HTTP1_REACTIONS: { [verb: string]: Verb } = {
  /** An error status (one of those named), or the end of the connection. */
  refused: (reading, value) => {
    const { draft } = reading;
    const named = bare(value) ? undefined : asList(draft, value, 'a list of statuses');
    const statuses = named?.map((item) => asCount(draft, item, 'a status', 400, 599) ?? 0);
    const status: Matcher = statuses ? oneOf(statuses) : { $: 'compare', gte: 400, lte: 599 };
    return anyOf(reading, [{ kind: 'response', matcher: partial({ status }) }, { kind: 'closed' }]);
  },
  /** A final status that does not say that the request was not understood; with further expectations. */
  answered: (reading, value) => {
    const { draft } = reading;
    const expected: Expected | undefined = bare(value)
      ? { kind: 'response', matcher: partial({}) }
      : readExpected(reading, value);
    if (!bare(value) && value.kind !== 'map')
      draft.fault(value, `expected what the response must be, found ${kindOf(value)}`);
    if (expected?.kind !== 'response') return [];
    const props = (expected.matcher as { props?: { [key: string]: Matcher } } | null)?.props ?? {};
    const understood: Matcher = {
      $: 'not',
      matcher: oneOf([400, 408, 411, 414, 417, 421, 431, 501, 505, { $: 'compare', lt: 200 }]),
    };
    return anyOf(reading, [{ ...expected, matcher: partial({ status: understood, ...props }) }]);
  },
};

export const HTTP2_REACTIONS: { [verb: string]: Verb } = {
  /** GOAWAY with the code (or one of them), or the end of the connection. RFC 9113 §5.4.1 */
  'connection-error': (reading, value) => anyOf(reading, connectionError(readCodes(reading.draft, value))),
  /** RST_STREAM with the code, or the same as an error of the connection. RFC 9113 §5.4.2 */
  'stream-error': (reading, value) => {
    const { stream, codes } = readStream(reading.draft, value, '"stream-error"');
    return anyOf(reading, streamError(stream, codes));
  },
  /** An error of the stream, before which a response with an error status may come. RFC 9113 §8.1.1 */
  malformed: (reading, value) => {
    const { stream, codes } = readStream(reading.draft, value, '"malformed"');
    const headers = partial({ ':status': { $: 'match', pattern: '^[45]', flags: '' } });
    const response: Expected = { kind: 'frame', type: 'HEADERS', stream, matcher: partial({ headers }) };
    return anyOf(reading, [response, ...streamError(stream, codes)]);
  },
};

function connectionError(codes: Matcher[]): Choice[] {
  return [{ kind: 'frame', type: 'GOAWAY', matcher: partial({ code: oneOf(codes) }) }, { kind: 'closed' }];
}

function streamError(stream: number, codes: Matcher[]): Choice[] {
  const matcher = partial({ code: oneOf(codes) });
  return [{ kind: 'frame', type: 'RST_STREAM', stream, matcher }, ...connectionError(codes)];
}

function readStream(draft: Draft, value: Node, what: string): { stream: number; codes: Matcher[] } {
  const map = asMap(draft, value, `${what} with stream and code`);
  const fields = map && asFields(draft, map, what, ['stream', 'code']);
  const stream = fields?.stream && asCount(draft, fields.stream.value, 'a stream', 1, 0x7fff_ffff);
  if (map && !fields?.stream) draft.fault(value, `${what} needs "stream"`);
  const code = map && valueAt(map, 'code');
  return { stream: stream ?? 1, codes: code ? readCodes(draft, code) : ['PROTOCOL_ERROR'] };
}

function readCodes(draft: Draft, node: Node): Matcher[] {
  if (node.kind === 'scalar' && node.value === null) return ['PROTOCOL_ERROR'];
  const items = node.kind === 'seq' ? node.items : [node];
  return items.flatMap((item) => {
    if (item.tags.length > 0) return [toMatcher(draft, item)];
    const text = asText(draft, item, 'an error code');
    return text && knownCode(draft, text) ? [text.text] : [];
  });
}
