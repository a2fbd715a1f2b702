// Load for servers: frames written and counted without a client's cost. One process of its own.
//
// node http2-load.js PORT SESSIONS STREAMS SECONDS BODY HEADERS -> one line of JSON: { requests, bytes, seconds, allRequests, allBytes }

import { connect, type Socket } from 'node:net';
import { Encoder } from '../protocol/hpack/encoder.js';
import { encodeFrame } from '../protocol/http2/encode-frame.js';
import { Flag, FrameType } from '../protocol/http2/frame.js';
import { PREFACE, readFrameHeader } from '../protocol/http2/frame-reader.js';
import { SettingId } from '../protocol/http2/settings.js';

const [port, sessions, streams, seconds, bodyLength, headerCount] = process.argv.slice(2).map(Number) as [
  number,
  number,
  number,
  number,
  number,
  number,
];

const WINDOW = 0x3fff_ffff;

let requests = 0;
let bytes = 0;

/** A connection with so many requests under way at any time. */
class Load {
  readonly #socket: Socket;
  readonly #encoder = new Encoder();
  readonly #body = Buffer.alloc(bodyLength, 'x');
  #nextStream = 1;
  #rest: Buffer = Buffer.alloc(0);
  #credit = 0;
  /** Requests to be written with the next write. */
  #due = streams;

  constructor() {
    this.#socket = connect({ port, host: '127.0.0.1' }).setNoDelay(true);
    this.#socket.on('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      process.exit(1);
    });
    this.#socket.write(PREFACE);
    const settings = [[SettingId.INITIAL_WINDOW_SIZE, WINDOW]] as const;
    this.#socket.write(encodeFrame({ type: 'SETTINGS', flags: 0, streamId: 0, settings }));
    this.#socket.write(encodeFrame({ type: 'WINDOW_UPDATE', flags: 0, streamId: 0, increment: WINDOW }));
    this.#socket.on('data', (chunk) => this.#receive(chunk));
    this.#send();
  }

  #send(): void {
    const frames: Buffer[] = [];
    for (; this.#due > 0; this.#due--) {
      const streamId = this.#nextStream;
      this.#nextStream += 2;
      const fragment = this.#encoder.encode(fields());
      const flags = Flag.END_HEADERS | (bodyLength === 0 ? Flag.END_STREAM : 0);
      frames.push(encodeFrame({ type: 'HEADERS', flags, streamId, fragment }));
      if (bodyLength > 0)
        frames.push(encodeFrame({ type: 'DATA', flags: Flag.END_STREAM, streamId, data: this.#body }));
    }
    if (frames.length > 0) this.#socket.write(Buffer.concat(frames));
  }

  #receive(chunk: Buffer): void {
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    while (at + 9 <= data.length) {
      const header = readFrameHeader(data, at);
      if (at + 9 + header.length > data.length) break;
      at += 9 + header.length;
      const code = header.type === FrameType.RST_STREAM ? data.readUInt32BE(at - 4) : 0;
      this.#frame(header.type, header.flags, header.length, code);
    }
    this.#rest = data.subarray(at);
    this.#send();
  }

  #frame(type: number, flags: number, length: number, code: number): void {
    // Node's own server resets some long responses that it has sent, with NO_ERROR.
    if (type === FrameType.RST_STREAM && code === 0) this.#due++;
    else if (type === FrameType.GOAWAY || type === FrameType.RST_STREAM) {
      process.stderr.write(`frame of type ${type}, code ${code}\n`);
      process.exit(1);
    }
    if (type === FrameType.SETTINGS && (flags & Flag.ACK) === 0) {
      this.#socket.write(encodeFrame({ type: 'SETTINGS', flags: Flag.ACK, streamId: 0, settings: [] }));
    }
    if (type === FrameType.DATA) {
      bytes += length;
      this.#credit += length;
      if (this.#credit > WINDOW / 2) {
        this.#socket.write(encodeFrame({ type: 'WINDOW_UPDATE', flags: 0, streamId: 0, increment: this.#credit }));
        this.#credit = 0;
      }
    }
    if ((type === FrameType.DATA || type === FrameType.HEADERS) && (flags & Flag.END_STREAM) !== 0) {
      requests++;
      this.#due++;
    }
  }
}

function fields() {
  const list = [
    { name: ':method', value: bodyLength > 0 ? 'POST' : 'GET' },
    { name: ':scheme', value: 'http' },
    { name: ':path', value: '/' },
    { name: ':authority', value: '127.0.0.1' },
  ];
  for (let i = 0; i < headerCount; i++) list.push({ name: `x-header-${i}`, value: `value of header number ${i}` });
  return list;
}

for (let i = 0; i < sessions; i++) new Load();

// The first part warms the server up and is not counted.
setTimeout(() => {
  const before = { requests, bytes, at: performance.now() };
  setTimeout(() => {
    const elapsed = (performance.now() - before.at) / 1000;
    const counted = { requests: requests - before.requests, bytes: bytes - before.bytes, seconds: elapsed };
    const result = { ...counted, allRequests: requests, allBytes: bytes };
    process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit());
  }, seconds * 1000);
}, seconds * 300);
