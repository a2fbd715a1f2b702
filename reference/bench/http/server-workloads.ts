// What servers are asked, and how they answer.

import type { Readable } from 'node:stream';

interface Request extends Readable {
  headers: Record<string, string | string[] | undefined>;
}

interface Response {
  setHeader(name: string, value: string | number): unknown;
  writeHead(status: number, headers?: Record<string, string | number>): unknown;
  write(chunk: Buffer): boolean;
  end(body?: string | Buffer): unknown;
  once(event: 'drain', listener: () => void): unknown;
}

export type Listener = (request: Request, response: Response) => void;

export interface ServerWorkload {
  readonly listener: Listener;
  /** As it goes over the wire, latin1. */
  readonly request: string;
  readonly connections: number;
  /** Requests in flight on each connection. */
  readonly depth: number;
  /** What is counted: one for each request. */
  readonly unit: 'requests' | 'MiB';
  /** What node:net says instead of a server, without looking at what was asked, latin1. */
  readonly canned: string;
}

const GREETING = 'Hello, World!';

const HELLO = 'GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n\r\n';

const hello: Listener = (_request, response) => {
  response.setHeader('Content-Type', 'text/plain');
  response.end(GREETING);
};

const CANNED_HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n';

function canned(body: string): string {
  return `${CANNED_HEAD}Content-Length: ${body.length}\r\n\r\n${body}`;
}

function fields(count: number): string {
  return Array.from({ length: count }, (_, i) => `X-Field-${i}: value number ${i} of some\r\n`).join('');
}

const count: Listener = (request, response) => {
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
  });
  request.on('end', () => response.end(String(length)));
};

function post(length: number): string {
  return `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`;
}

/** Part of a Buffer so large that it begins on a page in every process: how fast it is copied depends on that. */
const PIECE = Buffer.alloc(2 ** 21, 'x').subarray(0, 65_536);

function stream(response: Response, pieces: number): void {
  for (let left = pieces; left > 0; left--) {
    if (response.write(PIECE)) continue;
    response.once('drain', () => stream(response, left - 1));
    return;
  }
  response.end();
}

const REQUESTS = { unit: 'requests', connections: 64, depth: 1, canned: canned(GREETING) } as const;
const MEBIBYTES = { unit: 'MiB', connections: 16, depth: 1 } as const;

export const serverWorkloads: Readonly<Record<string, ServerWorkload>> = {
  hello: { ...REQUESTS, listener: hello, request: HELLO },
  pipelined: { ...REQUESTS, listener: hello, request: HELLO, depth: 16 },
  'write-head': {
    ...REQUESTS,
    listener: (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': GREETING.length });
      response.end(GREETING);
    },
    request: HELLO,
  },
  'headers-20': {
    ...REQUESTS,
    listener: (request, response) => {
      response.setHeader('X-Seen', String(request.headers['x-field-7']));
      response.end(GREETING);
    },
    request: `GET /hello?world HTTP/1.1\r\nHost: 127.0.0.1\r\n${fields(19)}\r\n`,
  },
  'post-16k': { ...REQUESTS, listener: count, request: post(16_384) },
  'download-1m': {
    ...MEBIBYTES,
    listener: (_request, response) => stream(response, 2 ** 20 / PIECE.length),
    request: HELLO,
    canned: canned('x'.repeat(2 ** 20)),
  },
  'upload-1m': { ...MEBIBYTES, listener: count, request: post(2 ** 20), canned: canned(String(2 ** 20)) },
};
