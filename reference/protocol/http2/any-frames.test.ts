// Frames of every type in any order, from a client that keeps no rules, and answers in between: nothing is thrown, counts
// stay right, and what is held stays bounded.
//
// PLUMBLINE_CASES=100000 for a long run.
import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import fc from 'fast-check';
import { Flag, type Frame } from './frame.js';
import { SettingId } from './settings.js';
import type { StreamEntry } from './stream-entry.js';
import { StreamState } from './stream-states.js';
import { data, Fixture, rst } from './testing/fixture.js';

type Step = (fixture: Fixture) => void;

const streamId = fc.constantFrom(0, 1, 2, 3, 5, 7, 9, 11);
const flags = fc.constantFrom(0, Flag.END_STREAM, Flag.END_HEADERS, Flag.END_STREAM | Flag.END_HEADERS);
const octets = fc.constantFrom(0, 1, 100, 16_384);
const word = fc.constantFrom(0, 1, 100, 65_535, 0x7fff_ffff);
const block = fc.oneof(
  fc.constantFrom('', '82', '3fe11f', 'ffff', '40017801', '20'),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('hex')),
);

const increments = fc.constantFrom(1, 100, 16_384, 1_000_000);

const sent = (frame: Frame): Step => {
  return (fixture) => fixture.send(frame);
};

/** One of the streams that are open; undefined when there is none. */
function pick({ connection }: Fixture, n: number): StreamEntry<undefined> | undefined {
  const open = [...connection.streams];
  return open[n % open.length];
}

/** A frame for a stream that is open. */
const onStream = (n: number, make: (id: number) => Frame): Step => {
  return (fixture) => {
    const stream = pick(fixture, n);
    if (stream) fixture.send(make(stream.id));
  };
};

/** What a client may send. */
const legal: fc.Arbitrary<Step> = fc.oneof(
  flags.map((bits): Step => {
    return (fixture) => {
      const id = Math.max(-1, ...fixture.streams.keys()) + 2;
      fixture.send(fixture.request(id, bits & Flag.END_STREAM));
    };
  }),
  fc.tuple(fc.nat(9), octets, flags).map(([n, length, bits]): Step => {
    return (fixture) => {
      const stream = pick(fixture, n);
      const credit = Math.min(fixture.connection.statistics.available, stream?.receiveWindow?.available ?? 65_535);
      if (stream && !stream.remoteClosed && length <= credit) {
        fixture.send(data(stream.id, length, bits & Flag.END_STREAM));
      }
    };
  }),
  fc
    .tuple(fc.nat(9), increments)
    .map(([n, increment]) => onStream(n, (id) => ({ type: 'WINDOW_UPDATE', flags: 0, streamId: id, increment }))),
  increments.map((increment) => sent({ type: 'WINDOW_UPDATE', flags: 0, streamId: 0, increment })),
  fc
    .tuple(fc.constantFrom(SettingId.INITIAL_WINDOW_SIZE, SettingId.HEADER_TABLE_SIZE), octets)
    .map((entry) => sent({ type: 'SETTINGS', flags: 0, streamId: 0, settings: [entry] })),
  fc.nat(9).map((n) => onStream(n, rst)),
  fc.constant(sent({ type: 'PING', flags: 0, streamId: 0, opaqueData: Buffer.alloc(8) })),
);

/** Anything else. */
const illegal: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(streamId, flags).map(([id, bits]): Step => {
    return (fixture) => fixture.send({ ...fixture.request(id), flags: bits });
  }),
  fc.tuple(streamId, flags).map(([id, bits]): Step => {
    return (fixture) => fixture.send(fixture.request(id, bits, [{ name: 'x-trailer', value: 'y' }]));
  }),
  fc
    .tuple(streamId, flags, block)
    .map(([id, bits, hex]) => sent({ type: 'HEADERS', flags: bits, streamId: id, fragment: Buffer.from(hex, 'hex') })),
  fc
    .tuple(streamId, flags, block)
    .map(([id, bits, hex]) =>
      sent({ type: 'CONTINUATION', flags: bits, streamId: id, fragment: Buffer.from(hex, 'hex') }),
    ),
  fc.tuple(streamId, octets, flags).map(([id, length, bits]) => sent(data(id, length, bits & Flag.END_STREAM))),
  streamId.map((id) => sent(rst(id))),
  fc
    .tuple(streamId, streamId)
    .map(([id, parent]) =>
      sent({ type: 'PRIORITY', flags: 0, streamId: id, priority: { parent, weight: 1, exclusive: false } }),
    ),
  fc
    .tuple(fc.constantFrom(...Object.values(SettingId)), word)
    .map((entry) => sent({ type: 'SETTINGS', flags: 0, streamId: 0, settings: [entry] })),
  fc.constant(sent({ type: 'SETTINGS', flags: Flag.ACK, streamId: 0, settings: [] })),
  fc.constant(
    sent({ type: 'GOAWAY', flags: 0, streamId: 0, lastStreamId: 0, errorCode: 0, debugData: Buffer.alloc(0) }),
  ),
  fc.tuple(streamId, word).map(([id, increment]) => sent({ type: 'WINDOW_UPDATE', flags: 0, streamId: id, increment })),
  fc.uint8Array({ maxLength: 20 }).map((bytes): Step => {
    return (fixture) => fixture.bytes(bytes);
  }),
);

/** What a server does with a stream that is there. */
const answer: fc.Arbitrary<Step> = fc
  .tuple(fc.nat(9), fc.constantFrom('head', 'content', 'end', 'reset', 'consume', 'take'), octets)
  .map(([n, what, length]): Step => {
    return (fixture) => {
      const { connection } = fixture;
      if (what === 'take') {
        connection.takeOutput();
        connection.resume();
      }
      const stream = pick(fixture, n);
      if (stream === undefined) return;
      if (what === 'reset') connection.reset(stream, 8);
      if (what === 'consume') connection.consume(stream, Math.min(length, stream.received));
      if (stream.localClosed || stream.queued !== undefined) return;
      if (what === 'head') connection.headers(stream, [{ name: ':status', value: '200' }], false);
      if (what === 'content') connection.data(stream, [Buffer.alloc(length)]);
      if (what === 'end') connection.end(stream);
    };
  });

const step = fc.oneof(
  { weight: 20, arbitrary: legal },
  { weight: 20, arbitrary: answer },
  { weight: 1, arbitrary: illegal },
);
const steps = fc.array(step, { maxLength: 100, size: 'max' });

function assertSound({ connection }: Fixture): void {
  const { available, remoteWindow } = connection.statistics;
  expect(available).to.be.within(0, 0x7fff_ffff);
  expect(remoteWindow).to.be.within(0, 0x7fff_ffff);
  let queued = 0;
  for (const { state, queued: waiting, sendWindow } of connection.streams) {
    expect(state).not.to.equal(StreamState.CLOSED);
    expect(sendWindow).to.be.at.most(0x7fff_ffff);
    if (waiting) for (let i = waiting.index; i < waiting.chunks.length; i++) queued += waiting.chunks[i]!.length;
    if (waiting) queued -= waiting.offset;
  }
  const { deflateTable, inflateTable } = connection.statistics;
  const counted = connection.streamCount * 1024 + deflateTable + inflateTable + connection.outputLength;
  expect(connection.memory - counted - 64 * connection.pendingSettings).to.equal(queued);
}

describe('frames in any order', () => {
  it('are borne', () => {
    const numRuns = Number(process.env.PLUMBLINE_CASES ?? 300);
    const property = fc.property(steps, (all) => {
      const fixture = new Fixture();
      for (const step of all) {
        step(fixture);
        expect(fixture.connection.outputCopied).to.be.below(262_144);
        expect(fixture.connection.outputLength).to.be.below(2_097_152);
        // Windows are of no use from then on: the one that was overrun is below zero.
        if (fixture.failure !== undefined) break;
        assertSound(fixture);
      }
    });
    fc.assert(property, { numRuns });
  }).timeout(0);
});
