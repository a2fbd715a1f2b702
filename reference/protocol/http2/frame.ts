/**
 * The frames of HTTP/2 as values. RFC 9113 §4, §6; ALTSVC: RFC 7838 §4; ORIGIN: RFC 8336; PRIORITY_UPDATE: RFC 9218 §7.1.
 *
 * `FrameReader` (frame-reader.ts) cuts bytes into `RawFrame`s, `decodeFrame` (decode-frame.ts) makes a `Frame` of one,
 * or says which rule it breaks; `encodeFrame` (encode-frame.ts) is the way back.
 */
import type { Buffer } from 'node:buffer';

/** Frame types by name. */
export const FrameType = {
  DATA: 0x0,
  HEADERS: 0x1,
  PRIORITY: 0x2,
  RST_STREAM: 0x3,
  SETTINGS: 0x4,
  PUSH_PROMISE: 0x5,
  PING: 0x6,
  GOAWAY: 0x7,
  WINDOW_UPDATE: 0x8,
  CONTINUATION: 0x9,
  ALTSVC: 0xa,
  ORIGIN: 0xc,
  PRIORITY_UPDATE: 0x10,
} as const;

export type FrameTypeName = keyof typeof FrameType;

/** Flags. A bit means something only on the frame types that define it: END_STREAM and ACK are the same bit. */
export const Flag = {
  NONE: 0,
  END_STREAM: 0x1,
  ACK: 0x1,
  END_HEADERS: 0x4,
  PADDED: 0x8,
  PRIORITY: 0x20,
} as const;

/** Octets of a frame header. §4.1 */
export const FRAME_HEADER_LENGTH = 9;

/** SETTINGS_MAX_FRAME_SIZE: least (and default), and largest. §4.2, §6.5.2 */
export const MIN_MAX_FRAME_SIZE = 16_384;
export const MAX_MAX_FRAME_SIZE = 16_777_215;

/** Largest stream identifier, window and window increment. */
export const MAX_31_BIT = 0x7fff_ffff;

/** The nine octets in front of every payload. §4.1 */
export interface FrameHeader {
  /** Octets of payload, 24 bits. */
  length: number;
  /** Any octet; `frameTypeName` gives its name. */
  type: number;
  flags: number;
  /** The reserved bit in front of the stream identifier. To be sent as 0, ignored by receivers. */
  reserved: boolean;
  streamId: number;
}

/** A complete frame as it came, its payload not yet looked at. */
export interface RawFrame extends FrameHeader {
  payload: Buffer;
}

interface FrameBase {
  /**
   * The flags octet. To write, PADDED and PRIORITY need not be set: `padLength` and `priority` set them.
   */
  flags: number;
  streamId: number;
}

interface Padded {
  /** Octets of padding (0 to 255), without the Pad Length field itself. Left out: no PADDED flag, no field. */
  padLength?: number | undefined;
}

/** The deprecated priority fields. §5.3.2 (syntax: §6.2, §6.3) */
export interface Priority {
  exclusive: boolean;
  /** Stream Dependency. */
  parent: number;
  /** 1 to 256: one more than the octet on the wire. */
  weight: number;
}

/** §6.1. Flags: END_STREAM, PADDED. */
export interface DataFrame extends FrameBase, Padded {
  type: 'DATA';
  data: Buffer;
}

interface FieldBlock {
  /** Field Block Fragment; the whole block when END_HEADERS is set. */
  fragment: Buffer;
  /** CONTINUATION frames that were joined to this one (`FieldBlockJoiner`). Not written. */
  continuations?: number | undefined;
}

/** §6.2. Flags: END_STREAM, END_HEADERS, PADDED, PRIORITY. */
export interface HeadersFrame extends FrameBase, Padded, FieldBlock {
  type: 'HEADERS';
  priority?: Priority | undefined;
}

/** §6.3 */
export interface PriorityFrame extends FrameBase {
  type: 'PRIORITY';
  priority: Priority;
}

/** §6.4 */
export interface RstStreamFrame extends FrameBase {
  type: 'RST_STREAM';
  errorCode: number;
}

/** Identifier and value. §6.5.1 */
export type Setting = readonly [id: number, value: number];

/** §6.5. Flags: ACK. */
export interface SettingsFrame extends FrameBase {
  type: 'SETTINGS';
  /** As on the wire: in order, repeated and unknown ones too. */
  settings: readonly Setting[];
}

/** §6.6. Flags: END_HEADERS, PADDED. */
export interface PushPromiseFrame extends FrameBase, Padded, FieldBlock {
  type: 'PUSH_PROMISE';
  promisedStreamId: number;
}

/** §6.7. Flags: ACK. */
export interface PingFrame extends FrameBase {
  type: 'PING';
  /** 8 octets. */
  opaqueData: Buffer;
}

/** §6.8 */
export interface GoawayFrame extends FrameBase {
  type: 'GOAWAY';
  lastStreamId: number;
  errorCode: number;
  debugData: Buffer;
}

/** §6.9 */
export interface WindowUpdateFrame extends FrameBase {
  type: 'WINDOW_UPDATE';
  /** 1 to 2^31-1. */
  increment: number;
}

/** §6.10. Flags: END_HEADERS. */
export interface ContinuationFrame extends FrameBase {
  type: 'CONTINUATION';
  /** Field Block Fragment. */
  fragment: Buffer;
}

/** RFC 7838 §4 */
export interface AltsvcFrame extends FrameBase {
  type: 'ALTSVC';
  /** ASCII; empty on any stream but 0. */
  origin: string;
  /** Alt-Svc-Field-Value. */
  value: string;
}

/** RFC 8336 §2.1 */
export interface OriginFrame extends FrameBase {
  type: 'ORIGIN';
  origins: readonly string[];
}

/** RFC 9218 §7.1 */
export interface PriorityUpdateFrame extends FrameBase {
  type: 'PRIORITY_UPDATE';
  prioritizedStreamId: number;
  /** Priority Field Value: `u=3, i`. */
  fieldValue: string;
}

/** A frame of a type not listed here: to be ignored and discarded. §4.1, §5.5 */
export interface UnknownFrame extends FrameBase {
  type: 'UNKNOWN';
  /** The type octet. */
  code: number;
  payload: Buffer;
}

export type Frame =
  | DataFrame
  | HeadersFrame
  | PriorityFrame
  | RstStreamFrame
  | SettingsFrame
  | PushPromiseFrame
  | PingFrame
  | GoawayFrame
  | WindowUpdateFrame
  | ContinuationFrame
  | AltsvcFrame
  | OriginFrame
  | PriorityUpdateFrame
  | UnknownFrame;

const TYPE_NAMES: readonly (FrameTypeName | undefined)[] = Object.entries(FrameType).reduce<FrameTypeName[]>(
  (names, [name, code]) => {
    names[code] = name as FrameTypeName;
    return names;
  },
  [],
);

/** The name of a type octet; `UNKNOWN` for types not listed in `FrameType`. */
export function frameTypeName(type: number): Frame['type'] {
  return TYPE_NAMES[type] ?? 'UNKNOWN';
}

/** Flags that a type defines, lowest bit first. */
const FLAGS_OF: { readonly [type in FrameTypeName]?: readonly (keyof typeof Flag)[] } = {
  DATA: ['END_STREAM', 'PADDED'],
  HEADERS: ['END_STREAM', 'END_HEADERS', 'PADDED', 'PRIORITY'],
  SETTINGS: ['ACK'],
  PUSH_PROMISE: ['END_HEADERS', 'PADDED'],
  PING: ['ACK'],
  CONTINUATION: ['END_HEADERS'],
};

/**
 * The names of the flags that are set, lowest bit first; a bit the type does not define appears as `0x40`.
 *
 * @param type - the type octet
 * @param flags - the flags octet
 */
export function flagNames(type: number, flags: number): string[] {
  const names: string[] = [];
  let rest = flags;
  for (const name of definedFlags(type)) {
    if ((flags & Flag[name]) !== 0) {
      names.push(name);
      rest &= ~Flag[name];
    }
  }
  for (let bit = 1; bit < 0x100; bit <<= 1) {
    if ((rest & bit) !== 0) names.push(`0x${bit.toString(16).padStart(2, '0')}`);
  }
  return names;
}

/**
 * The flags octet for these names, whatever the frame's type: `['END_STREAM', '0x40']` is 0x41.
 *
 * @throws RangeError when a name is neither a flag's nor a hexadecimal octet
 */
export function flagsOf(names: Iterable<string>): number {
  let flags = 0;
  for (const name of names) {
    if (Object.hasOwn(Flag, name)) flags |= Flag[name as keyof typeof Flag];
    else if (/^0x[0-9a-f]{1,2}$/i.test(name)) flags |= Number(name);
    else throw new RangeError(`no such flag: ${name}`);
  }
  return flags;
}

function definedFlags(type: number): readonly (keyof typeof Flag)[] {
  const name = TYPE_NAMES[type];
  return (name && FLAGS_OF[name]) ?? [];
}
