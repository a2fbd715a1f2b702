// Attacks on a connection: each costs the attacker little, and must cost this side no more. What is held in memory is
// counted, not measured: the connection knows how much waits, and how many streams there are.
import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import { encodeFrame } from './encode-frame.js';
import { Flag, type Frame } from './frame.js';
import { SettingId } from './settings.js';
import { data, Fixture, REQUEST, rst } from './testing/fixture.js';

/** Octets that wait to be sent, in memory of the connection's own. */
const HELD = 262_144;
/** Those that wait to be sent at all: content that is not copied takes no more memory here than where it was given. */
const OUTPUT = 2_097_152;

const repeat = (times: number, frames: (i: number) => Frame[]): Frame[] =>
  Array.from({ length: times }, (_, i) => frames(i)).flat();

const continuation = (fragment: Buffer): Frame => ({ type: 'CONTINUATION', flags: 0, streamId: 1, fragment });
const priority = (streamId: number, parent: number): Frame => ({
  type: 'PRIORITY',
  flags: 0,
  streamId,
  priority: { exclusive: true, parent, weight: 1 },
});
const update = (streamId: number, increment: number): Frame => ({
  type: 'WINDOW_UPDATE',
  flags: 0,
  streamId,
  increment,
});
const settings = (...entries: (readonly [number, number])[]): Frame => ({
  type: 'SETTINGS',
  flags: 0,
  streamId: 0,
  settings: entries,
});

/** Sends until the connection has failed, a frame at a time, and says how many it took. */
function framesUntilFailure(fixture: Fixture, most: number, next: (i: number) => Frame[]): number {
  for (let i = 0; i < most; i++) {
    fixture.send(...next(i));
    if (fixture.failure !== undefined) return i + 1;
  }
  return Infinity;
}

describe('floods', () => {
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

  it('of streams that this side is made to reset (CVE-2025-8671)', () => {
    const faults: ((id: number) => Frame)[] = [
      (id) => update(id, 0x7fff_ffff),
      (id) => data(id, 1),
      (id) => priority(id, id),
    ];
    for (const fault of faults) {
      const fixture = new Fixture({ limits: { maxInvalidFrames: 20 } });
      const begun = framesUntilFailure(fixture, 100, (i) => [fixture.request(1 + 2 * i), fault(1 + 2 * i)]);
      expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');
      expect(begun).to.equal(21);
    }
  });

  it('of malformed requests whose RST_STREAM nobody reads (CVE-2019-9514)', () => {
    const fixture = new Fixture();
    const malformed = [{ name: ':method', value: 'GET' }];
    const begun = framesUntilFailure(fixture, 5000, (i) => [fixture.request(1 + 2 * i, Flag.END_STREAM, malformed)]);
    expect(begun).to.equal(1001);
    expect(fixture.connection.outputLength).to.be.below(20_000);
  });

  it('of streams beyond what is allowed', () => {
    const fixture = new Fixture({ limits: { maxRejectedStreams: 3 } });
    fixture.connection.refuseStreams();
    fixture.send(...repeat(4, (i) => [fixture.request(1 + 2 * i)]));
    expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');
  });

  it('of CONTINUATION, with content or empty (CVE-2024-27316)', () => {
    for (const fragment of [Buffer.from('82', 'hex'), Buffer.alloc(16_384, 0x82), Buffer.alloc(0)]) {
      const fixture = new Fixture();
      fixture.send({ type: 'HEADERS', flags: 0, streamId: 1, fragment });
      expect(framesUntilFailure(fixture, 100, () => [continuation(fragment)])).to.be.below(20);
      expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');
      expect(fixture.events).to.deep.equal([['failed', 'ENHANCE_YOUR_CALM']]);
    }
  });

  it('of PING and SETTINGS whose answers nobody reads (CVE-2019-9512, CVE-2019-9515)', () => {
    const ping: Frame = { type: 'PING', flags: 0, streamId: 0, opaqueData: Buffer.alloc(8) };
    for (const frame of [ping, settings()]) {
      const fixture = new Fixture();
      expect(framesUntilFailure(fixture, 2000, () => [frame])).to.equal(1001);
      expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');
      expect(fixture.connection.outputLength).to.be.below(20_000);
    }
  });

  it('of settings in one frame', () => {
    const fixture = new Fixture();
    fixture.send(settings(...Array.from({ length: 1000 }, () => [SettingId.INITIAL_WINDOW_SIZE, 1] as const)));
    expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');
  });

  it('of PRIORITY, for streams that are there and that are not (CVE-2019-9513)', () => {
    const fixture = new Fixture();
    fixture.send(fixture.request(1, 0), fixture.request(3, 0));
    const sent = framesUntilFailure(fixture, 20_000, (i) => [priority(1 + 2 * i, i % 2 === 0 ? 0 : 3 + 2 * i)]);
    expect(sent).to.equal(10_001);
    expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');
    expect(fixture.connection.streamCount).to.equal(2);
    expect(fixture.connection.outputLength).to.be.below(100);
  });

  it('of frames without content (CVE-2019-9518)', () => {
    const fixture = new Fixture();
    fixture.send(fixture.request(1, 0));
    expect(framesUntilFailure(fixture, 20_000, () => [data(1, 0)])).to.equal(10_001);
    expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');

    const padded = new Fixture();
    padded.send(padded.request(1, 0));
    const padding: Frame = { type: 'DATA', flags: Flag.PADDED, streamId: 1, data: Buffer.alloc(0), padLength: 0 };
    expect(framesUntilFailure(padded, 20_000, () => [padding])).to.equal(10_001);
    expect(padded.failure).to.equal('ENHANCE_YOUR_CALM');

    const empty = new Fixture();
    const headers: Frame = { type: 'HEADERS', flags: Flag.END_HEADERS, streamId: 1, fragment: Buffer.alloc(0) };
    expect(framesUntilFailure(empty, 20_000, (i) => [{ ...headers, streamId: 1 + 2 * i }])).to.equal(1001);
  });

  it('of promises to a client', () => {
    const fixture = new Fixture({ role: 'client', limits: { maxReservedStreams: 5, maxRejectedStreams: 5 } });
    fixture.connection.headers(fixture.connection.open(undefined), REQUEST, true);
    const { fragment } = fixture.request(1) as Extract<Frame, { type: 'HEADERS' }>;
    const sent = framesUntilFailure(fixture, 100, (i) => [
      { type: 'PUSH_PROMISE', flags: Flag.END_HEADERS, streamId: 1, promisedStreamId: 2 + 2 * i, fragment },
    ]);
    expect([sent, fixture.failure]).to.deep.equal([11, 'ENHANCE_YOUR_CALM']);
    expect(fixture.connection.streamCount).to.equal(6);
  });
});

describe('bombs', () => {
  it('of fields: no more than the list may hold is kept', () => {
    const fixture = new Fixture({ maxHeaderListSize: 1000 });
    const long = { name: 'x', value: 'y'.repeat(800) };
    fixture.send(fixture.request(1, Flag.END_STREAM, [...REQUEST, ...Array.from({ length: 100 }, () => long)]));
    expect(fixture.events).to.deep.equal([['reset', 1, 11]]);
  });

  it('of one entry of the table, named again and again (CVE-2016-6581)', () => {
    const fixture = new Fixture();
    // 4 KiB under index 62, and then that index in each of 16,000 octets: 64 MiB of fields.
    const entry = Buffer.concat([Buffer.from('4001787fa11e', 'hex'), Buffer.alloc(4000, 0x79)]);
    const bomb = Buffer.concat([entry, Buffer.alloc(12_000, 0xbe)]);
    const headers: Frame = { type: 'HEADERS', flags: Flag.END_HEADERS, streamId: 1, fragment: bomb };
    fixture.send(headers);
    expect(fixture.events).to.deep.equal([['reset', 1, 11]]);
    expect(fixture.connection.statistics.inflateTable).to.be.within(4000, 4096);
    fixture.send(fixture.request(3));
    expect(fixture.events).to.deep.include(['headers', 3, 'request']);
  });

  it('of fields without names (CVE-2019-9516)', () => {
    for (const field of ['400000', '000000', '108080']) {
      const fixture = new Fixture();
      const fragment = Buffer.from(field.repeat(4000), 'hex');
      fixture.send({ type: 'HEADERS', flags: Flag.END_HEADERS, streamId: 1, fragment });
      expect(fixture.events).to.deep.equal([['reset', 1, 11]]);
      expect(fixture.connection.statistics.inflateTable).to.be.at.most(4096);
      fixture.send({ type: 'HEADERS', flags: Flag.END_HEADERS, streamId: 3, fragment: Buffer.from(field, 'hex') });
      expect(fixture.events.at(-1)).to.deep.equal(['reset', 3, 1]);
    }
  });

  it('of a table as large as the other side likes', () => {
    const fixture = new Fixture();
    fixture.send(settings([SettingId.HEADER_TABLE_SIZE, 0xffff_ffff]), fixture.request(1));
    const stream = fixture.streams.get(1)!;
    for (let i = 0; i < 200; i++) {
      fixture.connection.headers(
        stream,
        [
          { name: ':status', value: '103' },
          { name: `x-${i}`, value: 'y'.repeat(100) },
        ],
        false,
      );
    }
    expect(fixture.connection.statistics.deflateTable).to.be.at.most(4096);

    const inflated = new Fixture();
    const fragment = Buffer.from('3fe2ffffff0f', 'hex');
    inflated.send({ type: 'HEADERS', flags: Flag.END_HEADERS, streamId: 1, fragment });
    expect(inflated.failure).to.equal('COMPRESSION_ERROR');
  });
});

describe('windows', () => {
  /** Answers each request with as much as it can, as a server would that reads a file. */
  function answer(fixture: Fixture, ids: number[], octets: number): void {
    for (const id of ids) {
      const stream = fixture.streams.get(id)!;
      fixture.connection.headers(stream, [{ name: ':status', value: '200' }], false);
      fixture.connection.data(stream, [Buffer.alloc(octets)]);
    }
  }

  const ids = (count: number) => Array.from({ length: count }, (_, i) => 1 + 2 * i);

  it('that are wide while nobody reads the socket (CVE-2019-9517)', () => {
    const fixture = new Fixture();
    fixture.send(settings([SettingId.INITIAL_WINDOW_SIZE, 0x7fff_ffff]), update(0, 0x7fff_0000));
    fixture.send(...ids(100).map((id) => fixture.request(id)));
    answer(fixture, ids(100), 1_000_000);
    for (let i = 0; i < 100; i++) fixture.connection.resume();
    expect(fixture.connection.outputCopied).to.be.below(HELD);
    expect(fixture.connection.outputLength).to.be.below(OUTPUT);
    // Besides what each stream was given, hardly anything; what a stream is given is for it to bound: ../../http2/attacks.test.ts
    expect(fixture.connection.memory).to.be.within(100_000_000, 100_000_000 + HELD);
  });

  it('that are wide while nobody reads the socket: content in small pieces is copied, and waits the sooner', () => {
    const fixture = new Fixture();
    fixture.send(settings([SettingId.INITIAL_WINDOW_SIZE, 0x7fff_ffff]), update(0, 0x7fff_0000));
    fixture.send(...ids(100).map((id) => fixture.request(id)));
    for (const id of ids(100)) {
      const stream = fixture.streams.get(id)!;
      fixture.connection.headers(stream, [{ name: ':status', value: '200' }], false);
      while (fixture.connection.data(stream, [Buffer.alloc(4096)])) expect(fixture.connection.outputLength).below(HELD);
    }
    expect(fixture.connection.outputCopied).to.equal(fixture.connection.outputLength);
  });

  it('that let through an octet at a time (CVE-2019-9511)', () => {
    const fixture = new Fixture();
    fixture.send(settings([SettingId.INITIAL_WINDOW_SIZE, 0]));
    fixture.send(...ids(100).map((id) => fixture.request(id)));
    answer(fixture, ids(100), 100_000);
    fixture.sent();
    const received = 100_000;
    for (let i = 0; i < received && fixture.failure === undefined; i++) fixture.send(update(1 + 2 * (i % 100), 1));
    // A frame of ten octets for each of thirteen, and no more of them than the output holds.
    expect(fixture.connection.outputLength).to.be.below(HELD);
    expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');
  });

  it('of zero, held open: new streams are refused, and then the connection ends', () => {
    const fixture = new Fixture({ limits: { maxMemory: 1_000_000 } });
    fixture.send(settings([SettingId.INITIAL_WINDOW_SIZE, 0]));
    let answered = 0;
    for (let id = 1; id < 1000 && fixture.failure === undefined; id += 2) {
      fixture.send(fixture.request(id));
      if (!fixture.streams.has(id)) continue;
      answer(fixture, [id], 16_384);
      answered++;
    }
    expect(answered).to.be.below(100);
    expect(fixture.failure).to.equal('ENHANCE_YOUR_CALM');
    expect(fixture.connection.memory).to.be.below(1_100_000);
    const refused = fixture.sent().filter(({ type }) => type === 'RST_STREAM');
    expect(refused).to.have.length(101);
    expect(refused[0]).to.include({ errorCode: 11 });
  });

  it('beyond 2^31-1, of the connection, of a stream, and by settings', () => {
    const connection = new Fixture();
    connection.send(update(0, 0x7fff_ffff));
    expect(connection.failure).to.equal('FLOW_CONTROL_ERROR');

    const stream = new Fixture();
    stream.send(stream.request(1), stream.request(3), update(1, 0x7fff_ffff));
    expect(stream.failure).to.equal(undefined);
    expect(stream.events.at(-1)).to.deep.equal(['reset', 1, 3]);
    stream.send(update(3, 0x7fff_ffff - 65_535), settings([SettingId.INITIAL_WINDOW_SIZE, 65_536]));
    expect(stream.failure).to.equal('FLOW_CONTROL_ERROR');
  });

  it('of this side: content beyond them ends the connection, and nothing of it is kept', () => {
    const fixture = new Fixture();
    fixture.send(fixture.request(1, 0));
    const chunk = encodeFrame(data(1, 16_384));
    for (let i = 0; i < 5; i++) fixture.bytes(chunk);
    expect(fixture.failure).to.equal('FLOW_CONTROL_ERROR');
    expect(fixture.events.filter(([name]) => name === 'data')).to.have.length(3);
  });
});
