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
  #sharedLength = 0;
  /** The last frame's stream, when it is DATA that has not been taken yet: END_STREAM can still be added. */
  #lastDataStream = 0;
  /** Where its flags are in the slab; or which piece its header is, where that is not -1. */
  #lastDataFlags = 0;
  #lastDataPiece = -1;
  /** Frames written since the connection began. */
  frames = 0;

  /** Octets waiting to be taken. */
  get length(): number {
    return this.#length + this.#end - this.#start;
  }

  /** Octets waiting in memory of this connection's. */
  get copied(): number {
    return this.length - this.#sharedLength;
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
   * DATA: the octets of the payload from one offset to another, in as many frames as it takes. Those of `SHARED_LENGTH`
   * and more are not copied and must not change until they have been sent.
   *
   * @param most - octets of a frame's payload
   */
  data(streamId: number, payload: Uint8Array, from: number, to: number, most: number): void {
    if (to - from < SHARED_LENGTH) {
      this.#copy(streamId, payload, from, to);
      return;
    }
    const bytes = asBuffer(payload);
    const whole = Math.min(most, to - from);
    this.#shared(streamId, bytes, from, from + whole);
    let at = from + whole;
    if (at + whole <= to) {
      // Frames of one length have the same header.
      const header = this.#slab.subarray(this.#end - FRAME_HEADER_LENGTH, this.#end);
      for (; at + whole <= to; at += whole) {
        this.#lastDataPiece = this.#full.length;
        this.#full.push(header);
        this.#length += FRAME_HEADER_LENGTH;
        this.#share(bytes.subarray(at, at + whole));
        this.frames++;
      }
    }
    if (at === to) return;
    if (to - at < SHARED_LENGTH) this.#copy(streamId, bytes, at, to);
    else this.#shared(streamId, bytes, at, to);
  }

  /** A frame of DATA with padding. @param padLength - octets of it, 0 to 255 */
  paddedData(streamId: number, payload: Uint8Array, from: number, to: number, padLength: number): void {
    const size = to - from;
    const target = this.header(size + 1 + padLength, FrameType.DATA, Flag.PADDED, streamId, size + 1 + padLength);
    const flagsAt = this.#end - 5;
    target[this.#end++] = padLength;
    target.set(payload.subarray(from, to), this.#end);
    this.#end += size;
    target.fill(0, this.#end, this.#end + padLength);
    this.#end += padLength;
    this.#endsWithData(streamId, flagsAt);
  }

  #copy(streamId: number, payload: Uint8Array, from: number, to: number): void {
    const size = to - from;
    const target = this.header(size, FrameType.DATA, Flag.NONE, streamId, size);
    const flagsAt = this.#end - 5;
    target.set(from === 0 && to === payload.length ? payload : payload.subarray(from, to), this.#end);
    this.#end += size;
    this.#endsWithData(streamId, flagsAt);
  }

  #shared(streamId: number, bytes: Buffer, from: number, to: number): void {
    this.header(to - from, FrameType.DATA, Flag.NONE, streamId, 0);
    this.#close();
    this.#share(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
    this.#endsWithData(streamId, this.#end - 5);
  }

  #share(bytes: Buffer): void {
    this.#full.push(bytes);
    this.#length += bytes.length;
    this.#sharedLength += bytes.length;
  }

  #endsWithData(streamId: number, flagsAt: number): void {
    this.#lastDataStream = streamId;
    this.#lastDataFlags = flagsAt;
    this.#lastDataPiece = -1;
  }

  /** DATA of a text. @param size - octets of it in the encoding */
  text(streamId: number, flags: number, text: string, size: number, encoding: BufferEncoding): void {
    const target = this.header(size, FrameType.DATA, flags, streamId, size);
    const flagsAt = this.#end - 5;
    target.write(text, this.#end, size, encoding);
    this.#end += size;
    this.#endsWithData(streamId, flagsAt);
  }

  /** Adds END_STREAM to the last frame, if that is DATA of the stream and still here. */
  endLastData(streamId: number): boolean {
    if (this.#lastDataStream !== streamId) return false;
    this.#lastDataStream = 0;
    if (this.#lastDataPiece < 0) {
      this.#slab[this.#lastDataFlags]! |= Flag.END_STREAM;
      return true;
    }
    // Other frames have the same octets for their headers.
    const header = Buffer.from(this.#full[this.#lastDataPiece]!);
    header[4]! |= Flag.END_STREAM;
    this.#full[this.#lastDataPiece] = header;
    return true;
  }

  /** What is to be sent, in order; from now on the caller's. */
  take(): Buffer[] {
    this.#close();
    const taken = this.#full;
    this.#full = [];
    this.#length = 0;
    this.#sharedLength = 0;
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

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
