import { type Duplex, Stream } from 'node:stream';
import { linkValue } from '../common/early-hints.js';
import { invalidArgType, invalidArgValue, writeAfterEnd } from '../common/errors.js';
import { http2Error, http2RangeError } from '../common/http2-errors.js';
import { validateFunction, validateObject } from '../common/validate.js';
import { append, checkedKey, headerKey, warnOfStatusMessage } from './compat-headers.js';
import type { Http2ServerRequest } from './compat-request.js';
import { compatSocket } from './compat-socket.js';
import {
  awaitDrain,
  awaitFinish,
  awaitWantTrailers,
  bindResponse,
  type CompatStream,
  kClosed,
  kFinished,
  kTrailers,
  type StreamResponse,
  setStreamTimeout,
} from './compat-stream.js';
import {
  copyHeaders,
  emptyHeaders,
  type OutgoingHeaders,
  type OutgoingHeaderValue,
  sensitiveHeaders,
  shownHeaders,
} from './headers.js';
import { kState, Trailers } from './stream-internals.js';

type Chunk = string | NodeJS.ArrayBufferView;
type WriteCallback = (error?: Error | null) => void;
type PushCallback = (error: Error | null, response?: Http2ServerResponse) => void;

/** Headers of `writeHead`: by name, as names and values by turns, or as pairs. */
export type HeadersArgument =
  | OutgoingHeaders
  | readonly OutgoingHeaderValue[]
  | readonly (readonly [string, OutgoingHeaderValue])[];

/** A response of the compatibility API. Section class-http2http2serverresponse */
export class Http2ServerResponse extends Stream implements StreamResponse {
  /** The request; null for a pushed response. Section responsereq */
  readonly req: Http2ServerRequest | null;
  writable = true;
  readonly #stream: CompatStream;
  /** By name in lower case. Made with the first header. */
  #headers: OutgoingHeaders | undefined;
  #trailers: OutgoingHeaders | undefined;
  #status = 200;
  #sendDate = true;
  #ended = false;
  #finished = false;
  #closed = false;

  constructor(stream: CompatStream, options?: { req?: Http2ServerRequest }) {
    super();
    this.#stream = stream;
    this.req = options?.req ?? null;
    bindResponse(stream, this);
  }

  // State

  /** Section responsestream */
  get stream(): CompatStream {
    return this.#stream;
  }

  /** What stands for the socket; undefined once the stream is closed. Section responsesocket */
  get socket(): Duplex | undefined {
    return this.#closed ? undefined : compatSocket(this.#stream);
  }

  /** Alias of `socket`, deprecated. Section responseconnection */
  get connection(): Duplex | undefined {
    return this.socket;
  }

  /** Section responseheaderssent */
  get headersSent(): boolean {
    return this.#stream.headersSent;
  }

  get _header(): boolean {
    return this.headersSent;
  }

  /** Whether `end` has been called. Section responsewritableended */
  get writableEnded(): boolean {
    return this.#ended;
  }

  /** Alias of `writableEnded`, deprecated. Section responsefinished */
  get finished(): boolean {
    return this.#ended;
  }

  /** Whether all has been handed over to be sent. */
  get writableFinished(): boolean {
    return this.#ended && this.#stream.writableFinished;
  }

  get writableCorked(): number {
    return this.#stream.writableCorked;
  }

  /** Octets. */
  get writableHighWaterMark(): number {
    return this.#stream.writableHighWaterMark;
  }

  /** Octets that wait to be sent. */
  get writableLength(): number {
    return this.#stream.writableLength;
  }

  /** Whether a `date` is sent where none is set. Section responsesenddate */
  get sendDate(): boolean {
    return this.#sendDate;
  }

  set sendDate(send: boolean) {
    this.#sendDate = Boolean(send);
  }

  /** The status to send, or that was sent. Section responsestatuscode */
  get statusCode(): number {
    return this.#status;
  }

  /** @throws ERR_HTTP2_STATUS_INVALID outside [100, 599], ERR_HTTP2_INFO_STATUS_NOT_ALLOWED up to 199 */
  set statusCode(code: number) {
    const status = code | 0;
    if (status >= 100 && status < 200) throw http2RangeError('ERR_HTTP2_INFO_STATUS_NOT_ALLOWED');
    this.#status = validStatus(status);
  }

  /** Empty: HTTP/2 has no status message. Section responsestatusmessage */
  get statusMessage(): string {
    warnOfStatusMessage();
    return '';
  }

  set statusMessage(_message: string) {
    warnOfStatusMessage();
  }

  // Headers

  /**
   * Section responsesetheadername-value
   *
   * @throws ERR_HTTP2_HEADERS_SENT, and what `checkedKey` throws
   */
  setHeader(name: string, value: OutgoingHeaderValue): void {
    const key = checkedKey(name, value);
    this.#assertNotSent();
    if (key !== undefined) this.#own()[key] = value;
  }

  /** Section responseappendheadername-value. @throws as `setHeader` */
  appendHeader(name: string, value: OutgoingHeaderValue): void {
    const key = checkedKey(name, value);
    this.#assertNotSent();
    if (key !== undefined) append(this.#own(), key, value);
  }

  /** Section responsegetheadername. @throws ERR_INVALID_ARG_TYPE */
  getHeader(name: string): OutgoingHeaderValue {
    const key = headerKey(name);
    return this.#headers?.[key];
  }

  /** Section responsegetheadernames */
  getHeaderNames(): string[] {
    return this.#headers === undefined ? [] : Object.keys(this.#headers);
  }

  /** A copy. Section responsegetheaders */
  getHeaders(): OutgoingHeaders {
    return shownHeaders(copyHeaders(this.#headers ?? {}));
  }

  /** Section responsehasheadername. @throws ERR_INVALID_ARG_TYPE */
  hasHeader(name: string): boolean {
    const key = headerKey(name);
    return this.#headers !== undefined && Object.hasOwn(this.#headers, key);
  }

  /** Section responseremoveheadername. @throws ERR_INVALID_ARG_TYPE, ERR_HTTP2_HEADERS_SENT */
  removeHeader(name: string): void {
    const key = headerKey(name);
    this.#assertNotSent();
    if (this.#headers !== undefined) delete this.#headers[key];
  }

  /** Trailers, sent behind the content. Section responseaddtrailersheaders. @throws as `setTrailer` */
  addTrailers(headers: OutgoingHeaders): void {
    for (const name of Object.keys(headers)) this.setTrailer(name, headers[name]);
  }

  /** @throws what `checkedKey` throws */
  setTrailer(name: string, value: OutgoingHeaderValue): void {
    const key = checkedKey(name, value);
    if (key === undefined) return;
    this.#trailers ??= emptyHeaders();
    this.#trailers[key] = value;
  }

  #own(): OutgoingHeaders {
    this.#headers ??= emptyHeaders();
    return this.#headers;
  }

  #assertNotSent(): void {
    if (this.headersSent) throw http2Error('ERR_HTTP2_HEADERS_SENT');
  }

  // Sending

  /** Sends the headers. */
  flushHeaders(): void {
    if (!this.#isGone && !this.headersSent) this.#begin(false);
  }

  /**
   * Sends status and headers, which win over those that are set. Section responsewriteheadstatuscode-statusmessage-headers
   *
   * @param statusMessage - of no effect
   * @throws ERR_HTTP2_HEADERS_SENT, ERR_HTTP2_STATUS_INVALID outside [200, 599], ERR_INVALID_ARG_VALUE, and as
   *   `setHeader`
   */
  writeHead(statusCode: number, statusMessage?: string | HeadersArgument, headers?: HeadersArgument): this {
    if (this.#isGone) return this;
    this.#assertNotSent();
    const status = Number(statusCode);
    if (!(status >= 200)) throw http2RangeError('ERR_HTTP2_STATUS_INVALID', statusCode);
    validStatus(status);
    if (typeof statusMessage === 'string') warnOfStatusMessage();
    const given = headers ?? (typeof statusMessage === 'string' ? undefined : statusMessage);
    if (Array.isArray(given)) this.#setPairs(given);
    else if (typeof given === 'object' && given !== null) this.#setAll(given as OutgoingHeaders);
    this.#status = status;
    this.#begin(false);
    return this;
  }

  #setAll(headers: OutgoingHeaders): void {
    const checked: [string, OutgoingHeaderValue][] = [];
    for (const name of Object.keys(headers)) {
      const key = checkedKey(name, headers[name]);
      if (key !== undefined) checked.push([key, headers[name]]);
    }
    const own = this.#own();
    for (const [key, value] of checked) own[key] = value;
    if (headers[sensitiveHeaders] !== undefined) own[sensitiveHeaders] = headers[sensitiveHeaders];
  }

  /** A name that comes more than once in the list has all of its values. */
  #setPairs(list: readonly unknown[]): void {
    const flat = (Array.isArray(list[0]) ? list.flat() : list) as OutgoingHeaderValue[];
    if (flat.length % 2 !== 0) throw invalidArgValue('headers', list);
    const fresh = emptyHeaders();
    for (let i = 0; i < flat.length; i += 2) {
      const key = checkedKey(flat[i], flat[i + 1]);
      if (key !== undefined) append(fresh, key, flat[i + 1]);
    }
    Object.assign(this.#own(), fresh);
  }

  #begin(endStream: boolean): void {
    const headers = this.#own();
    const { date } = headers;
    headers[':status'] = this.#status;
    try {
      this.#stream.begin(headers, { endStream, sendDate: this.#sendDate });
    } catch (error) {
      delete headers[':status'];
      if (date === undefined) delete headers.date;
      throw error;
    }
  }

  /** Nobody will get what is written. */
  get #isGone(): boolean {
    return this.#closed || this.#stream.destroyed;
  }

  /** HEAD, 204, 304: the headers have ended the stream. */
  get #isBodiless(): boolean {
    return this.#stream.headersSent && this.#stream.writableEnded && !this.#ended;
  }

  cork(): void {
    this.#stream.cork();
  }

  uncork(): void {
    this.#stream.uncork();
  }

  /**
   * Sends a piece of the body, with the headers if they have not been sent. Section
   * responsewritechunk-encoding-callback
   *
   * @param callback - called when it has been sent, or with ERR_STREAM_WRITE_AFTER_END or ERR_HTTP2_INVALID_STREAM
   * @returns false when it has to wait; 'drain' follows
   * @throws ERR_INVALID_ARG_TYPE, ERR_STREAM_NULL_VALUES, ERR_UNKNOWN_ENCODING for the chunk
   */
  write(chunk: Chunk, encoding?: BufferEncoding | WriteCallback | null, callback?: WriteCallback): boolean {
    const done = typeof encoding === 'function' ? encoding : callback;
    if (this.#ended) return this.#refuse(writeAfterEnd(), done);
    if (this.#isBodiless) return drop(chunk, done);
    if (this.#isGone) return this.#refuse(http2Error('ERR_HTTP2_INVALID_STREAM'), done);
    if (!this.headersSent) this.#begin(false);
    if (this.#isBodiless) return drop(chunk, done);
    const stream = this.#stream;
    const room = stream.write(chunk, (typeof encoding === 'string' ? encoding : undefined) as BufferEncoding, done);
    if (!room) awaitDrain(stream);
    return room;
  }

  #refuse(error: Error, callback: WriteCallback | undefined): false {
    if (typeof callback === 'function') process.nextTick(callback, error);
    else if (this.listenerCount('error') > 0) process.nextTick(emitError, this, error);
    return false;
  }

  /**
   * Sends the last piece, and the headers if they have not been sent. Section responseenddata-encoding-callback
   *
   * @param callback - called at 'finish'
   * @throws as `write`
   */
  end(
    chunk?: Chunk | WriteCallback | null,
    encoding?: BufferEncoding | WriteCallback | null,
    callback?: WriteCallback,
  ): this {
    const done = typeof chunk === 'function' ? chunk : typeof encoding === 'function' ? encoding : callback;
    if (this.#ended || (this.#isGone && !this.#isBodiless)) {
      if (typeof done === 'function') this.#whenFinished(done);
      return this;
    }
    const data = typeof chunk === 'function' || chunk === null ? undefined : chunk;
    this.#finish(data, typeof encoding === 'string' ? encoding : undefined);
    if (typeof done === 'function') this.once('finish', done);
    return this;
  }

  #finish(data: Chunk | undefined, encoding: BufferEncoding | undefined): void {
    const stream = this.#stream;
    if (!this.headersSent) this.#begin(data === undefined && this.#trailers === undefined);
    if (this.#trailers !== undefined) {
      stream[kState].trailers = Trailers.WANTED;
      awaitWantTrailers(stream);
    }
    if (stream.writableFinished) {
      process.nextTick(finishNow, this);
    } else {
      awaitFinish(stream);
      if (stream.writableEnded) drop(data, undefined);
      else if (data === undefined) stream.end();
      else stream.end(data, encoding as BufferEncoding);
    }
    this.#ended = true;
  }

  #whenFinished(callback: WriteCallback): void {
    if (this.#finished || this.#closed || !this.#ended) process.nextTick(callback);
    else this.once('finish', callback);
  }

  /** Destroys the stream. */
  destroy(error?: Error): this {
    if (!this.#stream.destroyed) this.#stream.destroy(error);
    return this;
  }

  /**
   * Sets the stream's timeout. Section responsesettimeoutmsecs-callback
   *
   * @param msecs - milliseconds, 0 for none
   * @param callback - listens to 'timeout'
   * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE
   */
  setTimeout(msecs: number, callback?: () => void): this {
    setStreamTimeout(this.#stream, msecs, callback);
    return this;
  }

  /** Sends 100 Continue. Section responsewritecontinue. @returns whether that was still possible */
  writeContinue(): boolean {
    if (this.#isGone || this.headersSent) return false;
    this.#stream.additionalHeaders({ ':status': 100 });
    return true;
  }

  /**
   * Sends 103 Early Hints. Section responsewriteearlyhintshints
   *
   * @param hints - `link`, one or a list, and other headers
   * @returns whether anything was sent
   * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, and what headers throw
   */
  writeEarlyHints(hints: OutgoingHeaders): boolean {
    validateObject(hints, 'hints');
    const { link, ...others } = hints;
    const value = linkValue(link);
    if (value === '' || this.#isGone || this.headersSent) return false;
    this.#stream.additionalHeaders({ ...others, ':status': 103, link: value });
    return true;
  }

  /**
   * Pushes a response. Section responsecreatepushresponseheaders-callback
   *
   * @param headers - of the request that is answered ahead of its time
   * @param callback - gets the response, or an error: ERR_HTTP2_INVALID_STREAM, ERR_HTTP2_PUSH_DISABLED,
   *   ERR_HTTP2_NESTED_PUSH
   * @throws ERR_INVALID_ARG_TYPE, and what headers throw
   */
  createPushResponse(headers: OutgoingHeaders, callback: PushCallback): void {
    validateFunction(callback, 'callback');
    if (headers === null || typeof headers !== 'object') throw invalidArgType('headers', 'of type object', headers);
    if (this.#isGone) {
      process.nextTick(callback, http2Error('ERR_HTTP2_INVALID_STREAM'));
      return;
    }
    const Response = this.constructor as typeof Http2ServerResponse;
    try {
      this.#stream.pushStream(headers, {}, (error, stream) => {
        if (error) callback(error);
        else callback(null, new Response(stream as CompatStream));
      });
    } catch (error) {
      if (error instanceof TypeError) throw error;
      process.nextTick(callback, error);
    }
  }

  // What the stream tells

  [kTrailers](): void {
    this.#stream.sendTrailers(this.#trailers ?? {});
  }

  [kFinished](): void {
    if (this.#finished) return;
    this.#finished = true;
    this.emit('finish');
  }

  [kClosed](): void {
    this.#closed = true;
    // A response without body is complete on the wire before end() is called.
    const complete = this.#finished || this.#stream.writableFinished;
    if (!complete || this.#stream.aborted) this.emit('close');
  }
}

/** @throws ERR_HTTP2_STATUS_INVALID outside [100, 599] */
function validStatus(status: number): number {
  if (!(status >= 100 && status <= 599)) throw http2RangeError('ERR_HTTP2_STATUS_INVALID', status);
  return status;
}

/** Content where there is to be none. @returns whether more may come: always */
function drop(chunk: Chunk | undefined, callback: WriteCallback | undefined): true {
  if (chunk !== undefined && typeof chunk !== 'string' && !ArrayBuffer.isView(chunk)) {
    throw invalidArgType('chunk', 'of type string or an instance of Buffer, TypedArray, or DataView', chunk);
  }
  if (typeof callback === 'function') process.nextTick(callback);
  return true;
}

function emitError(response: Http2ServerResponse, error: Error): void {
  response.emit('error', error);
}

function finishNow(response: Http2ServerResponse): void {
  response[kFinished]();
}
