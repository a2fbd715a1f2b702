import http2 from 'node:http2';
import net from 'node:net';
import { expect } from 'chai';
import type { PeerAddress, PeerRecord, PeerStepBody, WireFrame } from '../../plan.js';
import { ANY, accept, CREDENTIALS, call, connect, listening, peer, saw, serve } from '../testing/perform.js';

const handshake: PeerStepBody = { op: 'handshake', settings: {} };
const GET = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':authority', 'a'],
  [':path', '/'],
];
const END = ['END_STREAM', 'END_HEADERS'];

function frames(...list: WireFrame[]): PeerStepBody {
  return { op: 'send', parts: list.map((frame) => ({ frame })) };
}

function receive(type: string, stream?: number, matcher: object = ANY): PeerStepBody {
  const what = { kind: 'frame', type, matcher, ...(stream === undefined ? {} : { stream }) } as never;
  return { op: 'receive', what };
}

const next: PeerStepBody = { op: 'next', what: { kind: 'frame', type: 'DATA', matcher: ANY } };

function message(stream: number): PeerStepBody {
  return { op: 'receive', what: { kind: 'message', stream, matcher: ANY } };
}

/** Makes requests of the server peer, then closes the session. */
async function withSession(
  address: PeerAddress,
  act: (session: http2.ClientHttp2Session) => Promise<unknown>,
  options: http2.SecureClientSessionOptions = {},
): Promise<void> {
  const scheme = options.ca ? 'https' : 'http';
  const session = http2.connect(`${scheme}://${address.host}:${address.port}`, options);
  session.on('error', () => {});
  try {
    await act(session);
  } finally {
    session.destroy();
  }
}

function textOf(stream: http2.ClientHttp2Stream): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    stream.on('data', (chunk) => (text += chunk));
    stream.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.message)));
    stream.on('end', () => resolve(text));
  });
}

function callNode(script: PeerStepBody[], serve: (server: http2.Http2Server) => void): Promise<PeerRecord> {
  const server = http2.createServer();
  server.on('sessionError', () => {});
  serve(server);
  return listening(server, (address) => call('http2-client', address, script));
}

const lines = (record: PeerRecord) => record.transcript.map(({ kind, text }) => `${kind} ${text ?? ''}`.trim());

describe('HTTP/2 server peer', () => {
  it('receives a message and answers it', async () => {
    const answer = frames(
      {
        type: 'HEADERS',
        stream: 1,
        fields: [
          [':status', '200'],
          ['x-a', 'b', 'sensitive'],
        ],
      },
      { type: 'DATA', stream: 1, data: 'hello', pad: 3 },
      { type: 'HEADERS', stream: 1, flags: END, fields: [['x-t', 'end']] },
    );
    let answered: unknown;
    const record = await serve('http2-server', [accept, handshake, message(1), answer], async (address) => {
      await withSession(address, async (session) => {
        const stream = session.request({ ':path': '/x', ':method': 'POST', cookie: ['a=1', 'b=2'] });
        const headers = new Promise((resolve) => stream.on('response', resolve));
        const trailers = new Promise((resolve) => stream.on('trailers', resolve));
        stream.end('request body');
        answered = [await headers, await textOf(stream), await trailers];
      });
    });
    const [headers, text, trailers] = answered as [object, string, object];
    expect(headers).to.include({ ':status': 200, 'x-a': 'b' });
    expect(text).to.equal('hello');
    expect(trailers).to.include({ 'x-t': 'end' });
    const [seen] = saw(record) as { [key: string]: unknown }[];
    expect(seen).to.deep.include({ body: 'request body', trailers: {}, informational: [] });
    expect(seen?.headers).to.deep.include({ ':path': '/x', cookie: ['a=1', 'b=2'] });
    expect(seen?.fields).to.deep.include([':method', 'POST']);
    expect(lines(record)).to.include('received PREFACE');
    expect(lines(record)).to.include('sent SETTINGS ACK');
    expect(lines(record)).to.include('sent DATA stream=1 PADDED data=hello, pad=3');
    expect(lines(record)).to.include('sent HEADERS stream=1 END_STREAM|END_HEADERS x-t: end');
  });

  it('selects by type and stream, and keeps the rest unread', async () => {
    const script = [accept, handshake, receive('HEADERS', 3), receive('HEADERS'), receive('GOAWAY')];
    const record = await serve('http2-server', script, async (address) => {
      await withSession(address, async (session) => {
        const first = session.request({ ':path': '/1', 'x-secret': 's', [http2.sensitiveHeaders]: ['x-secret'] });
        const second = session.request({ ':path': '/3' });
        first.on('error', () => {});
        second.on('error', () => {});
        await new Promise((resolve) => second.on('ready', resolve));
        session.goaway(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from('why'));
        await new Promise((resolve) => setTimeout(resolve, 50));
      });
    });
    const [third, first, goaway] = saw(record) as { [key: string]: unknown }[];
    expect(third).to.deep.include({ type: 'HEADERS', stream: 3, flags: END, continuations: 0 });
    expect(first).to.deep.include({ stream: 1, sensitive: ['x-secret'] });
    expect(goaway).to.deep.include({ stream: 0, last: 0, code: 'ENHANCE_YOUR_CALM', debug: 'why', flags: [] });
  });

  it('sees settings by name and by number, acknowledgements only where asked for', async () => {
    const script = [
      accept,
      { op: 'handshake', settings: { maxConcurrentStreams: 7 } } as PeerStepBody,
      receive('SETTINGS'),
      receive('SETTINGS', undefined, { $: 'partial', props: { flags: { $: 'unordered', items: ['ACK'] } } }),
    ];
    let remote: http2.Settings = {};
    const record = await serve('http2-server', script, (address) =>
      withSession(address, async (session) => {
        await new Promise((resolve) => session.on('remoteSettings', resolve));
        remote = session.remoteSettings;
        await new Promise((resolve) => session.settings({ initialWindowSize: 5, customSettings: { 99: 8 } }, resolve));
      }),
    );
    expect(remote.maxConcurrentStreams).to.equal(7);
    const [settings, ack] = saw(record) as { [key: string]: unknown }[];
    expect(settings).to.deep.include({ settings: { initialWindowSize: 5, 99: 8 }, ack: false });
    expect(ack).to.deep.include({ ack: true, length: 0, entries: [] });
  });

  it('answers PING by itself, unless manual', async () => {
    const ping = (address: PeerAddress) =>
      withSession(address, async (session) => {
        const answered = await new Promise((resolve) => {
          session.on('connect', () => session.ping(Buffer.from('12345678'), (error) => resolve(!error)));
        });
        expect(answered).to.equal(true);
      });
    const auto = await serve('http2-server', [accept, handshake, receive('PING')], ping);
    expect(saw(auto)[0]).to.deep.include({ type: 'PING', ack: false, length: 8 });
    expect((saw(auto)[0] as { payload: { base64: string } }).payload.base64).to.equal(btoa('12345678'));
    const pong = frames({ type: 'PING', ack: true, payload: '12345678' });
    const manual = await serve('http2-server', [accept, handshake, receive('PING'), pong], ping, { manual: true });
    expect(lines(manual)).not.to.include('sent SETTINGS ACK');
  });

  it('takes the very next frame, housekeeping aside, and hears silence', async () => {
    const silent: PeerStepBody = { op: 'silent', ms: 30 };
    const record = await serve('http2-server', [accept, handshake, silent, next, next], (address) =>
      withSession(address, async (session) => {
        await new Promise((resolve) => setTimeout(resolve, 60));
        const stream = session.request({ ':method': 'POST' });
        stream.on('error', () => {});
        stream.end('x');
        await new Promise((resolve) => setTimeout(resolve, 60));
      }),
    );
    expect(saw(record).slice(1)).to.have.lengthOf(2);
    expect(saw(record)[0]).to.deep.equal({ bytes: 0, text: '' });
    expect(saw(record).map((seen) => (seen as { type?: string }).type)).to.deep.equal([undefined, 'HEADERS', 'DATA']);
  });

  it('credits DATA when told to', async () => {
    const script: PeerStepBody[] = [accept, handshake, { op: 'credit' }, message(1)];
    const record = await serve('http2-server', script, (address) =>
      withSession(address, async (session) => {
        const stream = session.request({ ':method': 'POST' });
        stream.on('error', () => {});
        await new Promise<void>((resolve) => stream.end('a'.repeat(200_000), resolve));
      }),
    );
    expect(saw(record)[0]).to.deep.include({ trailers: {} });
    expect((saw(record)[0] as { body: { length: number } }).body.length).to.equal(200_000);
    const credited = lines(record).map((line) => Number(/^sent WINDOW_UPDATE increment=(\d+)/.exec(line)?.[1] ?? 0));
    expect(credited.reduce((sum, increment) => sum + increment)).to.equal(200_000);
  });

  it('lists what must never come', async () => {
    const never: PeerStepBody = { op: 'never', what: { kind: 'frame', type: 'RST_STREAM', matcher: null } };
    const record = await serve('http2-server', [accept, handshake, never, receive('RST_STREAM', 1)], (address) =>
      withSession(address, async (session) => {
        const stream = session.request({});
        stream.on('error', () => {});
        await new Promise((resolve) => stream.on('ready', resolve));
        stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
        await new Promise((resolve) => stream.on('close', resolve));
      }),
    );
    const reset = { type: 'RST_STREAM', stream: 1, flags: [], length: 4, code: 'REFUSED_STREAM' };
    expect(saw(record)).to.deep.equal([reset, [reset]]);
  });

  it('says why a frame cannot come any more', async () => {
    const other = await serve('http2-server', [accept, handshake], (address) => {
      net.connect(address.port, address.host).end('GET / HTTP/1.1\r\n\r\n');
    });
    expect(other.failed).to.deep.equal({ n: 2, message: 'this is not HTTP/2: not the connection preface' });
    const ended = await serve('http2-server', [accept, handshake, receive('HEADERS', 1)], (address) =>
      withSession(address, (session) => new Promise((resolve) => session.on('remoteSettings', resolve))),
    );
    expect(ended.failed?.message).to.match(/before HEADERS on stream 1 came$/);
    const reset = await serve('http2-server', [accept, handshake, message(1)], (address) =>
      call('http2-client', address, [
        connect,
        handshake,
        frames(
          { type: 'HEADERS', stream: 1, fields: GET },
          { type: 'DATA', stream: 1, data: '12345' },
          { type: 'RST_STREAM', stream: 1, code: 'CANCEL' },
        ),
        receive('SETTINGS', undefined, { ack: true }),
      ]),
    );
    expect(reset.failed?.message).to.equal('stream 1 was reset after 5 body bytes: RST_STREAM stream=1 CANCEL');
  });

  it('speaks TLS', async () => {
    const script = [accept, handshake, message(1)];
    const record = await serve(
      'http2-server',
      script,
      (address) =>
        withSession(
          address,
          async (session) => {
            const stream = session.request({ ':path': '/tls' });
            stream.on('error', () => {});
            await new Promise((resolve) => stream.on('ready', resolve));
            await new Promise((resolve) => setTimeout(resolve, 50));
          },
          { ca: CREDENTIALS.cert },
        ),
      { tls: { alpn: ['h2'] } },
    );
    expect(record.transcript[0]?.text).to.equal('TLSv1.3 h2');
    expect(saw(record)[0]).to.have.nested.property('headers.:path', '/tls');
  });
});

describe('HTTP/2 client peer', () => {
  it('requests, and receives a message with all its parts', async () => {
    const request = frames({ type: 'HEADERS', stream: 1, flags: END, fields: GET });
    const record = await callNode([connect, handshake, request, message(1)], (server) => {
      server.on('stream', (stream) => {
        stream.additionalHeaders({ ':status': 103, link: '</a>' });
        stream.respond({ ':status': 200, 'x-long': 'v'.repeat(20_000) }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-t': '1' }));
        stream.end('body');
      });
    });
    expect(record.failed).to.equal(undefined);
    const [seen] = saw(record) as { [key: string]: { [key: string]: unknown } }[];
    expect(seen).to.deep.include({ body: 'body', trailers: { 'x-t': '1' } });
    expect(seen?.informational).to.deep.equal([{ ':status': '103', link: '</a>' }]);
    expect(seen?.headers?.['x-long']).to.include({ $: 'long', length: 20_000 });
  });

  it('shows a block in several frames as one', async () => {
    const request = frames({ type: 'HEADERS', stream: 1, flags: END, fields: GET });
    const record = await callNode([connect, handshake, request, receive('HEADERS', 1)], (server) => {
      server.on('stream', (stream) => {
        stream.respond({ 'x-1': '~'.repeat(15_000), 'x-2': '~'.repeat(15_000) });
        stream.end();
      });
    });
    const [headers] = saw(record) as { [key: string]: unknown }[];
    expect(headers).to.deep.include({ continuations: 1, flags: ['END_HEADERS'], length: 16_384 });
  });

  it('sends a block in several frames, and frames byte by byte', async () => {
    const script: PeerStepBody[] = [
      connect,
      handshake,
      frames(
        { type: 'HEADERS', stream: 1, flags: ['END_STREAM'], fields: GET },
        { type: 'CONTINUATION', stream: 1, fields: [['x-more', 'yes']] },
      ),
      message(1),
      { op: 'send', parts: [{ frame: { type: 'HEADERS', stream: 3, flags: END, fields: GET } }], chunk: 1 },
      message(3),
    ];
    const record = await callNode(script, (server) => {
      server.on('stream', (stream, headers) => {
        stream.respond();
        stream.end(String(headers['x-more']));
      });
    });
    expect(saw(record)[0]).to.deep.include({ body: 'yes' });
    expect(saw(record)[1]).to.deep.include({ body: 'undefined' });
  });

  it('sends what breaks the rules, and is told so', async () => {
    const broken: [WireFrame, string][] = [
      [{ type: 'DATA', stream: 0, data: 'x' }, 'PROTOCOL_ERROR'],
      [{ type: 'PING', raw: Buffer.from('123').toString('base64') }, 'FRAME_SIZE_ERROR'],
      [{ type: 'WINDOW_UPDATE', raw: '' }, 'FRAME_SIZE_ERROR'],
      [{ type: 'HEADERS', stream: 1, block: Buffer.from([0xff]) as never }, 'COMPRESSION_ERROR'],
    ];
    for (const [frame, code] of broken) {
      const record = await callNode([connect, handshake, frames(frame), receive('GOAWAY')], () => {});
      expect(saw(record)[0]).to.include({ code }, JSON.stringify(frame));
    }
  });

  it('withholds its acknowledgements until the script has opened the connection', async () => {
    const script: PeerStepBody[] = [
      connect,
      { op: 'send', parts: [{ preface: true }] },
      receive('SETTINGS'),
      frames({ type: 'SETTINGS', settings: { initialWindowSize: 9 } }),
      receive('SETTINGS', undefined, { ack: true }),
    ];
    const record = await callNode(script, () => {});
    expect(lines(record).filter((line) => line.startsWith('sent'))).to.deep.equal([
      'sent PREFACE',
      'sent SETTINGS settings={"initialWindowSize":9}',
      'sent SETTINGS ACK',
    ]);
    expect(saw(record)[1]).to.deep.include({ ack: true });
  });

  it('does not take the answer to the handshake for that to later SETTINGS', async () => {
    const ack = receive('SETTINGS', undefined, { ack: true });
    const ping = frames({ type: 'PING', payload: '12345678' });
    const later = frames({ type: 'SETTINGS', settings: { enablePush: false } });
    const pong = receive('PING', undefined, { ack: true });
    const first = await callNode([connect, handshake, ack], () => {});
    expect(saw(first)).to.have.lengthOf(1);
    const record = await callNode([connect, handshake, ping, pong, later, ack], () => {});
    expect(saw(record)).to.have.lengthOf(2);
    const order = lines(record).filter((line) => line.endsWith('ACK') || line.startsWith('sent SETTINGS set'));
    expect(order.lastIndexOf('received SETTINGS ACK')).to.equal(order.length - 1);
    expect(order.at(-2)).to.equal('sent SETTINGS settings={"enablePush":false}');
  });

  it('receives pushes and extension frames', async () => {
    const request = frames({ type: 'HEADERS', stream: 1, flags: END, fields: GET });
    const script = [
      connect,
      handshake,
      request,
      receive('PUSH_PROMISE'),
      message(2),
      receive('ALTSVC'),
      receive('ORIGIN'),
    ];
    const record = await callNode(script, (server) => {
      server.on('session', (session) => {
        session.origin('https://a.example', 'https://b.example');
        session.altsvc('h2=":8000"', 'https://a.example');
      });
      server.on('stream', (stream) => {
        stream.pushStream({ ':path': '/pushed' }, (_error, pushed) => {
          pushed.respond();
          pushed.end('pushed');
        });
        stream.respond();
        stream.end();
      });
    });
    const [promise, pushed, altsvc, origin] = saw(record) as { [key: string]: unknown }[];
    expect(promise).to.deep.include({ stream: 1, promised: 2 });
    expect(promise).to.have.nested.property('headers.:path', '/pushed');
    expect(pushed).to.deep.include({ body: 'pushed' });
    expect(altsvc).to.deep.include({ origin: 'https://a.example', value: 'h2=":8000"' });
    expect(origin).to.deep.include({ origins: ['https://a.example', 'https://b.example'] });
  });

  it('records what it cannot decode, with the error', async () => {
    const raw = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.write(Buffer.from('000000040000000000', 'hex'));
      socket.write(Buffer.from('0000010104000000017f', 'hex'));
      socket.write(Buffer.from('0000030600000000000102ff', 'hex'));
    });
    const record = await listening(raw, (address) =>
      call('http2-client', address, [connect, handshake, receive('HEADERS'), receive('PING')]),
    );
    const [headers, ping] = saw(record) as { [key: string]: unknown }[];
    expect(headers?.error).to.match(/^HpackError: /);
    expect(headers?.block).to.deep.equal({ $: 'bytes', class: 'Buffer', base64: 'fw==', length: 1 });
    expect(ping?.error).to.match(/^FRAME_SIZE_ERROR /);
    expect(ping?.raw).to.deep.include({ base64: 'AQL/' });
  });

  it('recognizes an HTTP/1 response', async () => {
    const raw = net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const record = await listening(raw, (address) => call('http2-client', address, [connect, handshake]));
    expect(record.failed?.message).to.equal('this is not HTTP/2: an HTTP/1 response');
    expect(lines(record)).to.include('received bytes HTTP/1.1 400 Bad Request\\r\\n\\r\\n');
  });

  it('says what cannot be sent', async () => {
    const { peer: client, host } = peer('http2-client', [
      connect,
      frames({ type: 'RST_STREAM', stream: 1, code: 'NO' }),
    ]);
    const record = await listening(net.createServer(), async (address) => {
      host.address = address;
      await client.start();
      await client.done;
      return client.finish();
    });
    expect(record.failed?.message).to.equal('a RST_STREAM frame cannot be sent: there is no error code NO');
  });
});
