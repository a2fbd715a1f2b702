import type { Buffer } from 'node:buffer';
import type { HeaderField } from '../hpack/header-field.js';
import type { ConnectionCore } from './connection-core.js';
import { Flag, FrameType, type Priority } from './frame.js';
import { SHARED_LENGTH } from './output.js';
import type { StreamEntry } from './stream-entry.js';
import { StreamEvent } from './stream-states.js';

/**
 * Octets of frames that may wait to be taken before content has to wait as well, and how many of them in memory of the
 * connection's own. Content that is not copied takes memory of whoever gave it, wherever it waits; and the more of it
 * goes at a time, the faster it goes.
 */
const OUTPUT_LIMIT = 1_572_864;
const COPIED_LIMIT = 131_072;

/** Octets of a frame with padding, which is copied. */
const MOST_PADDED = 16_384;

/** Writes what goes out: blocks of fields, and content as far as the windows permit. */
export class Outbound<T> {
  readonly #core: ConnectionCore<T>;
  /** Streams with content that waits; each sends one frame in turn. */
  #waiting: StreamEntry<T>[] = [];
  #pumping = false;

  constructor(core: ConnectionCore<T>) {
    this.#core = core;
  }

  /** HEADERS, with CONTINUATION where the block is larger than a frame. §4.3, §6.2 */
  headers(stream: StreamEntry<T>, fields: readonly HeaderField[], endStream: boolean, priority?: Priority): void {
    const core = this.#core;
    core.move(stream, StreamEvent.SEND_HEADERS);
    const block = core.encoder.encode(fields);
    const flags = endStream ? Flag.END_STREAM : Flag.NONE;
    if (priority) this.#block(FrameType.HEADERS, flags | Flag.PRIORITY, stream.id, block, priorityFields(priority));
    else this.#block(FrameType.HEADERS, flags, stream.id, block, []);
    if (endStream) core.move(stream, StreamEvent.SEND_END_STREAM);
  }

  /** §6.6 */
  pushPromise(parentId: number, promised: StreamEntry<T>, fields: readonly HeaderField[]): void {
    this.#core.move(promised, StreamEvent.SEND_PUSH_PROMISE);
    const block = this.#core.encoder.encode(fields);
    this.#block(FrameType.PUSH_PROMISE, Flag.NONE, parentId, block, uint32(promised.id));
  }

  /** A field block behind other octets of the payload, in as many frames as it takes. */
  #block(type: number, flags: number, streamId: number, block: Buffer, before: readonly number[]): void {
    const { output, padding, remote } = this.#core;
    const max = remote.maxFrameSize;
    let length = before.length + block.length;
    if (length > max) {
      this.#continued(type, flags, streamId, block, before);
      return;
    }
    const padLength = padding ? padding(length, max) - length - 1 : -1;
    if (padLength >= 0) length += 1 + padLength;
    const padFlag = padLength >= 0 ? Flag.PADDED : Flag.NONE;
    const target = output.header(length, type, flags | Flag.END_HEADERS | padFlag, streamId, length);
    let at = output.offset;
    if (padLength >= 0) target[at++] = padLength;
    for (const octet of before) target[at++] = octet;
    target.set(block, at);
    at += block.length;
    if (padLength > 0) target.fill(0, at, at + padLength);
    output.written(at + Math.max(0, padLength));
  }

  #continued(type: number, flags: number, streamId: number, block: Buffer, before: readonly number[]): void {
    const { output, remote } = this.#core;
    const max = remote.maxFrameSize;
    const first = max - before.length;
    const target = output.header(max, type, flags, streamId, max);
    target.set(before, output.offset);
    target.set(block.subarray(0, first), output.offset + before.length);
    output.written(output.offset + max);
    for (let at = first; at < block.length; at += max) {
      const last = at + max >= block.length;
      const part = block.subarray(at, at + max);
      output.frame(FrameType.CONTINUATION, last ? Flag.END_HEADERS : Flag.NONE, streamId, part);
    }
  }

  /**
   * Sends content, or as much as may be sent now. No more may be given until the handler's `drained`.
   *
   * @returns whether all of it has been sent
   */
  data(stream: StreamEntry<T>, chunks: readonly Uint8Array[]): boolean {
    if (chunks.length === 1 && this.#sendAtOnce(stream, chunks[0]!)) return true;
    stream.queued = { chunks, index: 0, offset: 0 };
    for (const chunk of chunks) this.#core.queuedOctets += chunk.length;
    while (stream.queued !== undefined && this.#sendQueued(stream, OUTPUT_LIMIT)) {
      // As long as there is room.
    }
    if (stream.queued === undefined) return true;
    this.#waiting.push(stream);
    return false;
  }

  #sendAtOnce(stream: StreamEntry<T>, chunk: Uint8Array): boolean {
    const core = this.#core;
    const { length } = chunk;
    if (length === 0) return true;
    if (core.padding || !this.#fits(stream, length, Math.min(length, SHARED_LENGTH))) return false;
    core.output.data(stream.id, chunk, 0, length, core.remote.maxFrameSize);
    this.#spend(stream, length);
    return true;
  }

  /**
   * Sends a text, if that can be done at once.
   *
   * @param size - its octets in the encoding
   */
  text(stream: StreamEntry<T>, text: string, size: number, encoding: BufferEncoding): boolean {
    if (size === 0) return true;
    const { padding, remote } = this.#core;
    if (padding || size > remote.maxFrameSize || !this.#fits(stream, size, size)) return false;
    this.#core.output.text(stream.id, Flag.NONE, text, size, encoding);
    this.#spend(stream, size);
    return true;
  }

  /** Whether so many octets can go now. @param copied - how many of them are copied, at most */
  #fits(stream: StreamEntry<T>, octets: number, copied: number): boolean {
    const { sendWindow, output } = this.#core;
    if (octets > stream.sendWindow || octets > sendWindow) return false;
    return output.length + octets <= OUTPUT_LIMIT && output.copied + copied <= COPIED_LIMIT;
  }

  #spend(stream: StreamEntry<T>, octets: number): void {
    stream.sendWindow -= octets;
    this.#core.sendWindow -= octets;
    this.#core.idleFrames = 0;
  }

  /** Ends this side of the stream: a flag on the DATA just written, or on an empty one. */
  end(stream: StreamEntry<T>): void {
    const { output } = this.#core;
    if (!output.endLastData(stream.id)) output.header(0, FrameType.DATA, Flag.END_STREAM, stream.id, 0);
    this.#core.move(stream, StreamEvent.SEND_END_STREAM);
  }

  /** Sends what waits, as far as there is credit and room; each stream a frame in turn. */
  pump(): void {
    if (this.#waiting.length === 0 || this.#pumping) return;
    this.#pumping = true;
    const { maxFrameSize } = this.#core.remote;
    let progress = true;
    while (progress && this.#waiting.length > 0 && this.#roomLeft()) {
      progress = false;
      const round = this.#waiting;
      this.#waiting = [];
      for (const stream of round) {
        if (stream.queued !== undefined && this.#sendQueued(stream, maxFrameSize)) progress = true;
        if (stream.queued !== undefined) this.#waiting.push(stream);
        else if (!stream.localClosed) this.#core.handler.drained(stream);
      }
    }
    this.#pumping = false;
  }

  #roomLeft(): boolean {
    const { output, sendWindow } = this.#core;
    return sendWindow > 0 && output.length < OUTPUT_LIMIT && output.copied < COPIED_LIMIT;
  }

  /** Sends a part of what is queued. @param most - octets @returns whether there was room for any */
  #sendQueued(stream: StreamEntry<T>, most: number): boolean {
    const core = this.#core;
    const queued = stream.queued!;
    const chunk = queued.chunks[queued.index]!;
    const left = chunk.length - queued.offset;
    if (left > 0) {
      const room = Math.min(stream.sendWindow, core.sendWindow, most);
      if (room <= 0 || !this.#roomLeft()) return false;
      const octets = Math.min(left, room);
      const sent = core.padding
        ? this.#sendPadded(stream, chunk, queued.offset, octets, room)
        : this.#sendPart(stream, chunk, queued.offset, octets);
      core.queuedOctets -= sent;
      queued.offset += sent;
      if (sent < left) return true;
    }
    queued.offset = 0;
    if (++queued.index === queued.chunks.length) stream.queued = undefined;
    return true;
  }

  /** @returns octets of the chunk that have been sent */
  #sendPart(stream: StreamEntry<T>, chunk: Uint8Array, from: number, octets: number): number {
    const { output, remote } = this.#core;
    const size = Math.min(octets, Math.max(remote.maxFrameSize, OUTPUT_LIMIT - output.length));
    output.data(stream.id, chunk, from, from + size, remote.maxFrameSize);
    this.#spend(stream, size);
    return size;
  }

  /** A frame of it. */
  #sendPadded(stream: StreamEntry<T>, chunk: Uint8Array, from: number, octets: number, room: number): number {
    const { output, padding, remote } = this.#core;
    const most = Math.min(room, remote.maxFrameSize, MOST_PADDED);
    const size = Math.min(octets, most);
    const padLength = padding!(size, most) - size - 1;
    if (padLength < 0) output.data(stream.id, chunk, from, from + size, most);
    else output.paddedData(stream.id, chunk, from, from + size, padLength);
    this.#spend(stream, size + Math.max(0, 1 + padLength));
    return size;
  }
}

/** §6.3 */
function priorityFields({ exclusive, parent, weight }: Priority): number[] {
  return [...uint32(exclusive ? parent | 0x8000_0000 : parent), weight - 1];
}

function uint32(value: number): number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}
