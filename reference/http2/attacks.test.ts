// Attacks that need a socket: clients that do not read, that go away, that never stop. ../protocol/http2/floods.test.ts
// has the others.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { expect } from 'chai';
import { Encoder } from '../protocol/hpack/encoder.js';
import { encodeFrame } from '../protocol/http2/encode-frame.js';
import { Flag, type Frame } from '../protocol/http2/frame.js';
import { PREFACE } from '../protocol/http2/frame-reader.js';
import { SettingId } from '../protocol/http2/settings.js';
import http2 from './index.js';
import type { Http2SecureServer } from './secure-server.js';
import type { Http2Server } from './server.js';
import type { ServerHttp2Session } from './server-session.js';
import type { ServerHttp2Stream } from './server-stream.js';

const fixture = (name: string) => readFileSync(new URL(`../../../vectors/fixtures/${name}`, import.meta.url));

/** Megabytes that an attack may have the server hold: buffers of sockets, what waits for rubbish collection. */
const BOUND = 64;

const encoder = new Encoder({ maxTableSize: 0 });
const BLOCK = encoder.encode([
  { name: ':method', value: 'GET' },
  { name: ':scheme', value: 'http' },
  { name: ':path', value: '/' },
  { name: ':authority', value: 'a.example' },
]);

const request = (streamId: number): Frame => ({
  type: 'HEADERS',
  flags: Flag.END_HEADERS | Flag.END_STREAM,
  streamId,
  fragment: BLOCK,
});
const settings = (...entries: (readonly [number, number])[]): Frame => ({
  type: 'SETTINGS',
  flags: 0,
  streamId: 0,
  settings: entries,
});
const bytesOf = (...frames: Frame[]) => Buffer.concat(frames.map((frame) => encodeFrame(frame)));
const opening = (...entries: (readonly [number, number])[]) => Buffer.concat([PREFACE, bytesOf(settings(...entries))]);

describe('attacks', () => {
  let server: Http2Server | Http2SecureServer;
  /** What is still open when a test has failed. */
  const open = new Set<{ destroy(): unknown }>();

  async function listen(made: Http2Server | Http2SecureServer): Promise<number> {
    server = made;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** A client that has made its connection and sent these bytes. */
  async function attack(port: number, ...bytes: Buffer[]): Promise<Socket> {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    open.add(socket);
    await once(socket, 'connect');
    socket.write(Buffer.concat(bytes));
    return socket;
  }

  /** Sends bytes again and again, as fast as they are taken, until the server ends the connection. */
  async function flood(socket: Socket, bytes: Buffer, mostMegabytes: number): Promise<void> {
    const closed = closeOf(socket);
    let sent = 0;
    const more = () => {
      while (!socket.destroyed && sent < mostMegabytes * 1e6) {
        sent += bytes.length;
        if (!socket.write(bytes)) return;
      }
      if (!socket.destroyed) socket.destroy(new Error('the server bears it'));
    };
    socket.on('drain', more);
    more();
    await closed;
    expect(sent).to.be.below(mostMegabytes * 1e6);
  }

  /** The server serves others. */
  async function expectAlive(port: number): Promise<void> {
    const client = http2.connect(`http://127.0.0.1:${port}`);
    const stream = client.request({ ':path': '/alive' });
    const [headers] = (await once(stream, 'response')) as [{ ':status': number }];
    expect(headers[':status']).to.equal(200);
    stream.resume();
    client.close();
  }

  afterEach(async () => {
    for (const one of open) one.destroy();
    open.clear();
    server.close();
    if (server.listening) await once(server, 'close');
  });

  it('resetting requests as soon as they are made (CVE-2023-44487)', async () => {
    let served = 0;
    const port = await listen(
      http2.createServer((_request: unknown, response: { end(text: string): void }) => {
        served++;
        response.end('served');
      }),
    );
    const socket = await attack(port, opening());
    const failed = once(server, 'sessionError') as Promise<[Error]>;
    for (let id = 1; id < 20_000; id += 2) {
      socket.write(bytesOf(request(id), { type: 'RST_STREAM', flags: 0, streamId: id, errorCode: 8 }));
    }
    const [error] = await failed;
    expect(error)
      .to.include({ code: 'ERR_HTTP2_ERROR' })
      .with.property('message')
      .that.matches(/^Flooding/);
    expect(served).to.be.below(3000);
    await expectAlive(port);
  });

  const FLOODS: [name: string, frames: Frame[]][] = [
    ['PING (CVE-2019-9512)', [{ type: 'PING', flags: 0, streamId: 0, opaqueData: Buffer.alloc(8) }]],
    ['SETTINGS (CVE-2019-9515)', [settings()]],
    ['malformed requests (CVE-2019-9514)', [{ ...request(1), fragment: Buffer.from('82', 'hex') } as Frame]],
    [
      'PRIORITY (CVE-2019-9513)',
      [{ type: 'PRIORITY', flags: 0, streamId: 9, priority: { parent: 0, weight: 1, exclusive: true } }],
    ],
  ];
  for (const [name, frames] of FLOODS) {
    it(`a client that sends ${name} and reads nothing`, async () => {
      const port = await listen(http2.createServer((_request: unknown, response: { end(): void }) => response.end()));
      const socket = await attack(port, opening());
      const numbered = Array.from({ length: 2000 }, (_, i) =>
        frames.map((frame): Frame => (frame.type === 'HEADERS' ? { ...frame, streamId: 1 + 2 * i } : frame)),
      );
      await flood(socket.pause(), bytesOf(...numbered.flat()), 50);
      await expectAlive(port);
    });
  }

  it('large responses that nobody reads, with windows open wide (CVE-2019-9517)', async () => {
    let produced = 0;
    const streams: ServerHttp2Stream[] = [];
    const port = await listen(http2.createServer());
    server.on('stream', (stream: ServerHttp2Stream, headers: { ':path': string }) => {
      streams.push(stream);
      stream.on('error', () => {});
      stream.respond({ ':status': 200 });
      if (headers[':path'] === '/alive') stream.end();
      else Readable.from(chunks()).pipe(stream);
    });
    function* chunks() {
      for (let i = 0; i < 1000; i++) {
        produced += 16_384;
        yield Buffer.alloc(16_384);
      }
    }
    const socket = await attack(
      port,
      opening([SettingId.INITIAL_WINDOW_SIZE, 0x7fff_ffff]),
      bytesOf({ type: 'WINDOW_UPDATE', flags: 0, streamId: 0, increment: 0x7fff_0000 }),
      bytesOf(...Array.from({ length: 100 }, (_, i) => request(1 + 2 * i))),
    );
    socket.pause();
    await expectAlive(port);
    for (let before = -1, quiet = 0; quiet < 100; quiet = produced === before ? quiet + 1 : 0) {
      before = produced;
      await new Promise(setImmediate);
    }
    expect(produced / 1e6).to.be.within(1, BOUND);
    // What the socket has not taken is the streams', and each has no more than its high-water mark and a chunk.
    for (const { bufferSize, writableHighWaterMark } of streams) {
      expect(bufferSize).to.be.at.most(writableHighWaterMark + 16_384);
    }
  });

  it('few octets in each of many packets, which nobody reads', async () => {
    const port = await listen(http2.createServer());
    const begun = once(server, 'stream') as Promise<[ServerHttp2Stream]>;
    const noise: Frame = { type: 'UNKNOWN', flags: 0, streamId: 0, code: 0xfe, payload: Buffer.alloc(16_000) };
    const socket = await attack(port, opening(), bytesOf({ ...request(1), flags: Flag.END_HEADERS } as Frame));
    const [stream] = await begun;
    const data: Frame = { type: 'DATA', flags: 0, streamId: 1, data: Buffer.from('a') };
    for (let i = 0; i < 500; i++) socket.write(bytesOf(noise, data, noise, noise));
    while (stream.readableLength < 500) await new Promise(setImmediate);
    const held = new Set<ArrayBufferLike>();
    for (let chunk = stream.read(1); chunk !== null; chunk = stream.read(1)) held.add((chunk as Buffer).buffer);
    const octets = [...held].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(octets).to.be.below(200_000);
  });

  it('more origins than anybody needs', async () => {
    const options = { key: fixture('agent.key'), cert: fixture('agent.crt') };
    const port = await listen(http2.createSecureServer(options));
    server.on('session', (session: ServerHttp2Session) => {
      for (let i = 0; i < 30; i++)
        session.origin(...Array.from({ length: 100 }, (_, j) => `https://a${i}-${j}.example`));
    });
    const client = http2.connect(`https://127.0.0.1:${port}`, { ca: options.cert });
    open.add(client);
    let announced = 0;
    client.on('origin', () => announced++);
    while (announced < 30) await new Promise(setImmediate);
    expect(client.originSet).to.have.length(1000);
  });

  it('going away in the middle of a block of headers (CVE-2024-27983)', async () => {
    const port = await listen(http2.createServer((_request: unknown, response: { end(): void }) => response.end()));
    for (let i = 0; i < 20; i++) {
      const sessionClosed = once(server, 'session').then(([session]) => closeOf(session));
      const headers: Frame = { type: 'HEADERS', flags: 0, streamId: 1, fragment: BLOCK };
      const socket = await attack(port, opening(), bytesOf(headers), bytesOf(headers).subarray(0, 12));
      if (i % 2 === 0) socket.destroy();
      else socket.resetAndDestroy();
      await sessionClosed;
    }
    await expectAlive(port);
  });

  it('going away behind a block that cannot be decoded, over TLS (CVE-2025-59465)', async () => {
    const options = { key: fixture('agent.key'), cert: fixture('agent.crt') };
    const port = await listen(http2.createSecureServer(options));
    for (let i = 0; i < 5; i++) {
      const sessionClosed = once(server, 'session').then(([session]) => closeOf(session));
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] });
      socket.on('error', () => {});
      await once(socket, 'secureConnect');
      const headers: Frame = { ...request(1), fragment: Buffer.alloc(16_384, 0xff) } as Frame;
      socket.write(Buffer.concat([opening(), bytesOf(headers)]), () => socket.destroy());
      await sessionClosed;
    }
  });

  it('connections that break off leave nothing behind (CVE-2025-23085)', async function () {
    this.timeout(60_000);
    const port = await listen(http2.createServer((_request: unknown, response: { end(): void }) => response.end()));
    const sessions: WeakRef<object>[] = [];
    server.on('session', (session: object) => sessions.push(new WeakRef(session)));
    for (let i = 0; i < 100; i++) {
      const sessionClosed = once(server, 'session').then(([session]) => closeOf(session));
      const socket = await attack(port, opening(), bytesOf(request(1)));
      socket.resetAndDestroy();
      await sessionClosed;
    }
    await collectGarbage();
    const alive = sessions.filter((session) => session.deref() !== undefined).length;
    expect(alive).to.be.below(10);
  });
});

/** However it comes about. */
function closeOf(emitter: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    emitter.once('close', resolve);
  });
}

async function collectGarbage(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let i = 0; i < 5; i++) {
    await new Promise(setImmediate);
    gc();
  }
}
