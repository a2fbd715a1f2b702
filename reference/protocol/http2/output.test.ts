import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import { Flag, FrameType } from './frame.js';
import { FrameError } from './frame-error.js';
import { FrameReader } from './frame-reader.js';
import { Output } from './output.js';

const content = (octets: number) => Buffer.from(Array.from({ length: octets }, (_, i) => i % 251));

/** Stream, flags and payload of each frame of DATA. */
function framesOf(pieces: Buffer[]): { streamId: number; flags: number; payload: Buffer }[] {
  const reader = new FrameReader();
  reader.push(Buffer.concat(pieces));
  return [...reader.frames()].map((frame) => {
    if (frame instanceof FrameError) throw new Error(frame.toString());
    expect(frame.type).to.equal(FrameType.DATA);
    return { streamId: frame.streamId, flags: frame.flags, payload: frame.payload };
  });
}

describe('Output', () => {
  it('cuts content into frames, and copies none but small ones', () => {
    for (const last of [0, 1, 8191, 8192, 16_383]) {
      const output = new Output();
      const all = content(10 + 3 * 16_384 + last);
      output.data(1, all, 10, all.length, 16_384);
      expect(output.length).to.equal(all.length - 10 + 9 * (last > 0 ? 4 : 3));
      expect(output.copied).to.be.below(9 * 4 + 8192);
      expect(output.frames).to.equal(last > 0 ? 4 : 3);
      const frames = framesOf(output.take());
      expect(frames.map(({ payload }) => payload.length)).to.deep.equal(
        [16_384, 16_384, 16_384, last].filter((length) => length > 0),
      );
      expect(Buffer.concat(frames.map(({ payload }) => payload)).equals(all.subarray(10))).to.equal(true);
      expect(output.length).to.equal(0);
    }
  });

  it('ends the last frame only, though others have the same header', () => {
    for (const octets of [100, 16_384, 32_768, 49_152, 50_000]) {
      const output = new Output();
      output.data(3, content(32_768), 0, 32_768, 16_384);
      output.data(1, content(octets), 0, octets, 16_384);
      expect(output.endLastData(3)).to.equal(false);
      expect(output.endLastData(1)).to.equal(true);
      expect(output.endLastData(1)).to.equal(false);
      output.data(3, content(32_768), 0, 32_768, 16_384);
      const ended = framesOf(output.take()).map(({ streamId, flags }) => (flags & Flag.END_STREAM ? streamId : 0));
      const frames = Math.ceil(octets / 16_384);
      expect(ended).to.deep.equal([0, 0, ...new Array(frames - 1).fill(0), 1, 0, 0]);
    }
  });

  it('does not end what has been taken', () => {
    const output = new Output();
    output.data(1, content(32_768), 0, 32_768, 16_384);
    output.take();
    expect(output.endLastData(1)).to.equal(false);
  });

  it('pads', () => {
    const output = new Output();
    output.paddedData(1, content(1000), 100, 1000, 7);
    output.endLastData(1);
    const [frame] = framesOf(output.take());
    expect(frame).to.include({ flags: Flag.PADDED | Flag.END_STREAM });
    expect(frame!.payload.equals(Buffer.concat([Buffer.of(7), content(1000).subarray(100), Buffer.alloc(7)]))).to.equal(
      true,
    );
  });
});
