// Streams of a server as requests and responses. Section compatibility-api

import type { EventEmitter } from 'node:events';
import type { ReadableOptions } from 'node:stream';
import { Http2ServerRequest } from './compat-request.js';
import { Http2ServerResponse } from './compat-response.js';
import { bindServer, type CompatStream } from './compat-stream.js';
import type { IncomingHeaders } from './headers.js';
import type { ServerHttp2Stream } from './server-stream.js';

/** The classes of requests and responses. Section http2createserveroptions-onrequesthandler */
export interface CompatOptions {
  Http2ServerRequest?:
    | (new (
        stream: CompatStream,
        headers: IncomingHeaders,
        options: ReadableOptions | undefined,
        rawHeaders: string[],
      ) => Http2ServerRequest)
    | undefined;
  Http2ServerResponse?:
    | (new (
        stream: CompatStream,
        options?: { req?: Http2ServerRequest },
      ) => Http2ServerResponse)
    | undefined;
}

/**
 * Emits 'request' for a stream; for some requests something else, or answers them itself: Expect (RFC 9110 §10.1.1)
 * and CONNECT (RFC 9113 §8.5).
 */
export function emitRequest(
  server: EventEmitter,
  options: CompatOptions,
  stream: CompatStream,
  headers: IncomingHeaders,
  rawHeaders: string[],
): void {
  const Request = options.Http2ServerRequest ?? Http2ServerRequest;
  const Response = options.Http2ServerResponse ?? Http2ServerResponse;
  const req = new Request(stream, headers, undefined, rawHeaders);
  const res = new Response(stream, { req });
  bindServer(stream, server);
  if (headers[':method'] === 'CONNECT') {
    answerOr(server, 'connect', req, res, 405);
  } else if (headers.expect === undefined) {
    server.emit('request', req, res);
  } else {
    emitExpecting(server, headers.expect as string, req, res);
  }
}

function emitExpecting(
  server: EventEmitter,
  expected: string,
  req: Http2ServerRequest,
  res: Http2ServerResponse,
): void {
  // RFC 9110 §10.1.1: the value does not heed case.
  if (expected.toLowerCase() !== '100-continue') {
    answerOr(server, 'checkExpectation', req, res, 417);
  } else if (server.listenerCount('checkContinue') > 0) {
    server.emit('checkContinue', req, res);
  } else {
    res.writeContinue();
    server.emit('request', req, res);
  }
}

/** Emits an event, or refuses the request where nobody listens. */
function answerOr(
  server: EventEmitter,
  event: string,
  req: Http2ServerRequest,
  res: Http2ServerResponse,
  status: number,
): void {
  if (server.listenerCount(event) > 0) {
    server.emit(event, req, res);
  } else {
    res.statusCode = status;
    res.end();
  }
}

const WITH_RESPONSE = new Set<string | symbol>(['request', 'checkContinue', 'checkExpectation', 'connect']);

/**
 * What an async listener's rejection is answered with, where rejections are captured: 500, or the end of the stream.
 *
 * @returns whether `event` is one of those that are answered
 */
export function answerRejection(error: Error, event: string | symbol, args: readonly unknown[]): boolean {
  if (event === 'stream') {
    const stream = args[0] as ServerHttp2Stream;
    if (stream.destroyed || stream.headersSent) stream.destroy(error);
    else stream.respond({ ':status': 500 }, { endStream: true });
    return true;
  }
  if (!WITH_RESPONSE.has(event)) return false;
  const res = args[1] as Http2ServerResponse;
  if (res.headersSent || res.writableEnded) {
    res.destroy(error);
  } else {
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    res.statusCode = 500;
    res.end('Internal Server Error');
  }
  return true;
}
