// http.IncomingMessage: the head of a received message as properties, its body as a stream.
//
// Whoever parses the message fills in the head, calls `push()` with the body and `_end()` behind it. `_onRead` is called
// when the reader wants more: after `push()` has returned false, that is what to wait for.

import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { finished, Readable } from 'node:stream';
import { duplicatesOf, lowerCase } from '../common/headers.js';

/** Values of received headers, by lower-case name. */
export interface IncomingHttpHeaders {
  [name: string]: string | string[] | undefined;
  'set-cookie'?: string[];
}

/** Values of received headers, by lower-case name, each as often as it came. */
export type DistinctHeaders = Record<string, string[] | undefined>;

/** Values of received trailers, by lower-case name. */
export type Trailers = Record<string, string | undefined>;

/** The options of a message's stream, made anew only when a socket with another high-water mark comes. */
let streamOptions: { highWaterMark: number } | undefined;

function streamOptionsFor(socket: Duplex | null | undefined): { highWaterMark: number } | undefined {
  const highWaterMark = socket?.readableHighWaterMark;
  if (highWaterMark === undefined) return undefined;
  if (streamOptions?.highWaterMark !== highWaterMark) streamOptions = { highWaterMark };
  return streamOptions;
}

/** @see section `class-httpincomingmessage` */
export class IncomingMessage extends Readable {
  /** The socket that the message came on: any Duplex, if such is what the server or the request was given. */
  socket: Socket;
  httpVersionMajor = 1;
  httpVersionMinor = 1;
  httpVersion = '1.1';
  /** Whether the whole message has been received. */
  complete = false;
  /** Names and values in turn, as received. */
  rawHeaders: string[] = [];
  rawTrailers: string[] = [];
  /** Whether duplicates that are discarded otherwise are joined. */
  joinDuplicateHeaders = false;
  aborted = false;
  upgrade = false;
  /** Of a request. */
  url = '';
  method: string | undefined = null as never;
  /** Of a response. */
  statusCode: number | undefined = null as never;
  statusMessage: string | undefined = null as never;

  /** Called when the reader wants more of the body. */
  _onRead: ((message: IncomingMessage) => void) | null = null;
  /** Whether anybody has begun to read the body. */
  _consuming = false;
  _dumped = false;
  _headers: IncomingHttpHeaders | null = null;
  _trailers: Trailers | null = null;
  _headersDistinct: DistinctHeaders | null = null;
  _trailersDistinct: DistinctHeaders | null = null;

  constructor(socket: Duplex) {
    super(streamOptionsFor(socket));
    this.socket = socket as Socket;
  }

  /** Alias of `socket`. Section `messageconnection` */
  get connection(): Socket {
    return this.socket;
  }

  set connection(socket: Socket) {
    this.socket = socket;
  }

  /** Section `messageheaders` */
  get headers(): IncomingHttpHeaders {
    this._headers ??= joinFields(this.rawHeaders, this.joinDuplicateHeaders);
    return this._headers;
  }

  set headers(headers: IncomingHttpHeaders) {
    this._headers = headers;
  }

  /** Section `messageheadersdistinct` */
  get headersDistinct(): DistinctHeaders {
    this._headersDistinct ??= distinctFields(this.rawHeaders);
    return this._headersDistinct;
  }

  set headersDistinct(headers: DistinctHeaders) {
    this._headersDistinct = headers;
  }

  /** Filled at 'end'. Section `messagetrailers` */
  get trailers(): Trailers {
    this._trailers ??= joinFields(this.rawTrailers, this.joinDuplicateHeaders) as Trailers;
    return this._trailers;
  }

  set trailers(trailers: Trailers) {
    this._trailers = trailers;
  }

  /** Filled at 'end'. Section `messagetrailersdistinct` */
  get trailersDistinct(): DistinctHeaders {
    this._trailersDistinct ??= distinctFields(this.rawTrailers);
    return this._trailersDistinct;
  }

  set trailersDistinct(trailers: DistinctHeaders) {
    this._trailersDistinct = trailers;
  }

  /**
   * Sets the timeout of the socket. Section `messagesettimeoutmsecs-callback`
   *
   * @param msecs - milliseconds, 0 for none
   * @param callback - listens to 'timeout' of this message
   */
  setTimeout(msecs: number, callback?: () => void): this {
    if (callback) this.on('timeout', callback);
    (this.socket as Partial<{ setTimeout(msecs: number): void }>).setTimeout?.(msecs);
    return this;
  }

  override _read(): void {
    this._consuming = true;
    if (this.complete) this.push(null);
    else this._onRead?.(this);
  }

  /** Before all has been read the message is aborted, and its socket with it. Section `messagedestroyerror` */
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.readableEnded || !this.complete) {
      this.aborted = true;
      this.emit('aborted');
    }
    const { socket } = this;
    if (this.aborted && socket && !socket.destroyed) {
      socket.destroy(error ?? undefined);
      const cleanup = finished(socket, (reason) => {
        cleanup();
        const premature = (reason as { code?: string } | null | undefined)?.code === 'ERR_STREAM_PREMATURE_CLOSE';
        process.nextTick(settle, this, (premature ? null : reason) ?? error, callback);
      });
    } else {
      process.nextTick(settle, this, error, callback);
    }
  }

  /** The whole message has been received. @param rawTrailers - names and values in turn */
  _end(rawTrailers: string[]): void {
    this.complete = true;
    if (rawTrailers.length > 0) {
      this.rawTrailers = rawTrailers;
      this._trailers = null;
      this._trailersDistinct = null;
    }
    // Nobody need be told of the end who has not asked for the beginning.
    if (this._consuming || this.readableLength > 0) this.push(null);
  }

  /** Lets the rest of the body go: nobody will read it. */
  _dump(): void {
    if (this._dumped) return;
    this._dumped = true;
    this.removeAllListeners('data');
    this.resume();
  }
}

/** An error without a listener is not thrown: a message may be aborted at any time, and nobody need care. */
function settle(message: IncomingMessage, error: Error | null, callback: (error?: Error | null) => void): void {
  callback(message.listenerCount('error') > 0 ? error : null);
}

/** Duplicates put together by the rule for each name. Section `messageheaders` */
export function joinFields(raw: readonly string[], joinDuplicates: boolean): IncomingHttpHeaders {
  const fields: IncomingHttpHeaders = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = lowerCase(raw[i]!);
    const value = raw[i + 1]!;
    const before = fields[name];
    if (name === 'set-cookie') {
      if (Array.isArray(before)) before.push(value);
      else fields[name] = [value];
    } else if (typeof before !== 'string') {
      fields[name] = value;
    } else {
      const rule = duplicatesOf(name);
      if (rule === 'semicolon') fields[name] = `${before}; ${value}`;
      else if (rule !== 'discard' || joinDuplicates) fields[name] = `${before}, ${value}`;
    }
  }
  return fields;
}

function distinctFields(raw: readonly string[]): DistinctHeaders {
  const fields = Object.create(null) as DistinctHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = lowerCase(raw[i]!);
    const before = fields[name];
    if (before === undefined) fields[name] = [raw[i + 1]!];
    else before.push(raw[i + 1]!);
  }
  return fields;
}
