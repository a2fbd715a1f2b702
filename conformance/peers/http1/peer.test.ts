import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { expect } from 'chai';
import type { PeerAddress, PeerStepBody } from '../../plan.js';
import {
  ANY,
  accept,
  CREDENTIALS,
  call,
  connect,
  listening,
  receiveRequest,
  receiveResponse,
  saw,
  send,
  serve,
} from '../testing/perform.js';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

function get(address: PeerAddress, options: http.RequestOptions = {}, body?: string): Promise<string> {
  const { host, port, path } = address;
  return new Promise((resolve, reject) => {
    const where = path === undefined ? { host, port } : { socketPath: path };
    const request = http.request({ agent: false, ...where, ...options }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function write(address: PeerAddress, text: string, then: 'end' | 'resetAndDestroy'): void {
  const socket = net.connect(address.port, address.host, () => socket.write(text, () => socket[then]()));
  socket.on('error', () => {});
  socket.resume();
}

const bytes = (count: number | null): PeerStepBody => ({ op: 'receive', what: { kind: 'bytes', count, matcher: ANY } });
const until = (text: string): PeerStepBody => ({ op: 'receive', what: { kind: 'until', text, matcher: ANY } });

describe('HTTP/1 server peer', () => {
  it('receives a request and replies', async () => {
    let answer = '';
    const record = await serve('http1-server', [accept, receiveRequest, send(OK)], async (address) => {
      const headers = { 'X-One': ['1', '2'], Connection: 'close' };
      answer = await get(address, { method: 'POST', path: '/x', headers }, 'héllo');
    });
    expect(answer).to.equal('200 ok');
    const [request] = saw(record) as [{ [key: string]: unknown }];
    expect(request).to.deep.include({ method: 'POST', target: '/x', version: '1.1', body: 'héllo', trailers: {} });
    expect(request.headers).to.deep.include({ 'x-one': ['1', '2'], connection: 'close' });
    expect(request.rawHeaders).to.deep.include(['X-One', '2']);
    expect(record).not.to.have.any.keys('failed', 'stuck');
    expect(record.transcript.map(({ kind }) => kind).slice(0, 3)).to.deep.equal(['open', 'received', 'sent']);
    expect(record.transcript[2]).to.include({ connection: 'connection' });
    expect(record.transcript[2]?.text).to.equal('HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok');
  });

  it('records what is no text as bytes, what is long by its hash', async () => {
    const long = 'é'.repeat(20_000);
    const record = await serve('http1-server', [accept, receiveRequest, receiveRequest], (address) => {
      const socket = net.connect(address.port, address.host);
      socket.write('PUT / HTTP/1.1\r\nContent-Length: 2\r\n\r\n');
      socket.write(Buffer.from([0xff, 0x00]));
      socket.write(`PUT / HTTP/1.1\r\nContent-Length: 40000\r\n\r\n${long}`);
    });
    const [first, second] = saw(record) as { body: unknown }[];
    expect(first?.body).to.deep.equal({ $: 'bytes', class: 'Buffer', base64: '/wA=', length: 2 });
    const sha256 = createHash('sha256').update(long).digest('hex');
    expect(second?.body).to.deep.equal({ $: 'long', head: 'é'.repeat(64), length: 20_000, sha256 });
  });

  it('receives bare bytes', async () => {
    const script = [accept, until('\r\n\r\n'), bytes(3), bytes(null)];
    const record = await serve('http1-server', script, (address) => write(address, 'A\r\n\r\nabc\xff', 'end'));
    expect(saw(record)).to.deep.equal(['A\r\n\r\n', 'abc', 'Ã¿']);
  });

  it('says why a request cannot come any more, and stops', async () => {
    const half = 'POST / HTTP/1.1\r\nContent-Length: 20\r\n\r\nhalf';
    const mark: PeerStepBody = { op: 'mark', name: 'never' };
    const ended = await serve('http1-server', [accept, receiveRequest, mark], (address, host) => {
      expect(host.marks).to.deep.equal([]);
      write(address, half, 'end');
    });
    expect(ended.failed).to.deep.equal({ n: 2, message: 'the connection ended after 4 of 20 body bytes' });
    expect(ended.lines).to.deep.equal([]);
    const reset = await serve('http1-server', [accept, receiveRequest], (address) => {
      write(address, half, 'resetAndDestroy');
    });
    expect(reset.failed?.message).to.match(/^the connection was reset /);
    const nonsense = await serve('http1-server', [accept, receiveRequest], (address) => write(address, '?\r\n', 'end'));
    expect(nonsense.failed?.message).to.equal('not the first line of a request: "?"');
  });

  it('writes piece by piece', async () => {
    const chunks: string[] = [];
    await serve('http1-server', [accept, send('abc', 1), { op: 'end' }], (address) => {
      const socket = net.connect(address.port, address.host);
      socket.on('data', (chunk) => chunks.push(String(chunk)));
      return new Promise((resolve) => socket.on('end', resolve));
    });
    expect(chunks.join('')).to.equal('abc');
  });

  it('repeats and fills in', async () => {
    const path = { root: 'x', steps: [], text: 'x.y' };
    const parts = [{ fmt: ['GET ', path] }, { repeat: 'ab', times: 3 }];
    let text = '';
    await serve('http1-server', [accept, { op: 'send', parts }, { op: 'end' }], async (address) => {
      for await (const chunk of net.connect(address.port, address.host)) text += chunk;
    });
    expect(text).to.equal('GET <x.y>ababab');
  });

  it('serves every connection for as long as it lasts', async () => {
    const serving: PeerStepBody = {
      op: 'each-connection',
      do: [{ op: 'repeat', times: null, do: [receiveRequest, send(OK)] } as never],
    };
    const count: PeerStepBody = { op: 'connections', matcher: 2 };
    const record = await serve('http1-server', [serving, count], async (address) => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      expect(await get(address, { agent })).to.equal('200 ok');
      expect(await get(address, { agent })).to.equal('200 ok');
      expect(await get(address, { headers: { connection: 'close' } })).to.equal('200 ok');
      agent.destroy();
    });
    expect(record.failed).to.equal(undefined);
    expect(saw(record)).to.have.lengthOf(4);
    expect(saw(record).at(-1)).to.equal(2);
  });

  it('keeps connections apart by name', async () => {
    const names: PeerStepBody[] = [
      { op: 'accept', as: 'a' },
      { op: 'accept', as: 'b' },
      { op: 'use', as: 'a' },
      until('\n'),
      { op: 'use', as: 'b' },
      until('\n'),
      { op: 'use', as: 'c' },
    ];
    const record = await serve('http1-server', names, async (address) => {
      const first = net.connect(address.port, address.host);
      await new Promise((resolve) => first.on('connect', resolve));
      write(address, 'second\n', 'end');
      first.end('first\n');
    });
    expect(saw(record)).to.deep.equal(['first\n', 'second\n']);
    expect(record.failed).to.deep.equal({ n: 7, message: 'there is no connection c' });
  });

  it('sees the other side close, also when it has done so before', async () => {
    const closed: PeerStepBody = { op: 'closed' };
    const late = await serve('http1-server', [accept, until('x'), { op: 'sleep', ms: 30 }, closed], (address) => {
      write(address, 'x', 'end');
    });
    expect(saw(late)[1]).to.deep.equal({ ms: 0, how: 'end' });
    const reset = await serve('http1-server', [accept, closed], (address) => {
      const socket = net.connect(address.port, address.host);
      setTimeout(() => socket.resetAndDestroy(), 30);
    });
    expect(saw(reset)[0]).to.include({ how: 'reset' });
    expect((saw(reset)[0] as { ms: number }).ms).to.be.at.least(0);
  });

  it('closes in every way', async () => {
    for (const [op, event] of [
      ['end', 'end'],
      ['destroy', 'end'],
      ['reset', 'ECONNRESET'],
    ] as const) {
      for (const tls of [false, true]) {
        let seen = '';
        await serve(
          'http1-server',
          [accept, { op: 'receive', what: { kind: 'bytes', count: 1, matcher: ANY } }, { op }],
          async (address) => {
            const socket = tls
              ? (await import('node:tls')).connect({ ...address, rejectUnauthorized: false })
              : net.connect(address.port, address.host);
            socket.write('x');
            socket.resume();
            seen = await new Promise((resolve) => {
              socket.on('end', () => resolve('end'));
              socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
            });
            socket.destroy();
          },
          tls ? { tls: {} } : {},
        );
        expect(seen).to.equal(event, `${op}${tls ? ' over TLS' : ''}`);
      }
    }
  });

  it('hears silence, and what breaks it', async () => {
    const silent: PeerStepBody = { op: 'silent', ms: 20 };
    const record = await serve('http1-server', [accept, silent, bytes(3), silent], (address) => {
      const socket = net.connect(address.port, address.host);
      setTimeout(() => socket.write('abcd'), 60);
    });
    expect(saw(record)).to.deep.equal([{ bytes: 0, text: '' }, 'abc', { bytes: 1, text: 'd' }]);
  });

  it('pauses and resumes reading', async () => {
    const script: PeerStepBody[] = [
      accept,
      { op: 'pause' },
      { op: 'mark', name: 'paused' },
      { op: 'silent', ms: 50 },
      { op: 'resume' },
      bytes(1),
    ];
    const record = await serve('http1-server', script, async (address, host) => {
      const socket = net.connect(address.port, address.host);
      await new Promise((resolve) => socket.on('connect', resolve));
      while (host.marks.length === 0) await new Promise(setImmediate);
      expect(host.marks).to.deep.equal(['peer paused']);
      socket.write('x');
    });
    expect(saw(record)).to.deep.equal([{ bytes: 0, text: '' }, 'x']);
  });

  it('waits for labels', async () => {
    const script: PeerStepBody[] = [accept, { op: 'mark', name: 'here' }, { op: 'wait', label: 'req close' }];
    const record = await serve('http1-server', script, async (address, host) => {
      net.connect(address.port, address.host).on('error', () => {});
      while (host.marks.length === 0) await new Promise(setImmediate);
      await new Promise(setImmediate);
      host.happen('req close');
    });
    expect(record).not.to.have.any.keys('stuck', 'failed');
  });

  it('answers an end with an end once the script is done', async () => {
    await serve('http1-server', [accept], (address) => {
      const socket = net.connect({ ...address, allowHalfOpen: true }, () => socket.end());
      socket.resume();
      return new Promise((resolve) => socket.on('end', resolve));
    });
  });

  it('speaks TLS with the protocols it offers, and over Unix sockets', async () => {
    const secure = await serve(
      'http1-server',
      [accept, receiveRequest, send(OK)],
      async (address) => {
        await new Promise<void>((resolve, reject) => {
          const options = { ...address, ALPNProtocols: ['x', 'http/1.1'], ca: CREDENTIALS.cert, agent: false as const };
          https.get(options, (response) => response.resume().on('end', resolve)).on('error', reject);
        });
      },
      { tls: { alpn: ['http/1.1'] } },
    );
    expect(secure.transcript[0]?.text).to.equal('TLSv1.3 http/1.1');
    const unix = await serve(
      'http1-server',
      [accept, receiveRequest, send(OK)],
      async (address) => expect(await get(address)).to.equal('200 ok'),
      { unix: true },
    );
    expect(saw(unix)).to.have.lengthOf(1);
  });
});

describe('HTTP/1 client peer', () => {
  it('receives responses, interim ones too', async () => {
    const server = http.createServer((_request, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.writeHead(200, 'Fine', { Trailer: 'X-End' });
      response.write('one');
      response.addTrailers({ 'X-End': 'yes' });
      response.end('two');
    });
    const script = [connect, send('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), receiveResponse, receiveResponse];
    const record = await listening(server, (address) => call('http1-client', address, script));
    const [hints, response] = saw(record) as { [key: string]: unknown }[];
    expect(hints).to.deep.include({ status: 103, headers: { link: '</a>; rel=preload' }, body: '' });
    expect(response).to.deep.include({ status: 200, reason: 'Fine', body: 'onetwo', trailers: { 'x-end': 'yes' } });
  });

  it('knows the answers to HEAD and CONNECT', async () => {
    const server = http.createServer((_request, response) => response.end('body'));
    server.on('connect', (_request, socket) => socket.end('HTTP/1.1 200 OK\r\n\r\ntunnel'));
    const head: PeerStepBody = { op: 'receive', what: { kind: 'response', matcher: ANY, head: true } };
    const script = [
      connect,
      send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n'),
      head,
      send('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'),
      receiveResponse,
      bytes(null),
    ];
    const record = await listening(server, (address) => call('http1-client', address, script));
    expect(record.failed).to.equal(undefined);
    expect(saw(record)[2]).to.equal('tunnel');
  });

  it('says when it cannot connect', async () => {
    const record = await call('http1-client', { host: '127.0.0.1', port: 1 }, [connect]);
    expect(record.failed).to.deep.equal({ n: 1, message: 'connect ECONNREFUSED 127.0.0.1:1' });
  });

  it('reaches TLS servers', async () => {
    const server = https.createServer({ ...CREDENTIALS, ALPNProtocols: ['http/1.1'] }, (_request, response) => {
      response.end('secret');
    });
    const over: PeerStepBody = {
      op: 'connect',
      to: 'server',
      as: 'c',
      tls: { alpn: ['http/1.1'], servername: 'localhost' },
    };
    const script = [over, send('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), receiveResponse];
    const record = await listening(server, (address) => call('http1-client', address, script));
    expect(saw(record)[0]).to.deep.include({ body: 'secret' });
  });
});
