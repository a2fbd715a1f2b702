import { captureRejectionSymbol } from 'node:events';
import { Server as NetServer, type ServerOpts, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { validateFunction, validateNumber, validateObject } from '../common/validate.js';
import { answerRejection, type CompatOptions, emitRequest } from './compat.js';
import type { IncomingHeaders } from './headers.js';
import { ServerHttp2Session, type ServerSessionOptions } from './server-session.js';
import type { ServerHttp2Stream } from './server-stream.js';
import { validateSessionOptions } from './session-options.js';
import { type Settings, validateSettings } from './settings.js';
import { unknownProtocol } from './unknown-protocol.js';

/** Options of createServer, those of `net.createServer` among them. */
export interface ServerOptions extends ServerSessionOptions, CompatOptions, ServerOpts {}

export type RequestHandler = (request: never, response: never) => void;

/** Any server that makes sessions. */
export interface SessionServer extends NetServer {
  timeout: number;
}

/** A server without TLS. Section class-http2server. */
export class Http2Server extends NetServer implements SessionServer {
  /** Milliseconds without activity after which a session emits 'timeout'; holds for later sessions. */
  timeout = 0;
  readonly #options: ServerSessionOptions & CompatOptions;

  constructor(options: ServerOptions, handler?: RequestHandler) {
    super({ ...options, allowHalfOpen: true });
    this.#options = initialOptions(options);
    if (handler !== undefined) this.on('request', handler as never);
    this.on('connection', (socket: Socket | TLSSocket) => {
      // A TLS socket that somebody injected may have no protocol.
      if ('encrypted' in socket && socket.alpnProtocol === false) {
        unknownProtocol(this, socket, this.#options.unknownProtocolTimeout);
      } else {
        beginSession(this, socket, this.#options);
      }
    });
  }

  override [captureRejectionSymbol](error: Error, event: string | symbol, ...args: unknown[]): void {
    if (!answerRejection(error, event, args)) super[captureRejectionSymbol]?.(error, event as never, ...(args as []));
  }

  /** @throws ERR_INVALID_ARG_TYPE when `callback` is given and no function */
  setTimeout(msecs = 0, callback?: () => void): this {
    return setServerTimeout(this, msecs, callback);
  }

  /** Settings that later sessions begin with, besides those they begin with already. */
  updateSettings(settings: Settings): void {
    validateSettings(settings);
    this.#options.settings = { ...this.#options.settings, ...settings };
  }
}

/** A copy of the options, checked. */
export function initialOptions<O extends ServerSessionOptions>(options: O): O {
  validateObject(options, 'options');
  validateSessionOptions(options);
  return { ...options, settings: { ...options.settings } };
}

/** Makes the session of a connection, and hands on what happens to it. */
export function beginSession(
  server: SessionServer,
  socket: Duplex,
  options: ServerSessionOptions & CompatOptions,
): ServerHttp2Session {
  const session = new ServerHttp2Session(socket, options);
  session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHeaders, flags: number, rawHeaders: string[]) => {
    server.emit('stream', stream, headers, flags, rawHeaders);
    if (server.listenerCount('request') > 0 && !stream.destroyed) {
      emitRequest(server, options, stream, headers, rawHeaders);
    }
  });
  session.on('error', (error) => server.emit('sessionError', error, session));
  if (server.timeout > 0) {
    session.setTimeout(server.timeout);
    session.on('timeout', () => {
      if (!server.emit('timeout', session)) session.destroy();
    });
  }
  server.emit('session', session);
  return session;
}

export function setServerTimeout<S extends SessionServer>(server: S, msecs: number, callback?: () => void): S {
  validateNumber(msecs, 'msecs', 0);
  if (callback !== undefined) validateFunction(callback, 'callback');
  server.timeout = msecs;
  if (callback) server.on('timeout', callback);
  return server;
}

/**
 * A server for HTTP/2 without TLS.
 *
 * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_HTTP2_INVALID_SETTING_VALUE
 */
export function createServer(options?: ServerOptions | RequestHandler, handler?: RequestHandler): Http2Server {
  if (typeof options === 'function') return new Http2Server({}, options);
  if (options !== undefined) validateObject(options, 'options');
  return new Http2Server(options ?? {}, handler);
}
