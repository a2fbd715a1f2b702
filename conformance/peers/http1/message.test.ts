import { expect } from 'chai';
import fc from 'fast-check';
import { ByteQueue } from '../bytes.js';
import { Unmet } from '../waits.js';
import { type Message, type MessageContext, MessageReader } from './message.js';

const REQUEST: MessageContext = { kind: 'request' };
const RESPONSE: MessageContext = { kind: 'response' };

interface Outcome {
  message: Message | undefined;
  rest: string;
  progress: string;
}

/** Feeds the pieces one by one. */
function read(context: MessageContext, pieces: readonly string[], ended?: 'cleanly' | 'broken'): Outcome {
  const reader = new MessageReader(context);
  const queue = new ByteQueue();
  let message: Message | undefined;
  for (const piece of pieces) {
    queue.push(Buffer.from(piece, 'latin1'));
    message ??= reader.read(queue);
  }
  if (ended) message ??= reader.read(queue, ended);
  return { message, rest: queue.take(queue.length).toString('latin1'), progress: reader.progress };
}

function body(outcome: Outcome): string | undefined {
  return outcome.message?.body.toString('latin1');
}

describe('HTTP/1 message reader', () => {
  it('reads a request as it is on the wire', () => {
    const { message, rest } = read(REQUEST, [
      '\r\nPOST /a?b HTTP/1.1\r\nHost: x\r\nhOst:y \r\nContent-Length: 3\r\n\r\nabcGET',
    ]);
    expect(message).to.deep.include({ method: 'POST', target: '/a?b', version: '1.1' });
    expect(message?.fields).to.deep.equal([
      ['Host', 'x'],
      ['hOst', 'y'],
      ['Content-Length', '3'],
    ]);
    expect(message?.body.toString()).to.equal('abc');
    expect(rest).to.equal('GET');
  });

  it('reads chunks and trailers', () => {
    const text =
      'HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: 1\r\nt: 2\r\n\r\n!';
    const outcome = read(RESPONSE, [text]);
    expect(body(outcome)).to.equal('abc0123456789');
    expect(outcome.message).to.deep.include({ status: 200, reason: '' });
    expect(outcome.message?.trailers).to.deep.equal([
      ['T', '1'],
      ['t', '2'],
    ]);
    expect(outcome.rest).to.equal('!');
  });

  it('reads a response without length up to the end', () => {
    expect(body(read(RESPONSE, ['HTTP/1.0 200 OK\r\n\r\nall', ' of it'], 'cleanly'))).to.equal('all of it');
    expect(read(RESPONSE, ['HTTP/1.0 200 OK\r\n\r\nall'], 'broken').message).to.equal(undefined);
  });

  it('knows the messages without a body', () => {
    for (const status of ['101 S', '103 E', '204 N', '304 N']) {
      expect(read(RESPONSE, [`HTTP/1.1 ${status}\r\nContent-Length: 2\r\n\r\nraw`]).rest).to.equal('raw');
    }
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nraw';
    expect(read({ kind: 'response', head: true }, [head]).rest).to.equal('raw');
    expect(read({ kind: 'response', connect: true }, [head]).rest).to.equal('raw');
    expect(read(REQUEST, ['CONNECT a:1 HTTP/1.1\r\nContent-Length: 2\r\n\r\nraw']).rest).to.equal('raw');
    expect(read(REQUEST, ['GET / HTTP/1.1\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nraw']).rest).to.equal('raw');
  });

  it('is lenient about lines', () => {
    const { message } = read(RESPONSE, ['HTTP/1.1 200 Fine\nA: one\n two\nnonsense\nContent-Length: 0\n\n']);
    expect(message?.reason).to.equal('Fine');
    expect(message?.fields.slice(0, 2)).to.deep.equal([
      ['A', 'one two'],
      ['nonsense', ''],
    ]);
  });

  it('refuses what is no message', () => {
    expect(() => read(REQUEST, ['HTTP/1.1 200 OK\r\n'])).to.throw(Unmet, 'not the first line of a request');
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(() => read(RESPONSE, [`${chunked}xyz\r\n`])).to.throw(Unmet, 'not the size of a chunk: "xyz"');
    expect(() => read(RESPONSE, [`${chunked}1\r\nabc\r\n`])).to.throw(Unmet, 'instead of the line end after a chunk');
  });

  it('says how far it has come', () => {
    expect(read(REQUEST, []).progress).to.equal('before a request came');
    expect(read(REQUEST, ['GET / HTTP/1.1\r\nA: b']).progress).to.equal('within the head of a request');
    expect(read(REQUEST, ['POST / HTTP/1.1\r\nContent-Length: 20\r\n\r\n0123']).progress).to.equal(
      'after 4 of 20 body bytes',
    );
  });

  it('reads the same however the bytes arrive', () => {
    const text = 'POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\nA: b\r\n\r\nrest';
    const whole = read(REQUEST, [text]);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((end, i) => text.slice(places[i], end));
        expect(read(REQUEST, pieces)).to.deep.equal(whole);
      }),
    );
  });
});
