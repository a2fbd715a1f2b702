// http.ClientRequest: a request that goes out on a socket, which an agent gives it or which is made for it alone.
//
// It waits for its socket, buffering what is written; `onSocket()` gives it one, or says why there is none. From then
// on its connection (`client-connection.ts`) emits what happens to it.

import { AsyncResource } from 'node:async_hooks';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import * as errors from '../common/errors.js';
import { uniqueHeaderNames } from '../common/headers.js';
import { validateFunction } from '../common/validate.js';
import { requestLine } from '../protocol/http1/serializer.js';
import type { Agent, ConnectionOptions, Outcome, PooledRequest } from './agent.js';
import { ClientConnection, type ConnectedRequest } from './client-connection.js';
import { requestCreated, requestError, requestStart } from './client-diagnostics.js';
import type { IncomingMessage } from './incoming-message.js';
import { REMOVED_CONNECTION, REMOVED_CONTENT_LENGTH, REMOVED_TRANSFER_ENCODING } from './message-head.js';
import { OutgoingMessage, type WriteCallback } from './outgoing-message.js';
import {
  checkTimeout,
  type Pool,
  type RequestOptions,
  type RequestSettings,
  type ResponseListener,
  requestSettings,
} from './request-options.js';

/** Methods whose requests have no body as a rule: there is nothing to frame unless one is written. */
const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']);

const REMOVED_DEFAULTS = REMOVED_CONNECTION | REMOVED_CONTENT_LENGTH | REMOVED_TRANSFER_ENCODING;

const KEEP_ALIVE = /(?:^|\W)keep-alive(?:$|\W)/i;

/** Any Duplex may be the socket; a `net.Socket` can do more. */
type Connectable = Duplex & {
  [Name in 'setNoDelay' | 'setKeepAlive' | 'setTimeout' | 'connecting']?: Socket[Name] | undefined;
};

/** @see section `class-httpclientrequest` */
export class ClientRequest extends OutgoingMessage implements PooledRequest, ConnectedRequest {
  /** What gave it the socket; undefined for one made by `createConnection`. */
  agent: Pool | undefined;
  /** Section `requestmethod` */
  method: string;
  /** Section `requestpath` */
  path: string;
  /** Section `requesthost` */
  host: string;
  /** Section `requestprotocol` */
  protocol: string;
  socketPath: string | null | undefined;
  /** Milliseconds of inactivity, if given. */
  timeout: number | undefined;
  /** Bytes of the response's head. */
  maxHeaderSize: number | undefined;
  insecureHTTPParser: boolean | undefined;
  joinDuplicateHeaders: boolean | undefined;
  /** Response headers that are kept, 0 for all. Section `requestmaxheaderscount` */
  maxHeadersCount: number = 2000;
  /** Section `requestreusedsocket` */
  reusedSocket = false;
  /** Section `requestaborted` */
  aborted = false;
  upgradeOrConnect = false;
  /** The response, once its head has come. */
  res: IncomingMessage | null = null;

  _queued: ConnectionOptions | null = null;
  _reason: Error | null = null;
  readonly _scope: AsyncResource;
  _connection: ClientConnection | null = null;
  /** Whether 'error' has been emitted. */
  _failed = false;
  /** Lets go of the AbortSignal. */
  _unheed: (() => void) | null = null;

  /**
   * Section `httprequesturl-options-callback`
   *
   * @throws ERR_INVALID_URL, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_INVALID_PROTOCOL, ERR_UNESCAPED_CHARACTERS,
   * ERR_INVALID_HTTP_TOKEN, and what `setHeader()` throws for headers
   */
  constructor(
    input: string | URL | RequestOptions,
    options?: RequestOptions | ResponseListener | null,
    callback?: ResponseListener,
  ) {
    const settings = requestSettings(input, options, callback);
    super();
    this._scope = new AsyncResource('HTTPCLIENTREQUEST');
    const given = settings.options;
    this.agent = settings.agent;
    this.method = settings.method;
    this.path = settings.path;
    this.host = given.host as string;
    this.protocol = settings.protocol;
    this.socketPath = given.socketPath;
    this.timeout = given.timeout;
    this.maxHeaderSize = given.maxHeaderSize;
    this.insecureHTTPParser = given.insecureHTTPParser;
    this.joinDuplicateHeaders = given.joinDuplicateHeaders;
    this.shouldKeepAlive = keepsAlive(this.agent);
    this.useChunkedEncodingByDefault = !BODILESS.has(this.method);
    this._uniqueHeaders = uniqueHeaderNames(given.uniqueHeaders);
    if (settings.callback) this.once('response', settings.callback);
    setHeaders(this, settings);
    if (given.signal) heed(this, given.signal);
    if (!this.destroyed) obtainSocket(this, given);
    if (requestCreated.hasSubscribers) requestCreated.publish({ request: this });
  }

  /** Section `requestabort`. Deprecated: `destroy()` stands in for it. */
  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    process.nextTick(emitAbort, this);
    this.destroy();
  }

  /** Section `requestdestroyerror` */
  override destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this._reason = error ?? null;
    this.res?._dump();
    if (this.socket !== null) {
      this.socket.destroy();
    } else {
      (this.agent as Partial<Agent> | undefined)?._forget?.(this);
      process.nextTick(closeUnconnected, this);
    }
    return this;
  }

  /** Gives the request its socket, or says why there is none: for agents. */
  onSocket(socket: Duplex | null, error?: Error | null): void {
    process.nextTick(connect, this, socket, error);
  }

  /**
   * Sets the timeout of the socket when it is connected. Section `requestsettimeouttimeout-callback`
   *
   * @param msecs - milliseconds of inactivity, 0 for no timeout
   * @param callback - listens to 'timeout' once
   * @throws ERR_INVALID_ARG_TYPE; ERR_OUT_OF_RANGE
   */
  override setTimeout(msecs: number, callback?: () => void): this {
    const timeout = checkTimeout(msecs, 'msecs');
    if (this._closed) return this;
    if (callback !== undefined) {
      validateFunction(callback, 'callback');
      this.once('timeout', callback);
    }
    whenConnected(this, (socket) => socket.setTimeout?.(timeout));
    return this;
  }

  clearTimeout(callback?: () => void): void {
    this.setTimeout(0, callback);
  }

  /** Section `requestsetnodelaynodelay` */
  setNoDelay(noDelay?: boolean): void {
    whenConnected(this, (socket) => socket.setNoDelay?.(noDelay));
  }

  /** Section `requestsetsocketkeepaliveenable-initialdelay`. @param initialDelay - milliseconds */
  setSocketKeepAlive(enable?: boolean, initialDelay?: number): void {
    whenConnected(this, (socket) => socket.setKeepAlive?.(enable, initialDelay));
  }

  override write(
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | WriteCallback | null,
    callback?: WriteCallback | null,
  ): boolean {
    // Section `requestwritechunk-encoding-callback`: a body is framed, whatever the method, and the callback is not called
    // for an empty chunk.
    if (this._header === null) this.useChunkedEncodingByDefault = true;
    if (chunk?.length === 0) return super.write(chunk, typeof encoding === 'string' ? encoding : undefined);
    return super.write(chunk, encoding, callback);
  }

  override _implicitHeader(): void {
    if (this._contentLength) this.useChunkedEncodingByDefault = true;
    this._storeHeader(requestLine(this.method, this.path), this._fields);
  }

  override _finish(): void {
    super._finish();
    if (requestStart.hasSubscribers) requestStart.publish({ request: this });
    this._connection?.requestSent();
  }

  /** Whether a header asks that the connection be kept. */
  get _asksKeepAlive(): boolean {
    const connection = this.getHeader('connection');
    return connection !== undefined && KEEP_ALIVE.test(String(connection));
  }

  /** The connection has taken the request on. */
  _begin(connection: ClientConnection): void {
    this._connection = connection;
    connection.begin(this);
  }

  /** Emits 'error', once at most. */
  _fail(error: Error): void {
    if (this._failed || this._closed) return;
    this._failed = true;
    this.errored = error;
    if (requestError.hasSubscribers) requestError.publish({ request: this, error });
    this.emit('error', error);
  }

  /** The request is over: 'close' is emitted, and nothing after it. */
  _close(): void {
    if (this._closed) return;
    this.destroyed = true;
    this._closed = true;
    this._unheed?.();
    this.emit('close');
  }
}

/** Section `httprequesturl-options-callback`: an aborted signal is like `destroy()`. */
function heed(request: ClientRequest, signal: AbortSignal): void {
  const onAbort = (): void => {
    request.destroy(errors.abortError(signal.reason));
  };
  if (signal.aborted) {
    onAbort();
    return;
  }
  signal.addEventListener('abort', onAbort, { once: true });
  request._unheed = () => signal.removeEventListener('abort', onAbort);
}

function whenConnected(request: ClientRequest, action: (socket: Connectable) => void): void {
  const act = (socket: Connectable): void => {
    if (socket.connecting) socket.once('connect', () => action(socket));
    else action(socket);
  };
  if (request.socket !== null) act(request.socket as Connectable);
  else request.once('socket', act);
}

/** Whether a connection of this agent is to serve more than one request. */
function keepsAlive(agent: Pool | undefined): boolean {
  return agent !== undefined && (Boolean(agent.keepAlive) || Number.isFinite(agent.maxSockets));
}

function setHeaders(request: ClientRequest, { options, defaultPort }: RequestSettings): void {
  const { headers, auth, setDefaultHeaders } = options;
  if (Array.isArray(headers)) appendHeaders(request, headers);
  else if (headers) {
    for (const name of Object.keys(headers)) request.setHeader(name, (headers as Record<string, string>)[name]!);
  }
  const { setHost = setDefaultHeaders !== false } = options;
  if (setHost && !request.getHeader('host')) request.setHeader('Host', hostHeader(options, defaultPort));
  if (auth && !request.getHeader('authorization')) {
    request.setHeader('Authorization', `Basic ${Buffer.from(auth).toString('base64')}`);
  }
  if (setDefaultHeaders === false) request._removed |= REMOVED_DEFAULTS;
  if (request.getHeader('expect')) request._implicitHeader();
}

/** Headers as pairs, or as names and values in turn. */
function appendHeaders(request: ClientRequest, headers: readonly unknown[]): void {
  const list = (Array.isArray(headers[0]) ? headers.flat() : headers) as string[];
  if (list.length % 2 !== 0) throw errors.invalidArgValue('headers', headers);
  for (let i = 0; i < list.length; i += 2) request.appendHeader(list[i]!, list[i + 1]!);
}

/** RFC 9110 §7.2: an IPv6 address in brackets, a port other than the default. */
function hostHeader({ host, port }: RequestOptions, defaultPort: number | string | undefined): string {
  const name = host as string;
  // A second colon makes it an IPv6 address.
  const colon = name.indexOf(':');
  const bracketed = colon !== -1 && name.includes(':', colon + 1) && !name.startsWith('[') ? `[${name}]` : name;
  return Number(port) === Number(defaultPort) ? bracketed : `${bracketed}:${port}`;
}

function obtainSocket(request: ClientRequest, options: RequestOptions): void {
  if (request.agent !== undefined) {
    request.agent.addRequest(request, options);
    return;
  }
  let made = false;
  const onSocket: Outcome = (error, socket) => {
    if (made) return;
    made = true;
    request.onSocket(socket ?? null, error);
  };
  // The path of a connection is a Unix socket, that of a request is not. A signal is for the request.
  const { socketPath, signal, createConnection, ...rest } = options;
  const socket = createConnection!({ ...rest, socketPath, path: socketPath }, onSocket);
  if (socket) onSocket(null, socket);
}

/** The request gets its socket, unless it is too late or there is none. */
function connect(request: ClientRequest, socket: Duplex | null, error: Error | null | undefined): void {
  if (socket !== null && !error && !request.destroyed) {
    request._scope.runInAsyncScope(request._begin, request, ClientConnection.of(socket));
    return;
  }
  // Nothing has been sent on it: another request may have it, if there is an agent that sees to that.
  if (socket !== null && (!request.agent || !socket.emit('free'))) socket.destroy();
  if (request.destroyed) return;
  request.destroyed = true;
  request._reason = error ?? null;
  request._scope.runInAsyncScope(closeUnconnected, null, request);
}

function closeUnconnected(request: ClientRequest): void {
  // Section `httprequesturl-options-callback`: abort() before a socket is assigned is no error.
  if (!request.aborted) request._fail(request._reason ?? errors.connectionReset('socket hang up'));
  request._close();
}

function emitAbort(request: ClientRequest): void {
  request.emit('abort');
}
