// The same bytes, cut anywhere, for this parser and for Node's own: messages and errors must be the same.
//
// PLUMBLINE_CASES=100000 for a long run; PLUMBLINE_SEED to begin elsewhere.
import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { config, expect } from 'chai';
import fc from 'fast-check';
import { describeAgainstNode, SAME_PARSER } from '../../testing/against-node.js';
import { CONNECT, METHODS_OF } from './methods.js';
import { type Event, pushBody, record, type Setup, show, UNKNOWN } from './testing/record.js';
import { cut, cuts, often, oneOf, streamOf } from './testing/streams.js';

// ── Node's parser ────────────────────────────────────────────────────────────────────────────────────────────────────

/** The parser behind `node:http`, as far as it is used here. */
interface NodeParser {
  [callback: number]: (...args: never[]) => unknown;
  initialize(type: number, resource: object, maxHeaderSize: number, lenientFlags: number): void;
  execute(bytes: Buffer): number | NodeError;
  finish(): NodeError | undefined;
  close(): void;
}

interface NodeError extends Error {
  code: string;
  reason: string;
  bytesParsed: number;
}

interface NodeParserClass {
  new (): NodeParser;
  [constant: string]: number;
}

const { HTTPParser } = createRequire(import.meta.url)('node:_http_common') as { HTTPParser: NodeParserClass };

/** Methods by Node's numbers for them, which it is asked for: in requests of HTTP/0.9 it takes any. */
const methods = new Map<number, string>();
for (const name of Object.values(METHODS_OF).flatMap((names) => [...names])) {
  const parser = new HTTPParser();
  parser.initialize(HTTPParser.REQUEST!, {}, 0, 0);
  parser[HTTPParser.kOnHeadersComplete!] = (...[, , , method]: [number, number, string[], number]) => {
    methods.set(method, name);
  };
  parser.execute(Buffer.from(`${name} ${name === CONNECT ? 'a:1' : '/'}\r\n\r\n`));
  parser.close();
}

function errorEvent(error: { code: string; reason: string; bytesParsed: number }, chunk: number | 'end'): Event {
  const { code, reason, bytesParsed } = error;
  return SAME_PARSER ? ['error', code, reason, chunk, chunk === 'end' ? 0 : bytesParsed] : ['error', code];
}

function nodeEvents(setup: Setup, chunks: readonly Buffer[]): Event[] {
  const parser = new HTTPParser();
  const events: Event[] = [];
  let fields: string[] = [];
  let target = '';
  let heads = 0;
  /** The parser stops behind the message; and has done so: the owner leaves with the bytes. */
  let switched = false;
  let left = false;
  const isRequest = setup.kind === 'request';
  const lenient = setup.lenient ? HTTPParser.kLenientAll! : 0;
  parser.initialize(HTTPParser[isRequest ? 'REQUEST' : 'RESPONSE']!, {}, setup.maxHeaderSize, lenient);
  parser[HTTPParser.kOnMessageBegin!] = () => undefined;
  parser[HTTPParser.kOnHeaders!] = (more: string[], url: string) => {
    fields.push(...more);
    target += url;
  };
  parser[HTTPParser.kOnHeadersComplete!] = (
    ...[major, minor, all, method, url, status, reason, upgrade, keepAlive]: [
      number,
      number,
      string[] | undefined,
      number,
      string | undefined,
      number,
      string,
      boolean,
      boolean,
    ]
  ) => {
    const line = isRequest ? [methods.get(method), url ?? target] : [status, reason];
    events.push(['head', ...line, `${major}.${minor}`, all ?? fields, keepAlive, upgrade]);
    const answer = setup.answers[heads++ % setup.answers.length]!;
    switched = upgrade || answer === 2 || status === 101;
    fields = [];
    target = '';
    return answer;
  };
  parser[HTTPParser.kOnBody!] = (body: Buffer) => pushBody(events, body);
  parser[HTTPParser.kOnMessageComplete!] = () => {
    left = switched;
    events.push(['complete', fields]);
    fields = [];
    target = '';
  };
  try {
    for (const [index, chunk] of chunks.entries()) {
      const parsed = parser.execute(chunk);
      if (typeof parsed !== 'number') return [...events, errorEvent(parsed, index)];
      if (left || parsed < chunk.length) return events;
    }
    const error = parser.finish();
    return error === undefined || switched ? events : [...events, errorEvent(error, 'end')];
  } finally {
    parser.close();
  }
}

function compare(setup: Setup, pieces: readonly Buffer[]): void {
  const ours = record(setup, pieces, errorEvent);
  const nodes = nodeEvents(setup, pieces);
  if (ours.at(-1) === UNKNOWN) nodes.splice(ours.length - 1, Number.POSITIVE_INFINITY, UNKNOWN);
  expect(show(ours)).to.equal(show(nodes));
}

/** One of each class of characters that some state tells apart; all of them for a long run. */
const OCTETS = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i))
  .filter(
    (octet) =>
      // Later parsers refuse DEL in a quoted string, and know responses of other protocols.
      SAME_PARSER || !'\x7fRI'.includes(octet),
  )
  .filter(
    (octet) =>
      process.env.PLUMBLINE_CASES || '\0\t\n\v\f\r !"#()*,-./059:;=?@AFGHIRSTXZ[\\_afgz{~\x7f\x80\xff'.includes(octet),
  );

/** Messages that go through the states of `syntax.ts`. */
const SAMPLES: readonly [Setup['kind'], string][] = [
  ['request', '\r\nGET /a?b#c HTTP/1.1\r\nHost: x\r\nA:\r\nB: \t c d \r\n\r\nGET'],
  ['request', 'GET http://u@[::1]:80/a HTTP/1.0\r\nConnection: x, keep-alive\r\nContent-Length: 2\r\n\r\nabGET'],
  ['request', 'CONNECT h:1 HTTP/1.1\r\nProxy-Connection: close\r\n\r\nx'],
  ['request', 'GET /\r\nA: b\r\n\r\n'],
  ['request', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['request', 'SOURCE / ICE/1.0\r\n\r\nGET_PARAMETER / RTSP/1.0\r\n\r\n'],
  ['request', 'POST / HTTP/1.1\r\nTransfer-Encoding: a, chunked\r\n\r\n1;a=b;c="\\d";e\r\nx\r\n0;f\r\nT: u\r\n\r\nGET'],
  ['response', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nUpgrade: x\r\n\r\naHTTP/1.0 404\r\nA: b\r\n\r\n'],
  ['response', 'HTTP/1.1 204 \r\nConnection: close\r\n\r\n\r\nx'],
  ['response', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx'],
];

const setup: fc.Arbitrary<Setup> = fc.record({
  kind: oneOf<Setup['kind']>('request', 'response'),
  lenient: fc.boolean(),
  maxHeaderSize: fc.oneof(often(4, 0), { weight: 1, arbitrary: fc.integer({ min: 1, max: 200 }) }),
  answers: fc.oneof(often<(0 | 1 | 2)[]>(3, [0]), {
    weight: 1,
    arbitrary: fc.array(oneOf<0 | 1 | 2>(0, 1, 2), { minLength: 1, maxLength: 3 }),
  }),
});

const testCase = setup.chain((of) =>
  fc.record({
    setup: fc.constant(of.kind === 'request' ? { ...of, answers: [0] as const } : of),
    bytes: streamOf(of.kind),
    cuts,
  }),
);

describeAgainstNode("MessageParser and Node's parser", () => {
  const numRuns = Number(process.env.PLUMBLINE_CASES ?? 4000);
  const seed = process.env.PLUMBLINE_SEED;

  before(() => {
    config.truncateThreshold = 0;
  });

  for (const [kind, sample] of SAMPLES) {
    for (const lenient of [false, true]) {
      it(`agree on each octet behind each beginning of ${JSON.stringify(sample)}${lenient ? ', leniently' : ''}`, function () {
        this.timeout(0);
        const setup: Setup = { kind, lenient, maxHeaderSize: 0, answers: [0] };
        for (let length = 0; length <= sample.length; length++) {
          for (const octet of OCTETS) {
            const bytes = Buffer.from(`${sample.slice(0, length)}${octet}`, 'latin1');
            compare(setup, [bytes]);
            // Once with something behind it, and once with a cut before it.
            compare(setup, [bytes.subarray(0, length), Buffer.from(`${octet}\r\nA: b\r\n\r\n`, 'latin1')]);
          }
        }
      });
    }
  }

  it(`agree on ${numRuns} streams of bytes`, function () {
    this.timeout(0);
    const property = fc.property(testCase, ({ setup, bytes, cuts }) => {
      compare(setup, cut(bytes, cuts));
    });
    fc.assert(property, { numRuns, ...(seed !== undefined && { seed: Number(seed) }) });
  });
});
