import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import { Encoder } from '../hpack/encoder.js';
import { Connection } from './connection.js';
import type { ConnectionHandler, ConnectionOptions } from './connection-core.js';
import { decodeFrame } from './decode-frame.js';
import { encodeFrame } from './encode-frame.js';
import { Flag, type Frame } from './frame.js';
import { FrameError } from './frame-error.js';
import { FrameReader, PREFACE } from './frame-reader.js';
import type { StreamEntry } from './stream-entry.js';

const REQUEST = [
  { name: ':method', value: 'POST' },
  { name: ':scheme', value: 'http' },
  { name: ':path', value: '/' },
  { name: ':authority', value: 'a.example' },
];

type Event = [name: string, ...details: unknown[]];

/** A server's connection, the frames that a client sends it, and what comes of them. */
class Fixture {
  readonly events: Event[] = [];
  readonly streams = new Map<number, StreamEntry<undefined>>();
  readonly connection: Connection<undefined>;
  readonly #encoder = new Encoder();
  readonly #reader = new FrameReader();
  now = 0;

  constructor(options: Partial<ConnectionOptions> = {}) {
    this.connection = new Connection<undefined>(this.#handler(), { role: 'server', ...options });
    this.connection.settings([]);
    this.bytes(PREFACE);
    this.send({ type: 'SETTINGS', flags: 0, streamId: 0, settings: [] });
    this.send({ type: 'SETTINGS', flags: Flag.ACK, streamId: 0, settings: [] });
    this.sent();
    this.events.length = 0;
  }

  #handler(): ConnectionHandler<undefined> {
    const tell =
      (name: string) =>
      (...details: unknown[]) =>
        void this.events.push([name, ...details.map((detail) => idOf(detail))]);
    return {
      headers: (stream, _block, kind) => {
        this.streams.set(stream.id, stream);
        this.events.push(['headers', stream.id, kind]);
      },
      promise: tell('promise'),
      data: (stream, data) => void this.events.push(['data', stream.id, data.length]),
      end: tell('end'),
      drained: tell('drained'),
      finished: tell('finished'),
      reset: (stream, code) => void this.events.push(['reset', stream.id, code]),
      settings: tell('settings'),
      settingsAcknowledged: tell('settingsAcknowledged'),
      ping: tell('ping'),
      pong: tell('pong'),
      goaway: tell('goaway'),
      altsvc: tell('altsvc'),
      origin: tell('origin'),
      failed: (error) => void this.events.push(['failed', error.code]),
    };
  }

  bytes(bytes: Uint8Array): void {
    this.connection.receive(bytes, this.now);
  }

  send(...frames: Frame[]): void {
    this.bytes(Buffer.concat(frames.map((frame) => encodeFrame(frame))));
  }

  request(streamId: number, flags: number = Flag.END_STREAM, fields = REQUEST): Frame {
    const fragment = this.#encoder.encode(fields);
    return { type: 'HEADERS', flags: flags | Flag.END_HEADERS, streamId, fragment };
  }

  /** The frames that have been written since. */
  sent(): Frame[] {
    for (const bytes of this.connection.takeOutput()) this.#reader.push(bytes);
    return [...this.#reader.frames()].map((raw) => {
      const frame = raw instanceof FrameError ? raw : decodeFrame(raw);
      if (frame instanceof FrameError) throw new Error(frame.toString());
      return frame;
    });
  }

  types(): string[] {
    return this.sent().map(({ type }) => type);
  }

  get failure(): unknown {
    return this.events.find(([name]) => name === 'failed')?.[1];
  }
}

function idOf(detail: unknown): unknown {
  return detail !== null && typeof detail === 'object' && 'id' in detail ? detail.id : detail;
}

const rst = (streamId: number): Frame => ({ type: 'RST_STREAM', flags: 0, streamId, errorCode: 8 });
const data = (streamId: number, octets: number, flags = 0): Frame => ({
  type: 'DATA',
  flags,
  streamId,
  data: Buffer.alloc(octets),
});

describe('Connection', () => {
  it('tells of a request and of its end', () => {
    const fixture = new Fixture();
    fixture.send(fixture.request(1, 0), data(1, 3), data(1, 0, Flag.END_STREAM));
    expect(fixture.events).to.deep.equal([
      ['headers', 1, 'request'],
      ['data', 1, 3],
      ['end', 1],
    ]);
  });

  it('sends content as far as both windows permit, each stream in turn', () => {
    const fixture = new Fixture();
    fixture.send(fixture.request(1), fixture.request(3));
    for (const id of [1, 3]) {
      fixture.connection.headers(fixture.streams.get(id)!, [{ name: ':status', value: '200' }], false);
      fixture.connection.data(fixture.streams.get(id)!, [Buffer.alloc(60_000)]);
    }
    const lengths = (frames: Frame[]) =>
      frames.flatMap((frame) => (frame.type === 'DATA' ? [[frame.streamId, frame.data.length]] : []));
    expect(lengths(fixture.sent()).reduce((sum, [, length]) => sum + length!, 0)).to.equal(65_535);
    fixture.send({ type: 'WINDOW_UPDATE', flags: 0, streamId: 0, increment: 60_000 });
    expect(fixture.events.at(-1)).to.deep.equal(['drained', 3]);
    expect(lengths(fixture.sent()).reduce((sum, [, length]) => sum + length!, 0)).to.equal(120_000 - 65_535);
  });

  it('puts END_STREAM on the last DATA while that is still here', () => {
    const fixture = new Fixture();
    fixture.send(fixture.request(1));
    const stream = fixture.streams.get(1)!;
    fixture.connection.headers(stream, [{ name: ':status', value: '200' }], false);
    fixture.connection.data(stream, [Buffer.from('text')]);
    fixture.connection.end(stream);
    expect(fixture.sent().map(({ type, flags }) => [type, flags & Flag.END_STREAM])).to.deep.equal([
      ['HEADERS', 0],
      ['DATA', 1],
    ]);
    expect(fixture.events.at(-1)).to.deep.equal(['finished', 1]);
    expect(fixture.connection.streamCount).to.equal(0);
  });

  it('gives credit for what is read, and for nothing else', () => {
    const fixture = new Fixture();
    fixture.send(fixture.request(1, 0), data(1, 16_384), data(1, 16_384));
    expect(fixture.types()).to.deep.equal([]);
    fixture.connection.consume(fixture.streams.get(1)!, 32_768);
    expect(fixture.types()).to.deep.equal(['WINDOW_UPDATE', 'WINDOW_UPDATE']);
  });

  it('takes a connection error for content beyond the window', () => {
    const fixture = new Fixture();
    fixture.send(fixture.request(1, 0), data(1, 16_384), data(1, 16_384), data(1, 16_384), data(1, 16_384));
    expect(fixture.failure).to.equal('FLOW_CONTROL_ERROR');
    expect(fixture.sent().at(-1)).to.include({ type: 'GOAWAY', errorCode: 3, lastStreamId: 1 });
  });

  it('refuses streams once it has said so', () => {
    const fixture = new Fixture();
    fixture.send(fixture.request(1, 0));
    fixture.connection.refuseStreams();
    fixture.send(fixture.request(3));
    expect(fixture.sent()).to.deep.include({ type: 'RST_STREAM', flags: 0, streamId: 3, errorCode: 7 });
    expect(fixture.events.map(([, id]) => id)).to.deep.equal([1]);
  });

  it('ignores what comes for a stream that it has reset', () => {
    const fixture = new Fixture();
    fixture.send(fixture.request(1, 0));
    fixture.connection.reset(fixture.streams.get(1)!, 8);
    fixture.send(data(1, 5), fixture.request(1), rst(1));
    expect(fixture.failure).to.equal(undefined);
    expect(fixture.types()).to.deep.equal(['RST_STREAM']);
  });

  it('resets a malformed request and serves the next', () => {
    const fixture = new Fixture();
    fixture.send(fixture.request(1, Flag.END_STREAM, [...REQUEST, { name: 'connection', value: 'close' }]));
    fixture.send(fixture.request(3));
    expect(fixture.sent()).to.deep.equal([{ type: 'RST_STREAM', flags: 0, streamId: 1, errorCode: 1 }]);
    expect(fixture.events).to.deep.include(['headers', 3, 'request']);
  });
});

describe('floods', () => {
  const repeat = (times: number, frame: (i: number) => Frame[]): Frame[] =>
    Array.from({ length: times }, (_, i) => frame(i)).flat();

  it('of streams that are begun and reset (CVE-2023-44487)', () => {
    const fixture = new Fixture({ limits: { streamResetBurst: 10, streamResetRate: 1 } });
    fixture.send(...repeat(10, (i) => [fixture.request(1 + 2 * i), rst(1 + 2 * i)]));
    expect(fixture.failure).to.equal(undefined);
    fixture.now = 2;
    fixture.send(...repeat(2, (i) => [fixture.request(101 + 2 * i), rst(101 + 2 * i)]));
    expect(fixture.failure).to.equal(undefined);
    fixture.send(fixture.request(201), rst(201));
    expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');
  });

  it('of CONTINUATION (CVE-2024-27316)', () => {
    const fixture = new Fixture();
    fixture.send({ type: 'HEADERS', flags: 0, streamId: 1, fragment: Buffer.from('82', 'hex') });
    fixture.send(
      ...repeat(100, () => [{ type: 'CONTINUATION', flags: 0, streamId: 1, fragment: Buffer.from('82', 'hex') }]),
    );
    expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');
  });

  it('of PING and SETTINGS whose answers nobody reads (CVE-2019-9512, CVE-2019-9515)', () => {
    const frames: Frame[] = [
      { type: 'PING', flags: 0, streamId: 0, opaqueData: Buffer.alloc(8) },
      { type: 'SETTINGS', flags: 0, streamId: 0, settings: [] },
    ];
    for (const frame of frames) {
      const fixture = new Fixture();
      for (let i = 0; i < 2000; i++) fixture.send(frame);
      expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');
      expect(fixture.connection.outputLength).to.be.below(20_000);
    }
  });

  it('of frames without content (CVE-2019-9513, CVE-2019-9518)', () => {
    const fixture = new Fixture();
    fixture.send(fixture.request(1, 0));
    fixture.send(...repeat(10_001, () => [data(1, 0)]));
    expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');
  });

  it('of headers: no more than the list may hold is kept (HPACK bomb)', () => {
    const fixture = new Fixture({ maxHeaderListSize: 1000 });
    const long = { name: 'x', value: 'y'.repeat(800) };
    fixture.send(fixture.request(1, Flag.END_STREAM, [...REQUEST, ...Array.from({ length: 100 }, () => long)]));
    expect(fixture.events).to.deep.equal([['reset', 1, 11]]);
  });

  it('of malformed requests', () => {
    const fixture = new Fixture({ limits: { maxInvalidFrames: 5 } });
    const malformed = [{ name: ':method', value: 'GET' }];
    fixture.send(...repeat(6, (i) => [fixture.request(1 + 2 * i, Flag.END_STREAM, malformed)]));
    expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');
  });

  it('of streams beyond what is allowed', () => {
    const fixture = new Fixture({ limits: { maxRejectedStreams: 3 } });
    fixture.connection.refuseStreams();
    fixture.send(...repeat(4, (i) => [fixture.request(1 + 2 * i)]));
    expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');
  });
});
