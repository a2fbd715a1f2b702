import type { Buffer } from 'node:buffer';
import type { ErrorCodeName } from './errorcode.js';
import { Flag, type Frame, FrameType, MAX_31_BIT, type Priority, type RawFrame, type Setting } from './frame.js';
import { type ErrorScope, FrameError } from './frame-error.js';

/**
 * The frame that the payload holds, or the rule it breaks. Only rules that need no knowledge of the connection are
 * checked here: sizes, padding, which stream the type belongs on. Values of settings are not among them
 * (`checkSetting`). Buffers in the result share memory with the payload.
 */
export function decodeFrame(raw: RawFrame): Frame | FrameError {
  const decode = DECODERS[raw.type];
  if (decode) return decode(raw);
  return { type: 'UNKNOWN', flags: raw.flags, streamId: raw.streamId, code: raw.type, payload: raw.payload };
}

type Decoder = (raw: RawFrame) => Frame | FrameError;

const DECODERS: Decoder[] = [];
DECODERS[FrameType.DATA] = decodeData;
DECODERS[FrameType.HEADERS] = decodeHeaders;
DECODERS[FrameType.PRIORITY] = decodePriority;
DECODERS[FrameType.RST_STREAM] = decodeRstStream;
DECODERS[FrameType.SETTINGS] = decodeSettings;
DECODERS[FrameType.PUSH_PROMISE] = decodePushPromise;
DECODERS[FrameType.PING] = decodePing;
DECODERS[FrameType.GOAWAY] = decodeGoaway;
DECODERS[FrameType.WINDOW_UPDATE] = decodeWindowUpdate;
DECODERS[FrameType.CONTINUATION] = decodeContinuation;
DECODERS[FrameType.ALTSVC] = decodeAltsvc;
DECODERS[FrameType.ORIGIN] = decodeOrigin;
DECODERS[FrameType.PRIORITY_UPDATE] = decodePriorityUpdate;

// RFC 9113 §6.1
function decodeData(raw: RawFrame): Frame | FrameError {
  const { flags, streamId, payload } = raw;
  if (streamId === 0) return protocolError(raw, '§6.1', 'DATA on stream 0');
  if ((flags & Flag.PADDED) === 0) return { type: 'DATA', flags, streamId, data: payload, padLength: undefined };
  // Not a frame that could alter the state of the connection, hence a stream error (§4.2).
  if (payload.length < 1) return fault('FRAME_SIZE_ERROR', 'stream', raw, 'RFC 9113 §4.2', 'DATA without Pad Length');
  const padLength = payload[0]!;
  if (1 + padLength > payload.length) return excessPadding(raw, '§6.1');
  return { type: 'DATA', flags, streamId, data: payload.subarray(1, payload.length - padLength), padLength };
}

// §6.2
function decodeHeaders(raw: RawFrame): Frame | FrameError {
  const { flags, streamId, payload } = raw;
  if (streamId === 0) return protocolError(raw, '§6.2', 'HEADERS on stream 0');
  if ((flags & (Flag.PADDED | Flag.PRIORITY)) === 0) {
    return { type: 'HEADERS', flags, streamId, fragment: payload, padLength: undefined, priority: undefined };
  }
  const padded = (flags & Flag.PADDED) !== 0;
  const prioritized = (flags & Flag.PRIORITY) !== 0;
  const start = (padded ? 1 : 0) + (prioritized ? 5 : 0);
  if (payload.length < start) return sizeError(raw, '§4.2', 'HEADERS too short for the fields its flags announce');
  const padLength = padded ? payload[0]! : undefined;
  const end = payload.length - (padLength ?? 0);
  if (end < start) return excessPadding(raw, '§6.2');
  const priority = prioritized ? readPriority(payload, padded ? 1 : 0) : undefined;
  return { type: 'HEADERS', flags, streamId, fragment: payload.subarray(start, end), padLength, priority };
}

// §6.3
function decodePriority(raw: RawFrame): Frame | FrameError {
  const { flags, streamId, payload } = raw;
  if (streamId === 0) return protocolError(raw, '§6.3', 'PRIORITY on stream 0');
  if (payload.length !== 5) {
    return fault('FRAME_SIZE_ERROR', 'stream', raw, 'RFC 9113 §6.3', 'PRIORITY must have 5 octets');
  }
  return { type: 'PRIORITY', flags, streamId, priority: readPriority(payload, 0) };
}

// §6.4
function decodeRstStream(raw: RawFrame): Frame | FrameError {
  const { flags, streamId, payload } = raw;
  if (streamId === 0) return protocolError(raw, '§6.4', 'RST_STREAM on stream 0');
  if (payload.length !== 4) return sizeError(raw, '§6.4', 'RST_STREAM must have 4 octets');
  return { type: 'RST_STREAM', flags, streamId, errorCode: readUint32(payload, 0) };
}

// §6.5
function decodeSettings(raw: RawFrame): Frame | FrameError {
  const { flags, streamId, payload } = raw;
  if (streamId !== 0) return protocolError(raw, '§6.5', 'SETTINGS on a stream');
  if ((flags & Flag.ACK) !== 0 && payload.length !== 0) {
    return sizeError(raw, '§6.5', 'SETTINGS with ACK must be empty');
  }
  if (payload.length % 6 !== 0) return sizeError(raw, '§6.5', 'the length of SETTINGS must be a multiple of 6');
  const settings: Setting[] = [];
  for (let at = 0; at < payload.length; at += 6) settings.push([readUint16(payload, at), readUint32(payload, at + 2)]);
  return { type: 'SETTINGS', flags, streamId, settings };
}

// §6.6
function decodePushPromise(raw: RawFrame): Frame | FrameError {
  const { flags, streamId, payload } = raw;
  if (streamId === 0) return protocolError(raw, '§6.6', 'PUSH_PROMISE on stream 0');
  const padded = (flags & Flag.PADDED) !== 0;
  const start = padded ? 5 : 4;
  if (payload.length < start) return sizeError(raw, '§4.2', 'PUSH_PROMISE too short');
  const padLength = padded ? payload[0]! : undefined;
  const end = payload.length - (padLength ?? 0);
  if (end < start) return excessPadding(raw, '§6.6');
  const promisedStreamId = readUint32(payload, start - 4) & MAX_31_BIT;
  // Promised streams are the server's, hence even. §5.1.1
  if (promisedStreamId === 0 || promisedStreamId % 2 === 1) {
    return protocolError(raw, '§6.6', `PUSH_PROMISE of the illegal stream ${promisedStreamId}`);
  }
  return {
    type: 'PUSH_PROMISE',
    flags,
    streamId,
    promisedStreamId,
    fragment: payload.subarray(start, end),
    padLength,
  };
}

// §6.7
function decodePing(raw: RawFrame): Frame | FrameError {
  const { flags, streamId, payload } = raw;
  if (streamId !== 0) return protocolError(raw, '§6.7', 'PING on a stream');
  if (payload.length !== 8) return sizeError(raw, '§6.7', 'PING must have 8 octets');
  return { type: 'PING', flags, streamId, opaqueData: payload };
}

// §6.8
function decodeGoaway(raw: RawFrame): Frame | FrameError {
  const { flags, streamId, payload } = raw;
  if (streamId !== 0) return protocolError(raw, '§6.8', 'GOAWAY on a stream');
  if (payload.length < 8) return sizeError(raw, '§4.2', 'GOAWAY must have at least 8 octets');
  const lastStreamId = readUint32(payload, 0) & MAX_31_BIT;
  return {
    type: 'GOAWAY',
    flags,
    streamId,
    lastStreamId,
    errorCode: readUint32(payload, 4),
    debugData: payload.subarray(8),
  };
}

// §6.9
function decodeWindowUpdate(raw: RawFrame): Frame | FrameError {
  const { flags, streamId, payload } = raw;
  if (payload.length !== 4) return sizeError(raw, '§6.9', 'WINDOW_UPDATE must have 4 octets');
  const increment = readUint32(payload, 0) & MAX_31_BIT;
  if (increment === 0) {
    const scope = streamId === 0 ? 'connection' : 'stream';
    return fault('PROTOCOL_ERROR', scope, raw, 'RFC 9113 §6.9', 'WINDOW_UPDATE by 0');
  }
  return { type: 'WINDOW_UPDATE', flags, streamId, increment };
}

// §6.10
function decodeContinuation(raw: RawFrame): Frame | FrameError {
  const { flags, streamId, payload } = raw;
  if (streamId === 0) return protocolError(raw, '§6.10', 'CONTINUATION on stream 0');
  return { type: 'CONTINUATION', flags, streamId, fragment: payload };
}

// RFC 7838 §4
function decodeAltsvc(raw: RawFrame): Frame | FrameError {
  const { flags, streamId, payload } = raw;
  const origin = readLengthPrefixed(payload, 0);
  if (origin === undefined) return truncated(raw, 'ALTSVC');
  if ((streamId === 0) === (origin === '')) {
    const message = streamId === 0 ? 'ALTSVC on stream 0 without an origin' : 'ALTSVC with an origin on a stream';
    return fault('PROTOCOL_ERROR', 'frame', raw, 'RFC 7838 §4', message);
  }
  return { type: 'ALTSVC', flags, streamId, origin, value: payload.toString('latin1', 2 + origin.length) };
}

/** Flags set aside for changes that a receiver of today must not misread. RFC 8336 §2.2 */
const ORIGIN_RESERVED_FLAGS = 0x0f;

// RFC 8336 §2
function decodeOrigin(raw: RawFrame): Frame | FrameError {
  const { flags, streamId, payload } = raw;
  if (streamId !== 0) return fault('PROTOCOL_ERROR', 'frame', raw, 'RFC 8336 §2.2', 'ORIGIN on a stream');
  if ((flags & ORIGIN_RESERVED_FLAGS) !== 0) {
    return fault('PROTOCOL_ERROR', 'frame', raw, 'RFC 8336 §2.2', 'ORIGIN with a reserved flag');
  }
  const origins: string[] = [];
  for (let at = 0; at < payload.length; ) {
    const origin = readLengthPrefixed(payload, at);
    if (origin === undefined) return truncated(raw, 'ORIGIN');
    origins.push(origin);
    at += 2 + origin.length;
  }
  return { type: 'ORIGIN', flags, streamId, origins };
}

// RFC 9218 §7.1
function decodePriorityUpdate(raw: RawFrame): Frame | FrameError {
  const { flags, streamId, payload } = raw;
  if (streamId !== 0) {
    return fault('PROTOCOL_ERROR', 'connection', raw, 'RFC 9218 §7.1', 'PRIORITY_UPDATE on a stream');
  }
  if (payload.length < 4) return sizeError(raw, '§4.2', 'PRIORITY_UPDATE must have at least 4 octets');
  const prioritizedStreamId = readUint32(payload, 0) & MAX_31_BIT;
  if (prioritizedStreamId === 0) {
    return fault('PROTOCOL_ERROR', 'connection', raw, 'RFC 9218 §7.1', 'PRIORITY_UPDATE of stream 0');
  }
  return { type: 'PRIORITY_UPDATE', flags, streamId, prioritizedStreamId, fieldValue: payload.toString('latin1', 4) };
}

function fault(code: ErrorCodeName, scope: ErrorScope, header: RawFrame, section: string, message: string): FrameError {
  return new FrameError(code, scope, section, message, header);
}

function protocolError(header: RawFrame, section: string, message: string): FrameError {
  return fault('PROTOCOL_ERROR', 'connection', header, `RFC 9113 ${section}`, message);
}

function sizeError(header: RawFrame, section: string, message: string): FrameError {
  return fault('FRAME_SIZE_ERROR', 'connection', header, `RFC 9113 ${section}`, message);
}

function excessPadding(header: RawFrame, section: string): FrameError {
  return protocolError(header, section, 'more padding than payload');
}

/** Too small for what it announces: §4.2 decides by the stream, the extension's RFC being silent. */
function truncated(header: RawFrame, type: string): FrameError {
  const scope = header.streamId === 0 ? 'connection' : 'stream';
  return fault('FRAME_SIZE_ERROR', scope, header, 'RFC 9113 §4.2', `${type} ends within an origin`);
}

function readPriority(payload: Buffer, at: number): Priority {
  const dependency = readUint32(payload, at);
  return { exclusive: dependency > MAX_31_BIT, parent: dependency & MAX_31_BIT, weight: payload[at + 4]! + 1 };
}

function readLengthPrefixed(payload: Buffer, at: number): string | undefined {
  if (payload.length < at + 2) return undefined;
  const end = at + 2 + readUint16(payload, at);
  return end > payload.length ? undefined : payload.toString('latin1', at + 2, end);
}

function readUint16(bytes: Buffer, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

function readUint32(bytes: Buffer, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
