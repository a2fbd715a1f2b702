import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import fc from 'fast-check';
import { MessageParser } from './parser.js';
import { chunkOf, fieldLines, headOf, lastChunk, type Octets, requestLine, statusLine } from './serializer.js';

const join = (parts: readonly Octets[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));

const latin1 = (octets: Uint8Array) => Buffer.from(octets).toString('latin1');

describe('Serializer', () => {
  it('writes a head and a short body as one string', () => {
    const fields = ['Content-Type', 'text/plain', 'Content-Length', '2'];
    expect(`${headOf(statusLine(200, 'OK'), fields)}hi`).to.equal(
      'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi',
    );
  });

  it('does not copy the data of a chunk', () => {
    const data = Buffer.alloc(300);
    expect(chunkOf(data)).to.deep.equal(['12c\r\n', data, '\r\n']);
    expect(chunkOf(data)[1]).to.equal(data);
  });

  it('writes what the parser reads', () => {
    const token = fc.stringMatching(/^[A-Za-z!#$%^&*_~-]{1,9}$/).map((name) => `x-${name}`);
    const value = fc.stringMatching(/^[!-~\x80-\xff]([\t -~\x80-\xff]{0,20}[!-~\x80-\xff])?$/);
    const list = fc.array(fc.tuple(token, value), { maxLength: 5 }).map((pairs) => pairs.flat());
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
    const data = fc.array(fc.oneof(bytes, bytes.map(latin1)));
    const last = fc.oneof(fc.constant(''), bytes.map(latin1));
    const property = fc.property(list, data, last, list, (fields, chunks, last, trailers) => {
      const head = headOf(requestLine('POST', '/'), [...fields, 'Transfer-Encoding', 'chunked']);
      const parser = new MessageParser('request');
      parser.push(join([head, ...chunks.flatMap(chunkOf), lastChunk(last, fieldLines(trailers))]));
      expect(parser.next()).to.equal('head');
      expect(parser.head.rawHeaders.slice(0, -2)).to.deep.equal(fields);
      const bodies: Buffer[] = [];
      while (parser.next() === 'body') bodies.push(parser.body);
      expect(Buffer.concat(bodies)).to.deep.equal(join([...chunks, last]));
      expect(parser.trailers).to.deep.equal(trailers);
      expect(parser.error).to.equal(undefined);
    });
    fc.assert(property);
  });
});
