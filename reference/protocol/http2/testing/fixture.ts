import { Buffer } from 'node:buffer';
import { Encoder } from '../../hpack/encoder.js';
import { Connection } from '../connection.js';
import type { ConnectionHandler, ConnectionOptions } from '../connection-core.js';
import { decodeFrame } from '../decode-frame.js';
import { encodeFrame } from '../encode-frame.js';
import { Flag, type Frame } from '../frame.js';
import { FrameError } from '../frame-error.js';
import { FrameReader, PREFACE } from '../frame-reader.js';
import type { StreamEntry } from '../stream-entry.js';

/** A request that is as it should be. */
export const REQUEST = [
  { name: ':method', value: 'POST' },
  { name: ':scheme', value: 'http' },
  { name: ':path', value: '/' },
  { name: ':authority', value: 'a.example' },
];

type Event = [name: string, ...details: unknown[]];

/** A connection, the frames that the other side sends it, and what comes of them. */
export class Fixture {
  readonly events: Event[] = [];
  readonly streams = new Map<number, StreamEntry<undefined>>();
  readonly connection: Connection<undefined>;
  readonly #encoder = new Encoder();
  readonly #reader = new FrameReader();
  /** Seconds, for the connection. */
  now = 0;

  constructor(options: Partial<ConnectionOptions> = {}) {
    this.connection = new Connection<undefined>(this.#handler(), { role: 'server', ...options });
    this.connection.settings([]);
    if (options.role !== 'client') this.bytes(PREFACE);
    this.send({ type: 'SETTINGS', flags: 0, streamId: 0, settings: [] });
    this.send({ type: 'SETTINGS', flags: Flag.ACK, streamId: 0, settings: [] });
    this.sent();
    this.events.length = 0;
  }

  #handler(): ConnectionHandler<undefined> {
    const tell =
      (name: string) =>
      (...details: unknown[]) =>
        void this.events.push([name, ...details.map((detail) => idOf(detail))]);
    return {
      headers: (stream, _block, kind) => {
        this.streams.set(stream.id, stream);
        this.events.push(['headers', stream.id, kind]);
      },
      promise: tell('promise'),
      data: (stream, data) => void this.events.push(['data', stream.id, data.length]),
      end: tell('end'),
      drained: tell('drained'),
      finished: tell('finished'),
      reset: (stream, code) => void this.events.push(['reset', stream.id, code]),
      settings: tell('settings'),
      settingsAcknowledged: tell('settingsAcknowledged'),
      ping: tell('ping'),
      pong: tell('pong'),
      goaway: tell('goaway'),
      altsvc: tell('altsvc'),
      origin: tell('origin'),
      failed: (error) => void this.events.push(['failed', error.code]),
    };
  }

  bytes(bytes: Uint8Array): void {
    this.connection.receive(bytes, this.now);
  }

  send(...frames: Frame[]): void {
    this.bytes(Buffer.concat(frames.map((frame) => encodeFrame(frame))));
  }

  request(streamId: number, flags: number = Flag.END_STREAM, fields = REQUEST): Frame {
    const fragment = this.#encoder.encode(fields);
    return { type: 'HEADERS', flags: flags | Flag.END_HEADERS, streamId, fragment };
  }

  /** The frames that have been written since. */
  sent(): Frame[] {
    for (const bytes of this.connection.takeOutput()) this.#reader.push(bytes);
    return [...this.#reader.frames()].map((raw) => {
      const frame = raw instanceof FrameError ? raw : decodeFrame(raw);
      if (frame instanceof FrameError) throw new Error(frame.toString());
      return frame;
    });
  }

  types(): string[] {
    return this.sent().map(({ type }) => type);
  }

  /** The error that the connection has ended with. */
  get failure(): unknown {
    return this.events.find(([name]) => name === 'failed')?.[1];
  }
}

function idOf(detail: unknown): unknown {
  return detail !== null && typeof detail === 'object' && 'id' in detail ? detail.id : detail;
}

export const rst = (streamId: number): Frame => ({ type: 'RST_STREAM', flags: 0, streamId, errorCode: 8 });
export const data = (streamId: number, octets: number, flags = 0): Frame => ({
  type: 'DATA',
  flags,
  streamId,
  data: Buffer.alloc(octets),
});
