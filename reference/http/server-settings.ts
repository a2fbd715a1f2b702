// The options of createServer(), checked, and what a connection knows of its server.

import type { Duplex } from 'node:stream';
import { outOfRange } from '../common/errors.js';
import { validateBoolean, validateInteger } from '../common/validate.js';
import type { ConnectionsList } from './connections-list.js';
import type { IncomingMessage } from './incoming-message.js';
import type { ServerResponse } from './server-response.js';

/** Options of a server. Section `httpcreateserveroptions-requestlistener` */
export interface ServerOptions {
  IncomingMessage?: typeof IncomingMessage | undefined;
  ServerResponse?: typeof ServerResponse | undefined;
  /** Milliseconds between two checks for requests that are late. Default: 30000 */
  connectionsCheckingInterval?: number | undefined;
  /** Milliseconds. Default: 60000, or `requestTimeout` if that is less */
  headersTimeout?: number | undefined;
  /** Milliseconds. Default: 300000 */
  requestTimeout?: number | undefined;
  /** Milliseconds. Default: 5000 */
  keepAliveTimeout?: number | undefined;
  /** Milliseconds by which a connection is kept longer than clients are told. Default: 0 */
  keepAliveTimeoutBuffer?: number | undefined;
  /** Bytes, of sockets, requests and responses. */
  highWaterMark?: number | undefined;
  insecureHTTPParser?: boolean | undefined;
  joinDuplicateHeaders?: boolean | undefined;
  keepAlive?: boolean | undefined;
  /** Milliseconds. Default: 0 */
  keepAliveInitialDelay?: number | undefined;
  /** Bytes. Default: 16384 */
  maxHeaderSize?: number | undefined;
  noDelay?: boolean | undefined;
  requireHostHeader?: boolean | undefined;
  /** Names of response headers whose items are joined into one line. */
  uniqueHeaders?: readonly (string | readonly string[])[] | undefined;
  rejectNonStandardBodyWrites?: boolean | undefined;
}

/** Options that are properties of the server, with defaults. Times are milliseconds. */
export interface ServerSettings {
  maxHeaderSize: number | undefined;
  insecureHTTPParser: boolean | undefined;
  requestTimeout: number;
  headersTimeout: number;
  keepAliveTimeout: number;
  keepAliveTimeoutBuffer: number;
  connectionsCheckingInterval: number;
  requireHostHeader: boolean;
  joinDuplicateHeaders: boolean | undefined;
  rejectNonStandardBodyWrites: boolean;
}

/** A server, as its connections see it. */
export interface ConnectionServer extends ServerSettings {
  timeout: number;
  maxHeadersCount: number | null;
  maxRequestsPerSocket: number | null;
  httpAllowHalfOpen: boolean;
  readonly _IncomingMessage: typeof IncomingMessage;
  readonly _ServerResponse: typeof ServerResponse;
  readonly _uniqueHeaders: ReadonlySet<string> | null;
  readonly _connectionsList: ConnectionsList;
  emit(event: string, ...args: unknown[]): boolean;
  listenerCount(event: string): number;
}

/** Any Duplex may be a connection; that of a `net.Server` can do more. */
export type ServerSocket = Duplex & {
  server?: unknown;
  timeout?: number;
  setTimeout?(msecs: number): unknown;
  destroySoon?(): void;
  _httpMessage?: unknown;
};

/**
 * Checks the options of a server and fills in defaults.
 *
 * @throws ERR_INVALID_ARG_TYPE; ERR_OUT_OF_RANGE for times and sizes that are no integers from 0 on, and for a
 * `headersTimeout` above `requestTimeout`
 */
export function serverSettings(options: ServerOptions): ServerSettings {
  if (options.maxHeaderSize !== undefined) validateInteger(options.maxHeaderSize, 'maxHeaderSize', 0);
  flag(options, 'insecureHTTPParser');
  const requestTimeout = time(options, 'requestTimeout', 300_000);
  const headersTimeout = time(options, 'headersTimeout', Math.min(60_000, requestTimeout));
  if (requestTimeout > 0 && headersTimeout > 0 && headersTimeout > requestTimeout) {
    throw outOfRange('headersTimeout', '<= requestTimeout', options.headersTimeout);
  }
  return {
    maxHeaderSize: options.maxHeaderSize,
    insecureHTTPParser: options.insecureHTTPParser,
    requestTimeout,
    headersTimeout,
    keepAliveTimeout: time(options, 'keepAliveTimeout', 5_000),
    keepAliveTimeoutBuffer: time(options, 'keepAliveTimeoutBuffer', 0),
    connectionsCheckingInterval: time(options, 'connectionsCheckingInterval', 30_000),
    requireHostHeader: flag(options, 'requireHostHeader') ?? true,
    joinDuplicateHeaders: flag(options, 'joinDuplicateHeaders'),
    rejectNonStandardBodyWrites: flag(options, 'rejectNonStandardBodyWrites') ?? false,
  };
}

type TimeOption =
  | 'requestTimeout'
  | 'headersTimeout'
  | 'keepAliveTimeout'
  | 'keepAliveTimeoutBuffer'
  | 'connectionsCheckingInterval';

function time(options: ServerOptions, name: TimeOption, byDefault: number): number {
  const value = options[name];
  if (value === undefined) return byDefault;
  validateInteger(value, name, 0);
  return value;
}

type FlagOption = 'insecureHTTPParser' | 'requireHostHeader' | 'joinDuplicateHeaders' | 'rejectNonStandardBodyWrites';

function flag(options: ServerOptions, name: FlagOption): boolean | undefined {
  const value = options[name];
  if (value !== undefined) validateBoolean(value, `options.${name}`);
  return value;
}
