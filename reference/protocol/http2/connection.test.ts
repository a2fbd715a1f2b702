import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import { encodeFrame } from './encode-frame.js';
import { Flag, type Frame } from './frame.js';
import { data, Fixture, REQUEST, rst } from './testing/fixture.js';

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

  it('gives credit once for all that comes at a time', () => {
    const fixture = new Fixture();
    fixture.send(fixture.request(1, 0));
    fixture.connection.reset(fixture.streams.get(1)!, 8);
    fixture.sent();
    fixture.send(data(1, 16_384), data(1, 16_384), data(1, 16_384));
    expect(fixture.sent()).to.deep.equal([{ type: 'WINDOW_UPDATE', flags: 0, streamId: 0, increment: 49_152 }]);
  });

  it('hands on DATA as it comes, and its end with the last of it', () => {
    const fixture = new Fixture();
    fixture.send(fixture.request(1, 0));
    const frame = encodeFrame(data(1, 100, Flag.END_STREAM));
    fixture.bytes(frame.subarray(0, 49));
    expect(fixture.events.slice(1)).to.deep.equal([['data', 1, 40]]);
    fixture.bytes(frame.subarray(49));
    expect(fixture.events.slice(2)).to.deep.equal([
      ['data', 1, 60],
      ['end', 1],
    ]);
    expect(fixture.connection.statistics.framesReceived).to.equal(4);
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
