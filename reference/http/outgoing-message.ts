// http.OutgoingMessage: collects headers, frames a body, and hands bytes to a socket, at once or when it gets one.
//
// A subclass implements `_implicitHeader()`, which calls `_storeHeader()`. Whoever owns the socket calls
// `_assign(socket)` and `_release()`, and `_drained()` when the socket's buffer is empty again; until a socket is
// assigned everything is buffered, and `_onPendingData` hears how much. Names with an underscore are seams between the
// classes of this folder; those that Node has too (`_header`, `_hasBody`, `_implicitHeader`…) are used by libraries.

import type { Socket } from 'node:net';
import type { Duplex, Writable } from 'node:stream';
import { Stream } from 'node:stream';
import * as errors from '../common/errors.js';
import { headerKey, lowerCase, validateHeaderName, validateHeaderValue } from '../common/headers.js';
import { validateFunction, validateString } from '../common/validate.js';
import { isFieldValue } from '../protocol/http1/grammar.js';
import type { Octets } from '../protocol/http1/serializer.js';
import type { IncomingMessage } from './incoming-message.js';
import { admitLast, checkChunk } from './message-body.js';
import {
  type HeaderFields,
  REMOVED_CONNECTION,
  REMOVED_CONTENT_LENGTH,
  REMOVED_TRANSFER_ENCODING,
  renderHead,
  type UncheckedFields,
} from './message-head.js';
import { emitLater, endAgain, sendLast, type WritingMessage, writeChunk } from './message-writing.js';
import { toOctets } from './octets.js';
import { PendingOutput, type WriteCallback, writeOctets } from './pending-output.js';

export type { WriteCallback };

export interface OutgoingMessageOptions {
  /** Bytes that may be buffered before `write()` returns false. */
  highWaterMark?: number;
  rejectNonStandardBodyWrites?: boolean;
}

/** Values of outgoing headers, by name. */
export type OutgoingHttpHeaders = Record<string, OutgoingHttpHeader | undefined>;

export type OutgoingHttpHeader = number | string | string[];

/** Bytes that a message without a socket holds before `write()` returns false. Section `outgoingmessagewritablehighwatermark` */
const DEFAULT_HIGH_WATER_MARK = 16_384;

/** @see section `class-httpoutgoingmessage` */
export class OutgoingMessage extends Stream implements WritingMessage {
  /** The socket that bytes go to: null before it is assigned and after the message is sent. */
  socket: Socket | null = null;
  writable = true;
  destroyed = false;
  /** Whether `end()` was called. */
  finished = false;
  errored: Error | null = null;

  shouldKeepAlive = true;
  chunkedEncoding = false;
  useChunkedEncodingByDefault = true;
  maxRequestsOnConnectionReached = false;
  sendDate = false;
  /** Whether a body that is not as long as its Content-Length is an error. Section `responsestrictcontentlength` */
  strictContentLength = false;

  /** The head once it has been made. */
  _header: string | null = null;
  _headerSent = false;
  _hasBody = true;
  _last = false;
  _closed = false;
  _contentLength: number | null = null;
  _removed = 0;
  _trailer = '';
  _keepAliveTimeout = 0;
  _maxRequestsPerSocket = 0;
  _uniqueHeaders: ReadonlySet<string> | null = null;
  _fields: HeaderFields | null = null;
  _bytesWritten = 0;
  _corked = 0;
  /** The socket that is corked until the end of the tick. */
  _tickCork: Duplex | null = null;
  _needDrain = false;
  /** Whether the socket could hand all of it to the operating system at once. */
  _handedOver = false;
  _allFlushed = false;
  _highWaterMark: number;
  _rejectNonStandardBodyWrites: boolean;

  /** What was written before there was a socket. */
  _pending: PendingOutput | null = null;
  /** Hears by how many bytes `_pending` has grown or shrunk. */
  _onPendingData: ((bytes: number) => void) | null = null;

  // What @types/node tells besides, which takes the class for a Writable. Node's own has none of it either.
  declare static fromWeb: typeof Writable.fromWeb;
  declare static toWeb: typeof Writable.toWeb;
  declare readonly req: IncomingMessage;
  declare readonly writableAborted: boolean;
  declare setDefaultEncoding: (encoding: BufferEncoding) => this;
  declare _write: Writable['_write'];
  declare _final: Writable['_final'];
  declare _destroy: Writable['_destroy'];

  constructor(options?: OutgoingMessageOptions | null) {
    super();
    this._highWaterMark = options?.highWaterMark ?? DEFAULT_HIGH_WATER_MARK;
    this._rejectNonStandardBodyWrites = options?.rejectNonStandardBodyWrites ?? false;
  }

  /** Alias of `socket`. Section `outgoingmessageconnection` */
  get connection(): Socket | null {
    return this.socket;
  }

  set connection(socket: Socket | null) {
    this.socket = socket;
  }

  /** Section `outgoingmessageheaderssent` */
  get headersSent(): boolean {
    return this._header !== null;
  }

  get closed(): boolean {
    return this._closed;
  }

  /** Section `outgoingmessagewritableended` */
  get writableEnded(): boolean {
    return this.finished;
  }

  /** Section `outgoingmessagewritablefinished` */
  get writableFinished(): boolean {
    if (this._allFlushed) return true;
    const { socket } = this;
    return this.finished && socket !== null && !socket.destroyed && this.writableLength === 0;
  }

  /** Always false. Section `outgoingmessagewritableobjectmode` */
  get writableObjectMode(): boolean {
    return false;
  }

  /** Bytes. Section `outgoingmessagewritablehighwatermark` */
  get writableHighWaterMark(): number {
    return this.socket === null ? this._highWaterMark : this.socket.writableHighWaterMark;
  }

  /** Buffered bytes. Section `outgoingmessagewritablelength` */
  get writableLength(): number {
    return (this._pending?.size ?? 0) + (this.socket?.writableLength ?? 0);
  }

  /** Section `outgoingmessagewritablecorked` */
  get writableCorked(): number {
    return this._corked;
  }

  get writableNeedDrain(): boolean {
    return !this.destroyed && !this.finished && this._needDrain;
  }

  /** Section `outgoingmessagecork` */
  cork(): void {
    this._corked++;
    this.socket?.cork();
  }

  /** Section `outgoingmessageuncork` */
  uncork(): void {
    if (this._corked === 0) return;
    this._corked--;
    this.socket?.uncork();
  }

  /**
   * Sets the timeout of the socket, now or when there is one. Section `outgoingmessagesettimeoutmsesc-callback`
   *
   * @param msecs - milliseconds, 0 for none
   * @param callback - listens to 'timeout'
   */
  setTimeout(msecs: number, callback?: () => void): this {
    if (callback) {
      validateFunction(callback, 'listener');
      this.on('timeout', callback);
    }
    if (this.socket) setSocketTimeout(this.socket, msecs);
    else this.once('socket', (socket: Duplex) => setSocketTimeout(socket, msecs));
    return this;
  }

  /** Destroys the message and its socket, now or when it gets one. Section `outgoingmessagedestroyerror` */
  destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.errored = error ?? null;
    if (this.socket) this.socket.destroy(error);
    else this.once('socket', (socket: Duplex) => socket.destroy(error));
    return this;
  }

  /**
   * Section `outgoingmessagesetheadername-value`
   *
   * @throws ERR_HTTP_HEADERS_SENT; ERR_INVALID_HTTP_TOKEN, ERR_HTTP_INVALID_HEADER_VALUE or ERR_INVALID_CHAR
   */
  setHeader(name: string, value: number | string | readonly string[]): this {
    if (this._header !== null) throw errors.headersSent('set');
    const key = headerKey(name);
    validateHeaderValue(name, value);
    this._fields ??= new Map();
    this._fields.set(key, { name, value });
    return this;
  }

  /**
   * Section `outgoingmessagesetheadersheaders`
   *
   * @throws ERR_INVALID_ARG_TYPE when `headers` is neither Headers nor Map, and the errors of `setHeader()`
   */
  setHeaders(headers: Headers | Map<string, number | string | readonly string[]>): this {
    if (this._header !== null) throw errors.headersSent('set');
    if (typeof headers?.keys !== 'function' || typeof headers.get !== 'function') {
      throw errors.invalidArgType('headers', 'an instance of Headers or Map', headers);
    }
    const cookies: string[] = [];
    for (const [name, value] of headers) {
      // Headers gives one cookie at a time: they must not replace each other.
      if (name === 'set-cookie') cookies.push(...(Array.isArray(value) ? value : [value]));
      else this.setHeader(name, value);
    }
    if (cookies.length > 0) this.setHeader('set-cookie', cookies);
    return this;
  }

  /** Section `outgoingmessageappendheadername-value`. @throws as `setHeader()` does */
  appendHeader(name: string, value: string | readonly string[]): this {
    if (this._header !== null) throw errors.headersSent('append');
    const key = headerKey(name);
    validateHeaderValue(name, value);
    this._fields ??= new Map();
    const field = this._fields.get(key);
    if (field === undefined) this._fields.set(key, { name, value });
    else field.value = [field.value, value].flat();
    return this;
  }

  /** Section `outgoingmessagegetheadername` */
  getHeader(name: string): number | string | string[] | undefined {
    validateString(name, 'name');
    return this._fields?.get(lowerCase(name))?.value as number | string | string[] | undefined;
  }

  /** Lower-case names in the order in which they were set. Section `outgoingmessagegetheadernames` */
  getHeaderNames(): string[] {
    return this._fields === null ? [] : [...this._fields.keys()];
  }

  /** Names as they were written. Section `requestgetrawheadernames` */
  getRawHeaderNames(): string[] {
    return this._fields === null ? [] : Array.from(this._fields.values(), (field) => field.name);
  }

  /** A shallow copy, without a prototype. Section `outgoingmessagegetheaders` */
  getHeaders(): OutgoingHttpHeaders {
    const headers = Object.create(null) as Record<string, unknown>;
    if (this._fields !== null) for (const [key, field] of this._fields) headers[key] = field.value;
    return headers as OutgoingHttpHeaders;
  }

  /** Section `outgoingmessagehasheadername` */
  hasHeader(name: string): boolean {
    validateString(name, 'name');
    return this._fields?.has(lowerCase(name)) ?? false;
  }

  /** Also keeps a header from being made by default. Section `outgoingmessageremoveheadername` */
  removeHeader(name: string): void {
    validateString(name, 'name');
    if (this._header !== null) throw errors.headersSent('remove');
    const key = lowerCase(name);
    if (key === 'connection') this._removed |= REMOVED_CONNECTION;
    else if (key === 'content-length') this._removed |= REMOVED_CONTENT_LENGTH;
    else if (key === 'transfer-encoding') this._removed |= REMOVED_TRANSFER_ENCODING;
    else if (key === 'date') this.sendDate = false;
    this._fields?.delete(key);
  }

  /**
   * Sends fields after the body, if it is sent in chunks. Section `outgoingmessageaddtrailersheaders`
   *
   * @throws ERR_INVALID_HTTP_TOKEN; ERR_INVALID_CHAR
   */
  addTrailers(headers: OutgoingHttpHeaders | readonly (readonly [string, string])[]): void {
    let trailer = '';
    for (const [name, value] of Array.isArray(headers) ? headers : Object.entries(headers)) {
      validateHeaderName(name, 'Trailer name');
      for (const item of Array.isArray(value) ? value : [value]) {
        if (!isFieldValue(`${item as string}`)) throw errors.invalidChar('trailer content', name);
        trailer += `${name}: ${item as string}\r\n`;
      }
    }
    this._trailer = trailer;
  }

  /** Sends the head now rather than with the first of the body. Section `outgoingmessageflushheaders` */
  flushHeaders(): void {
    if (this._header === null) this._implicitHeader();
    if (!this._headerSent) this._send('');
  }

  /**
   * Section `outgoingmessagewritechunk-encoding-callback`
   *
   * @returns whether more may be written before 'drain'
   * @throws ERR_INVALID_ARG_TYPE; ERR_STREAM_NULL_VALUES; ERR_HTTP_BODY_NOT_ALLOWED; ERR_HTTP_CONTENT_LENGTH_MISMATCH
   */
  write(
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | WriteCallback | null,
    callback?: WriteCallback | null,
  ): boolean {
    const done = (typeof encoding === 'function' ? encoding : callback) ?? undefined;
    const ok = writeChunk(this, chunk, typeof encoding === 'string' ? encoding : undefined, done);
    if (!ok) this._needDrain = true;
    return ok;
  }

  /**
   * Section `outgoingmessageendchunk-encoding-callback`
   *
   * @param callback - listens to 'finish'
   * @throws as `write()` does
   */
  end(
    chunk?: string | Uint8Array | WriteCallback | null,
    encoding?: BufferEncoding | WriteCallback | null,
    callback?: WriteCallback | null,
  ): this {
    if (typeof chunk === 'function') return this.end(undefined, undefined, chunk);
    if (typeof encoding === 'function') return this.end(chunk, undefined, encoding);
    if (this.finished) {
      endAgain(this, chunk, callback ?? undefined);
      return this;
    }
    let body: Octets = '';
    if (chunk) {
      checkChunk(chunk);
      if (this.destroyed) emitLater(this, errors.streamDestroyed('write'), callback ?? undefined);
      else body = toOctets(chunk, encoding ?? undefined);
    }
    if (this._header === null) {
      this._contentLength = body.length;
      this._implicitHeader();
    }
    body = admitLast(this, body, Boolean(chunk));
    if (callback) this.once('finish', callback);
    sendLast(this, body);
    this.finished = true;
    if (this._pending === null && this.socket !== null) this._finish();
    return this;
  }

  /** A message cannot be read. Section `outgoingmessagepipe`. @throws ERR_STREAM_CANNOT_PIPE */
  override pipe(): never {
    throw errors.cannotPipe();
  }

  /** Makes the head from what is set. */
  _implicitHeader(): void {
    throw errors.methodNotImplemented('_implicitHeader()');
  }

  /** Makes the head; a head with Expect goes out at once, since the other side decides on the body. */
  _storeHeader(startLine: string, fields: HeaderFields | UncheckedFields | null, status?: number): void {
    const head = renderHead(this, startLine, fields, status);
    this.shouldKeepAlive = head.shouldKeepAlive;
    this.chunkedEncoding = head.chunkedEncoding;
    this._last = head.last;
    this._contentLength = head.contentLength;
    this._header = head.text;
    this._headerSent = false;
    if (head.expect) this._send('');
  }

  /**
   * Sends `data`, behind the head if that has not been sent.
   *
   * @param data - octets; each character of a string is one
   * @returns whether more may be written before 'drain'
   */
  _send(data: Octets, callback?: WriteCallback): boolean {
    if (this._headerSent || this._header === null) return this._writeRaw(data, callback);
    this._headerSent = true;
    if (typeof data === 'string') return this._writeRaw(this._header + data, callback);
    this._writeRaw(this._header);
    return this._writeRaw(data, callback);
  }

  /** Writes past the head: to the socket, or to the buffer while there is none. */
  _writeRaw(data: Octets, callback?: WriteCallback): boolean {
    const { socket } = this;
    if (socket !== null) {
      if (socket.destroyed) return false;
      if (this._pending !== null) this._flushPending(socket);
      return writeOctets(socket, data, callback);
    }
    this._pending ??= new PendingOutput();
    this._pending.add(data, callback);
    this._onPendingData?.(data.length);
    return this._pending.size < this._highWaterMark;
  }

  /** Gives the message a socket: what is buffered goes there, and all that follows. */
  _assign(socket: Duplex): void {
    this.socket = socket as Socket;
    this.emit('socket', socket);
    this._flush();
  }

  /** Takes the socket away: the message is sent, or has lost it. */
  _release(): void {
    this.socket = null;
  }

  /** Hands what is buffered to the socket. */
  _flush(): void {
    const { socket } = this;
    if (!socket?.writable) return;
    for (let i = 0; i < this._corked; i++) socket.cork();
    const ok = this._flushPending(socket);
    if (this.finished) this._finish();
    else if (ok) this._drained();
  }

  _flushPending(socket: Duplex): boolean {
    const pending = this._pending;
    if (pending === null) return true;
    this._pending = null;
    const ok = pending.flush(socket);
    this._onPendingData?.(-pending.size);
    return ok;
  }

  /** The buffer of the socket is empty again. */
  _drained(): void {
    if (!this._needDrain || this.finished) return;
    this._needDrain = false;
    this.emit('drain');
  }

  /** All has been written, though not yet flushed. Section `event-prefinish` */
  _finish(): void {
    this._handedOver = this.socket?.writableLength === 0;
    this.emit('prefinish');
  }

  /** The last bytes have been handed to the operating system. Section `event-finish_2` */
  _flushed(): void {
    this._allFlushed = true;
    this.emit('finish');
  }

  /** A listener's promise was rejected. */
  [Symbol.for('nodejs.rejection')](error: Error): void {
    this.destroy(error);
  }
}

function setSocketTimeout(socket: Duplex, msecs: number): void {
  (socket as Partial<{ setTimeout(msecs: number): void }>).setTimeout?.(msecs);
}
