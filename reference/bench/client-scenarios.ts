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

export interface ClientScenario {
  /** Requests in flight, each on a connection of its own. */
  concurrency: number;
  /** Makes one request and calls `done` when the response has been read. */
  ask(http: ClientModule, to: { port: number; agent: object }, done: () => void): void;
  /** Sent for each request, latin1. */
  answer: string;
}

const host = '127.0.0.1';

function reply(body: string, fields = ''): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n${fields}Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function consume(response: Readable, done: () => void): void {
  response.on('end', done);
  response.resume();
}

const HELLO = reply('Hello, World!');
const HEADERS = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`X-Field-${i}`, `value number ${i} of some`]));
const BODY = Buffer.alloc(16_384, 'x');
const MEGABYTE = 2 ** 20;

export const clientScenarios: Record<string, ClientScenario> = {
  get: {
    concurrency: 64,
    ask: (http, { port, agent }, done) => {
      http.get({ host, port, path: '/hello', agent }, (response) => consume(response, done));
    },
    answer: HELLO,
  },
  'one-at-a-time': {
    concurrency: 1,
    ask: (http, { port, agent }, done) => {
      http.get({ host, port, path: '/hello', agent }, (response) => consume(response, done));
    },
    answer: HELLO,
  },
  url: {
    concurrency: 64,
    ask: (http, { port, agent }, done) => {
      http.get(`http://127.0.0.1:${port}/hello?a=b`, { agent }, (response) => consume(response, done));
    },
    answer: HELLO,
  },
  headers: {
    concurrency: 64,
    ask: (http, { port, agent }, done) => {
      http.get({ host, port, path: '/', agent, headers: HEADERS }, (response) => {
        if (response.headers['x-answer-7'] !== 'value 7') throw new Error('header is missing');
        consume(response, done);
      });
    },
    answer: reply('Hello, World!', Array.from({ length: 20 }, (_, i) => `X-Answer-${i}: value ${i}\r\n`).join('')),
  },
  text: {
    concurrency: 64,
    ask: (http, { port, agent }, done) => {
      http.get({ host, port, path: '/', agent }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          if (text.length !== 1024) throw new Error('body is not whole');
          done();
        });
      });
    },
    answer: reply('x'.repeat(1024)),
  },
  chunked: {
    concurrency: 64,
    ask: (http, { port, agent }, done) => {
      http.get({ host, port, path: '/', agent }, (response) => consume(response, done));
    },
    answer: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'d\r\nHello, World!\r\n'.repeat(4)}0\r\n\r\n`,
  },
  post: {
    concurrency: 64,
    ask: (http, { port, agent }, done) => {
      const options = { host, port, path: '/', method: 'POST', agent, headers: { 'Content-Type': 'application/json' } };
      http.request(options, (response) => consume(response, done)).end('{"hello":"world"}');
    },
    answer: HELLO,
  },
  'post-16k': {
    concurrency: 64,
    ask: (http, { port, agent }, done) => {
      const options = { host, port, path: '/', method: 'POST', agent };
      http.request(options, (response) => consume(response, done)).end(BODY);
    },
    answer: HELLO,
  },
  upload: {
    concurrency: 8,
    ask: (http, { port, agent }, done) => {
      const options = { host, port, path: '/', method: 'POST', agent, headers: { 'Content-Length': MEGABYTE } };
      const request = http.request(options, (response) => consume(response, done));
      let left = MEGABYTE;
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
  download: {
    concurrency: 8,
    ask: (http, { port, agent }, done) => {
      http.get({ host, port, path: '/', agent }, (response) => consume(response, done));
    },
    answer: reply('x'.repeat(MEGABYTE)),
  },
};
