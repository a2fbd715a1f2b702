import type { Duplex } from 'node:stream';
import { Writable } from 'node:stream';
import { expect } from 'chai';
import { ServerResponse } from './server-response.js';

/** Remembers each write by itself, as the operating system would get it. */
class Sink extends Writable {
  readonly writes: string[] = [];

  override _write(bytes: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.writes.push(bytes.toString('latin1'));
    callback();
  }

  override _writev(chunks: { chunk: Buffer }[], callback: () => void): void {
    this.writes.push(chunks.map(({ chunk }) => chunk.toString('latin1')).join(''));
    callback();
  }

  get text(): string {
    return this.writes.join('');
  }
}

function response(): ServerResponse {
  const message = new ServerResponse({ method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1 });
  message.sendDate = false;
  return message;
}

const assign = (message: ServerResponse, sink: Writable) => message.assignSocket(sink as Duplex);
const settled = () => new Promise(setImmediate);

describe('an outgoing message', () => {
  for (const [what, body, length] of [
    ['text', 'hello', 5],
    ['text beyond ASCII', 'h\u00e9llo \u20ac', 10],
    ['a short Buffer', Buffer.from('hello'), 5],
    ['a long Buffer', Buffer.alloc(100_000, 'x'), 100_000],
  ] as const) {
    it(`goes out in one write: ${what}`, () => {
      const sink = new Sink();
      const message = response();
      assign(message, sink);
      message.end(body);
      expect(sink.writes).to.have.length(1);
      expect(sink.text).to.include(`\r\nContent-Length: ${length}\r\n`);
      expect(sink.text.slice(-length)).to.equal(Buffer.from(body as string).toString('latin1'));
    });
  }

  it('sends head, chunks and end of one tick together', async () => {
    const sink = new Sink();
    const message = response();
    assign(message, sink);
    message.write('one');
    message.write(Buffer.from('two'));
    await settled();
    expect(sink.writes).to.have.length(1);
    message.write('three');
    message.end();
    expect(sink.writes).to.have.length(2);
    expect(sink.text).to.match(/\r\n\r\n3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n$/);
  });

  it('keeps what is written before it has a socket, in order, and then hands it over at once', async () => {
    const message = response();
    const called: string[] = [];
    message.writeContinue(() => called.push('continue'));
    expect(message.write('a', () => called.push('a'))).to.equal(true);
    expect(message.write(Buffer.alloc(70_000, 'b'))).to.equal(false);
    expect(message.writableLength).to.be.above(70_000);
    message.end('c', () => called.push('finish'));
    const sink = new Sink();
    assign(message, sink);
    expect(sink.writes).to.have.length(1);
    expect(sink.text).to.match(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    expect(sink.text).to.match(/\r\n1\r\na\r\n11170\r\nb{70000}\r\n1\r\nc\r\n0\r\n\r\n$/);
    await settled();
    expect(called).to.deep.equal(['continue', 'a', 'finish']);
  });

  it('emits drain when it gets a socket that takes what was too much', () => {
    const message = response();
    let drained = 0;
    message.on('drain', () => drained++);
    message.write(Buffer.alloc(70_000));
    expect(message.writableNeedDrain).to.equal(true);
    assign(message, new Sink({ highWaterMark: 100_000 }));
    expect(drained).to.equal(1);
  });

  it('sends each character of a header as one octet, whatever the encoding of the body', () => {
    const sink = new Sink();
    const message = response();
    assign(message, sink);
    message.setHeader('X-Name', 'caf\u00e9');
    message.end('caf\u00e9');
    expect(sink.text).to.include('\r\nX-Name: caf\xe9\r\n');
    expect(sink.text.slice(-5)).to.equal(Buffer.from('caf\u00e9').toString('latin1'));
  });

  it('sends nothing behind the head of a response without a body, not even the end of chunks', () => {
    const sink = new Sink();
    const message = new ServerResponse({ method: 'HEAD', httpVersionMajor: 1, httpVersionMinor: 1 });
    assign(message, sink);
    message.setHeader('Transfer-Encoding', 'chunked');
    message.write('unseen');
    message.end('unseen');
    expect(sink.text).to.match(/\r\n\r\n$/);
    expect(sink.text.split('\r\n\r\n')).to.have.length(2);
  });

  it('is as before when writeHead() has refused its headers', () => {
    const sink = new Sink();
    const message = response();
    assign(message, sink);
    const bad = { 'Transfer-Encoding': 'chunked', Connection: 'close', 'X-Bad': '\n' };
    expect(() => message.writeHead(204, bad)).to.throw(TypeError);
    message.statusCode = 500;
    message.end('sorry');
    expect(sink.text).to.equal(
      'HTTP/1.1 500 Internal Server Error\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nsorry',
    );
  });

  it('refuses hints that are no headers', () => {
    const link = '</style.css>; rel=preload';
    expect(() => response().writeEarlyHints({ link, 'x-a': 'b\r\nx-injected: c' })).to.throw(TypeError);
  });

  it('refuses a socket that carries another message, and can be detached', () => {
    const sink = new Sink();
    const [first, second] = [response(), response()];
    assign(first, sink);
    expect(() => assign(second, sink))
      .to.throw()
      .with.property('code', 'ERR_HTTP_SOCKET_ASSIGNED');
    first.detachSocket(sink as unknown as Duplex);
    assign(second, sink);
    second.end();
    expect(sink.writes).to.have.length(1);
  });

  it('emits close when its socket closes', async () => {
    const sink = new Sink();
    const message = response();
    assign(message, sink);
    const events: string[] = [];
    for (const event of ['finish', 'close']) message.on(event, () => events.push(event));
    sink.destroy();
    await settled();
    expect(events).to.deep.equal(['close']);
    expect(message.destroyed).to.equal(true);
  });
});
