import { Buffer } from 'node:buffer';
import { Flag, FRAME_HEADER_LENGTH, type Frame, FrameType, type Priority } from './frame.js';

/** What to write in place of what follows from the frame: the way to frames that break the rules. */
export interface FrameOverrides {
  /** The payload, whatever the frame's fields say. */
  payload?: Uint8Array | undefined;
  /** The length field; the payload stays as long as it is. */
  length?: number | undefined;
  /** The flags octet, without PADDED and PRIORITY being added. */
  flags?: number | undefined;
  /** The reserved bit of the stream identifier. */
  reserved?: boolean | undefined;
}

/**
 * A frame as bytes, header and payload in one buffer. The layout of the payload follows the fields (`padLength`,
 * `priority`), not the flags, and no value is judged: it is cut to the width of its field.
 */
export function encodeFrame(frame: Frame, overrides: FrameOverrides = {}): Buffer {
  const payload = overrides.payload;
  const size = payload?.length ?? payloadLength(frame);
  const target = Buffer.allocUnsafe(FRAME_HEADER_LENGTH + size);
  const length = overrides.length ?? size;
  const streamId = overrides.reserved ? (frame.streamId | 0x8000_0000) >>> 0 : frame.streamId;
  writeFrameHeader(target, 0, length, frameTypeCode(frame), overrides.flags ?? frameFlags(frame), streamId);
  if (payload) target.set(payload, FRAME_HEADER_LENGTH);
  else writePayload(frame, target, FRAME_HEADER_LENGTH);
  return target;
}

/** The payload of a frame, without its header. */
export function encodePayload(frame: Frame): Buffer {
  const target = Buffer.allocUnsafe(payloadLength(frame));
  writePayload(frame, target, 0);
  return target;
}

/**
 * Writes the nine octets of a frame header. RFC 9113 §4.1
 *
 * @param streamId - 32 bits: the highest is the reserved one
 * @returns the offset behind the header
 */
export function writeFrameHeader(
  target: Buffer,
  offset: number,
  length: number,
  type: number,
  flags: number,
  streamId: number,
): number {
  target[offset] = length >>> 16;
  target[offset + 1] = length >>> 8;
  target[offset + 2] = length;
  target[offset + 3] = type;
  target[offset + 4] = flags;
  return writeUint32(target, offset + 5, streamId);
}

/** The type octet of a frame. */
export function frameTypeCode(frame: Frame): number {
  return frame.type === 'UNKNOWN' ? frame.code : FrameType[frame.type];
}

/** The flags octet of a frame, with PADDED and PRIORITY where its fields ask for them. */
export function frameFlags(frame: Frame): number {
  switch (frame.type) {
    case 'DATA':
    case 'PUSH_PROMISE':
      return frame.flags | paddedFlag(frame.padLength);
    case 'HEADERS':
      return frame.flags | paddedFlag(frame.padLength) | (frame.priority ? Flag.PRIORITY : Flag.NONE);
    default:
      return frame.flags;
  }
}

function paddedFlag(padLength: number | undefined): number {
  return padLength === undefined ? Flag.NONE : Flag.PADDED;
}

function paddingLength(padLength: number | undefined): number {
  return padLength === undefined ? 0 : 1 + (padLength & 0xff);
}

function payloadLength(frame: Frame): number {
  switch (frame.type) {
    case 'DATA':
      return paddingLength(frame.padLength) + frame.data.length;
    case 'HEADERS':
      return paddingLength(frame.padLength) + (frame.priority ? 5 : 0) + frame.fragment.length;
    case 'PRIORITY':
      return 5;
    case 'RST_STREAM':
    case 'WINDOW_UPDATE':
      return 4;
    case 'SETTINGS':
      return 6 * frame.settings.length;
    case 'PUSH_PROMISE':
      return paddingLength(frame.padLength) + 4 + frame.fragment.length;
    case 'PING':
      return frame.opaqueData.length;
    case 'GOAWAY':
      return 8 + frame.debugData.length;
    case 'CONTINUATION':
      return frame.fragment.length;
    case 'ALTSVC':
      return 2 + frame.origin.length + frame.value.length;
    case 'ORIGIN':
      return frame.origins.reduce((sum, origin) => sum + 2 + origin.length, 0);
    case 'PRIORITY_UPDATE':
      return 4 + frame.fieldValue.length;
    case 'UNKNOWN':
      return frame.payload.length;
  }
}

function writePayload(frame: Frame, target: Buffer, start: number): void {
  switch (frame.type) {
    case 'DATA': {
      const at = writePadLength(target, start, frame.padLength);
      target.set(frame.data, at);
      target.fill(0, at + frame.data.length);
      return;
    }
    case 'HEADERS': {
      let at = writePadLength(target, start, frame.padLength);
      if (frame.priority) at = writePriority(target, at, frame.priority);
      target.set(frame.fragment, at);
      target.fill(0, at + frame.fragment.length);
      return;
    }
    case 'PRIORITY':
      writePriority(target, start, frame.priority);
      return;
    case 'RST_STREAM':
      writeUint32(target, start, frame.errorCode);
      return;
    case 'SETTINGS': {
      let at = start;
      for (const [id, value] of frame.settings) at = writeUint32(target, writeUint16(target, at, id), value);
      return;
    }
    case 'PUSH_PROMISE': {
      const at = writeUint32(target, writePadLength(target, start, frame.padLength), frame.promisedStreamId);
      target.set(frame.fragment, at);
      target.fill(0, at + frame.fragment.length);
      return;
    }
    case 'PING':
      target.set(frame.opaqueData, start);
      return;
    case 'GOAWAY':
      target.set(frame.debugData, writeUint32(target, writeUint32(target, start, frame.lastStreamId), frame.errorCode));
      return;
    case 'WINDOW_UPDATE':
      writeUint32(target, start, frame.increment);
      return;
    case 'CONTINUATION':
      target.set(frame.fragment, start);
      return;
    case 'ALTSVC':
      target.write(frame.value, writeLengthPrefixed(target, start, frame.origin), 'latin1');
      return;
    case 'ORIGIN': {
      let at = start;
      for (const origin of frame.origins) at = writeLengthPrefixed(target, at, origin);
      return;
    }
    case 'PRIORITY_UPDATE':
      target.write(frame.fieldValue, writeUint32(target, start, frame.prioritizedStreamId), 'latin1');
      return;
    case 'UNKNOWN':
      target.set(frame.payload, start);
      return;
  }
}

function writePadLength(target: Buffer, offset: number, padLength: number | undefined): number {
  if (padLength === undefined) return offset;
  target[offset] = padLength;
  return offset + 1;
}

/** Exclusive (1), Stream Dependency (31), Weight (8). §6.3 */
function writePriority(target: Buffer, offset: number, { exclusive, parent, weight }: Priority): number {
  const at = writeUint32(target, offset, exclusive ? parent | 0x8000_0000 : parent);
  target[at] = weight - 1;
  return at + 1;
}

function writeLengthPrefixed(target: Buffer, offset: number, text: string): number {
  const at = writeUint16(target, offset, text.length);
  return at + target.write(text, at, 'latin1');
}

function writeUint16(target: Buffer, offset: number, value: number): number {
  target[offset] = value >>> 8;
  target[offset + 1] = value;
  return offset + 2;
}

function writeUint32(target: Buffer, offset: number, value: number): number {
  target[offset] = value >>> 24;
  target[offset + 1] = value >>> 16;
  target[offset + 2] = value >>> 8;
  target[offset + 3] = value;
  return offset + 4;
}
