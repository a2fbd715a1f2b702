// What clients ask, and the bytes that they get for it.

import type { Readable, Writable } from 'node:stream';

type Options = Record<string, unknown>;

interface Response extends Readable {
  headers: Record<string, string | string[] | undefined>;
}

/** `node:http`, as far as it is measured here. */
export interface ClientModule {
  Agent: new (options: Options) => { destroy(): void };
  request(options: Options, callback: (response: Response) => void): Writable;
  get(
    options: Options | string,
    second: Options | ((response: Response) => void),
    third?: (response: Response) => void,
  ): unknown;
}

export interface ClientWorkload {
  /** Requests in flight, each on a connection of its own. */
  readonly concurrency: number;
  /** What is counted: one for each request. */
  readonly unit: 'requests' | 'MiB';
  /** Makes one request and calls `done` when the response has been read. */
  ask(http: ClientModule, to: { port: number; agent: object }, done: () => void): void;
  /** Sent for each request, latin1. */
  readonly answer: string;
}

const host = '127.0.0.1';

function reply(body: string, fields = ''): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n${fields}Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: keep-alive\r\nKeep-Alive: timeout=600\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function consume(response: Readable, done: () => void): void {
  response.on('end', done);
  response.resume();
}

const HELLO = reply('Hello, World!');
const HEADERS = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`X-Field-${i}`, `value number ${i} of some`]));
const BODY = Buffer.alloc(16_384, 'x');
const MEBIBYTE = 2 ** 20;

const get: ClientWorkload['ask'] = (http, { port, agent }, done) => {
  http.get({ host, port, path: '/hello', agent }, (response) => consume(response, done));
};

const REQUESTS = { unit: 'requests', concurrency: 64 } as const;
const MEBIBYTES = { unit: 'MiB', concurrency: 8 } as const;

export const clientWorkloads: Readonly<Record<string, ClientWorkload>> = {
  get: { ...REQUESTS, ask: get, answer: HELLO },
  url: {
    ...REQUESTS,
    ask: (http, { port, agent }, done) => {
      http.get(`http://127.0.0.1:${port}/hello?a=b`, { agent }, (response) => consume(response, done));
    },
    answer: HELLO,
  },
  'headers-20': {
    ...REQUESTS,
    ask: (http, { port, agent }, done) => {
      http.get({ host, port, path: '/', agent, headers: HEADERS }, (response) => {
        if (response.headers['x-answer-7'] !== 'value 7') throw new Error('header is missing');
        consume(response, done);
      });
    },
    answer: reply('Hello, World!', Array.from({ length: 20 }, (_, i) => `X-Answer-${i}: value ${i}\r\n`).join('')),
  },
  chunked: {
    ...REQUESTS,
    ask: get,
    answer: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'d\r\nHello, World!\r\n'.repeat(4)}0\r\n\r\n`,
  },
  'post-16k': {
    ...REQUESTS,
    ask: (http, { port, agent }, done) => {
      const options = { host, port, path: '/', method: 'POST', agent };
      http.request(options, (response) => consume(response, done)).end(BODY);
    },
    answer: HELLO,
  },
  'download-1m': { ...MEBIBYTES, ask: get, answer: reply('x'.repeat(MEBIBYTE)) },
  'upload-1m': {
    ...MEBIBYTES,
    ask: (http, { port, agent }, done) => {
      const options = { host, port, path: '/', method: 'POST', agent, headers: { 'Content-Length': MEBIBYTE } };
      const request = http.request(options, (response) => consume(response, done));
      let left = MEBIBYTE;
      const write = (): void => {
        while (left > 0) {
          left -= BODY.length;
          if (!request.write(BODY)) {
            request.once('drain', write);
            return;
          }
        }
        request.end();
      };
      write();
    },
    answer: HELLO,
  },
};
