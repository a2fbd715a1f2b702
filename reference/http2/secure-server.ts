import { captureRejectionSymbol } from 'node:events';
import { type TLSSocket, type TlsOptions, Server as TlsServer } from 'node:tls';
import { validateObject } from '../common/validate.js';
import { answerRejection, type CompatOptions } from './compat.js';
import { Http1Fallback, type Http1Options } from './http1-fallback.js';
import { beginSession, initialOptions, type RequestHandler, type SessionServer, setServerTimeout } from './server.js';
import type { ServerSessionOptions } from './server-session.js';
import { type Settings, validateSettings } from './settings.js';
import { unknownProtocol } from './unknown-protocol.js';

/** Options of createSecureServer, those of `tls.createServer` among them. */
export interface SecureServerOptions extends ServerSessionOptions, CompatOptions, Http1Options, TlsOptions {
  /** Clients that do not speak HTTP/2 are served HTTP/1. Default false. */
  allowHTTP1?: boolean | undefined;
}

/** A server with TLS. Section class-http2secureserver. */
export class Http2SecureServer extends TlsServer implements SessionServer {
  /** Milliseconds without activity after which a session emits 'timeout'; holds for later sessions. */
  timeout = 0;
  readonly #options: SecureServerOptions;
  #http1: Http1Fallback | undefined;

  constructor(options: SecureServerOptions, handler?: RequestHandler) {
    const own = initialOptions(options);
    super({ ...options, ALPNProtocols: options.allowHTTP1 ? ['h2', 'http/1.1'] : ['h2'] });
    this.#options = own;
    if (handler !== undefined) this.on('request', handler as never);
    this.on('secureConnection', (socket) => this.#connected(socket));
  }

  #connected(socket: TLSSocket): void {
    if (socket.alpnProtocol === 'h2') {
      beginSession(this, socket, this.#options);
    } else if (this.#options.allowHTTP1) {
      this.#http1 ??= new Http1Fallback(this, this.#options);
      this.#http1.serve(socket);
    } else {
      unknownProtocol(this, socket, this.#options.unknownProtocolTimeout);
    }
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

/**
 * A server for HTTP/2 with TLS.
 *
 * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_HTTP2_INVALID_SETTING_VALUE
 */
export function createSecureServer(options: SecureServerOptions, handler?: RequestHandler): Http2SecureServer {
  validateObject(options, 'options');
  return new Http2SecureServer(options, handler);
}
