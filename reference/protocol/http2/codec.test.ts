import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import fc from 'fast-check';
import { decodeFrame } from './decode-frame.js';
import { encodeFrame, encodePayload } from './encode-frame.js';
import { Flag, type Frame, type Priority } from './frame.js';
import { FrameError } from './frame-error.js';
import { FrameReader } from './frame-reader.js';

const priority: Priority = { exclusive: true, parent: 3, weight: 16 };
const fragment = Buffer.from('8286', 'hex');

/** Each type as the RFC draws it. */
const LAYOUTS: [frame: Frame, hex: string][] = [
  [{ type: 'DATA', flags: Flag.END_STREAM, streamId: 1, data: Buffer.from('hi') }, '000002 00 01 00000001 6869'],
  [{ type: 'DATA', flags: 0, streamId: 1, data: Buffer.from('hi'), padLength: 0 }, '000003 00 08 00000001 00 6869'],
  [
    { type: 'DATA', flags: 0, streamId: 1, data: Buffer.from('hi'), padLength: 2 },
    '000005 00 08 00000001 02 6869 0000',
  ],
  [{ type: 'HEADERS', flags: Flag.END_HEADERS, streamId: 5, fragment }, '000002 01 04 00000005 8286'],
  [
    { type: 'HEADERS', flags: Flag.END_HEADERS, streamId: 5, fragment, priority, padLength: 1 },
    '000009 01 2c 00000005 01 80000003 0f 8286 00',
  ],
  [{ type: 'PRIORITY', flags: 0, streamId: 5, priority }, '000005 02 00 00000005 80000003 0f'],
  [{ type: 'RST_STREAM', flags: 0, streamId: 5, errorCode: 8 }, '000004 03 00 00000005 00000008'],
  [
    {
      type: 'SETTINGS',
      flags: 0,
      streamId: 0,
      settings: [
        [4, 0xffff_ffff],
        [0xabcd, 1],
      ],
    },
    '00000c 04 00 00000000 0004 ffffffff abcd 00000001',
  ],
  [{ type: 'SETTINGS', flags: Flag.ACK, streamId: 0, settings: [] }, '000000 04 01 00000000'],
  [
    { type: 'PUSH_PROMISE', flags: Flag.END_HEADERS, streamId: 1, promisedStreamId: 2, fragment, padLength: 1 },
    '000008 05 0c 00000001 01 00000002 8286 00',
  ],
  [
    { type: 'PING', flags: Flag.ACK, streamId: 0, opaqueData: Buffer.from('12345678') },
    '000008 06 01 00000000 3132333435363738',
  ],
  [
    { type: 'GOAWAY', flags: 0, streamId: 0, lastStreamId: 0x7fff_ffff, errorCode: 0xffff_ffff, debugData: fragment },
    '00000a 07 00 00000000 7fffffff ffffffff 8286',
  ],
  [{ type: 'WINDOW_UPDATE', flags: 0, streamId: 0, increment: 0x7fff_ffff }, '000004 08 00 00000000 7fffffff'],
  [{ type: 'CONTINUATION', flags: Flag.END_HEADERS, streamId: 5, fragment }, '000002 09 04 00000005 8286'],
  [
    { type: 'ALTSVC', flags: 0, streamId: 0, origin: 'ab', value: 'clear' },
    '000009 0a 00 00000000 0002 6162 636c656172',
  ],
  [{ type: 'ALTSVC', flags: 0, streamId: 1, origin: '', value: 'clear' }, '000007 0a 00 00000001 0000 636c656172'],
  [{ type: 'ORIGIN', flags: 0, streamId: 0, origins: ['a', 'bc'] }, '000007 0c 00 00000000 0001 61 0002 6263'],
  [
    { type: 'PRIORITY_UPDATE', flags: 0, streamId: 0, prioritizedStreamId: 7, fieldValue: 'u=1' },
    '000007 10 00 00000000 00000007 753d31',
  ],
  [{ type: 'UNKNOWN', flags: 0xff, streamId: 9, code: 0xfa, payload: fragment }, '000002 fa ff 00000009 8286'],
];

describe('frame codec', () => {
  for (const [frame, hex] of LAYOUTS) {
    it(`${frame.type} ${hex}`, () => {
      const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
      expect(encodeFrame(frame).toString('hex')).to.equal(bytes.toString('hex'));
      expect(encodePayload(frame).toString('hex')).to.equal(bytes.toString('hex', 9));
      expect(encodeFrame(decoded(bytes)).toString('hex')).to.equal(bytes.toString('hex'));
      expect(decoded(bytes)).to.deep.include(
        frame.flags === decoded(bytes).flags ? frame : { ...frame, flags: bytes[4] },
      );
    });
  }

  it('brings any frame back as it was, however the bytes are cut', () => {
    fc.assert(
      fc.property(anyFrame(), (frame) => {
        const bytes = encodeFrame(frame);
        const whole = decoded(bytes);
        expect(encodeFrame(whole).equals(bytes)).to.equal(true);
        for (let cut = 0; cut <= bytes.length; cut++) {
          expect(decoded(bytes.subarray(0, cut), bytes.subarray(cut))).to.deep.equal(whole);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('writes what breaks the rules when told to', () => {
    const ping: Frame = { type: 'PING', flags: 0, streamId: 0, opaqueData: Buffer.from('short') };
    expect(encodeFrame(ping).toString('hex')).to.equal('000005060000000000' + '73686f7274');
    expect(encodeFrame(ping, { length: 0xff_ffff, flags: 0xff, reserved: true }).toString('hex')).to.equal(
      'ffffff06ff80000000' + '73686f7274',
    );
    const padded: Frame = { type: 'DATA', flags: 0, streamId: 0, data: Buffer.alloc(0), padLength: 3 };
    expect(encodeFrame(padded, { flags: 0 }).toString('hex')).to.equal('000004000000000000' + '03000000');
    expect(encodeFrame(padded, { payload: Buffer.from([9]) }).toString('hex')).to.equal('000001000800000000' + '09');
  });
});

/** The one frame in these pieces. */
function decoded(...pieces: Buffer[]): Frame {
  const reader = new FrameReader();
  for (const piece of pieces) reader.push(piece);
  const [raw, ...rest] = [...reader.frames()];
  expect(rest).to.deep.equal([]);
  expect(reader.idle).to.equal(true);
  const frame = raw instanceof FrameError ? raw : decodeFrame(raw!);
  if (frame instanceof FrameError) throw new Error(frame.toString());
  return frame;
}

function anyFrame(): fc.Arbitrary<Frame> {
  const flags = fc.integer({ min: 0, max: 0xff }).map((octet) => octet & ~(Flag.PADDED | Flag.PRIORITY));
  const bytes = fc.uint8Array({ maxLength: 40 }).map((octets) => Buffer.from(octets));
  const text = fc.string({ unit: 'binary-ascii', maxLength: 20 });
  const uint31 = fc.integer({ min: 1, max: 0x7fff_ffff });
  const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
  const padLength = fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined });
  const dependency = fc.record({ exclusive: fc.boolean(), parent: uint31, weight: fc.integer({ min: 1, max: 256 }) });
  const onStream = { flags, streamId: uint31 };
  const onConnection = { flags: fc.constant(0), streamId: fc.constant(0) };
  return fc.oneof(
    fc.record({ type: fc.constant('DATA' as const), ...onStream, data: bytes, padLength }),
    fc.record({
      type: fc.constant('HEADERS' as const),
      ...onStream,
      fragment: bytes,
      padLength,
      priority: fc.option(dependency, { nil: undefined }),
    }),
    fc.record({ type: fc.constant('PRIORITY' as const), ...onStream, priority: dependency }),
    fc.record({ type: fc.constant('RST_STREAM' as const), ...onStream, errorCode: uint32 }),
    fc.record({
      type: fc.constant('SETTINGS' as const),
      ...onConnection,
      settings: fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffff }), uint32), { maxLength: 5 }),
    }),
    fc.record({
      type: fc.constant('PUSH_PROMISE' as const),
      ...onStream,
      promisedStreamId: uint31.map((id) => (id % 2 === 0 ? id : id - 1 || 2)),
      fragment: bytes,
      padLength,
    }),
    fc.record({
      type: fc.constant('PING' as const),
      ...onConnection,
      opaqueData: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((o) => Buffer.from(o)),
    }),
    fc.record({
      type: fc.constant('GOAWAY' as const),
      ...onConnection,
      lastStreamId: uint31,
      errorCode: uint32,
      debugData: bytes,
    }),
    fc.record({ type: fc.constant('WINDOW_UPDATE' as const), ...onStream, increment: uint31 }),
    fc.record({ type: fc.constant('CONTINUATION' as const), ...onStream, fragment: bytes }),
    fc.record({ type: fc.constant('ALTSVC' as const), ...onStream, origin: fc.constant(''), value: text }),
    fc.record({ type: fc.constant('ORIGIN' as const), ...onConnection, origins: fc.array(text, { maxLength: 3 }) }),
    fc.record({
      type: fc.constant('PRIORITY_UPDATE' as const),
      ...onConnection,
      prioritizedStreamId: uint31,
      fieldValue: text,
    }),
    fc.record({
      type: fc.constant('UNKNOWN' as const),
      ...onStream,
      code: fc.constantFrom(0x0b, 0x0d, 0x11, 0xff),
      payload: bytes,
    }),
  );
}
