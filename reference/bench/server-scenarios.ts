// What is asked, and how it is answered.

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

export interface Scenario {
  listener: Listener;
  /** As it goes over the wire, latin1. */
  request: string;
  connections: number;
  /** Requests in flight on each connection. */
  depth: number;
}

const HELLO = 'GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n\r\n';

const hello: Listener = (_request, response) => {
  response.setHeader('Content-Type', 'text/plain');
  response.end('Hello, World!');
};

/** What a server would say to hello without looking at it. */
export const CANNED =
  'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 13\r\n\r\nHello, World!';

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

const PIECE = Buffer.alloc(65_536, 'x');

function stream(response: Response, pieces: number): void {
  for (let left = pieces; left > 0; left--) {
    if (response.write(PIECE)) continue;
    response.once('drain', () => stream(response, left - 1));
    return;
  }
  response.end();
}

export const scenarios: Record<string, Scenario> = {
  hello: { listener: hello, request: HELLO, connections: 64, depth: 1 },
  pipelined: { listener: hello, request: HELLO, connections: 64, depth: 16 },
  headers: {
    listener: (request, response) => {
      response.setHeader('X-Seen', String(request.headers['x-field-7']));
      response.end('Hello, World!');
    },
    request: `GET /hello?world HTTP/1.1\r\nHost: 127.0.0.1\r\n${fields(20)}Connection: keep-alive\r\n\r\n`,
    connections: 64,
    depth: 1,
  },
  'write-head': {
    listener: (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 13 });
      response.end('Hello, World!');
    },
    request: HELLO,
    connections: 64,
    depth: 1,
  },
  buffer: {
    listener: (_request, response) => {
      response.setHeader('Content-Type', 'application/octet-stream');
      response.end(Buffer.from('Hello, World!'));
    },
    request: HELLO,
    connections: 64,
    depth: 1,
  },
  post: { listener: count, request: post(16_384), connections: 64, depth: 1 },
  upload: { listener: count, request: post(1_048_576), connections: 16, depth: 1 },
  download: { listener: (_request, response) => stream(response, 16), request: HELLO, connections: 16, depth: 1 },
};
