// One connection of a client: requests go out one after another, and bytes become the response of each.
//
// A request has the connection from `begin()` until its response has been read and all of it has been sent; then the
// agent, if the socket has one, hears 'free'. Listeners stay on the socket between requests: what happens there while
// no request has it means that the connection cannot be used again.

import type { AsyncResource } from 'node:async_hooks';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import * as errors from '../common/errors.js';
import type { Head } from '../protocol/http1/head.js';
import { MessageParser } from '../protocol/http1/parser.js';
import { responseFinish } from './client-diagnostics.js';
import * as commandLine from './command-line.js';
import { type IncomingHttpHeaders, IncomingMessage, joinFields } from './incoming-message.js';

/** What 'information' tells. */
export interface InformationEvent {
  statusCode: number;
  statusMessage: string;
  httpVersion: string;
  httpVersionMajor: number;
  httpVersionMinor: number;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
}

/** A request, as its connection sees it. */
export interface ConnectedRequest {
  readonly method: string;
  readonly maxHeaderSize: number | undefined;
  readonly maxHeadersCount: number | null;
  readonly insecureHTTPParser: boolean | undefined;
  readonly joinDuplicateHeaders: boolean | undefined;
  /** Milliseconds of inactivity, if the request says so. */
  readonly timeout?: number | undefined;
  readonly shouldKeepAlive: boolean;
  /** `abort()` was called. */
  readonly aborted: boolean;
  /** What `destroy()` was called with. */
  readonly _reason: Error | null;
  destroyed: boolean;
  upgradeOrConnect: boolean;
  res: IncomingMessage | null;
  /** What its events are emitted in. */
  readonly _scope: AsyncResource;
  emit(event: string, ...args: unknown[]): boolean;
  listenerCount(event: string): number;
  _assign(socket: Duplex): void;
  _drained(): void;
  _fail(error: Error): void;
  _close(): void;
}

const CONNECTION = Symbol('connection');

/** Any Duplex may be a connection; a `net.Socket` can do more. */
type Carrier = Duplex &
  Partial<Pick<Socket, 'connecting' | 'destroySoon' | 'setTimeout' | 'timeout'>> & {
    [CONNECTION]?: ClientConnection | undefined;
  };

type Response = IncomingMessage & { req?: ConnectedRequest };

export class ClientConnection {
  readonly #socket: Carrier;
  #parser: MessageParser | undefined;
  #maxHeaderSize = 0;
  #maxFields = 0;
  #lenient = false;

  #request: ConnectedRequest | null = null;
  /** The response to it, once its head has come. */
  #response: Response | null = null;
  /** Whether the message being received is a 1xx response. */
  #interim = false;
  /** Whether another request may follow, as far as the server says. */
  #persists = false;
  /** Whether all of the request has been handed to the socket. */
  #sent = false;
  /** Whether the response has been read to its end. */
  #read = false;
  /** The reader of the response is behind. */
  #paused = false;
  #reading = false;
  #ended = false;
  /** What the parser got last. */
  #packet: Buffer | undefined;

  constructor(socket: Carrier) {
    this.#socket = socket;
  }

  /** The connection on a socket: the one that it has, or a new one. */
  static of(carrier: Duplex): ClientConnection {
    const socket = carrier as Carrier;
    const found = socket[CONNECTION];
    if (found !== undefined) return found;
    const made = new ClientConnection(socket);
    socket[CONNECTION] = made;
    for (const [event, listener] of LISTENERS) socket.on(event, listener);
    return made;
  }

  /** Gives the connection to a request, which has 'socket' and is sent. */
  begin(request: ConnectedRequest): void {
    const socket = this.#socket;
    this.#request = request;
    this.#response = null;
    this.#sent = false;
    this.#read = false;
    this.#prepareParser(request);
    const { timeout } = request;
    if (timeout !== undefined && timeout !== socket.timeout) socket.setTimeout?.(timeout);
    request._assign(socket);
    // It has gone before anybody was there to hear it.
    if (socket.closed) process.nextTick(onClose.bind(socket));
  }

  receive(packet: Buffer): void {
    if (this.#request === null) {
      // Nothing was asked.
      this.#socket.destroy();
      return;
    }
    this.#packet = packet;
    this.#parser!.push(packet);
    this.#request._scope.runInAsyncScope(this.#readOn, this);
  }

  /** The server has ended its side. */
  receiveEnd(): void {
    this.#ended = true;
    if (this.#request === null) {
      this.#socket.destroy();
      return;
    }
    this.#parser!.end();
    this.#request._scope.runInAsyncScope(this.#readOn, this);
    if (this.#response?.complete) this.#socket.end();
    else this.#socket.destroy();
  }

  drained(): void {
    this.#request?._drained();
  }

  /** The socket was idle for too long: whoever listens is told, and nothing else happens. Section `event-timeout` */
  timedOut(): void {
    const request = this.#request;
    const response = this.#response;
    request?._scope.runInAsyncScope(() => {
      request.emit('timeout');
      response?.emit('timeout', this.#socket);
    });
  }

  /** The socket has failed; it will close. */
  failed(error: Error): void {
    const request = this.#request;
    if (request === null || this.#over) return;
    // The reader of the response has ended it with this very error, and hears of it there.
    if (!this.#response?.destroyed || this.#response.listenerCount('error') === 0) {
      request._scope.runInAsyncScope(request._fail, request, error);
    }
    this.#socket.destroy();
  }

  /** The socket is gone. */
  closed(): void {
    this.#request?._scope.runInAsyncScope(this.#lose, this);
  }

  /** All of the request has been handed to the socket. */
  requestSent(): void {
    this.#sent = true;
    if (this.#read) this.#end();
  }

  /** The response has been read to its end. */
  responseRead(response: IncomingMessage): void {
    if (response !== this.#response || this.#request === null) return;
    this.#read = true;
    if (!this.#mayPersist) {
      // What has not been sent of the request will not be: the server has answered, and goes.
      this.#request.destroyed = true;
      endSocket(this.#socket);
    } else if (this.#sent) {
      this.#end();
    }
  }

  /** The reader of the response wants more of it. */
  readerReady(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#readOn();
    if (!this.#paused) this.#socket.resume();
  }

  /** The exchange has ended: another request may have the connection. */
  release(): void {
    const request = this.#request;
    // The connection was lost in the meantime.
    if (request === null) return;
    this.#request = null;
    this.#response = null;
    this.#packet = undefined;
    request._scope.runInAsyncScope(request._close, request);
    // What is left would be taken for the next response.
    if (this.#parser!.idle) this.#socket.emit('free');
    else this.#socket.destroy();
  }

  /** Whether response and request are done with, and the socket is only to be closed. */
  get #over(): boolean {
    return this.#read && !this.#mayPersist;
  }

  get #mayPersist(): boolean {
    return this.#persists && this.#request!.shouldKeepAlive && !this.#ended;
  }

  #prepareParser(request: ConnectedRequest): void {
    const maxHeaderSize = request.maxHeaderSize || commandLine.maxHeaderSize;
    const maxFields = request.maxHeadersCount ?? 0;
    const lenient = request.insecureHTTPParser ?? commandLine.insecureHTTPParser;
    const same = maxHeaderSize === this.#maxHeaderSize && maxFields === this.#maxFields && lenient === this.#lenient;
    if (same && this.#parser !== undefined) return;
    this.#maxHeaderSize = maxHeaderSize;
    this.#maxFields = maxFields;
    this.#lenient = lenient;
    this.#parser = new MessageParser('response', { maxHeaderSize, maxFields, lenient });
  }

  #end(): void {
    process.nextTick(release, this);
  }

  /** Reads what the parser has, as far as it may. */
  #readOn(): void {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (!this.#paused && this.#request !== null && !this.#socket.destroyed) {
        const event = this.#parser!.next();
        if (event === undefined) return;
        if (event === 'head') this.#receiveHead(this.#request);
        else if (event === 'body') this.#receiveBody();
        else if (event === 'complete') this.#complete();
        else this.#refuse(this.#request);
      }
    } finally {
      this.#reading = false;
    }
  }

  #receiveHead(request: ConnectedRequest): void {
    const { head } = this.#parser!;
    const { statusCode } = head;
    this.#interim = statusCode >= 100 && statusCode < 200 && statusCode !== 101;
    if (this.#response !== null) {
      // A second response to one request.
      this.#socket.destroy();
    } else if (this.#interim) {
      if (statusCode === 100) request.emit('continue');
      request.emit('information', informationOf(head));
    } else if (request.method === 'CONNECT') {
      this.#parser!.switchProtocols();
    } else if (!head.upgrade) {
      this.#respond(request, head);
    }
  }

  #respond(request: ConnectedRequest, head: Head): void {
    if (request.method === 'HEAD') this.#parser!.skipBody();
    this.#persists = this.#parser!.keepAlive && head.statusCode !== 101;
    const response = this.#makeResponse(request, head);
    this.#response = response;
    response._onRead = wantMore;
    response.on('end', onResponseEnd);
    if (responseFinish.hasSubscribers) responseFinish.publish({ request, response });
    if (request.aborted || !request.emit('response', response)) response._dump();
  }

  #makeResponse(request: ConnectedRequest, head: Head): Response {
    const response = new IncomingMessage(this.#socket) as Response;
    if (head.versionMajor !== 1 || head.versionMinor !== 1) {
      response.httpVersionMajor = head.versionMajor;
      response.httpVersionMinor = head.versionMinor;
      response.httpVersion = `${head.versionMajor}.${head.versionMinor}`;
    }
    response.statusCode = head.statusCode;
    response.statusMessage = head.reason;
    response.rawHeaders = head.rawHeaders;
    if (this.#maxFields > 0 && head.rawHeaders.length > 2 * this.#maxFields)
      head.rawHeaders.length = 2 * this.#maxFields;
    if (request.joinDuplicateHeaders) response.joinDuplicateHeaders = true;
    response.req = request;
    request.res = response;
    return response;
  }

  #receiveBody(): void {
    const response = this.#response;
    if (response === null || response._dumped || response.push(this.#parser!.body)) return;
    this.#paused = true;
    this.#socket.pause();
  }

  #complete(): void {
    const { head, trailers } = this.#parser!;
    if (this.#interim) this.#interim = false;
    else if (head.upgrade) this.#handOver(this.#request!, head);
    else this.#response!._end(trailers as string[]);
  }

  /** Another protocol takes over, in the hands of a listener. Sections `event-connect`, `event-upgrade` */
  #handOver(request: ConnectedRequest, head: Head): void {
    const socket = this.#socket;
    const event = request.method === 'CONNECT' ? 'connect' : 'upgrade';
    if (request.listenerCount(event) === 0) {
      socket.destroy();
      return;
    }
    const rest = this.#parser!.rest();
    const response = this.#makeResponse(request, head);
    response.upgrade = true;
    response._end([]);
    this.#request = null;
    request.upgradeOrConnect = true;
    for (const [name, listener] of LISTENERS) socket.removeListener(name, listener);
    socket[CONNECTION] = undefined;
    // What arrives now waits until somebody listens.
    (socket as { readableFlowing: boolean | null }).readableFlowing = null;
    socket.emit('agentRemove');
    request.emit(event, response, socket, rest);
    request._close();
  }

  /** What came is no response. */
  #refuse(request: ConnectedRequest): void {
    // A message that its connection has cut off: what is missing is dealt with on 'close'.
    if (this.#ended) return;
    request._fail(errors.parseError(this.#parser!.error!, this.#packet));
    this.#socket.destroy();
  }

  /** The connection was lost, or has been closed after the response. */
  #lose(): void {
    const request = this.#request!;
    const response = this.#response;
    this.#request = null;
    if (response === null) {
      request._fail(request._reason ?? errors.connectionReset('socket hang up'));
      request._close();
    } else if (!response.complete) {
      abort(request, response);
    } else if (response.readableEnded || response.destroyed) {
      request._close();
    } else {
      // It has not been read yet. Section `httprequesturl-options-callback`: 'close' comes after 'end'.
      response.once('close', () => request._close());
    }
  }
}

/** Ends a response that is incomplete, in the order of events of section `httprequesturl-options-callback`. */
function abort(request: ConnectedRequest, response: IncomingMessage): void {
  const error = errors.connectionReset('aborted');
  if (request.aborted && !response.destroyed) {
    response._destroy = destroyAborted;
    response.destroy(error);
    return;
  }
  // Documented is that the response may have it as well; callers wait for the error that they gave where Node emits it.
  if (request._reason !== null) request._fail(request._reason);
  response.destroy(error);
  request._close();
}

/** For `abort()`: 'error' of the response comes before 'close' of the request, and 'close' of the response behind it. */
function destroyAborted(this: Response, error: Error | null, callback: () => void): void {
  this.aborted = true;
  this.emit('aborted');
  process.nextTick(() => {
    if (this.listenerCount('error') > 0) this.emit('error', error);
    this.req!._close();
    callback();
  });
}

/** Section `event-information` */
function informationOf(head: Head): InformationEvent {
  const { versionMajor, versionMinor, statusCode, reason, rawHeaders } = head;
  return {
    statusCode,
    statusMessage: reason,
    httpVersion: `${versionMajor}.${versionMinor}`,
    httpVersionMajor: versionMajor,
    httpVersionMinor: versionMinor,
    headers: joinFields(rawHeaders, false),
    rawHeaders,
  };
}

/** Closes the socket when all that was written has been sent. */
function endSocket(socket: Carrier): void {
  if (!socket.writable) socket.destroy();
  else if (typeof socket.destroySoon === 'function') socket.destroySoon();
  else socket.end(() => socket.destroy());
}

function release(connection: ClientConnection): void {
  connection.release();
}

function wantMore(response: IncomingMessage): void {
  (response.socket as Carrier)[CONNECTION]?.readerReady();
}

function onResponseEnd(this: IncomingMessage): void {
  (this.socket as Carrier)[CONNECTION]?.responseRead(this);
}

/** Listeners of the socket, shared by all connections. */
const LISTENERS = [
  ['data', onData],
  ['end', onEnd],
  ['close', onClose],
  ['drain', onDrain],
  ['timeout', onTimeout],
  ['error', onError],
] as const;

function onData(this: Carrier, packet: Buffer): void {
  this[CONNECTION]?.receive(packet);
}

function onEnd(this: Carrier): void {
  this[CONNECTION]?.receiveEnd();
}

function onClose(this: Carrier): void {
  this[CONNECTION]?.closed();
}

function onDrain(this: Carrier): void {
  this[CONNECTION]?.drained();
}

function onTimeout(this: Carrier): void {
  this[CONNECTION]?.timedOut();
}

function onError(this: Carrier, error: Error): void {
  this[CONNECTION]?.failed(error);
}
