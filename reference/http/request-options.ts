// What http.request() is called with: its forms of arguments, URLs as options, and what is refused.
// Section `httprequesturl-options-callback`.

import type { Duplex } from 'node:stream';
import {
  invalidArgType,
  invalidHttpToken,
  invalidProtocol,
  outOfRange,
  unescapedCharacters,
} from '../common/errors.js';
import { validateBoolean, validateFunction, validateInteger, validateString } from '../common/validate.js';
import { isToken } from '../protocol/http1/grammar.js';
import { Agent, type ConnectionOptions, globalAgent, type OnSocket, type PooledRequest } from './agent.js';
import type { IncomingMessage } from './incoming-message.js';

/** Anything that gives requests a socket: an Agent, or a class of its own that stands in for one. */
export interface AgentLike {
  /** Which the types of Node's agents do not tell. */
  addRequest?(request: PooledRequest, options: RequestOptions): void;
  defaultPort?: number | undefined;
  protocol?: string | undefined;
  keepAlive?: boolean | undefined;
  maxSockets?: number | undefined;
}

/** Has a method, whose parameters need not be typed just like here. */
interface Connector {
  createConnection(options: RequestOptions, callback: OnSocket): Duplex | null | undefined;
}

/** Options of http.request(); those of `socket.connect()` are passed on to it. */
export interface RequestOptions extends ConnectionOptions {
  /** `false`: a new Agent with default values. */
  agent?: AgentLike | boolean | null | undefined;
  /** `user:password` of basic authentication. */
  auth?: string | null | undefined;
  createConnection?: Connector['createConnection'] | undefined;
  defaultPort?: number | string | undefined;
  headers?: Record<string, unknown> | readonly unknown[] | undefined;
  hostname?: string | null | undefined;
  insecureHTTPParser?: boolean | undefined;
  joinDuplicateHeaders?: boolean | undefined;
  /** Bytes. */
  maxHeaderSize?: number | undefined;
  method?: string | null | undefined;
  path?: string | null | undefined;
  protocol?: string | null | undefined;
  setDefaultHeaders?: boolean | undefined;
  setHost?: boolean | undefined;
  signal?: AbortSignal | null | undefined;
  /** Milliseconds. */
  timeout?: number | undefined;
  uniqueHeaders?: readonly (string | readonly string[])[] | undefined;
  /** The agent of requests that name none, for modules that speak another protocol. */
  _defaultAgent?: AgentLike | undefined;
}

/** An agent that can give requests a socket. */
export type Pool = AgentLike & Pick<Agent, 'addRequest'>;

export type ResponseListener = (response: IncomingMessage) => void;

/** What a request is made from, checked. */
export interface RequestSettings {
  /** A copy of what was given, in which host, port and path are those of the connection. */
  options: RequestOptions;
  callback: ResponseListener | undefined;
  agent: Pool | undefined;
  method: string;
  path: string;
  protocol: string;
  /** The port that a Host header does not name. */
  defaultPort: number | string | undefined;
}

/** What a request target cannot hold. */
const UNESCAPED = /[^\u0021-\u00ff]/;

/** The longest timeout, in milliseconds. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/**
 * @throws ERR_INVALID_URL; ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE for options and callback; ERR_INVALID_PROTOCOL;
 * ERR_UNESCAPED_CHARACTERS for the path; ERR_INVALID_HTTP_TOKEN for the method
 */
export function requestSettings(input: unknown, second: unknown, third: unknown): RequestSettings {
  const { options, callback } = readArguments(input, second, third);
  const agent = agentOf(options);
  const fallback = (options._defaultAgent as Agent | undefined) ?? globalAgent();
  const protocol = options.protocol || fallback.protocol;
  const expected = agent?.protocol || fallback.protocol;
  if (protocol !== expected) throw invalidProtocol(protocol, expected);
  const path = options.path ? String(options.path) : '/';
  if (UNESCAPED.test(path)) throw unescapedCharacters('Request path');
  const defaultPort = options.defaultPort || agent?.defaultPort;
  options.port = options.port || defaultPort || 80;
  options.host = hostOf(options);
  const method = methodOf(options.method);
  checkRest(options);
  if (callback) validateFunction(callback, 'listener');
  return { options, callback: callback as ResponseListener | undefined, agent, method, path, protocol, defaultPort };
}

/** The forms (url[, options][, callback]) and (options[, callback]). */
function readArguments(
  input: unknown,
  second: unknown,
  third: unknown,
): { options: RequestOptions; callback: unknown } {
  if (typeof input !== 'string' && !isUrl(input)) return { options: { ...(input as object) }, callback: second };
  const url = typeof input === 'string' ? new URL(input) : input;
  const fromUrl = urlToOptions(url);
  if (typeof second === 'function') return { options: fromUrl, callback: second };
  return { options: Object.assign(fromUrl, second), callback: third };
}

/** Whether it is a URL, perhaps that of another realm, and not what `url.parse()` returns. */
function isUrl(input: unknown): input is URL {
  const { href, protocol, auth, path } = (input ?? {}) as Record<string, unknown>;
  return Boolean(href && protocol) && auth === undefined && path === undefined;
}

/** A URL as options; what else stands on the object counts too. */
function urlToOptions(url: URL): RequestOptions {
  const { protocol, hostname, search, pathname, port, username, password } = url;
  const options: RequestOptions = {
    ...(url as unknown as RequestOptions),
    protocol,
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    path: `${pathname}${search}`,
  };
  if (port !== '') options.port = Number(port);
  if (username || password) options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return options;
}

function agentOf({ agent, createConnection, _defaultAgent }: RequestOptions): Pool | undefined {
  if (agent === false) return onceOnly(_defaultAgent as Agent | undefined);
  if (agent === null || agent === undefined) {
    return typeof createConnection === 'function' ? undefined : ((_defaultAgent as Pool | undefined) ?? globalAgent());
  }
  if (typeof (agent as AgentLike).addRequest === 'function') return agent as Pool;
  throw invalidArgType('options.agent', 'one of Agent-like Object, undefined, or false', agent);
}

/** An agent for one request: there will be no other that could use its socket again. */
function onceOnly(fallback: Agent | undefined): Agent {
  const agent = fallback === undefined ? new Agent() : new (fallback.constructor as typeof Agent)();
  agent.maxFreeSockets = 0;
  return agent;
}

function hostOf({ hostname, host }: RequestOptions): string {
  return checkHost(hostname, 'hostname') || checkHost(host, 'host') || 'localhost';
}

function checkHost(value: unknown, name: string): string | null | undefined {
  if (value === null || value === undefined || typeof value === 'string') return value;
  throw invalidArgType(`options.${name}`, 'of type string or one of undefined or null', value);
}

function methodOf(method: unknown): string {
  if (method === null || method === undefined || method === '') return 'GET';
  validateString(method, 'options.method');
  if (!isToken(method)) throw invalidHttpToken('Method', method);
  return method.toUpperCase();
}

function checkRest(options: RequestOptions): void {
  const { timeout, maxHeaderSize, insecureHTTPParser, joinDuplicateHeaders, signal } = options;
  if (timeout !== undefined) options.timeout = checkTimeout(timeout, 'timeout');
  if (maxHeaderSize !== undefined) validateInteger(maxHeaderSize, 'maxHeaderSize', 0);
  if (insecureHTTPParser !== undefined) validateBoolean(insecureHTTPParser, 'options.insecureHTTPParser');
  if (joinDuplicateHeaders !== undefined) validateBoolean(joinDuplicateHeaders, 'options.joinDuplicateHeaders');
  if (signal && !(typeof signal === 'object' && 'aborted' in signal)) {
    throw invalidArgType('signal', 'an instance of AbortSignal', signal);
  }
}

/** @returns milliseconds that a timer can wait. @throws ERR_INVALID_ARG_TYPE; ERR_OUT_OF_RANGE */
export function checkTimeout(msecs: unknown, name: string): number {
  if (typeof msecs !== 'number') throw invalidArgType(name, 'of type number', msecs);
  if (msecs < 0 || !Number.isFinite(msecs)) throw outOfRange(name, 'a non-negative finite number', msecs);
  return Math.min(msecs, MAX_TIMEOUT);
}
