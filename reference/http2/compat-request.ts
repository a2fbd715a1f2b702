import { type Duplex, Readable, type ReadableOptions } from 'node:stream';
import { compatSocket } from './compat-socket.js';
import {
  bindRequest,
  type CompatStream,
  kAborted,
  kClosed,
  kTrailers,
  readInto,
  type StreamRequest,
  setStreamTimeout,
} from './compat-stream.js';
import type { IncomingHeaders } from './headers.js';

/** 'close' is that of the stream. */
const READABLE_OPTIONS = { autoDestroy: false, emitClose: false } as const;

/** A request of the compatibility API: headers, and the content as a stream. Section class-http2http2serverrequest */
export class Http2ServerRequest extends Readable implements StreamRequest {
  readonly #stream: CompatStream;
  readonly #headers: IncomingHeaders;
  readonly #rawHeaders: string[];
  #trailers: IncomingHeaders | undefined;
  #rawTrailers: string[] | undefined;
  #aborted = false;
  #closed = false;
  /** Content of the stream has been asked for. */
  #reading = false;

  /** @param rawHeaders - names and values by turns, as received */
  constructor(stream: CompatStream, headers: IncomingHeaders, options?: ReadableOptions, rawHeaders: string[] = []) {
    super(options === undefined ? READABLE_OPTIONS : { ...options, ...READABLE_OPTIONS });
    this.#stream = stream;
    this.#headers = headers;
    this.#rawHeaders = rawHeaders;
    bindRequest(stream, this);
  }

  /** Whether the request ended before its time. Section requestaborted */
  get aborted(): boolean {
    return this.#aborted;
  }

  /** Whether nothing more comes: all has been read, or the request was aborted or destroyed. Section requestcomplete */
  get complete(): boolean {
    return this.#closed || this.#aborted || this.readableEnded || this.#stream.destroyed;
  }

  /** Section requeststream */
  get stream(): CompatStream {
    return this.#stream;
  }

  /** Names in lower case, pseudo-headers among them. Section requestheaders */
  get headers(): IncomingHeaders {
    return this.#headers;
  }

  /** Names and values by turns, as received. Section requestrawheaders */
  get rawHeaders(): string[] {
    return this.#rawHeaders;
  }

  /** Empty until 'end'. Section requesttrailers */
  get trailers(): IncomingHeaders {
    return (this.readableEnded && this.#trailers) || {};
  }

  /** Names and values by turns; empty until 'end'. Section requestrawtrailers */
  get rawTrailers(): string[] {
    return (this.readableEnded && this.#rawTrailers) || [];
  }

  /** Section requesthttpversion */
  get httpVersion(): string {
    return '2.0';
  }

  get httpVersionMajor(): number {
    return 2;
  }

  get httpVersionMinor(): number {
    return 0;
  }

  /** Section requestmethod */
  get method(): string {
    return this.#headers[':method'] as string;
  }

  /** Path and query. Section requesturl */
  get url(): string {
    return this.#headers[':path'] as string;
  }

  set url(url: string) {
    this.#headers[':path'] = url;
  }

  /** Section requestscheme */
  get scheme(): string {
    return this.#headers[':scheme'] as string;
  }

  /** `:authority`, or else the host. Section requestauthority */
  get authority(): string {
    return (this.#headers[':authority'] ?? this.#headers.host) as string;
  }

  /** What stands for the socket. Section requestsocket */
  get socket(): Duplex {
    return compatSocket(this.#stream);
  }

  /** Alias of `socket`, deprecated. Section requestconnection */
  get connection(): Duplex {
    return this.socket;
  }

  /**
   * Sets the stream's timeout. Section requestsettimeoutmsecs-callback
   *
   * @param msecs - milliseconds, 0 for none
   * @param callback - listens to 'timeout' of the response
   * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE
   */
  setTimeout(msecs: number, callback?: () => void): this {
    setStreamTimeout(this.#stream, msecs, callback);
    return this;
  }

  /**
   * Destroys the stream, unless it is destroyed already. Section requestdestroyerror
   *
   * @param error - emitted by the request
   */
  override destroy(error?: Error): this {
    return this.#stream.destroyed ? this : super.destroy(error);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // In this order 'error' comes before 'close', which is that of the stream.
    callback(error);
    this.#stream.destroy(error ?? undefined);
  }

  override _read(): void {
    const stream = this.#stream;
    if (this.#reading) {
      stream.resume();
    } else if (stream.endAfterHeaders || stream.destroyed) {
      this.push(null);
    } else {
      this.#reading = true;
      readInto(stream);
    }
  }

  [kTrailers](trailers: IncomingHeaders, rawTrailers: string[]): void {
    this.#trailers = trailers;
    this.#rawTrailers = rawTrailers;
  }

  [kAborted](): void {
    this.#aborted = true;
    this.emit('aborted');
  }

  [kClosed](): void {
    this.#closed = true;
    if (this.#reading) this.push(null);
    this.emit('close');
  }
}
