// The reference's HTTP/1 parser against the one behind Node's own `node:http`, both as JavaScript sees them: A B A B …
// in one process. Messages a second of CPU time; the ratios are of pairs that ran one after the other.
//
// node dist/reference/bench/parser.js [--rounds 15] [--milliseconds 200] [scenario …]

import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { MessageParser } from '../protocol/http1/parser.js';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, milliseconds: { type: 'string', default: '200' } },
  allowPositionals: true,
});

interface Scenario {
  kind: 'request' | 'response';
  /** One message, in the pieces that it comes in. */
  chunks: Buffer[];
}

const GET = [
  'GET /hello?name=world HTTP/1.1',
  'Host: localhost:8080',
  'User-Agent: curl/8.5.0',
  'Accept: */*',
  'Accept-Encoding: gzip, deflate',
  'Connection: keep-alive',
];

/** What a browser sends. */
const BROWSER = [
  ...GET.slice(0, 2),
  'Connection: keep-alive',
  'Cache-Control: max-age=0',
  'sec-ch-ua: "Chromium";v="124", "Not-A.Brand";v="99"',
  'sec-ch-ua-mobile: ?0',
  'sec-ch-ua-platform: "Linux"',
  'Upgrade-Insecure-Requests: 1',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Safari/537.36',
  'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
  'Sec-Fetch-Site: none',
  'Sec-Fetch-Mode: navigate',
  'Sec-Fetch-User: ?1',
  'Sec-Fetch-Dest: document',
  'Referer: https://www.example.com/some/page',
  'Accept-Encoding: gzip, deflate, br, zstd',
  'Accept-Language: en-US,en;q=0.9',
  'Cookie: session=abcdef0123456789; theme=dark; lang=en',
  'X-Request-Id: 7b0c2a6e-2f55-4b7c-9a53-5d2d0f1f2d10',
  'If-None-Match: W/"abcdef"',
  'DNT: 1',
];

const RESPONSE = [
  'HTTP/1.1 200 OK',
  'Date: Thu, 01 Jan 2026 00:00:00 GMT',
  'Content-Type: application/json; charset=utf-8',
  'Content-Length: 27',
  'ETag: W/"1b-abc"',
  'Connection: keep-alive',
  'Keep-Alive: timeout=5',
];

const bytes = (lines: readonly string[], content = '') =>
  Buffer.from(`${lines.join('\r\n')}\r\n\r\n${content}`, 'latin1');
const chunk = `400\r\n${'x'.repeat(1024)}\r\n`;

const scenarios: Record<string, Scenario> = {
  'GET, 5 fields': { kind: 'request', chunks: [bytes(GET)] },
  'GET, 20 fields': { kind: 'request', chunks: [bytes(BROWSER)] },
  'GET, 20 fields in two pieces': {
    kind: 'request',
    chunks: [bytes(BROWSER).subarray(0, 400), bytes(BROWSER).subarray(400)],
  },
  'POST, 16 KiB': {
    kind: 'request',
    chunks: [bytes(['POST / HTTP/1.1', 'Host: x', 'Content-Length: 16384'], 'x'.repeat(16_384))],
  },
  'POST, 16 chunks': {
    kind: 'request',
    chunks: [bytes(['POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked'], `${chunk.repeat(16)}0\r\n\r\n`)],
  },
  'response, 6 fields': { kind: 'response', chunks: [bytes(RESPONSE, '{"hello":"world","n":12345}')] },
};

/** Reads a piece; what comes of it is counted, as an owner would at least. */
type Reader = (piece: Buffer) => void;

let count = 0;

function referenceReader(kind: Scenario['kind']): Reader {
  const parser = new MessageParser(kind);
  return (piece) => {
    parser.push(piece);
    for (let event = parser.next(); event !== undefined; event = parser.next()) {
      if (event === 'head') count += parser.head.rawHeaders.length;
      else if (event === 'body') count += parser.body.length;
      else if (event === 'complete') count++;
      else throw new Error(`${parser.error}`);
    }
  };
}

interface NodeParser {
  [callback: number]: (...args: never[]) => unknown;
  initialize(type: number, resource: object, maxHeaderSize: number, lenientFlags: number): void;
  execute(piece: Buffer): unknown;
}

type NodeParserClass = (new () => NodeParser) & Record<string, number>;

function nodeReader(kind: Scenario['kind']): Reader {
  const { HTTPParser } = createRequire(import.meta.url)('node:_http_common') as { HTTPParser: NodeParserClass };
  const parser = new HTTPParser();
  parser.initialize(HTTPParser[kind === 'request' ? 'REQUEST' : 'RESPONSE']!, {}, 0, 0);
  parser[HTTPParser.kOnHeadersComplete!] = (...[, , fields]: [number, number, string[] | undefined]) => {
    count += fields?.length ?? 0;
    return 0;
  };
  parser[HTTPParser.kOnHeaders!] = (fields: string[]) => {
    count += fields.length;
  };
  parser[HTTPParser.kOnBody!] = (body: Buffer) => {
    count += body.length;
  };
  parser[HTTPParser.kOnMessageComplete!] = () => {
    count++;
  };
  return (piece) => {
    if (parser.execute(piece) instanceof Error) throw new Error('Node does not like it');
  };
}

/** Messages for each second of CPU time. */
function rate(read: Reader, pieces: readonly Buffer[]): number {
  const until = performance.now() + Number(values.milliseconds);
  const before = process.cpuUsage();
  let messages = 0;
  while (performance.now() < until) {
    for (let i = 0; i < 1000; i++) for (const piece of pieces) read(piece);
    messages += 1000;
  }
  const { user, system } = process.cpuUsage(before);
  return (messages / (user + system)) * 1e6;
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}

for (const name of positionals.length > 0 ? positionals : Object.keys(scenarios)) {
  const { kind, chunks } = scenarios[name]!;
  const reference = referenceReader(kind);
  const node = nodeReader(kind);
  rate(reference, chunks);
  rate(node, chunks);
  const pairs: { reference: number; node: number }[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    pairs.push({ reference: rate(reference, chunks), node: rate(node, chunks) });
  }
  const ratios = pairs.map((pair) => pair.reference / pair.node);
  const [ours, nodes] = (['reference', 'node'] as const).map((of) => Math.round(median(pairs.map((pair) => pair[of]))));
  const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  process.stdout.write(`${name}: ${ours}/s against ${nodes}/s, ${median(ratios).toFixed(2)} (${range})x\n`);
}
if (count === 0) throw new Error('nothing was read');
