import { Buffer } from 'node:buffer';
import { Flag, FRAME_HEADER_LENGTH, type FrameHeader, FrameType, MAX_MAX_FRAME_SIZE, type RawFrame } from './frame.js';
import { FrameError } from './frame-error.js';

/** What a client sends first. RFC 9113 §3.4 */
export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

export interface FrameReaderOptions {
  /** Octets of payload beyond which a frame is a FRAME_SIZE_ERROR. Default: what the length field can say. */
  maxFrameSize?: number;
  /** True on the server's side: the connection preface comes first and is taken off. */
  preface?: boolean;
  /**
   * DATA that spans chunks comes as a frame for each of them, END_STREAM on the last: its content need not be copied, nor
   * waited for. Holds for DATA without padding.
   */
  splitData?: boolean;
}

/**
 * Cuts a stream of bytes, however it arrives, into frames. A frame that lies within one pushed chunk shares its
 * memory; one that spans chunks is put together once, or split. Payloads are not looked at: see `decodeFrame`.
 */
export class FrameReader {
  /** May be changed at any time; holds from the next frame header on. */
  maxFrameSize: number;
  /** Frames that have come, or begun to; one that is split is one. */
  count = 0;

  readonly #splitData: boolean;
  readonly #chunks: Buffer[] = [];
  /** Offset into the first chunk. */
  #offset = 0;
  #prefaceLeft: number;
  readonly #header = Buffer.allocUnsafe(FRAME_HEADER_LENGTH);
  #headerLength = 0;
  /** The frame whose payload is being put together, `#payloadLength` octets of it there. */
  #frame: RawFrame | undefined;
  #payloadLength = 0;
  /** The frame that is being split, `#splitLeft` octets of its payload to come. */
  #split: FrameHeader | undefined;
  #splitLeft = 0;
  #error: FrameError | undefined;

  constructor({ maxFrameSize = MAX_MAX_FRAME_SIZE, preface = false, splitData = false }: FrameReaderOptions = {}) {
    this.maxFrameSize = maxFrameSize;
    this.#splitData = splitData;
    this.#prefaceLeft = preface ? PREFACE.length : 0;
  }

  /** Adds bytes that have arrived. They must not change until the frames made of them have been dealt with. */
  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const chunk = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#chunks.push(chunk);
  }

  /**
   * The next complete frame, or undefined when more bytes are needed. A wrong preface and a frame that is too large
   * are errors, at once and from then on: what follows cannot be read.
   */
  read(): RawFrame | FrameError | undefined {
    while (this.#error === undefined) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) return undefined;
      const frame = this.#readFrom(chunk);
      if (this.#offset === chunk.length) {
        this.#chunks.shift();
        this.#offset = 0;
      }
      if (frame) return frame;
    }
    return this.#error;
  }

  /** Every complete frame that is there; ends behind the first error. */
  *frames(): Generator<RawFrame | FrameError, void, void> {
    for (let frame = this.read(); frame !== undefined; frame = this.read()) {
      yield frame;
      if (frame instanceof FrameError) return;
    }
  }

  /** True when no part of a frame (or of the preface) is waiting for the rest: a good moment for the connection to end. */
  get idle(): boolean {
    if (this.#frame || this.#split) return false;
    return this.#chunks.length === 0 && this.#headerLength === 0 && this.#prefaceLeft === 0;
  }

  /** Takes at least one octet off the chunk, or leaves an error. */
  #readFrom(chunk: Buffer): RawFrame | undefined {
    if (this.#prefaceLeft > 0) {
      this.#readPreface(chunk);
      return undefined;
    }
    if (this.#split) return this.#readPart(this.#split, chunk);
    if (this.#frame) return this.#readPayload(this.#frame, chunk);
    const header = this.#readHeader(chunk);
    if (header === undefined) return undefined;
    if (header.length > this.maxFrameSize) {
      const message = `frame of ${header.length} octets, at most ${this.maxFrameSize} are allowed`;
      this.#error = new FrameError('FRAME_SIZE_ERROR', 'connection', 'RFC 9113 §4.2', message, header);
      return undefined;
    }
    return this.#begin(header, chunk);
  }

  #readPreface(chunk: Buffer): void {
    const from = PREFACE.length - this.#prefaceLeft;
    const count = Math.min(this.#prefaceLeft, chunk.length - this.#offset);
    if (chunk.compare(PREFACE, from, from + count, this.#offset, this.#offset + count) !== 0) {
      this.#error = new FrameError('PROTOCOL_ERROR', 'connection', 'RFC 9113 §3.4', 'not the connection preface');
      return;
    }
    this.#offset += count;
    this.#prefaceLeft -= count;
  }

  #readHeader(chunk: Buffer): FrameHeader | undefined {
    const available = chunk.length - this.#offset;
    if (this.#headerLength === 0 && available >= FRAME_HEADER_LENGTH) {
      const header = readFrameHeader(chunk, this.#offset);
      this.#offset += FRAME_HEADER_LENGTH;
      return header;
    }
    const count = Math.min(FRAME_HEADER_LENGTH - this.#headerLength, available);
    chunk.copy(this.#header, this.#headerLength, this.#offset, this.#offset + count);
    this.#offset += count;
    this.#headerLength += count;
    if (this.#headerLength < FRAME_HEADER_LENGTH) return undefined;
    this.#headerLength = 0;
    return readFrameHeader(this.#header, 0);
  }

  #begin(header: FrameHeader, chunk: Buffer): RawFrame | undefined {
    this.count++;
    const { length, type, flags, reserved, streamId } = header;
    const end = this.#offset + length;
    if (end <= chunk.length) {
      const payload = chunk.subarray(this.#offset, end);
      this.#offset = end;
      return { length, type, flags, reserved, streamId, payload };
    }
    if (this.#splitData && type === FrameType.DATA && (flags & Flag.PADDED) === 0) {
      this.#split = header;
      this.#splitLeft = length;
      return this.#readPart(header, chunk);
    }
    this.#frame = { length, type, flags, reserved, streamId, payload: Buffer.allocUnsafe(length) };
    this.#payloadLength = 0;
    return this.#readPayload(this.#frame, chunk);
  }

  #readPayload(frame: RawFrame, chunk: Buffer): RawFrame | undefined {
    const count = Math.min(frame.length - this.#payloadLength, chunk.length - this.#offset);
    chunk.copy(frame.payload, this.#payloadLength, this.#offset, this.#offset + count);
    this.#offset += count;
    this.#payloadLength += count;
    if (this.#payloadLength < frame.length) return undefined;
    this.#frame = undefined;
    return frame;
  }

  /** What the chunk holds of a frame that is split, as a frame. */
  #readPart({ type, flags, reserved, streamId }: FrameHeader, chunk: Buffer): RawFrame | undefined {
    const length = Math.min(this.#splitLeft, chunk.length - this.#offset);
    if (length === 0) return undefined;
    const payload = chunk.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    this.#splitLeft -= length;
    if (this.#splitLeft > 0) return { length, type, flags: flags & ~Flag.END_STREAM, reserved, streamId, payload };
    this.#split = undefined;
    return { length, type, flags, reserved, streamId, payload };
  }
}

/** The header in the nine octets at the offset. RFC 9113 §4.1 */
export function readFrameHeader(bytes: Buffer, at: number): FrameHeader {
  const high = bytes[at + 5]!;
  return {
    length: (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!,
    type: bytes[at + 3]!,
    flags: bytes[at + 4]!,
    reserved: high > 0x7f,
    streamId: ((high & 0x7f) << 24) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 8) | bytes[at + 8]!,
  };
}
