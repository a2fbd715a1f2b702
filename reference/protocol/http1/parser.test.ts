import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import { NO_LENGTH } from './head.js';
import { MessageParser, type ParserOptions } from './parser.js';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** Each event with what it brings. */
function events(parser: MessageParser): unknown[] {
  const seen: unknown[] = [];
  for (let event = parser.next(); event !== undefined; event = parser.next()) {
    if (event === 'head') seen.push([parser.head.method || parser.head.statusCode, parser.head.rawHeaders]);
    else if (event === 'body') seen.push(parser.body.toString('latin1'));
    else if (event === 'complete') seen.push(['complete', ...parser.trailers]);
    else seen.push(parser.error!.code);
  }
  return seen;
}

function read(kind: 'request' | 'response', text: string, options?: ParserOptions): unknown[] {
  const parser = new MessageParser(kind, options);
  parser.push(latin1(text));
  return events(parser);
}

const DONE = ['complete'];

describe('MessageParser', () => {
  it('reads the request of RFC 9112 §2.1', () => {
    const parser = new MessageParser('request');
    parser.push(
      latin1(
        'GET /hello.txt HTTP/1.1\r\nUser-Agent: curl/7.64.1\r\nHost: www.example.com\r\nAccept-Language: en, mi\r\n\r\n',
      ),
    );
    expect(parser.next()).to.equal('head');
    expect(parser.head).to.include({ method: 'GET', target: '/hello.txt', versionMajor: 1, versionMinor: 1 });
    expect(parser.head).to.include({ contentLength: NO_LENGTH, upgrade: false });
    const fields = ['User-Agent', 'curl/7.64.1', 'Host', 'www.example.com', 'Accept-Language', 'en, mi'];
    expect(parser.head.rawHeaders).to.deep.equal(fields);
    expect(parser.keepAlive).to.equal(true);
    expect(parser.next()).to.equal('complete');
    expect(parser.next()).to.equal(undefined);
    expect(parser.idle).to.equal(true);
  });

  it('reads messages one after the other, as far as it is asked', () => {
    const parser = new MessageParser('request');
    parser.push(latin1('POST /1 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\n\r\nGE'));
    expect([parser.next(), parser.next(), parser.next()]).to.deep.equal(['head', 'body', 'complete']);
    expect(parser.head.target).to.equal('/1');
    parser.push(latin1('T /3 HTTP/1.1\r\n\r\n'));
    expect([parser.next(), parser.head.target, parser.next()]).to.deep.equal(['head', '/2', 'complete']);
    expect([parser.next(), parser.head.target, parser.next()]).to.deep.equal(['head', '/3', 'complete']);
  });

  it('hands out content without copying it', () => {
    const bytes = latin1('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x="y"\r\nabc\r\n0\r\nT: u\r\n\r\n');
    const parser = new MessageParser('response');
    parser.push(bytes);
    expect([parser.next(), parser.next()]).to.deep.equal(['head', 'body']);
    expect(parser.body.buffer).to.equal(bytes.buffer);
    expect([parser.body.toString(), parser.next()]).to.deep.equal(['abc', 'complete']);
    expect(parser.trailers).to.deep.equal(['T', 'u']);
    expect(parser.keepAlive).to.equal(true);
  });

  it('reads content up to the end of the connection', () => {
    const parser = new MessageParser('response');
    parser.push(latin1('HTTP/1.1 200 OK\r\n\r\nab'));
    expect(events(parser)).to.deep.equal([[200, []], 'ab']);
    expect(parser.keepAlive).to.equal(false);
    parser.push(latin1('c'));
    parser.end();
    expect(events(parser)).to.deep.equal(['c', DONE]);
    expect(events(parser)).to.deep.equal([]);
  });

  it('misses the end of a message that ends too soon, and of no other', () => {
    const cutShort = ['GET / HTTP/1.1\r\n', 'POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab', 'G'];
    for (const text of [...cutShort, 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n']) {
      const parser = new MessageParser('request');
      parser.push(latin1(text));
      events(parser);
      expect(parser.idle).to.equal(false);
      parser.end();
      expect(events(parser)).to.deep.equal(['HPE_INVALID_EOF_STATE']);
      expect(events(parser)).to.deep.equal([]);
    }
    for (const text of ['', '\r\n', 'GET / HTTP/1.1\r\n\r\n', 'GET / HTTP/1.0\r\n\r\n\r\n']) {
      const parser = new MessageParser('request');
      parser.push(latin1(text));
      events(parser);
      expect(parser.idle).to.equal(true);
      parser.end();
      expect(events(parser)).to.deep.equal([]);
    }
  });

  it('reads no content in answers to HEAD, and behind the statuses that have none', () => {
    const parser = new MessageParser('response');
    parser.push(latin1('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 100 C\r\n\r\n'));
    expect(parser.next()).to.equal('head');
    parser.skipBody();
    expect(events(parser)).to.deep.equal([DONE, [100, []], DONE]);
    for (const status of [100, 101, 103, 204, 304]) {
      const upgrade = status === 101 ? 'Connection: upgrade\r\nUpgrade: x\r\n' : '';
      const [, ...rest] = read('response', `HTTP/1.1 ${status} X\r\n${upgrade}Content-Length: 3\r\n\r\n`);
      expect(rest).to.deep.equal([DONE]);
    }
  });

  it('hands back the bytes of the next protocol', () => {
    const parser = new MessageParser('request');
    parser.push(latin1('GET / HTTP/1.1\r\nConnection: keep-alive, Upgrade\r\nUpgrade: a\r\n\r\n\x01\x02'));
    expect([parser.next(), parser.head.upgrade, parser.next()]).to.deep.equal(['head', true, 'complete']);
    expect(parser.rest()).to.deep.equal(Buffer.from([1, 2]));
    expect(parser.next()).to.equal(undefined);
  });

  it('reads on where nobody wants the upgrade', () => {
    const upgrade = 'Connection: upgrade\r\nUpgrade: a\r\n';
    const text = `POST / HTTP/1.1\r\n${upgrade}Content-Length: 1\r\n\r\nxGET / HTTP/1.1\r\n\r\n`;
    const fields = ['Connection', 'upgrade', 'Upgrade', 'a', 'Content-Length', '1'];
    expect(read('request', text)).to.deep.equal([['POST', fields], 'x', DONE, ['GET', []], DONE]);
  });

  it('takes the answer to CONNECT for the end of HTTP, when told to', () => {
    const parser = new MessageParser('response');
    parser.push(latin1('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\ntunnel'));
    expect(parser.next()).to.equal('head');
    parser.switchProtocols();
    expect([parser.next(), parser.rest().toString()]).to.deep.equal(['complete', 'tunnel']);
  });

  it('keeps the connection as RFC 9112 §9.3 has it', () => {
    const keepAlive = (kind: 'request' | 'response', text: string) => {
      const parser = new MessageParser(kind);
      parser.push(latin1(text));
      parser.next();
      return parser.keepAlive;
    };
    expect(keepAlive('request', 'GET / HTTP/1.1\r\n\r\n')).to.equal(true);
    expect(keepAlive('request', 'GET / HTTP/1.1\r\nConnection: x, Close\r\n\r\n')).to.equal(false);
    expect(keepAlive('request', 'GET / HTTP/1.0\r\n\r\n')).to.equal(false);
    expect(keepAlive('request', 'GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n')).to.equal(true);
    expect(keepAlive('response', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')).to.equal(true);
    expect(keepAlive('response', 'HTTP/1.1 200 OK\r\n\r\n')).to.equal(false);
    expect(keepAlive('response', 'HTTP/1.1 204 X\r\n\r\n')).to.equal(true);
  });

  it('takes nothing behind a message that closes the connection, but empty lines', () => {
    const close = 'GET / HTTP/1.0\r\n\r\n';
    expect(read('request', `${close}\r\n\n`)).to.deep.equal([['GET', []], DONE]);
    expect(read('request', close + close)).to.deep.equal([['GET', []], DONE, 'HPE_CLOSED_CONNECTION']);
    expect(read('request', close + close, { lenient: true })).to.have.length(4);
  });

  it('fails for good', () => {
    const parser = new MessageParser('request');
    parser.push(latin1('GET / HTTP/1.1\r\nA b\r\n'));
    expect(events(parser)).to.deep.equal(['HPE_INVALID_HEADER_TOKEN']);
    const { error } = parser;
    expect(error).to.include({ reason: 'Invalid header token', bytesParsed: 17 });
    parser.push(latin1('GET / HTTP/1.1\r\n\r\n'));
    expect(events(parser)).to.deep.equal(['HPE_INVALID_HEADER_TOKEN']);
    expect(parser.error).to.equal(error);
  });

  it('refuses heads and trailers that are too large, and counts each anew', () => {
    const filler = (length: number) => `A: ${'x'.repeat(length)}\r\n`;
    const options = { maxHeaderSize: 100 };
    // Target and name take two octets.
    expect(read('request', `GET / HTTP/1.1\r\n${filler(97)}\r\n`, options)).to.have.length(2);
    expect(read('request', `GET / HTTP/1.1\r\n${filler(98)}\r\n`, options)).to.deep.equal(['HPE_HEADER_OVERFLOW']);
    const chunked = `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n${filler(70)}\r\n0\r\n`;
    expect(read('request', `${chunked}${filler(98)}\r\n`, options).at(-1)).to.be.an('array');
    expect(read('request', `${chunked}${filler(99)}\r\n`, options).at(-1)).to.equal('HPE_HEADER_OVERFLOW');
    expect(read('request', `GET /${'x'.repeat(16_384)}`)).to.deep.equal(['HPE_HEADER_OVERFLOW']);
  });

  it('refuses chunk extensions beyond 16 KiB, of each chunk', () => {
    const chunk = (length: number) => `1;${'x'.repeat(length)}\r\na\r\n`;
    const head = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(read('request', head + chunk(16_384) + chunk(16_384)).slice(1)).to.deep.equal(['a', 'a']);
    expect(read('request', head + chunk(16_385)).slice(1)).to.deep.equal(['HPE_CHUNK_EXTENSIONS_OVERFLOW']);
    expect(read('request', `${head}1;${'x'.repeat(16_385)}`).slice(1)).to.deep.equal(['HPE_CHUNK_EXTENSIONS_OVERFLOW']);
  });

  it('lists about as many fields as it may, and heeds them all', () => {
    const lines = 'A: b\r\n'.repeat(100);
    const text = `POST / HTTP/1.1\r\n${lines}Content-Length: 1\r\n\r\nx`;
    const listed = (maxFields: number) => {
      const [head, ...rest] = read('request', text, { maxFields }) as [[string, string[]], ...unknown[]];
      expect(rest).to.deep.equal(['x', DONE]);
      return head[1].length / 2;
    };
    // As Node's rawHeaders are.
    expect([0, 10, 31, 32, 62, 63, 1000].map(listed)).to.deep.equal([101, 31, 31, 62, 62, 93, 101]);
  });

  it('skips empty lines before a message', () => {
    expect(read('request', '\r\n\nGET / HTTP/1.1\r\n\r\n')).to.deep.equal([['GET', []], DONE]);
    expect(read('response', '\r\nHTTP/1.1 204\r\n\r\n')).to.deep.equal([[204, []], DONE]);
  });
});
