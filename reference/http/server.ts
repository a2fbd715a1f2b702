// http.Server: a net.Server whose connections speak HTTP.

import { Server as NetServer, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { uniqueHeaderNames } from '../common/headers.js';
import { validateFunction, validateObject } from '../common/validate.js';
import { ConnectionsList } from './connections-list.js';
import { STATUS_CODES } from './constants.js';
import { IncomingMessage } from './incoming-message.js';
import { ServerConnection } from './server-connection.js';
import { ServerResponse } from './server-response.js';
import { type ConnectionServer, type ServerOptions, type ServerSocket, serverSettings } from './server-settings.js';

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/** @see section `class-httpserver` */
export class Server extends NetServer implements ConnectionServer {
  declare maxHeaderSize: number | undefined;
  declare insecureHTTPParser: boolean | undefined;
  declare requestTimeout: number;
  declare headersTimeout: number;
  declare keepAliveTimeout: number;
  declare keepAliveTimeoutBuffer: number;
  declare connectionsCheckingInterval: number;
  declare requireHostHeader: boolean;
  declare joinDuplicateHeaders: boolean | undefined;
  declare rejectNonStandardBodyWrites: boolean;
  /** Whether a client that has ended its side still gets the responses that it waits for. */
  httpAllowHalfOpen = false;
  /** Milliseconds of inactivity after which a socket times out, 0 for never. Section `servertimeout` */
  timeout = 0;
  /** Section `servermaxheaderscount` */
  maxHeadersCount: number | null = 2000;
  /** 0 for no limit. Section `servermaxrequestspersocket` */
  maxRequestsPerSocket: number | null = 0;

  readonly _IncomingMessage: typeof IncomingMessage;
  readonly _ServerResponse: typeof ServerResponse;
  readonly _uniqueHeaders: ReadonlySet<string> | null;
  readonly _connectionsList: ConnectionsList = new ConnectionsList(this);

  /**
   * Section `httpcreateserveroptions-requestlistener`
   *
   * @param requestListener - listens to 'request'; may stand in the place of the options
   * @throws ERR_INVALID_ARG_TYPE and ERR_OUT_OF_RANGE for options that are wrong
   */
  constructor(options?: ServerOptions | RequestListener | null, requestListener?: RequestListener) {
    const given = optionsOf(options);
    const settings = serverSettings(given);
    super({ ...socketOptions(given), allowHalfOpen: true });
    Object.assign(this, settings);
    this._IncomingMessage = given.IncomingMessage ?? IncomingMessage;
    this._ServerResponse = given.ServerResponse ?? ServerResponse;
    this._uniqueHeaders = uniqueHeaderNames(given.uniqueHeaders);
    const listener = typeof options === 'function' ? options : requestListener;
    if (listener) this.on('request', listener);
    this.on('connection', connectionListener);
    this.on('listening', onListening);
  }

  /** Also closes idle connections. Section `serverclosecallback` */
  override close(callback?: (error?: Error) => void): this {
    this.closeIdleConnections();
    this._connectionsList.close();
    super.close(callback);
    return this;
  }

  /** Section `servercloseallconnections` */
  closeAllConnections(): void {
    this._connectionsList.destroyAll();
  }

  /** Section `servercloseidleconnections` */
  closeIdleConnections(): void {
    this._connectionsList.destroyIdle();
  }

  /**
   * Section `serversettimeoutmsecs-callback`
   *
   * @param msecs - milliseconds of inactivity, 0 for no timeout
   * @param callback - listens to 'timeout', which then has to deal with the socket
   */
  setTimeout(msecs?: number | ((socket: Socket) => void), callback?: (socket: Socket) => void): this {
    this.timeout = msecs as number;
    if (callback) {
      validateFunction(callback, 'listener');
      this.on('timeout', callback);
    }
    return this;
  }

  /** Section `serversymbolasyncdispose` */
  override async [Symbol.asyncDispose](): Promise<void> {
    await promisify<void>((callback: (error?: Error) => void) => this.close(callback))();
  }

  /** A listener's promise was rejected: the request of that listener is answered with 500, if it still can be. */
  [Symbol.for('nodejs.rejection')](error: Error, event: string, ...args: unknown[]): void {
    if (event === 'request') {
      refuse(args[1] as ServerResponse);
      return;
    }
    const inherited = Reflect.get(NetServer.prototype, Symbol.for('nodejs.rejection')) as typeof this.emit | undefined;
    if (inherited) Reflect.apply(inherited, this, [error, event, ...args]);
    else this.emit('error', error);
  }
}

function optionsOf(options: ServerOptions | RequestListener | null | undefined): ServerOptions {
  if (typeof options === 'function' || options === null || options === undefined) return {};
  validateObject(options, 'options');
  return options;
}

/** Those that are for the sockets of a `net.Server`. */
function socketOptions(options: ServerOptions): Record<string, unknown> {
  const { keepAlive, keepAliveInitialDelay, highWaterMark, noDelay = true } = options;
  return { keepAlive, keepAliveInitialDelay, highWaterMark, noDelay };
}

function refuse(response: ServerResponse): void {
  if (response.headersSent || response.writableEnded) {
    response.destroy();
    return;
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.statusCode = 500;
  response.end(STATUS_CODES[500]);
}

function onListening(this: Server): void {
  this._connectionsList.open();
}

/** Speaks HTTP on a socket: what a server does on 'connection', which may be emitted with any Duplex. */
export function connectionListener(this: Server, socket: ServerSocket): void {
  new ServerConnection(this, socket).start();
}
