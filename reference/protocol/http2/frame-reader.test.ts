import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import { encodeFrame } from './encode-frame.js';
import { Flag, type Frame } from './frame.js';
import { FrameError } from './frame-error.js';
import { FrameReader, PREFACE } from './frame-reader.js';

const data = (length: number, streamId = 1): Frame => ({
  type: 'DATA',
  flags: 0,
  streamId,
  data: Buffer.alloc(length, streamId),
});

const three = Buffer.concat([encodeFrame(data(3)), encodeFrame(data(0, 2)), encodeFrame(data(300, 3))]);

/** Length and stream of each frame, or the error's code. */
function summary(reader: FrameReader): string[] {
  return Array.from(reader.frames(), (frame) =>
    frame instanceof FrameError
      ? frame.code
      : `${frame.length}@${frame.streamId} ${frame.payload.toString('hex', 0, 2)}`,
  );
}

const THREE = ['3@1 0101', '0@2 ', '300@3 0303'];

describe('FrameReader', () => {
  it('reads several frames from one chunk', () => {
    const reader = new FrameReader();
    reader.push(three);
    expect(summary(reader)).to.deep.equal(THREE);
    expect(reader.idle).to.equal(true);
  });

  it('reads byte by byte, whether it is asked between the bytes or after the last', () => {
    const eager = new FrameReader();
    const late = new FrameReader();
    const seen: string[] = [];
    for (let i = 0; i < three.length; i++) {
      eager.push(three.subarray(i, i + 1));
      seen.push(...summary(eager));
      late.push(new Uint8Array(three.subarray(i, i + 1)));
    }
    expect(seen).to.deep.equal(THREE);
    expect(summary(late)).to.deep.equal(THREE);
  });

  it('reads whatever two cuts there are', () => {
    const bytes = three.subarray(0, 40);
    for (let a = 0; a <= bytes.length; a++) {
      for (let b = a; b <= bytes.length; b++) {
        const reader = new FrameReader();
        for (const piece of [bytes.subarray(0, a), bytes.subarray(a, b), bytes.subarray(b)]) reader.push(piece);
        expect(summary(reader)).to.deep.equal(THREE.slice(0, 2));
        expect(reader.idle).to.equal(false);
      }
    }
  });

  it('shares the memory of a chunk that holds the whole frame', () => {
    const reader = new FrameReader();
    reader.push(three);
    const frame = reader.read();
    expect(frame).to.have.property('payload').with.property('buffer', three.buffer);
  });

  it('splits DATA that spans chunks where it is told to, without copying', () => {
    const reader = new FrameReader({ splitData: true });
    const bytes = Buffer.concat([encodeFrame({ ...data(10), flags: Flag.END_STREAM }), encodeFrame(data(2, 3))]);
    const seen: [number, number, number][] = [];
    for (const piece of [bytes.subarray(0, 9), bytes.subarray(9, 13), bytes.subarray(13, 18), bytes.subarray(18)]) {
      reader.push(piece);
      for (const frame of reader.frames()) {
        if (frame instanceof FrameError) throw frame;
        expect(frame.payload.buffer).to.equal(bytes.buffer);
        expect(frame.payload).to.have.length(frame.length);
        seen.push([frame.streamId, frame.length, frame.flags]);
      }
      expect(reader.idle).to.equal(seen.length === 4);
    }
    expect(seen).to.deep.equal([
      [1, 4, 0],
      [1, 5, 0],
      [1, 1, Flag.END_STREAM],
      [3, 2, 0],
    ]);
    expect(reader.count).to.equal(2);
  });

  it('splits neither DATA with padding nor other frames', () => {
    const reader = new FrameReader({ splitData: true });
    const ping: Frame = { type: 'PING', flags: 0, streamId: 0, opaqueData: Buffer.alloc(8) };
    const bytes = Buffer.concat([encodeFrame({ ...data(10), padLength: 3 } as Frame), encodeFrame(ping)]);
    const seen: string[] = [];
    for (const octet of bytes) {
      reader.push(Buffer.of(octet));
      seen.push(...summary(reader));
    }
    expect(seen).to.deep.equal(['14@1 0301', '8@0 0000']);
  });

  it('shows the reserved bit and keeps it out of the stream identifier', () => {
    const reader = new FrameReader();
    reader.push(encodeFrame(data(1, 7), { reserved: true }));
    expect(reader.read()).to.include({ reserved: true, streamId: 7 });
  });

  it('refuses a frame by its header when it is too large, then and ever after', () => {
    const reader = new FrameReader({ maxFrameSize: 16_384 });
    reader.push(encodeFrame(data(16_384)));
    expect(summary(reader)).to.have.length(1);
    reader.push(encodeFrame(data(16_385)).subarray(0, 9));
    const error = reader.read();
    expect(error).to.include({ code: 'FRAME_SIZE_ERROR', scope: 'connection', section: 'RFC 9113 §4.2' });
    expect((error as FrameError).header).to.include({ length: 16_385, streamId: 1 });
    reader.push(encodeFrame(data(1)));
    expect(reader.read()).to.equal(error);
    expect(summary(reader)).to.deep.equal(['FRAME_SIZE_ERROR']);
  });

  it('heeds a new maximum from the next frame on', () => {
    const reader = new FrameReader({ maxFrameSize: 16_384 });
    reader.maxFrameSize = 20_000;
    reader.push(encodeFrame(data(20_000)));
    expect(summary(reader)).to.have.length(1);
  });

  it('takes the connection preface off, cut anywhere', () => {
    const bytes = Buffer.concat([PREFACE, three]);
    for (let cut = 0; cut <= PREFACE.length + 1; cut++) {
      const reader = new FrameReader({ preface: true });
      reader.push(bytes.subarray(0, cut));
      expect(summary(reader)).to.deep.equal([]);
      expect(reader.idle).to.equal(cut === PREFACE.length);
      reader.push(bytes.subarray(cut));
      expect(summary(reader)).to.deep.equal(THREE);
    }
  });

  it('refuses what is not the preface at its first wrong octet', () => {
    const reader = new FrameReader({ preface: true });
    reader.push(Buffer.from('PRI * HTTP/1'));
    expect(reader.read()).to.include({ code: 'PROTOCOL_ERROR', scope: 'connection', section: 'RFC 9113 §3.4' });
  });
});
