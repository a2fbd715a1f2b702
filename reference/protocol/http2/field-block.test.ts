import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import fc from 'fast-check';
import { encodeFrame, encodePayload, frameTypeCode } from './encode-frame.js';
import { type FieldBlockFrame, FieldBlockJoiner, splitFieldBlock } from './field-block.js';
import { Flag, type Frame, type RawFrame } from './frame.js';

const headers = (length: number): FieldBlockFrame => ({
  type: 'HEADERS',
  flags: Flag.END_STREAM,
  streamId: 1,
  padLength: 3,
  priority: { exclusive: false, parent: 0, weight: 1 },
  fragment: Buffer.alloc(length, 'x'),
});
const promise = (length: number): FieldBlockFrame => ({
  type: 'PUSH_PROMISE',
  flags: 0,
  streamId: 1,
  promisedStreamId: 2,
  fragment: Buffer.alloc(length, 'y'),
});
const continuation = (flags: number, length = 1, streamId = 1): Frame => ({
  type: 'CONTINUATION',
  flags,
  streamId,
  fragment: Buffer.alloc(length),
});
const ping: Frame = { type: 'PING', flags: 0, streamId: 0, opaqueData: Buffer.alloc(8) };

function raw(frame: Frame): RawFrame {
  const payload = encodePayload(frame);
  const { flags, streamId } = frame;
  return { length: payload.length, type: frameTypeCode(frame), flags, reserved: false, streamId, payload };
}

describe('field blocks', () => {
  it('are split so that no frame is too large, and joined to what they were', () => {
    const lengths = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(lengths, fc.boolean(), fc.integer({ min: 20, max: 100 }), (length, pushed, maxFrameSize) => {
        const whole = pushed ? promise(length) : headers(length);
        const frames = splitFieldBlock(whole, maxFrameSize);
        const joiner = new FieldBlockJoiner();
        const joined = frames.map((frame) => {
          expect(encodeFrame(frame).length).to.be.at.most(9 + maxFrameSize);
          expect(joiner.check(raw(frame))).to.equal(undefined);
          return joiner.join(frame);
        });
        expect(joined.slice(0, -1).every((frame) => frame === undefined)).to.equal(true);
        expect(joiner.open).to.equal(false);
        const expected = { ...whole, flags: whole.flags | Flag.END_HEADERS };
        const count = frames.length - 1;
        expect(joined.at(-1)).to.deep.equal(count === 0 ? expected : { ...expected, continuations: count });
      }),
    );
  });

  it('count empty CONTINUATION frames', () => {
    const joiner = new FieldBlockJoiner();
    expect(joiner.join(headers(2))).to.equal(undefined);
    expect(joiner.join(continuation(0, 0))).to.equal(undefined);
    expect(joiner.join(continuation(Flag.END_HEADERS, 0))).to.deep.include({ type: 'HEADERS', continuations: 2 });
  });

  it('let other frames through as they are', () => {
    expect(new FieldBlockJoiner().join(ping)).to.equal(ping);
  });

  it('are not to be interrupted by any other frame', () => {
    const joiner = new FieldBlockJoiner();
    joiner.join(promise(2));
    const unknown: Frame = { type: 'UNKNOWN', flags: 0, streamId: 1, code: 0xee, payload: Buffer.alloc(0) };
    for (const frame of [ping, headers(1), unknown, continuation(Flag.END_HEADERS, 1, 3)]) {
      expect(joiner.check(raw(frame))).to.include({ code: 'PROTOCOL_ERROR', section: 'RFC 9113 §6.6' });
    }
  });

  it('begin with HEADERS or PUSH_PROMISE', () => {
    const joiner = new FieldBlockJoiner();
    expect(joiner.check(raw(continuation(0)))).to.include({ code: 'PROTOCOL_ERROR', section: 'RFC 9113 §6.10' });
  });

  it('are refused when they are too long, or in too many frames', () => {
    const tooLarge = { code: 'ENHANCE_YOUR_CALM', scope: 'connection' };
    const bounded = new FieldBlockJoiner({ maxLength: 4 });
    expect(bounded.join(headers(4))).to.equal(undefined);
    expect(bounded.join(continuation(0, 1))).to.include(tooLarge);
    const complete = { ...headers(5), flags: Flag.END_HEADERS };
    expect(new FieldBlockJoiner({ maxLength: 4 }).join(complete)).to.include(tooLarge);
    const patient = new FieldBlockJoiner({ maxContinuations: 1 });
    expect(patient.join(headers(4))).to.equal(undefined);
    expect(patient.join(continuation(0, 0))).to.equal(undefined);
    expect(patient.join(continuation(Flag.END_HEADERS, 0))).to.include(tooLarge);
  });
});
