import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import { Duplex } from 'node:stream';
import { expect } from 'chai';
import type { IncomingMessage } from './incoming-message.js';
import { createServer } from './index.js';
import type { Server } from './server.js';
import type { ServerResponse } from './server-response.js';

/** A connection in memory, whose other side takes what is written at once, or not before `release()`. */
class Wire extends Duplex {
  readonly writes: string[] = [];
  #slow = false;
  #callback: (() => void) | undefined;

  constructor(options: { slow?: boolean } = {}) {
    super({ highWaterMark: 16_384 });
    this.#slow = options.slow ?? false;
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#written(bytes.toString('latin1'), callback);
  }

  override _writev(chunks: { chunk: Buffer }[], callback: () => void): void {
    this.#written(chunks.map(({ chunk }) => chunk.toString('latin1')).join(''), callback);
  }

  #written(text: string, callback: () => void): void {
    this.writes.push(text);
    if (this.#slow) this.#callback = callback;
    else callback();
  }

  /** Takes all there is, and all there will be. */
  release(): void {
    this.#slow = false;
    this.#callback?.();
  }

  get text(): string {
    return this.writes.join('');
  }
}

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: a.example\r\n\r\n`;
}

function open(server: Server, options?: { slow?: boolean }): Wire {
  const wire = new Wire(options);
  server.emit('connection', wire);
  return wire;
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
}

const count = (text: string, part: string | RegExp) => text.split(part).length - 1;

describe('a server', () => {
  it('answers pipelined requests in few writes', async () => {
    const wire = open(createServer((request, response) => response.end(request.url)));
    wire.push(Array.from({ length: 50 }, (_, i) => get(`/${i}`)).join(''));
    await settle();
    expect(wire.text.match(/\/\d+(?=HTTP|$)/g)).to.deep.equal(Array.from({ length: 50 }, (_, i) => `/${i}`));
    expect(wire.writes).to.have.length.below(4);
  });

  it('keeps little for a client that does not read, and serves it when it does', async () => {
    let served = 0;
    const server = createServer((_request, response) => {
      served++;
      response.end(Buffer.alloc(10_000, 'x'));
    });
    const wire = open(server, { slow: true });
    wire.push(get('/').repeat(500));
    await settle();
    expect(served).to.be.below(5);
    expect(wire.writableLength).to.be.below(60_000);
    expect(wire.isPaused()).to.equal(true);
    wire.release();
    await settle();
    expect(count(wire.text, 'HTTP/1.1 200')).to.equal(500);
  });

  it('keeps little for requests behind one that is not answered', async () => {
    const responses: ServerResponse[] = [];
    const server = createServer((_request, response) => {
      responses.push(response);
      if (responses.length > 1) response.end(Buffer.alloc(10_000, 'x'));
    });
    const wire = open(server);
    wire.push(get('/').repeat(500));
    await settle();
    expect(responses).to.have.length.below(5);
    expect(wire.text).to.equal('');
    responses[0]!.end();
    await settle();
    expect(count(wire.text, 'HTTP/1.1 200')).to.equal(500);
  });

  it('stops reading while nobody reads a body, and goes on when somebody does', async () => {
    let request: IncomingMessage | undefined;
    const wire = open(
      createServer((incoming, response) => {
        request = incoming;
        incoming.on('end', () => response.end('read'));
      }),
    );
    wire.push('POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 40000\r\n\r\n');
    for (let i = 0; i < 4; i++) {
      wire.push('x'.repeat(10_000));
      await settle();
    }
    expect(wire.isPaused()).to.equal(true);
    expect(request!.readableLength).to.be.within(16_384, 30_000);
    request!.resume();
    await settle();
    expect(wire.text).to.match(/read$/);
  });

  it('tells a request that nobody reads of its end once it is answered', async () => {
    const events: string[] = [];
    let request: IncomingMessage | undefined;
    const wire = open(
      createServer((incoming, response) => {
        request = incoming;
        for (const event of ['end', 'close', 'aborted', 'error']) incoming.on(event, () => events.push(event));
        response.end();
      }),
    );
    wire.push(get('/'));
    await settle();
    expect(events).to.deep.equal(['end', 'close']);
    expect([request!.destroyed, request!.complete, request!.aborted]).to.deep.equal([true, true, false]);
  });

  it('lets earlier responses come to their end behind an upgrade', async () => {
    const responses: ServerResponse[] = [];
    const server = createServer((_request, response) => responses.push(response));
    server.on('upgrade', (_request: IncomingMessage, socket: Duplex) => socket.write('switched'));
    const wire = open(server);
    wire.push(`${get('/')}GET / HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n`);
    await settle();
    const events: string[] = [];
    for (const event of ['finish', 'close']) responses[0]!.on(event, () => events.push(event));
    responses[0]!.end('late');
    await settle();
    expect(events).to.deep.equal(['finish', 'close']);
    expect(wire.text).to.match(/^switched.*late$/s);
    expect(wire.destroyed).to.equal(false);
  });

  it('does not let a listener that throws keep the next request from being served', async () => {
    const server = createServer((request, response) => {
      response.end(request.url);
      if (request.url === '/bad') throw new Error('thrown');
    });
    const wire = open(server);
    const thrown: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => thrown.push(error.message));
    wire.push(get('/bad'));
    await settle();
    for (const listener of listeners) process.on('uncaughtException', listener);
    wire.push(get('/good'));
    await settle();
    expect(thrown).to.deep.equal(['thrown']);
    expect(wire.text).to.match(/\/good$/);
  });

  it('answers 500 for a listener whose promise is rejected, or destroys what it has begun', async () => {
    EventEmitter.captureRejections = true;
    try {
      const server = createServer(async (request, response) => {
        response.setHeader('X-Partial', 'yes');
        if (request.url === '/begun') response.write('begun');
        await Promise.reject(new Error('rejected'));
      });
      const [whole, begun] = [open(server), open(server)];
      whole.push(get('/'));
      begun.push(get('/begun'));
      await settle();
      expect(whole.text).to.match(/^HTTP\/1\.1 500 Internal Server Error\r\n/);
      expect(whole.text).not.to.include('X-Partial');
      expect([whole.destroyed, begun.destroyed]).to.deep.equal([false, true]);
    } finally {
      EventEmitter.captureRejections = false;
    }
  });

  it('publishes what becomes of a request', async () => {
    const published: [string, string[]][] = [];
    const names = ['http.server.response.created', 'http.server.request.start', 'http.server.response.finish'];
    const subscriber = (message: unknown, name: string | symbol) => {
      published.push([String(name), Object.keys(message as object).toSorted()]);
    };
    for (const name of names) subscribe(name, subscriber);
    const wire = open(createServer((_request, response) => response.end()));
    wire.push(get('/'));
    await settle();
    for (const name of names) unsubscribe(name, subscriber);
    expect(published).to.deep.equal([
      ['http.server.response.created', ['request', 'response']],
      ['http.server.request.start', ['request', 'response', 'server', 'socket']],
      ['http.server.response.finish', ['request', 'response', 'server', 'socket']],
    ]);
  });

  it('refuses an encoding for its sockets, until they are handed over', async () => {
    const server = createServer();
    server.on('upgrade', (_request: IncomingMessage, socket: Duplex) => {
      socket.setEncoding('utf8');
      socket.write('switched');
    });
    const wire = open(server);
    expect(() => wire.setEncoding('utf8'))
      .to.throw()
      .with.property('code', 'ERR_HTTP_SOCKET_ENCODING');
    wire.push('GET / HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    await settle();
    expect(wire.text).to.equal('switched');
  });
});
