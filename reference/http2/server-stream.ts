import type { FileHandle } from 'node:fs/promises';
import { invalidArgType } from '../common/errors.js';
import { http2Error, http2RangeError } from '../common/http2-errors.js';
import { validateFunction, validateObject } from '../common/validate.js';
import type { HeaderField } from '../protocol/hpack/header-field.js';
import type { BlockKind, FieldBlock } from '../protocol/http2/connection-core.js';
import {
  type FileOptions,
  type FileResponder,
  respondWithDescriptor,
  respondWithPath,
  validateFileOptions,
} from './file-response.js';
import {
  copyHeaders,
  httpDate,
  type IncomingHeaders,
  type OutgoingHeaders,
  toFields,
  toHeaders,
  toRawHeaders,
} from './headers.js';
import { kHeaders } from './internals.js';
import { assertHeaders, Http2Stream, type PriorityOptions, validatePriority } from './stream.js';
import { kState, type StreamCallback, StreamInternals, Trailers } from './stream-internals.js';

export interface RespondOptions {
  /** The response has no content. */
  endStream?: boolean | undefined;
  /** 'wantTrailers' is emitted when all content has been sent. */
  waitForTrailers?: boolean | undefined;
}

type PushCallback = (error: Error | null, stream?: ServerHttp2Stream, headers?: OutgoingHeaders) => void;

/** What a server stream keeps to itself. */
export class ServerInternals extends StreamInternals {
  headersSent = false;
  /** The request was HEAD: the response has no content. */
  isHead = false;
  /** Of the request: what it promises others with. */
  authority: string | undefined = undefined;
  scheme: string | undefined = undefined;
  /** The content of a file is being written. */
  isClaimed = false;
  /** Called when that has been written. */
  ended: StreamCallback | undefined = undefined;
}

/** A stream of a server. Section class-serverhttp2stream. */
export class ServerHttp2Stream extends Http2Stream implements FileResponder {
  declare [kState]: ServerInternals;

  /** Whether the response has been begun. */
  get headersSent(): boolean {
    return this[kState].headersSent;
  }

  /** Whether the client accepts pushed streams. */
  get pushAllowed(): boolean {
    const { link } = this[kState];
    return !this.destroyed && !this.closed && link?.connection?.remote.enablePush === true;
  }

  /**
   * Begins the response.
   *
   * @param headers - `:status` is 200 and `date` the present unless given
   * @throws ERR_HTTP2_INVALID_STREAM, ERR_HTTP2_HEADERS_SENT, ERR_HTTP2_STATUS_INVALID, and what headers throw
   */
  respond(headers?: OutgoingHeaders, options?: RespondOptions): void {
    this.assertUnanswered();
    if (headers !== undefined) assertHeaders(headers);
    if (options !== undefined) validateObject(options, 'options');
    this.begin(copyHeaders(headers ?? {}), options);
  }

  /** Begins the response with headers that nobody else will change. @throws as `respond` */
  begin(sent: OutgoingHeaders, options?: RespondOptions & { sendDate?: boolean }): void {
    this.assertUnanswered();
    const state = this[kState];
    const status = statusOf(sent);
    if (options?.sendDate !== false) sent.date ??= httpDate();
    const fields = toFields(sent, 'response');
    const withoutContent = status === 204 || status === 205 || status === 304 || this[kState].isHead;
    const ends = options?.endStream === true || withoutContent;
    if (options?.waitForTrailers && !ends) state.trailers = Trailers.WANTED;
    this.#send(sent, fields, ends);
  }

  #send(sent: OutgoingHeaders, fields: HeaderField[], ends: boolean): void {
    const state = this[kState];
    const { connection } = state.link!;
    if (connection!.tooLargeToSend(fields)) {
      this.#tooLarge();
      return;
    }
    this[kState].headersSent = true;
    state.sentHeaders = sent;
    if (ends) state.localEnded = true;
    connection!.headers(state.entry!, fields, ends);
    this.touch();
    state.link!.flushSoon();
    if (ends) this.end();
  }

  /** The headers are more than `maxSendHeaderBlockLength`. */
  #tooLarge(): void {
    this[kState].headersSent = true;
    this[kState].localEnded = true;
    process.nextTick(() => {
      if (this.destroyed) return;
      this.emit('frameError', 1, -522, this.id);
      this.close(2);
    });
  }

  /** @throws ERR_HTTP2_INVALID_STREAM, ERR_HTTP2_HEADERS_SENT */
  assertUnanswered(): void {
    if (this.destroyed || this.closed) throw http2Error('ERR_HTTP2_INVALID_STREAM');
    if (this.headersSent) throw http2Error('ERR_HTTP2_HEADERS_SENT');
  }

  /**
   * Sends informational headers ahead of the response.
   *
   * @throws ERR_HTTP2_INVALID_STREAM, ERR_HTTP2_HEADERS_AFTER_RESPOND, ERR_HTTP2_STATUS_101,
   *   ERR_HTTP2_INVALID_INFO_STATUS
   */
  additionalHeaders(headers: OutgoingHeaders): void {
    if (this.destroyed || this.closed) throw http2Error('ERR_HTTP2_INVALID_STREAM');
    if (this.headersSent) throw http2Error('ERR_HTTP2_HEADERS_AFTER_RESPOND');
    assertHeaders(headers);
    const sent = copyHeaders(headers);
    const status = Number(sent[':status']);
    if (status === 101) throw http2Error('ERR_HTTP2_STATUS_101');
    if (!(status >= 100 && status < 200)) throw http2RangeError('ERR_HTTP2_INVALID_INFO_STATUS', sent[':status']);
    sent[':status'] = status;
    const fields = toFields(sent, 'response');
    const state = this[kState];
    state.sentInfoHeaders ??= [];
    state.sentInfoHeaders.push(sent);
    state.link!.connection!.headers(state.entry!, fields, false);
    state.link!.flushSoon();
  }

  /**
   * Promises a stream and hands it to the callback.
   *
   * @throws ERR_HTTP2_PUSH_DISABLED, ERR_HTTP2_NESTED_PUSH, ERR_HTTP2_INVALID_STREAM, ERR_INVALID_ARG_TYPE
   */
  pushStream(headers: OutgoingHeaders, options: PriorityOptions | PushCallback, callback?: PushCallback): void {
    if (this.destroyed || this.closed) throw http2Error('ERR_HTTP2_INVALID_STREAM');
    if (!this.pushAllowed) throw http2Error('ERR_HTTP2_PUSH_DISABLED');
    if (this.#isPushed) throw http2Error('ERR_HTTP2_NESTED_PUSH');
    const done = typeof options === 'function' ? options : callback;
    validateFunction(done, 'callback');
    if (typeof options !== 'function' && options !== undefined) {
      validateObject(options, 'options');
      validatePriority(options);
    }
    assertHeaders(headers);
    const { authority, scheme } = this[kState];
    const sent = copyHeaders(headers);
    sent[':method'] ??= 'GET';
    sent[':authority'] ??= authority;
    sent[':scheme'] ??= scheme;
    sent[':path'] ??= '/';
    const fields = toFields(sent, 'request');
    const pushed = this.#push(sent, fields);
    const { parent = this.id!, exclusive = false } = typeof options === 'function' ? {} : (options ?? {});
    this[kState].link!.connection!.depend(pushed[kState].entry!, { parent, exclusive, weight: 16 });
    process.nextTick(done as PushCallback, null, pushed, sent, 0);
  }

  /** Streams with even numbers are those of servers. RFC 9113 §5.1.1 */
  get #isPushed(): boolean {
    return this.id! % 2 === 0;
  }

  #push(sent: OutgoingHeaders, fields: HeaderField[]): ServerHttp2Stream {
    const { link, entry } = this[kState];
    const state = new ServerInternals(link!, undefined);
    const stream = new ServerHttp2Stream(state);
    state.entry = link!.connection!.push(entry!, stream, fields);
    state.sentHeaders = sent;
    state.endAfterHeaders = true;
    state.isHead = sent[':method'] === 'HEAD';
    stream.push(null);
    link!.streams.add(stream);
    link!.flushSoon();
    return stream;
  }

  /** Answers with what a descriptor reads; it stays open. Section http2streamrespondwithfdfd-headers-options. */
  respondWithFD(fd: number | FileHandle, headers?: OutgoingHeaders, options?: FileOptions): void {
    this.assertUnanswered();
    const descriptor = typeof fd === 'object' && fd !== null && 'fd' in fd ? fd.fd : fd;
    const sent = this.#fileHeaders(headers, options);
    if (typeof descriptor !== 'number') throw invalidArgType('fd', 'of type number or an instance of FileHandle', fd);
    respondWithDescriptor(this, descriptor, sent, options ?? {});
  }

  /** Answers with a file. Section http2streamrespondwithfilepath-headers-options. */
  respondWithFile(path: string | Buffer | URL, headers?: OutgoingHeaders, options?: FileOptions): void {
    this.assertUnanswered();
    respondWithPath(this, path, this.#fileHeaders(headers, options), options ?? {});
  }

  claim(): void {
    this[kState].isClaimed = true;
    this.end();
  }

  get takesContent(): boolean {
    return !this[kState].localEnded;
  }

  writeContent(chunk: Buffer, callback: () => void): void {
    this._write(chunk, 'utf8', callback);
  }

  endContent(): void {
    const state = this[kState];
    const { ended } = state;
    state.isClaimed = false;
    state.ended = undefined;
    if (ended) this._final(ended);
  }

  override _final(callback: StreamCallback): void {
    if (this[kState].isClaimed) this[kState].ended = callback;
    else super._final(callback);
  }

  #fileHeaders(headers: OutgoingHeaders | undefined, options: FileOptions | undefined): OutgoingHeaders {
    if (headers !== undefined) assertHeaders(headers);
    if (options !== undefined) validateFileOptions(options);
    const sent = copyHeaders(headers ?? {});
    const status = statusOf(sent);
    if (status === 204 || status === 205 || status === 304) throw http2Error('ERR_HTTP2_PAYLOAD_FORBIDDEN', status);
    return sent;
  }

  protected override beforeContent(): void {
    if (!this.headersSent && !this.destroyed && !this.closed) this.respond();
  }

  override [kHeaders](block: FieldBlock, kind: BlockKind, flags: number): void {
    if (kind === 'trailers') {
      this.emit('trailers', toHeaders(block), flags, toRawHeaders(block));
      return;
    }
    super[kHeaders](block, kind, flags);
  }

  /** What a request's headers mean for its answer. */
  requested(headers: IncomingHeaders): void {
    const state = this[kState];
    state.authority = (headers[':authority'] ?? headers.host) as string | undefined;
    state.scheme = headers[':scheme'] as string | undefined;
    state.isHead = headers[':method'] === 'HEAD';
  }
}

/** `:status` as a number, put back into the headers. @throws ERR_HTTP2_STATUS_INVALID outside [200, 599] */
function statusOf(headers: OutgoingHeaders): number {
  const given = headers[':status'];
  if (given === undefined || given === null) {
    // In front of the others, as it is sent.
    headers[':status'] = 200;
    return 200;
  }
  const status = Number(given);
  if (!(status >= 200 && status <= 599)) throw http2RangeError('ERR_HTTP2_STATUS_INVALID', given);
  headers[':status'] = Math.trunc(status);
  return Math.trunc(status);
}
