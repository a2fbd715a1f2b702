// What parsers read: one message each, in the pieces that it comes in.

import { Buffer } from 'node:buffer';

export interface ParserWorkload {
  readonly kind: 'request' | 'response';
  readonly pieces: readonly Buffer[];
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

export const parserWorkloads: Readonly<Record<string, ParserWorkload>> = {
  'request-5': { kind: 'request', pieces: [bytes(GET)] },
  'request-20': { kind: 'request', pieces: [bytes(BROWSER)] },
  'request-20-cut': {
    kind: 'request',
    pieces: [bytes(BROWSER).subarray(0, 400), bytes(BROWSER).subarray(400)],
  },
  'post-16k': {
    kind: 'request',
    pieces: [bytes(['POST / HTTP/1.1', 'Host: x', 'Content-Length: 16384'], 'x'.repeat(16_384))],
  },
  'chunks-16': {
    kind: 'request',
    pieces: [bytes(['POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked'], `${chunk.repeat(16)}0\r\n\r\n`)],
  },
  'response-6': { kind: 'response', pieces: [bytes(RESPONSE, '{"hello":"world","n":12345}')] },
};
