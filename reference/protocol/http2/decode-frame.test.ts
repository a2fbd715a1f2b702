import { Buffer } from 'node:buffer';
import { expect } from 'chai';
import { decodeFrame } from './decode-frame.js';
import type { ErrorCodeName } from './errorcode.js';
import { Flag, FrameType, type FrameTypeName } from './frame.js';
import { type ErrorScope, FrameError } from './frame-error.js';

type Case = [FrameTypeName, flags: number, streamId: number, hex: string, ErrorCodeName, ErrorScope, section: string];

const { ACK, PADDED, PRIORITY } = Flag;

const MALFORMED: Case[] = [
  ['DATA', 0, 0, '', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.1'],
  ['DATA', PADDED, 1, '', 'FRAME_SIZE_ERROR', 'stream', 'RFC 9113 §4.2'],
  ['DATA', PADDED, 1, '01', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.1'],
  ['DATA', PADDED, 1, '03aabb', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.1'],
  ['HEADERS', 0, 0, '82', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.2'],
  ['HEADERS', PADDED, 1, '', 'FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §4.2'],
  ['HEADERS', PRIORITY, 1, '00000000', 'FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §4.2'],
  ['HEADERS', PADDED | PRIORITY, 1, '0000000000', 'FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §4.2'],
  ['HEADERS', PADDED, 1, '0282', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.2'],
  // The padding must not reach into the priority fields.
  ['HEADERS', PADDED | PRIORITY, 1, '01000000000f', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.2'],
  ['PRIORITY', 0, 0, '000000000f', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.3'],
  ['PRIORITY', 0, 1, '00000000', 'FRAME_SIZE_ERROR', 'stream', 'RFC 9113 §6.3'],
  ['PRIORITY', 0, 1, '000000000f00', 'FRAME_SIZE_ERROR', 'stream', 'RFC 9113 §6.3'],
  ['RST_STREAM', 0, 0, '00000000', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.4'],
  ['RST_STREAM', 0, 1, '000000', 'FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §6.4'],
  ['SETTINGS', 0, 1, '', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.5'],
  ['SETTINGS', ACK, 0, '000100000000', 'FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §6.5'],
  ['SETTINGS', 0, 0, '0001000000', 'FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §6.5'],
  ['PUSH_PROMISE', 0, 0, '00000002', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.6'],
  ['PUSH_PROMISE', 0, 1, '000000', 'FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §4.2'],
  ['PUSH_PROMISE', PADDED, 1, '00000000', 'FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §4.2'],
  ['PUSH_PROMISE', PADDED, 1, '0100000002', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.6'],
  ['PUSH_PROMISE', 0, 1, '80000000', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.6'],
  ['PUSH_PROMISE', 0, 1, '00000003', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.6'],
  ['PING', 0, 1, '0000000000000000', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.7'],
  ['PING', 0, 0, '00000000000000', 'FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §6.7'],
  ['GOAWAY', 0, 1, '0000000000000000', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.8'],
  ['GOAWAY', 0, 0, '00000000000000', 'FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §4.2'],
  ['WINDOW_UPDATE', 0, 1, '0000000000', 'FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §6.9'],
  ['WINDOW_UPDATE', 0, 1, '80000000', 'PROTOCOL_ERROR', 'stream', 'RFC 9113 §6.9'],
  ['WINDOW_UPDATE', 0, 0, '00000000', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.9'],
  ['CONTINUATION', 0, 0, '82', 'PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.10'],
  ['ALTSVC', 0, 0, '00', 'FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §4.2'],
  ['ALTSVC', 0, 1, '000261', 'FRAME_SIZE_ERROR', 'stream', 'RFC 9113 §4.2'],
  ['ALTSVC', 0, 0, '0000636c656172', 'PROTOCOL_ERROR', 'frame', 'RFC 7838 §4'],
  ['ALTSVC', 0, 1, '000161636c656172', 'PROTOCOL_ERROR', 'frame', 'RFC 7838 §4'],
  ['ORIGIN', 0, 1, '', 'PROTOCOL_ERROR', 'frame', 'RFC 8336 §2.2'],
  ['ORIGIN', 0x2, 0, '', 'PROTOCOL_ERROR', 'frame', 'RFC 8336 §2.2'],
  ['ORIGIN', 0, 0, '00016100', 'FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §4.2'],
  ['PRIORITY_UPDATE', 0, 1, '00000001', 'PROTOCOL_ERROR', 'connection', 'RFC 9218 §7.1'],
  ['PRIORITY_UPDATE', 0, 0, '000000', 'FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §4.2'],
  ['PRIORITY_UPDATE', 0, 0, '00000000', 'PROTOCOL_ERROR', 'connection', 'RFC 9218 §7.1'],
];

function decode(type: FrameTypeName, flags: number, streamId: number, hex: string) {
  const payload = Buffer.from(hex, 'hex');
  return decodeFrame({ length: payload.length, type: FrameType[type], flags, reserved: false, streamId, payload });
}

describe('decodeFrame', () => {
  for (const [type, flags, streamId, hex, code, scope, section] of MALFORMED) {
    it(`${type} flags ${flags} stream ${streamId} '${hex}': ${code}, ${section}`, () => {
      const error = decode(type, flags, streamId, hex);
      expect(error).to.be.instanceOf(FrameError);
      expect(error).to.include({ code, scope, section });
      expect((error as FrameError).header).to.include({ type: FrameType[type], flags, streamId });
    });
  }

  it('ignores the reserved bits of stream identifiers and increments', () => {
    expect(decode('WINDOW_UPDATE', 0, 1, '80000001')).to.include({ increment: 1 });
    expect(decode('GOAWAY', 0, 0, 'ffffffff00000000')).to.include({ lastStreamId: 0x7fff_ffff });
    expect(decode('PUSH_PROMISE', 0, 1, '80000002')).to.include({ promisedStreamId: 2 });
  });

  it('ignores flags that the type does not define', () => {
    expect(decode('PING', PADDED, 0, '0000000000000000')).to.include({ type: 'PING', flags: PADDED });
    expect(decode('ORIGIN', 0x10, 0, '')).to.include({ type: 'ORIGIN' });
  });

  it('takes all of the payload as padding', () => {
    expect(decode('DATA', PADDED, 1, '020000')).to.deep.include({ data: Buffer.alloc(0), padLength: 2 });
  });
});
