import { Buffer } from 'node:buffer';
import { writeFrameHeader } from './encode-frame.js';
import { Flag, FRAME_HEADER_LENGTH, FrameType } from './frame.js';

/** Octets of the memory that frames are written into, one piece after the other. */
const SLAB_LENGTH = 65_536;

/** Payloads of this many octets are handed on as they are: copying them would cost more than another piece. */
export const SHARED_LENGTH = 8192;

const NO_SLAB = Buffer.alloc(0);

/** What the last connection that sent something left over of its slab. */
let spare = NO_SLAB;
let spareStart = 0;

/**
 * The frames that are to be sent, as bytes: one buffer for as many frames as fit, so that one write to the socket
 * carries them all.
 */
export class Output {
  #slab = NO_SLAB;
  /** Where the bytes that have not been taken yet begin, and where they end. */
  #start = 0;
  #end = 0;
  #full: Buffer[] = [];
  #length = 0;
  /** Octets that have not been copied. */
  #shared = 0;
  /** The last frame's stream, when it is DATA that has not been taken yet: END_STREAM can still be added. */
  #lastDataStream = 0;
  #lastDataFlags = 0;
  /** Frames written since the connection began. */
  frames = 0;

  /** Octets waiting to be taken. */
  get length(): number {
    return this.#length + this.#end - this.#start;
  }

  /** Octets waiting in memory of this connection's. */
  get copied(): number {
    return this.length - this.#shared;
  }

  /** Memory for octets in one piece, to be followed by `written`. The offset to write at is `offset`. */
  reserve(octets: number): Buffer {
    this.#lastDataStream = 0;
    if (this.#slab.length - this.#end < octets) this.#next(octets);
    return this.#slab;
  }

  get offset(): number {
    return this.#end;
  }

  /** The memory up to this offset is in use. */
  written(end: number): void {
    this.#end = end;
  }

  /** A frame with a small payload that is there already. */
  frame(type: number, flags: number, streamId: number, payload: Uint8Array): void {
    const target = this.header(payload.length, type, flags, streamId, payload.length);
    target.set(payload, this.#end);
    this.#end += payload.length;
  }

  /** A frame header with room for octets behind it. */
  header(length: number, type: number, flags: number, streamId: number, room: number): Buffer {
    const target = this.reserve(FRAME_HEADER_LENGTH + room);
    this.#end = writeFrameHeader(target, this.#end, length, type, flags, streamId);
    this.frames++;
    return target;
  }

  /** A frame whose payload is one or two 32-bit numbers. */
  uint32(type: number, flags: number, streamId: number, first: number, second?: number): void {
    const length = second === undefined ? 4 : 8;
    const target = this.header(length, type, flags, streamId, length);
    target.writeUInt32BE(first, this.#end);
    if (second !== undefined) target.writeUInt32BE(second, this.#end + 4);
    this.#end += length;
  }

  /**
   * DATA: the octets of the payload from one offset to another. From `SHARED_LENGTH` on they are not copied and must
   * not change until they have been sent.
   *
   * @param padLength - octets of padding, or -1 for none and no Pad Length field
   */
  data(streamId: number, flags: number, payload: Uint8Array, from: number, to: number, padLength = -1): void {
    const size = to - from;
    const padding = padLength < 0 ? 0 : 1 + padLength;
    const length = size + padding;
    const shared = size >= SHARED_LENGTH;
    const room = shared ? 1 : length;
    const target = this.header(length, FrameType.DATA, padding > 0 ? flags | Flag.PADDED : flags, streamId, room);
    const flagsAt = this.#end - 5;
    if (padding > 0) target[this.#end++] = padLength;
    const bytes = from === 0 && to === payload.length ? payload : payload.subarray(from, to);
    if (shared) {
      this.#share(bytes);
      this.#pad(padLength);
      this.#lastDataStream = streamId;
      this.#lastDataFlags = flagsAt;
      return;
    }
    target.set(bytes, this.#end);
    this.#end += size;
    this.#pad(padLength);
    this.#lastDataStream = streamId;
    this.#lastDataFlags = flagsAt;
  }

  #share(bytes: Uint8Array): void {
    this.#close();
    this.#full.push(Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.#length += bytes.length;
    this.#shared += bytes.length;
  }

  #pad(octets: number): void {
    if (octets <= 0) return;
    if (this.#slab.length - this.#end < octets) this.#next(octets);
    this.#slab.fill(0, this.#end, this.#end + octets);
    this.#end += octets;
  }

  /** DATA of a text. @param size - octets of it in the encoding */
  text(streamId: number, flags: number, text: string, size: number, encoding: BufferEncoding): void {
    const target = this.header(size, FrameType.DATA, flags, streamId, size);
    const flagsAt = this.#end - 5;
    target.write(text, this.#end, size, encoding);
    this.#end += size;
    this.#lastDataStream = streamId;
    this.#lastDataFlags = flagsAt;
  }

  /** Adds END_STREAM to the last frame, if that is DATA of the stream and still here. */
  endLastData(streamId: number): boolean {
    if (this.#lastDataStream !== streamId) return false;
    this.#slab[this.#lastDataFlags]! |= Flag.END_STREAM;
    this.#lastDataStream = 0;
    return true;
  }

  /** What is to be sent, in order; from now on the caller's. */
  take(): Buffer[] {
    this.#close();
    const taken = this.#full;
    this.#full = [];
    this.#length = 0;
    this.#shared = 0;
    this.#leave();
    return taken;
  }

  #close(): void {
    this.#lastDataStream = 0;
    if (this.#end === this.#start) return;
    const piece = this.#slab.subarray(this.#start, this.#end);
    this.#full.push(piece);
    this.#length += piece.length;
    this.#start = this.#end;
  }

  #next(octets: number): void {
    this.#close();
    if (spare.length - spareStart >= octets) {
      this.#slab = spare;
      this.#start = spareStart;
    } else {
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_LENGTH, octets));
      this.#start = 0;
    }
    this.#end = this.#start;
    spare = NO_SLAB;
    spareStart = 0;
  }

  /** Leaves the rest of the slab to whoever sends next: a connection that is idle holds no memory. */
  #leave(): void {
    if (this.#slab.length - this.#end > spare.length - spareStart) {
      spare = this.#slab;
      spareStart = this.#end;
    }
    this.#slab = NO_SLAB;
    this.#start = 0;
    this.#end = 0;
  }
}
