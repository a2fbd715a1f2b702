import { Duplex } from 'node:stream';
import { invalidArgType } from '../common/errors.js';
import { http2Error } from '../common/http2-errors.js';
import {
  validateBoolean,
  validateFunction,
  validateInteger,
  validateNumber,
  validateObject,
} from '../common/validate.js';
import type { BlockKind, FieldBlock } from '../protocol/http2/connection-core.js';
import { ErrorCode, errorCodeName } from '../protocol/http2/errorcode.js';
import { Flag } from '../protocol/http2/frame.js';
import { SHARED_LENGTH } from '../protocol/http2/output.js';
import type { StreamEntry } from '../protocol/http2/stream-entry.js';
import { StreamState } from '../protocol/http2/stream-states.js';
import { copyHeaders, type OutgoingHeaders, shownHeaders, toFields } from './headers.js';
import {
  kData,
  kDrained,
  kEnd,
  kFinish,
  kHeaders,
  kNext,
  kPrevious,
  kReset,
  kSessionLost,
  type SessionLink,
  type StreamOwner,
} from './internals.js';
import { kState, type StreamCallback, type StreamInternals, Trailers } from './stream-internals.js';
import { unpinned } from './unpinned.js';

export interface PriorityOptions {
  exclusive?: boolean | undefined;
  parent?: number | undefined;
  weight?: number | undefined;
  silent?: boolean | undefined;
}

/** Milliseconds until a request that nobody reads is cut off: what is on its way already need not be. */
const UNREAD_DELAY = 10;

const DUPLEX_OPTIONS = { decodeStrings: false, highWaterMark: 16_384 } as const;
const READ_ONLY_OPTIONS = { ...DUPLEX_OPTIONS, writable: false } as const;

/** A stream of a session: a request and its response. Section class-http2stream. */
export class Http2Stream extends Duplex implements StreamOwner {
  [kState]: StreamInternals;
  [kPrevious]: StreamOwner | undefined = undefined;
  [kNext]: StreamOwner | undefined = undefined;

  /** @param writable - false for streams that the other side has promised */
  constructor(state: StreamInternals, writable = true) {
    super(writable ? DUPLEX_OPTIONS : READ_ONLY_OPTIONS);
    this[kState] = state;
  }

  /** The number of the stream; undefined as long as it has none. */
  get id(): number | undefined {
    return this[kState].id;
  }

  /** Whether the stream has no number yet. */
  get pending(): boolean {
    return this[kState].id === undefined;
  }

  /** Whether the stream ended before its time. */
  get aborted(): boolean {
    return this[kState].aborted;
  }

  /** Whether the stream has been closed: by `close`, by RST_STREAM, or by the end of both sides. */
  declare readonly closed: boolean;

  /** Whether the HEADERS received ended the other side's half. */
  get endAfterHeaders(): boolean {
    return this[kState].endAfterHeaders;
  }

  /** The code that the stream was closed with; undefined as long as it is open. */
  get rstCode(): number | undefined {
    return this[kState].rstCode;
  }

  get sentHeaders(): OutgoingHeaders | undefined {
    const { sentHeaders } = this[kState];
    return sentHeaders && shownHeaders(sentHeaders);
  }

  get sentInfoHeaders(): OutgoingHeaders[] | undefined {
    return this[kState].sentInfoHeaders?.map(shownHeaders);
  }

  get sentTrailers(): OutgoingHeaders | undefined {
    const { sentTrailers } = this[kState];
    return sentTrailers && shownHeaders(sentTrailers);
  }

  /** The session; undefined once the stream is destroyed. */
  get session(): SessionLink['session'] | undefined {
    return this[kState].link?.session;
  }

  /** Octets that wait to be written. */
  get bufferSize(): number {
    return this.writableLength;
  }

  /** Numbers for whoever looks closely; without properties when there is no such stream any more. */
  get state() {
    const { entry, link } = this[kState];
    if (!entry || !link) return {};
    return {
      state: entry.state as number,
      weight: entry.weight,
      sumDependencyWeight: link.connection!.dependentWeight(entry),
      localClose: entry.localClosed ? 1 : 0,
      remoteClose: entry.remoteClosed ? 1 : 0,
      localWindowSize: entry.receiveWindow?.available ?? link.connection!.local.initialWindowSize,
    };
  }

  /**
   * Emits 'timeout' when nothing happens on the stream for so long.
   *
   * @param msecs - milliseconds, 0 for no timeout
   * @throws ERR_INVALID_ARG_TYPE when `callback` is given and no function
   */
  setTimeout(msecs: number, callback?: () => void): this {
    const state = this[kState];
    validateNumber(msecs, 'msecs', 0);
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (this.destroyed) return this;
    clearTimeout(state.timer);
    state.timer = undefined;
    if (msecs === 0) {
      if (callback) this.removeListener('timeout', callback);
      return this;
    }
    state.timer = setTimeout(() => this.emit('timeout'), msecs).unref();
    if (callback) this.once('timeout', callback);
    return this;
  }

  /**
   * Changes the priority of the stream (deprecated by RFC 9113).
   *
   * @throws ERR_HTTP2_INVALID_STREAM, ERR_INVALID_ARG_TYPE, ERR_HTTP2_STREAM_SELF_DEPENDENCY
   */
  priority(options: PriorityOptions): void {
    if (this.destroyed) throw http2Error('ERR_HTTP2_INVALID_STREAM');
    validateObject(options, 'options');
    const { exclusive = false, parent = 0, weight = 16, silent = false } = options;
    validatePriority(options);
    validateBoolean(silent, 'options.silent');
    if (parent === this.id && parent !== undefined) throw http2Error('ERR_HTTP2_STREAM_SELF_DEPENDENCY');
    const state = this[kState];
    if (!state.entry) {
      this.once('ready', () => this.priority(options));
      return;
    }
    const connection = state.link!.connection!;
    connection.depend(state.entry, { exclusive, parent, weight });
    if (silent) return;
    connection.priority(state.entry, { exclusive, parent, weight });
    state.link!.flushSoon();
  }

  /**
   * Ends the stream at once, with RST_STREAM.
   *
   * @param code - 32 bits
   * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE
   */
  close(code = 0, callback?: () => void): void {
    validateInteger(code, 'code', 0, 0xffff_ffff);
    if (callback !== undefined) validateFunction(callback, 'callback');
    const state = this[kState];
    if (state.closed) return;
    if (callback) this.once('close', callback);
    state.rstCode = code;
    clearTimeout(state.timer);
    const waiting = this.writableEnded && !this.writableFinished && state.trailers !== Trailers.READY;
    if (state.id === undefined && state.link) this.once('ready', () => this.#closeNow(code));
    else if (code === 0 && waiting && state.id !== undefined) this.once('finish', () => this.#closeNow(code));
    else this.#closeNow(code);
  }

  #closeNow(code: number): void {
    const { entry, link } = this[kState];
    if (entry && link) {
      link.connection!.reset(entry, code);
      link.flushSoon();
    }
    this.#resetDone(code);
  }

  /** The stream is closed on the wire; a client may still read what has come. */
  #resetDone(code: number): void {
    // Who reads a stream that is cancelled comes to its end.
    if (code === ErrorCode.CANCEL && !this.readableEnded) this.push(null);
    if (code !== 0 || this[kState].link?.isServer || this.readableEnded || this.pending) {
      this.destroy();
      return;
    }
    this.#abort();
    this.once('end', () => this.destroy());
    this.push(null);
    if (this.readableLength === 0) this.read(0);
  }

  #abort(): void {
    const state = this[kState];
    if (state.aborted || this.writableEnded || !this.#wasWritable()) return;
    state.aborted = true;
    this.emit('aborted');
  }

  #wasWritable(): boolean {
    return (this as unknown as { _writableState: { writable: boolean } })._writableState.writable !== false;
  }

  /**
   * Sends trailers and ends the stream.
   *
   * @throws ERR_HTTP2_INVALID_STREAM, ERR_HTTP2_TRAILERS_ALREADY_SENT, ERR_HTTP2_TRAILERS_NOT_READY
   */
  sendTrailers(headers: OutgoingHeaders): void {
    const state = this[kState];
    if (this.destroyed || state.closed) throw http2Error('ERR_HTTP2_INVALID_STREAM');
    if (state.sentTrailers) throw http2Error('ERR_HTTP2_TRAILERS_ALREADY_SENT');
    if (state.trailers !== Trailers.READY) throw http2Error('ERR_HTTP2_TRAILERS_NOT_READY');
    assertHeaders(headers);
    const fields = toFields(headers, 'trailers');
    state.sentTrailers = copyHeaders(headers);
    state.trailers = Trailers.NONE;
    const { connection } = state.link!;
    if (fields.length === 0) connection!.end(state.entry!);
    else connection!.headers(state.entry!, fields, true);
    this.touch();
    state.link!.flushSoon();
    this.#written();
  }

  /** Puts the timeouts off. */
  protected touch(): void {
    const state = this[kState];
    state.timer?.refresh();
    state.link?.touch();
  }

  /** Something must have been sent before content: a server's response. */
  protected beforeContent(): void {}

  /** Does something once the stream has its number: a client's may have none yet. */
  protected defer(_action: () => void): void {}

  override _write(chunk: Buffer | string, encoding: BufferEncoding, callback: StreamCallback): void {
    const state = this[kState];
    if (state.entry === undefined) {
      this.defer(() => this._write(chunk, encoding, callback));
      return;
    }
    this.beforeContent();
    const { link, entry } = state;
    if (!link || state.localEnded) {
      this.#tooLate(callback);
      return;
    }
    const connection = link.connection!;
    this.touch();
    link.flushSoon();
    state.times?.sent(typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.length);
    if (typeof chunk === 'string') {
      const size = Buffer.byteLength(chunk, encoding);
      if (connection.text(entry, chunk, size, encoding)) {
        callback();
        return;
      }
      chunk = Buffer.from(chunk, encoding);
    }
    this.#send(entry, link, [chunk], chunk.length >= SHARED_LENGTH, callback);
  }

  /** @param shared - whether there is content that must not change until the socket has taken it */
  #send(
    entry: StreamEntry<StreamOwner>,
    link: SessionLink,
    chunks: readonly Uint8Array[],
    shared: boolean,
    callback: StreamCallback,
  ): void {
    const sent = link.connection!.data(entry, chunks);
    if (!sent) this[kState].written = shared ? () => link.whenTaken(callback) : callback;
    else if (shared) link.whenTaken(callback);
    else callback();
  }

  override _writev(chunks: { chunk: Buffer | string; encoding: BufferEncoding }[], callback: StreamCallback): void {
    const state = this[kState];
    if (state.entry === undefined) {
      this.defer(() => this._writev(chunks, callback));
      return;
    }
    this.beforeContent();
    const { link, entry } = state;
    if (!link || state.localEnded) {
      this.#tooLate(callback);
      return;
    }
    this.touch();
    link.flushSoon();
    const bytes = chunks.map(({ chunk, encoding }) =>
      typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk,
    );
    if (state.times) for (const { length } of bytes) state.times.sent(length);
    const shared = bytes.some(({ length }) => length >= SHARED_LENGTH);
    this.#send(entry, link, bytes, shared, callback);
  }

  /** Nobody will get what is written: the stream has been ended by its headers, or is closed. */
  #tooLate(callback: StreamCallback): void {
    callback(this.closed ? http2Error('ERR_HTTP2_INVALID_STREAM') : null);
  }

  override _final(callback: StreamCallback): void {
    const state = this[kState];
    if (state.entry === undefined && !state.localEnded) {
      this.defer(() => this._final(callback));
      return;
    }
    if (!state.localEnded) this.beforeContent();
    const { link, entry } = state;
    if (state.localEnded || !link || !entry || entry.localClosed) {
      callback();
      return;
    }
    if (state.trailers === Trailers.WANTED) {
      state.written = callback;
      state.trailers = Trailers.READY;
      process.nextTick(emitWantTrailers, this);
      return;
    }
    state.localEnded = true;
    link.connection!.end(entry);
    link.flushSoon();
    callback();
    if (!entry.remoteClosed) link.finishSoon(this);
  }

  #written(): void {
    const state = this[kState];
    const callback = state.written;
    state.written = undefined;
    callback?.();
  }

  override _read(): void {
    const state = this[kState];
    if (state.uncredited === 0) return;
    const octets = state.uncredited;
    state.uncredited = 0;
    if (!state.link || !state.entry) return;
    state.link.connection!.consume(state.entry, octets);
    state.link.flushSoon();
  }

  [kData](data: Buffer): void {
    const state = this[kState];
    state.times?.received(data.length);
    this.touch();
    if (state.closed) {
      if (state.link) state.link.connection!.consume(state.entry!, data.length);
      return;
    }
    // What flows is not kept here.
    if (!this.push(this.readableFlowing ? data : unpinned(data))) state.uncredited += data.length;
    else if (state.link) state.link.connection!.consume(state.entry!, data.length);
  }

  [kEnd](): void {
    if (!this[kState].closed) this.push(null);
  }

  [kDrained](): void {
    this.touch();
    this.#written();
  }

  [kHeaders](_block: FieldBlock, _kind: BlockKind, flags: number): void {
    this[kState].times?.headers();
    this[kState].endAfterHeaders = (flags & Flag.END_STREAM) !== 0;
  }

  [kReset](code: number, received: boolean): void {
    const state = this[kState];
    if (state.closed) return;
    state.rstCode = code;
    if (received && endsQuietly(code)) this.#resetDone(code);
    else this.destroy();
  }

  [kFinish](): boolean {
    if (this.destroyed) return true;
    if (!this.writableFinished && this.#wasWritable()) return false;
    const { link, entry } = this[kState];
    if (entry !== undefined && !entry.remoteClosed) return this.#unreadRequest(link!);
    if (link!.isServer && this.readableFlowing === null && this.readableLength === 0 && !this.#isRead()) this.destroy();
    else if (link!.isServer && this.readableFlowing === null && !this.#isRead()) this.resume();
    else if (this.readableLength === 0) this.read(0);
    return true;
  }

  #isRead(): boolean {
    return this.readableDidRead || this.listenerCount('readable') > 0 || this.listenerCount('end') > 0;
  }

  /** A whole response to a request that nobody reads: the other side need not send the rest. RFC 9113 §8.1 */
  #unreadRequest(link: SessionLink): boolean {
    if (!link.isServer || this.readableFlowing !== null || this.#isRead()) return true;
    setTimeout(() => {
      if (!this.destroyed && this.readableFlowing === null && !this.#isRead()) this.close();
    }, UNREAD_DELAY);
    return true;
  }

  [kSessionLost](error: Error | undefined, code: number): void {
    const state = this[kState];
    state.rstCode ??= code;
    this.destroy(error ?? (state.id === undefined ? http2Error('ERR_HTTP2_STREAM_CANCEL') : undefined));
  }

  override _destroy(error: Error | null, callback: StreamCallback): void {
    const state = this[kState];
    const { link, entry } = state;
    let failure = error;
    const code = state.rstCode ?? codeOf(error);
    if (state.id !== undefined) this.#abort();
    state.rstCode = code;
    clearTimeout(state.timer);
    if (link && entry && !link.destroyed) {
      const { connection } = link;
      if (entry.state !== StreamState.CLOSED) connection!.reset(entry, code);
      if (state.uncredited > 0) connection!.consume(entry, state.uncredited);
      link.flushSoon();
    }
    if (!failure && !endsQuietly(code)) failure = streamError(code);
    // Data that flow come to an end. Section destruction
    if (!failure && this.readableFlowing && !this.readableEnded) this.push(null);
    if (state.times && state.id !== undefined) link?.measured(state.times.publish(state.id));
    link?.forget(this, entry);
    state.link = undefined;
    callback(failure);
  }
}

// Duplex declares a property, which an accessor cannot replace in the class itself.
Object.defineProperty(Http2Stream.prototype, 'closed', {
  configurable: true,
  get(this: Http2Stream): boolean {
    return this[kState].closed;
  },
});

/**
 * Whether a stream that is closed with this code has no error. Section event-close_1 names NO_ERROR only; but Node
 * counts CANCEL in, and its programs do not listen for an error whenever a client no longer wants what it asked for.
 */
function endsQuietly(code: number): boolean {
  return code === ErrorCode.NO_ERROR || code === ErrorCode.CANCEL;
}

/** The code for RST_STREAM of a stream that is destroyed with an error. */
function codeOf(error: (Error & { code?: unknown }) | null): number {
  if (!error) return 0;
  return error.name === 'AbortError' ? 8 : 2;
}

function streamError(code: number): Error {
  const name = errorCodeName(code);
  return http2Error('ERR_HTTP2_STREAM_ERROR', name ? `NGHTTP2_${name}` : code);
}

function emitWantTrailers(stream: Http2Stream): void {
  if (stream.destroyed) return;
  stream.emit('wantTrailers');
}

/** @throws ERR_INVALID_ARG_TYPE unless `headers` is an object */
export function assertHeaders(headers: unknown): asserts headers is OutgoingHeaders {
  if (headers === null || typeof headers !== 'object' || Array.isArray(headers)) {
    throw invalidArgType('headers', 'of type object', headers);
  }
}

/** @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function validatePriority({ exclusive, parent, weight }: PriorityOptions): void {
  if (exclusive !== undefined) validateBoolean(exclusive, 'options.exclusive');
  if (parent !== undefined) validateNumber(parent, 'options.parent', 0, 0x7fff_ffff);
  if (weight !== undefined) validateNumber(weight, 'options.weight');
}
