// One end of an HTTP/2 connection at little cost: frames are written and counted, fields never decoded, windows heeded.

import type { Duplex } from 'node:stream';
import { encodeFrame, writeFrameHeader } from '../../protocol/http2/encode-frame.js';
import { Flag, FRAME_HEADER_LENGTH, type FrameHeader, FrameType } from '../../protocol/http2/frame.js';
import { PREFACE, readFrameHeader } from '../../protocol/http2/frame-reader.js';
import { SettingId } from '../../protocol/http2/settings.js';

/** What the other side may send, on each stream and in all: more than it will. */
const WINDOW = 0x3fff_ffff;
const FRAME = 16_384;
const BODY = Buffer.alloc(FRAME, 'x');

/** Content that is being sent. */
interface Sending {
  window: number;
  left: number;
}

export class WireConnection {
  /** Octets of content received, and sent. */
  received = 0;
  sent = 0;
  readonly #socket: Duplex;
  readonly #role: 'client' | 'server';
  readonly #ended: (streamId: number) => void;
  readonly #sending = new Map<number, Sending>();
  /** A client's requests that have no answer yet. */
  readonly #open = new Set<number>();
  #initialWindow = 65_535;
  #window = 65_535;
  #credit = 0;
  #due: Uint8Array[] = [];
  #rest: Buffer = Buffer.alloc(0);
  /** Octets of a payload that are still to come and of no interest. */
  #skip = 0;
  #prefaceLeft: number;

  /** @param ended - called with the number of each stream that the other side has ended */
  constructor(socket: Duplex, role: 'client' | 'server', ended: (streamId: number) => void) {
    this.#socket = socket;
    this.#role = role;
    this.#ended = ended;
    this.#prefaceLeft = role === 'server' ? PREFACE.length : 0;
    if (role === 'client') this.write(PREFACE);
    const settings = [[SettingId.INITIAL_WINDOW_SIZE, WINDOW]] as const;
    this.write(encodeFrame({ type: 'SETTINGS', flags: 0, streamId: 0, settings }));
    this.write(encodeFrame({ type: 'WINDOW_UPDATE', flags: 0, streamId: 0, increment: WINDOW }));
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('drain', () => this.flush());
  }

  /** Goes out with the next `flush`. */
  write(bytes: Uint8Array): void {
    this.#due.push(bytes);
  }

  /** HEADERS of a stream. @param fragment - its field block */
  headers(streamId: number, fragment: Buffer, endStream: boolean): void {
    const flags = Flag.END_HEADERS | (endStream ? Flag.END_STREAM : 0);
    this.write(encodeFrame({ type: 'HEADERS', flags, streamId, fragment }));
    if (this.#role === 'client') this.#open.add(streamId);
  }

  /** Content of a stream, which then ends; as the windows permit. */
  send(streamId: number, octets: number): void {
    this.#sending.set(streamId, { window: this.#initialWindow, left: octets });
  }

  flush(): void {
    for (const [streamId, sending] of this.#sending) if (!this.#sendContent(streamId, sending)) break;
    const due = this.#due;
    if (due.length === 0) return;
    this.#due = [];
    this.#socket.write(due.length === 1 ? due[0] : Buffer.concat(due));
  }

  /** @returns whether others may send */
  #sendContent(streamId: number, sending: Sending): boolean {
    while (sending.left > 0) {
      if (this.#socket.writableNeedDrain) return false;
      const size = Math.min(FRAME, sending.left, sending.window, this.#window);
      if (size <= 0) return this.#window > 0;
      sending.left -= size;
      this.sent += size;
      sending.window -= size;
      this.#window -= size;
      const header = Buffer.allocUnsafe(FRAME_HEADER_LENGTH);
      writeFrameHeader(header, 0, size, FrameType.DATA, sending.left === 0 ? Flag.END_STREAM : 0, streamId);
      this.#due.push(header, BODY.subarray(0, size));
    }
    this.#sending.delete(streamId);
    return true;
  }

  #receive(chunk: Buffer): void {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    if (this.#prefaceLeft > 0) {
      const count = Math.min(this.#prefaceLeft, data.length);
      this.#prefaceLeft -= count;
      data = data.subarray(count);
    }
    let at = Math.min(this.#skip, data.length);
    this.#skip -= at;
    while (at + FRAME_HEADER_LENGTH <= data.length) {
      const header = readFrameHeader(data, at);
      const payload = at + FRAME_HEADER_LENGTH;
      const end = payload + header.length;
      if (header.type === FrameType.DATA) this.#skip = Math.max(0, end - data.length);
      else if (end > data.length) break;
      at = Math.min(end, data.length);
      this.#frame(header, data, payload);
    }
    this.#rest = data.subarray(at);
    this.flush();
  }

  #frame(header: FrameHeader, data: Buffer, payload: number): void {
    switch (header.type) {
      case FrameType.DATA:
        this.#content(header.length);
        break;
      case FrameType.SETTINGS:
        this.#settings(header, data, payload);
        return;
      case FrameType.WINDOW_UPDATE:
        this.#windowUpdate(header.streamId, data.readUInt32BE(payload));
        return;
      case FrameType.RST_STREAM:
        // Node's own server resets some long responses that it has sent, with NO_ERROR.
        if (data.readUInt32BE(payload) !== 0) throw new Error(`stream ${header.streamId} is reset`);
        this.#sending.delete(header.streamId);
        if (this.#role === 'client') this.#end(header.streamId);
        return;
      case FrameType.GOAWAY:
        if (data.readUInt32BE(payload + 4) !== 0) throw new Error(`GOAWAY, code ${data.readUInt32BE(payload + 4)}`);
        return;
      case FrameType.HEADERS:
        break;
      default:
        return;
    }
    if ((header.flags & Flag.END_STREAM) !== 0) this.#end(header.streamId);
  }

  #end(streamId: number): void {
    if (this.#role === 'server' || this.#open.delete(streamId)) this.#ended(streamId);
  }

  #content(octets: number): void {
    this.received += octets;
    this.#credit += octets;
    if (this.#credit < WINDOW / 2) return;
    this.write(encodeFrame({ type: 'WINDOW_UPDATE', flags: 0, streamId: 0, increment: this.#credit }));
    this.#credit = 0;
  }

  #settings({ flags, length }: FrameHeader, data: Buffer, payload: number): void {
    if ((flags & Flag.ACK) !== 0) return;
    for (let at = payload; at < payload + length; at += 6) {
      if (data.readUInt16BE(at) !== SettingId.INITIAL_WINDOW_SIZE) continue;
      const size = data.readUInt32BE(at + 2);
      for (const sending of this.#sending.values()) sending.window += size - this.#initialWindow;
      this.#initialWindow = size;
    }
    this.write(encodeFrame({ type: 'SETTINGS', flags: Flag.ACK, streamId: 0, settings: [] }));
  }

  #windowUpdate(streamId: number, increment: number): void {
    if (streamId === 0) {
      this.#window += increment;
      return;
    }
    const sending = this.#sending.get(streamId);
    if (sending) sending.window += increment;
  }
}
