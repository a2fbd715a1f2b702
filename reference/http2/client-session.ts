import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { invalidArgType } from '../common/errors.js';
import { http2Error } from '../common/http2-errors.js';
import { validateBoolean, validateObject } from '../common/validate.js';
import type { HeaderField } from '../protocol/hpack/header-field.js';
import type { FieldBlock } from '../protocol/http2/connection-core.js';
import type { Priority } from '../protocol/http2/frame.js';
import type { StreamEntry } from '../protocol/http2/stream-entry.js';
import { ClientHttp2Stream, kPushed, kReady } from './client-stream.js';
import { constants } from './constants.js';
import { copyHeaders, type OutgoingHeaders, toFields, toHeaders, toRawHeaders } from './headers.js';
import type { StreamOwner } from './internals.js';
import { Http2Session, kCore } from './session.js';
import type { SessionOptions } from './session-options.js';
import { settingsToEntries } from './settings.js';
import { assertHeaders, type PriorityOptions, validatePriority } from './stream.js';
import { kState, StreamInternals, Trailers } from './stream-internals.js';

export interface RequestOptions extends PriorityOptions {
  /** The request has no content. Default: true for GET, HEAD and DELETE. */
  endStream?: boolean | undefined;
  waitForTrailers?: boolean | undefined;
  /** Aborts the request. */
  signal?: AbortSignal | undefined;
}

/** A request that is to be sent when that is possible. */
interface PendingRequest {
  stream: ClientHttp2Stream;
  fields: HeaderField[];
  priority: Priority | undefined;
  endStream: boolean;
}

/** Methods whose requests have no content unless `endStream` says otherwise. */
const WITHOUT_CONTENT = new Set(['GET', 'HEAD', 'DELETE']);

/** Origins of a server that are remembered, however many it announces. */
const MAX_ORIGINS = 1000;

/** A client's session. Section class-clienthttp2session. */
export class ClientHttp2Session extends Http2Session {
  readonly #authority: string;
  readonly #scheme: string;
  readonly #settings: SessionOptions['settings'];
  #pending: PendingRequest[] = [];
  #origins: Set<string> | undefined;

  /** @param authority - of requests that name none: host and port */
  constructor(options: SessionOptions, authority: string, scheme: string) {
    super('client', options);
    this.#settings = options.settings;
    this.#authority = authority;
    this.#scheme = scheme;
  }

  override get type(): number {
    return constants.NGHTTP2_SESSION_CLIENT;
  }

  override get originSet(): string[] | undefined {
    if (!this.encrypted) return undefined;
    return [...this.#originsOf(this.connectedSocket as TLSSocket)];
  }

  #originsOf(socket: TLSSocket): Set<string> {
    if (this.#origins === undefined) {
      const host = (socket as TLSSocket & { servername?: string | false }).servername || socket.remoteAddress;
      const port = socket.remotePort === 443 ? '' : `:${socket.remotePort}`;
      this.#origins = new Set([`https://${host}${port}`]);
    }
    return this.#origins;
  }

  /** The socket of the session; it is connected when `connected` is called. */
  watch(socket: Duplex): void {
    this[kCore].watch(socket);
  }

  connected(socket: Duplex): void {
    if (this.destroyed) return;
    this.start(socket, settingsToEntries(this.#settings ?? {}));
    this.emit('connect', this, socket);
    this.#sendPending();
  }

  /**
   * Sends a request, or keeps it until it can be sent.
   *
   * @throws ERR_HTTP2_INVALID_SESSION, ERR_HTTP2_GOAWAY_SESSION, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE,
   *   ERR_HTTP2_CONNECT_AUTHORITY, ERR_HTTP2_CONNECT_SCHEME, ERR_HTTP2_CONNECT_PATH, and what headers throw
   */
  request(headers?: OutgoingHeaders, options?: RequestOptions): ClientHttp2Stream {
    if (this.destroyed) throw http2Error('ERR_HTTP2_INVALID_SESSION');
    if (this.closed) throw http2Error('ERR_HTTP2_GOAWAY_SESSION');
    if (headers !== undefined) assertHeaders(headers);
    if (options !== undefined) validateRequestOptions(options);
    const sent = this.#completed(headers ?? {});
    const fields = toFields(sent, 'request');
    const core = this[kCore];
    const stream = new ClientHttp2Stream(new StreamInternals(core, undefined));
    const state = stream[kState];
    state.sentHeaders = sent;
    const endStream = options?.endStream ?? WITHOUT_CONTENT.has(String(sent[':method']));
    if (endStream) state.localEnded = true;
    else if (options?.waitForTrailers) state.trailers = Trailers.WANTED;
    core.streams.add(stream);
    if (endStream) stream.end();
    this.#heed(options?.signal, stream);
    if (!stream.destroyed) this.#submit({ stream, fields, priority: priorityOf(options), endStream });
    return stream;
  }

  /** The headers with those pseudo-headers that are not given. */
  #completed(headers: OutgoingHeaders): OutgoingHeaders {
    const sent = copyHeaders(headers);
    sent[':method'] ??= 'GET';
    if (sent[':method'] === 'CONNECT' && sent[':protocol'] === undefined) {
      if (sent[':authority'] === undefined) throw http2Error('ERR_HTTP2_CONNECT_AUTHORITY');
      if (sent[':scheme'] !== undefined) throw http2Error('ERR_HTTP2_CONNECT_SCHEME');
      if (sent[':path'] !== undefined) throw http2Error('ERR_HTTP2_CONNECT_PATH');
      return sent;
    }
    if (sent[':authority'] === undefined && sent.host === undefined) sent[':authority'] = this.#authority;
    sent[':scheme'] ??= this.#scheme;
    sent[':path'] ??= '/';
    return sent;
  }

  #heed(signal: AbortSignal | undefined, stream: ClientHttp2Stream): void {
    if (!signal) return;
    const abort = () => stream.destroy(abortError(signal.reason));
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    stream.once('close', () => signal.removeEventListener('abort', abort));
  }

  #submit(request: PendingRequest): void {
    const { connection } = this[kCore];
    if (connection && this.#pending.length === 0 && connection.mayOpen) this.#send(request);
    else this.#pending.push(request);
  }

  #sendPending(): void {
    const { connection } = this[kCore];
    while (this.#pending.length > 0 && connection?.mayOpen) {
      const request = this.#pending.shift()!;
      if (!request.stream.destroyed) this.#send(request);
    }
  }

  #send({ stream, fields, priority, endStream }: PendingRequest): void {
    const core = this[kCore];
    const connection = core.connection!;
    const state = stream[kState];
    if (connection.exhausted) {
      stream.destroy(http2Error('ERR_HTTP2_OUT_OF_STREAMS'));
      return;
    }
    if (priority && priority.parent === connection.statistics.nextStreamId) {
      stream.destroy(http2Error('ERR_HTTP2_STREAM_SELF_DEPENDENCY'));
      return;
    }
    state.entry = connection.open(stream);
    state.entry.answersHead = state.sentHeaders![':method'] === 'HEAD';
    if (priority) connection.depend(state.entry, priority);
    if (connection.tooLargeToSend(fields)) {
      this.#tooLarge(stream);
      return;
    }
    connection.headers(state.entry, fields, endStream, priority);
    core.touch();
    core.flushSoon();
    process.nextTick(ready, stream);
  }

  /** The headers are more than `maxSendHeaderBlockLength`. */
  #tooLarge(stream: ClientHttp2Stream): void {
    process.nextTick(() => {
      if (stream.destroyed) return;
      stream.emit('frameError', 1, -522, stream.id);
      stream.close(2);
    });
  }

  protected override onStreamClosed(): void {
    this.#sendPending();
  }

  /** Streams that the server will not deal with; requests that were never sent. */
  protected override onGoaway(lastStreamId: number): void {
    for (const entry of [...this[kCore].connection!.streams]) {
      if (entry.id % 2 === 1 && entry.id > lastStreamId) (entry.owner as ClientHttp2Stream | undefined)?.close(7);
    }
    this.#cancelPending(() => http2Error('ERR_HTTP2_GOAWAY_SESSION'));
  }

  override close(callback?: () => void): void {
    if (this.connecting) this.#cancelPending(() => http2Error('ERR_HTTP2_GOAWAY_SESSION'));
    super.close(callback);
  }

  #cancelPending(error: () => Error): void {
    for (const { stream } of this.#pending.splice(0)) stream.destroy(error());
  }

  protected override onLost(): void {
    this.#pending = [];
  }

  protected override onPromise(promised: StreamEntry<StreamOwner>, block: FieldBlock, flags: number): void {
    const core = this[kCore];
    if (this.listenerCount('stream') === 0) {
      core.connection!.reset(promised, constants.NGHTTP2_REFUSED_STREAM);
      return;
    }
    const stream = new ClientHttp2Stream(new StreamInternals(core, promised), false);
    stream[kPushed] = true;
    promised.owner = stream;
    core.streams.add(stream);
    const headers = toHeaders(block);
    promised.answersHead = headers[':method'] === 'HEAD';
    this.emit('stream', stream, headers, flags, toRawHeaders(block));
  }

  protected override onOrigin(origins: readonly string[]): void {
    if (!this.encrypted) return;
    const known = this.#originsOf(this.connectedSocket as TLSSocket);
    for (const origin of origins) if (known.size < MAX_ORIGINS) known.add(origin);
    this.emit('origin', [...origins]);
  }
}

function ready(stream: ClientHttp2Stream): void {
  stream[kReady]();
}

function validateRequestOptions(options: RequestOptions): void {
  validateObject(options, 'options');
  validatePriority(options);
  if (options.endStream !== undefined) validateBoolean(options.endStream, 'options.endStream');
  const { signal } = options;
  if (signal !== undefined && (signal === null || typeof signal !== 'object' || !('aborted' in signal))) {
    throw invalidArgType('options.signal', 'an instance of AbortSignal', signal);
  }
}

function priorityOf(options: RequestOptions | undefined): Priority | undefined {
  if (!options) return undefined;
  const { exclusive, parent, weight } = options;
  if (exclusive === undefined && parent === undefined && weight === undefined) return undefined;
  return { exclusive: exclusive ?? false, parent: parent ?? 0, weight: Math.min(256, Math.max(1, weight ?? 16)) };
}

function abortError(cause: unknown): Error {
  const error = Object.assign(new Error('The operation was aborted', { cause }), { code: 'ABORT_ERR' });
  return Object.defineProperty(error, 'name', { value: 'AbortError', configurable: true, writable: true });
}
