// One connection of a server: bytes become requests, and responses go out in the order of their requests.
//
// A response has its turn, and with it the socket, as soon as all of the one before it has been written; until then it
// buffers. Nothing is read while a request's reader is behind, or while too much waits to be sent.

import type { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import * as errors from '../common/errors.js';
import { Flag, type Head } from '../protocol/http1/head.js';
import { MessageParser } from '../protocol/http1/parser.js';
import * as commandLine from './command-line.js';
import type { TimedConnection } from './connections-list.js';
import type { IncomingMessage } from './incoming-message.js';
import type { OutgoingMessageOptions } from './outgoing-message.js';
import { requestStart, responseCreated, responseFinish } from './server-diagnostics.js';
import type { ResponseOwner, ServerResponse } from './server-response.js';
import type { ConnectionServer, ServerSocket } from './server-settings.js';

/** Why nothing is read: bits of `ServerConnection.#paused`. */
const READER_BEHIND = 1;
const OUTPUT_WAITS = 2;
/** The connection ends with a response: no request behind that is heeded. RFC 9112 §9.6 */
const ENDING = 4;

const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;

const CONNECTION = Symbol('connection');

type Carrier = ServerSocket & { [CONNECTION]?: ServerConnection };

export class ServerConnection implements TimedConnection, ResponseOwner {
  requestBegan = performance.now();
  headReceived = false;

  readonly #server: ConnectionServer;
  readonly #socket: Carrier;
  readonly #parser: MessageParser;
  readonly #responseOptions: OutgoingMessageOptions;
  readonly #keepAliveTimeout: number;
  /** Milliseconds of inactivity within a request, 0 for any. */
  readonly #timeout: number;

  /** Responses that have not been flushed, in order. */
  readonly #responses: ServerResponse[] = [];
  /** Which of them has its turn. */
  #turn = 0;
  /** The request that is being received. */
  #receiving: IncomingMessage | null = null;
  #requests = 0;
  /** Bytes that responses have buffered which wait for their turn. */
  #waiting = 0;
  #paused = 0;
  #reading = false;
  /** The last response has been written. */
  #ending = false;
  /** Whether responses are gathered until what has been received is read. */
  #corked = false;
  /** Whether the socket's timeout is that for idle connections. */
  #idleTimeout = false;
  /** What the parser got last. */
  #packet: Buffer | undefined;
  /** The protocol on the socket is another, or the socket is gone. */
  #left = false;

  constructor(server: ConnectionServer, socket: ServerSocket) {
    this.#server = server;
    this.#socket = socket;
    this.#keepAliveTimeout = server.keepAliveTimeout;
    this.#timeout = server.timeout || 0;
    this.#parser = new MessageParser('request', {
      maxHeaderSize: server.maxHeaderSize || commandLine.maxHeaderSize,
      maxFields: server.maxHeadersCount ?? 0,
      lenient: server.insecureHTTPParser ?? commandLine.insecureHTTPParser,
    });
    this.#responseOptions = {
      highWaterMark: socket.writableHighWaterMark,
      rejectNonStandardBodyWrites: server.rejectNonStandardBodyWrites,
    };
  }

  /** Begins to read. */
  start(): void {
    const socket = this.#socket;
    socket[CONNECTION] = this;
    socket.server = this.#server;
    socket._httpMessage = null;
    socket.setEncoding = refuseEncoding;
    this.#server._connectionsList.add(this);
    if (this.#timeout > 0) socket.setTimeout?.(this.#timeout);
    for (const [event, listener] of LISTENERS) socket.on(event, listener as Listener);
  }

  /** Whether no request is being sent and no response is awaited. */
  get idle(): boolean {
    return this.#responses.length === 0 && this.#receiving === null && this.#parser.idle;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  timeOut(): void {
    this.fail(errors.requestTimeout());
  }

  receive(packet: Buffer): void {
    if (this.#idleTimeout) this.#stopIdleTimeout();
    this.#packet = packet;
    this.#parser.push(packet);
    this.#read();
  }

  /** The client has ended its side. */
  receiveEnd(): void {
    this.#parser.end();
    this.#packet = undefined;
    this.#read();
    if (this.#left || this.#parser.error) return;
    const last = this.#responses.at(-1);
    if (!this.#server.httpAllowHalfOpen) {
      this.#abortRequests();
      this.#socket.end();
    } else if (last) {
      last._last = true;
    } else {
      this.#socket.end();
    }
  }

  /** The socket's buffer is empty again. */
  drained(): void {
    this.#responses[this.#turn]?._drained();
    this.#resumeWhenSent();
  }

  /** The socket has timed out: whoever listens deals with it. Section `serversettimeoutmsecs-callback` */
  timedOut(): void {
    const response = this.#responses[this.#turn];
    const request = this.#receiving ?? response?.req;
    const socket = this.#socket;
    const heard = [
      request?.emit('timeout', socket) ?? false,
      response?.emit('timeout', socket) ?? false,
      this.#server.emit('timeout', socket),
    ];
    if (!heard.includes(true)) socket.destroy();
  }

  /** Something is wrong with the connection. Section `event-clienterror` */
  fail(error: Error & { code?: string }): void {
    const socket = this.#socket;
    if (this.#server.emit('clientError', error, socket)) return;
    if (!socket.writable || this.#responses[0]?._headerSent) {
      socket.destroy();
      return;
    }
    socket.write(`HTTP/1.1 ${statusOf(error.code)}\r\nConnection: close\r\n\r\n`, 'latin1');
    if (typeof socket.destroySoon === 'function') socket.destroySoon();
    else socket.end(() => socket.destroy());
  }

  /** The socket is gone: so are the requests and responses on it. */
  closed(): void {
    this.#leave();
    this.#abortRequests();
    for (const response of this.#responses) response._close();
    this.#responses.length = 0;
  }

  responseEnded(response: ServerResponse): void {
    if (response !== this.#responses[this.#turn]) return;
    if (response._last) {
      this.#ending = true;
      return;
    }
    const next = this.#responses[++this.#turn] ?? null;
    if (!this.#left) this.#socket._httpMessage = next;
    next?._assign(this.#socket);
  }

  responseFlushed(response: ServerResponse): void {
    this.#responses.shift();
    if (this.#turn > 0) this.#turn--;
    if (responseFinish.hasSubscribers) {
      const { req: request } = response;
      responseFinish.publish({ request, response, socket: this.#socket, server: this.#server });
    }
    if (!response.req._consuming) response.req._dump();
    response._release();
    process.nextTick(close, response);
    if (this.#left) return;
    if (response._last) endSocket(this.#socket);
    else if (this.#responses.length === 0) this.#startIdleTimeout();
  }

  /** A response that waits for its turn has buffered so much more, or less. */
  readonly #onPendingData = (bytes: number): void => {
    this.#waiting += bytes;
    if (bytes < 0) this.#resumeWhenSent();
    else if (this.#waiting >= this.#socket.writableHighWaterMark) this.#pause(OUTPUT_WAITS);
  };

  /** Reads what the parser has, as far as it may. */
  #read(): void {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#paused === 0 && !this.#left) {
        const event = this.#parser.next();
        if (event === undefined) break;
        if (event === 'head') this.#receiveHead();
        else if (event === 'body') this.#receiveBody();
        else if (event === 'complete') this.#complete();
        else this.fail(errors.parseError(this.#parser.error!, this.#packet));
      }
    } finally {
      this.#reading = false;
      if (this.#corked) {
        this.#corked = false;
        this.#socket.uncork();
      }
    }
    if (this.requestBegan === 0 && !this.#parser.idle) this.requestBegan = performance.now();
  }

  #receiveHead(): void {
    if (this.#ending) {
      this.#pause(ENDING);
      return;
    }
    const { head } = this.#parser;
    const server = this.#server;
    const request = this.#makeRequest(head);
    this.#receiving = request;
    this.headReceived = true;
    if (head.upgrade && (head.method === 'CONNECT' || server.listenerCount('upgrade') > 0)) {
      request.upgrade = true;
      this.#parser.switchProtocols();
      return;
    }
    const response = this.#makeResponse(request);
    this.#dispatch(request, response, head);
    if (this.#socket.writableNeedDrain || this.#waiting >= this.#socket.writableHighWaterMark) {
      this.#pause(OUTPUT_WAITS);
    }
  }

  #makeRequest(head: Head): IncomingMessage {
    const server = this.#server;
    const request = new server._IncomingMessage(this.#socket);
    if (head.versionMajor !== 1 || head.versionMinor !== 1) {
      request.httpVersionMajor = head.versionMajor;
      request.httpVersionMinor = head.versionMinor;
      request.httpVersion = `${head.versionMajor}.${head.versionMinor}`;
    }
    request.method = head.method;
    request.url = head.target;
    if (head.rawHeaders.length > 0) request.rawHeaders = head.rawHeaders as string[];
    const limit = server.maxHeadersCount;
    if (limit && request.rawHeaders.length > 2 * limit) request.rawHeaders.length = 2 * limit;
    if (server.joinDuplicateHeaders) request.joinDuplicateHeaders = true;
    request._onRead = wantMore;
    return request;
  }

  #makeResponse(request: IncomingMessage): ServerResponse {
    const server = this.#server;
    const response = new server._ServerResponse(request, this.#responseOptions);
    response._owner = this;
    response.shouldKeepAlive = this.#parser.keepAlive;
    response._keepAliveTimeout = this.#keepAliveTimeout;
    response._maxRequestsPerSocket = server.maxRequestsPerSocket ?? 0;
    response._uniqueHeaders = server._uniqueHeaders;
    if (responseCreated.hasSubscribers) responseCreated.publish({ request, response });
    this.#responses.push(response);
    if (this.#turn === this.#responses.length - 1) {
      this.#socket._httpMessage = response;
      response.socket = this.#socket as Carrier & Socket;
    } else {
      response._onPendingData = this.#onPendingData;
    }
    // Behind a response that is being written comes another: both go out together.
    if (this.#responses.length > 1 && !this.#corked) {
      this.#corked = true;
      this.#socket.cork();
    }
    return response;
  }

  /** Refuses the request, or lets the server's listeners have it. */
  #dispatch(request: IncomingMessage, response: ServerResponse, head: Head): void {
    const server = this.#server;
    if (requestStart.hasSubscribers) {
      requestStart.publish({ request, response, socket: this.#socket, server });
    }
    // Host and Expect are of HTTP/1.1: RFC 9112 §3.2, RFC 9110 §10.1.1
    const current = request.httpVersion === '1.1';
    if (current && server.requireHostHeader && !head.has(Flag.HOST)) {
      response.setHeader('Connection', 'close');
      answer(response, 400);
      return;
    }
    if (server.maxRequestsPerSocket && this.#dropsRequest(server.maxRequestsPerSocket, request, response)) return;
    if (current && head.has(Flag.EXPECT) && this.#dealsWithExpect(request, response)) return;
    server.emit('request', request, response);
  }

  /** Section `event-droprequest` */
  #dropsRequest(limit: number, request: IncomingMessage, response: ServerResponse): boolean {
    this.#requests++;
    response.maxRequestsOnConnectionReached = this.#requests >= limit;
    if (this.#requests <= limit) return false;
    this.#server.emit('dropRequest', request, this.#socket);
    answer(response, 503);
    return true;
  }

  /** Sections `event-checkcontinue`, `event-checkexpectation`. Returns whether there is no 'request' any more. */
  #dealsWithExpect(request: IncomingMessage, response: ServerResponse): boolean {
    const server = this.#server;
    if (CONTINUE.test(String(request.headers.expect))) {
      response._expectContinue = true;
      if (server.emit('checkContinue', request, response)) return true;
      response.writeContinue();
      return false;
    }
    if (!server.emit('checkExpectation', request, response)) answer(response, 417);
    return true;
  }

  #receiveBody(): void {
    const request = this.#receiving!;
    if (!request._dumped && !request.push(this.#parser.body)) this.#pause(READER_BEHIND);
  }

  #complete(): void {
    const request = this.#receiving!;
    const { trailers } = this.#parser;
    this.#receiving = null;
    this.requestBegan = 0;
    this.headReceived = false;
    request._end(trailers as string[]);
    if (request.upgrade) this.#handOver(request);
  }

  /** Another protocol takes over, in the hands of a listener. Sections `event-connect_1`, `event-upgrade_1` */
  #handOver(request: IncomingMessage): void {
    const socket = this.#socket;
    const rest = this.#parser.rest();
    this.#leave();
    for (const [event, listener] of LISTENERS) socket.removeListener(event, listener as Listener);
    // Responses to earlier requests may still be on their way.
    if (this.#responses.length > 0) socket.once('close', onClose);
    socket._httpMessage = null;
    Reflect.deleteProperty(socket, 'setEncoding');
    // What arrives now waits until somebody listens.
    (socket as { readableFlowing: boolean | null }).readableFlowing = null;
    const event = request.method === 'CONNECT' ? 'connect' : 'upgrade';
    if (this.#server.listenerCount(event) > 0) this.#server.emit(event, request, socket, rest);
    else socket.destroy();
  }

  #leave(): void {
    this.#left = true;
    this.#server._connectionsList.delete(this);
  }

  #abortRequests(): void {
    for (const { req } of this.#responses) abort(req);
    if (this.#receiving) abort(this.#receiving);
  }

  /** The reader of a request wants more of it. */
  readerReady(request: IncomingMessage): void {
    if (request === this.#receiving) this.#resume(READER_BEHIND);
  }

  #resumeWhenSent(): void {
    const socket = this.#socket;
    if (!socket.writableNeedDrain && this.#waiting < socket.writableHighWaterMark) this.#resume(OUTPUT_WAITS);
  }

  #pause(reason: number): void {
    if (this.#paused === 0) this.#socket.pause();
    this.#paused |= reason;
  }

  #resume(reason: number): void {
    if ((this.#paused & reason) === 0) return;
    this.#paused &= ~reason;
    if (this.#paused !== 0) return;
    this.#read();
    if (this.#paused === 0 && !this.#left) this.#socket.resume();
  }

  /** Section `serverkeepalivetimeout` */
  #startIdleTimeout(): void {
    const timeout = this.#keepAliveTimeout;
    if (timeout === 0 || this.#socket.destroyed) return;
    this.#socket.setTimeout?.(timeout + this.#server.keepAliveTimeoutBuffer);
    this.#idleTimeout = true;
  }

  #stopIdleTimeout(): void {
    this.#idleTimeout = false;
    this.#socket.setTimeout?.(this.#timeout);
  }
}

type Listener = (...args: unknown[]) => void;

/** Listeners of the socket, shared by all connections. */
const LISTENERS: readonly [string, (this: Carrier, argument: never) => void][] = [
  ['data', onData],
  ['end', onEnd],
  ['close', onClose],
  ['drain', onDrain],
  ['timeout', onTimeout],
  ['error', onError],
];

function onData(this: Carrier, packet: Buffer): void {
  this[CONNECTION]!.receive(packet);
}

function onEnd(this: Carrier): void {
  this[CONNECTION]!.receiveEnd();
}

function onClose(this: Carrier): void {
  this[CONNECTION]!.closed();
}

function onDrain(this: Carrier): void {
  this[CONNECTION]!.drained();
}

function onTimeout(this: Carrier): void {
  this[CONNECTION]!.timedOut();
}

function onError(this: Carrier, error: Error): void {
  this[CONNECTION]!.fail(error);
}

function wantMore(request: IncomingMessage): void {
  (request.socket as Carrier)[CONNECTION]?.readerReady(request);
}

function refuseEncoding(): never {
  throw errors.socketEncoding();
}

function answer(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}

function close(response: ServerResponse): void {
  response._close();
}

function abort(request: IncomingMessage): void {
  if (!request.destroyed) request.destroy(errors.connectionReset('aborted'));
}

/** Closes the socket when all has been sent. */
function endSocket(socket: ServerSocket): void {
  if (typeof socket.destroySoon === 'function') socket.destroySoon();
  else socket.end();
}

/** The answer to what is wrong with a connection. Section `event-clienterror` */
function statusOf(code: string | undefined): string {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return '431 Request Header Fields Too Large';
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return '413 Payload Too Large';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return '408 Request Timeout';
    default:
      return '400 Bad Request';
  }
}
