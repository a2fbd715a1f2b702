// http.Agent: which socket carries which request. Section `class-httpagent`.
//
// Each origin, by its name, has sockets in use, sockets that wait for a request, and requests that wait for a socket.
// A socket that the agent made tells it by events when it is 'free' again, when it has had its 'close' or 'timeout', and
// when it leaves ('agentRemove'). `addRequest()`, `createSocket()`, `removeSocket()` and the agent's own event 'free'
// are no documented API, but subclasses found on the registry override them, so they stand here under Node's names.

import { EventEmitter } from 'node:events';
import type { LookupFunction, NetConnectOpts, Socket } from 'node:net';
import { createConnection, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { invalidArgValue } from '../common/errors.js';
import { validateNumber } from '../common/validate.js';

/** Options of `new Agent()`; those of `socket.connect()` are passed on to it. */
export interface AgentOptions extends Partial<ConnectionOptions> {
  /** Whether sockets are kept for later requests. */
  keepAlive?: boolean | undefined;
  /** Milliseconds before the first TCP keep-alive probe on a kept socket. */
  keepAliveMsecs?: number | undefined;
  /** Sockets for each origin. */
  maxSockets?: number | undefined;
  /** Sockets for all origins together. */
  maxTotalSockets?: number | undefined;
  /** Kept sockets for each origin. */
  maxFreeSockets?: number | undefined;
  scheduling?: 'fifo' | 'lifo' | undefined;
  /** Milliseconds of inactivity, for sockets in use and kept ones. */
  timeout?: number | undefined;
  defaultPort?: number | undefined;
  protocol?: string | undefined;
}

/** What a connection is made from: what decides on its name, and any option of `socket.connect()`. */
export interface ConnectionOptions {
  host?: string | null | undefined;
  port?: number | string | null | undefined;
  localAddress?: string | undefined;
  localPort?: number | undefined;
  family?: number | undefined;
  hints?: number | undefined;
  lookup?: LookupFunction | undefined;
  socketPath?: string | null | undefined;
  timeout?: number | undefined;
  noDelay?: boolean | undefined;
}

/** Receives the socket that was made, or why none was. */
export type OnSocket = (error: Error | null, socket: Duplex) => void;

/** The same, called by who knows no types. */
export type Outcome = (error: Error | null | undefined, socket?: Duplex | null) => void;

/** What an agent has to know of a request. */
export interface PooledRequest {
  readonly destroyed: boolean;
  /** Milliseconds, if the request has a timeout of its own. */
  readonly timeout?: number | undefined;
  /** Whether the request asked, by a header, that its connection be kept. */
  readonly _asksKeepAlive: boolean;
  /** The response to the request, once it is there. */
  readonly res: { readonly rawHeaders: readonly string[] } | null;
  reusedSocket: boolean;
  getHeader(name: string): unknown;
  onSocket(socket: Duplex | null, error?: Error | null): void;
  /** Where the request waits: what its socket will be made from. */
  _queued: ConnectionOptions | null;
}

/** With all that is for `socket.connect()` or for a subclass. */
type ConnectOptions = ConnectionOptions & Record<string, unknown>;

type Lists<T> = Record<string, T[]>;

/** What the agent knows of a socket of its own. */
interface Membership {
  agent: Agent;
  name: string;
  options: ConnectionOptions;
  /** The request that has it, or had it last. */
  request: PooledRequest;
}

const kMembership = Symbol('plumbline.agent');

type PooledSocket = Duplex &
  Partial<Pick<Socket, 'setKeepAlive' | 'setTimeout' | 'ref' | 'unref' | 'timeout'>> & {
    [kMembership]?: Membership | undefined;
  };

/** @see section `class-httpagent` */
export class Agent extends EventEmitter {
  /** The port of URLs without one. */
  defaultPort: number;
  protocol: string;
  /** As given, with what `socket.connect()` is always told. */
  options: ConnectOptions;
  keepAlive: boolean;
  /** Milliseconds. */
  keepAliveMsecs: number;
  /** Sockets for each origin. Section `agentmaxsockets` */
  maxSockets: number;
  /** Kept sockets for each origin. Section `agentmaxfreesockets` */
  maxFreeSockets: number;
  /** Sockets for all origins together. Section `agentmaxtotalsockets` */
  maxTotalSockets: number;
  scheduling: 'fifo' | 'lifo';
  /** Requests that wait, by the name of their origin. Section `agentrequests` */
  requests: Lists<PooledRequest> = Object.create(null);
  /** Sockets in use, by the name of their origin. Section `agentsockets` */
  sockets: Lists<Socket> = Object.create(null);
  /** Kept sockets, by the name of their origin. Section `agentfreesockets` */
  freeSockets: Lists<Socket> = Object.create(null);
  /** Sockets in use and kept. */
  totalSocketCount = 0;
  /** Sockets that are being made: a `createConnection()` that uses its callback takes its time. */
  _connecting = new Map<string, number>();

  /**
   * Section `new-agentoptions`
   *
   * @throws ERR_INVALID_ARG_VALUE for another `scheduling`; ERR_INVALID_ARG_TYPE or ERR_OUT_OF_RANGE for a
   * `maxTotalSockets` that is no number from 1 on
   */
  constructor(options?: AgentOptions) {
    super();
    const { scheduling = 'lifo', maxTotalSockets = Number.POSITIVE_INFINITY } = options ?? {};
    if (scheduling !== 'fifo' && scheduling !== 'lifo') {
      throw invalidArgValue('scheduling', scheduling, "must be one of: 'fifo', 'lifo'");
    }
    validateNumber(maxTotalSockets, 'maxTotalSockets', 1);
    // The path of socket.connect() is a Unix socket, that of a request is not.
    this.options = Object.assign(Object.create(null), { noDelay: true }, options, { path: null });
    this.defaultPort = options?.defaultPort || 80;
    this.protocol = options?.protocol || 'http:';
    this.keepAlive = options?.keepAlive || false;
    this.keepAliveMsecs = options?.keepAliveMsecs || 1000;
    this.maxSockets = options?.maxSockets || Number.POSITIVE_INFINITY;
    this.maxFreeSockets = options?.maxFreeSockets || 256;
    this.maxTotalSockets = maxTotalSockets;
    this.scheduling = scheduling;
    this.on('free', onFree);
  }

  /**
   * Makes the connection of a request; may be overridden, and may return the socket or pass it to `callback`.
   * Section `agentcreateconnectionoptions-callback`
   */
  createConnection(options: ConnectionOptions, callback?: OnSocket): Duplex | null | undefined {
    return createConnection(options as NetConnectOpts, callback as (() => void) | undefined);
  }

  /**
   * Which requests may share a connection: `host:port:localAddress`, with `:family` if there is one.
   * Section `agentgetnameoptions`
   */
  getName(options: ConnectionOptions = {}): string {
    const { host, port, localAddress, family, socketPath } = options;
    let name = `${host || 'localhost'}:${port || ''}:${localAddress || ''}`;
    if (family === 4 || family === 6) name += `:${family}`;
    if (socketPath) name += `:${socketPath}`;
    return name;
  }

  /** A socket goes to the pool: whether it may. May be overridden. Section `agentkeepsocketalivesocket` */
  keepSocketAlive(socket: Duplex): boolean {
    (socket as PooledSocket).setKeepAlive?.(true, this.keepAliveMsecs);
    (socket as PooledSocket).unref?.();
    return true;
  }

  /** A socket leaves the pool for a request. May be overridden. Section `agentreusesocketsocket-request` */
  reuseSocket(socket: Duplex, _request: object): void {
    (socket as PooledSocket).ref?.();
  }

  /** Destroys all sockets, in use or kept. Section `agentdestroy` */
  destroy(): void {
    for (const lists of [this.freeSockets, this.sockets]) {
      for (const list of Object.values(lists)) for (const socket of [...list]) socket.destroy();
    }
  }

  /** Gives a request a socket: a kept one, else a new one, else the request waits. */
  addRequest(request: PooledRequest, options: ConnectionOptions): void {
    const name = this.getName(namesOrigin(this.options) ? merged(options, this.options) : options);
    const kept = takeKept(this, name);
    if (kept !== undefined) {
      (this.sockets[name] ??= []).push(kept as Socket);
      this.reuseSocket(kept, request);
      handOver(this, kept, request);
    } else if (mayConnect(this, name)) {
      connect(this, request, options);
    } else {
      request._queued = options;
      (this.requests[name] ??= []).push(request);
    }
  }

  /** Makes a socket for a request. @param callback - called once, at once or later */
  createSocket(request: PooledRequest, given: ConnectionOptions, callback: Outcome): void {
    const options = connectOptions(this, request, given);
    const name = options._agentKey as string;
    countConnecting(this, name, 1);
    let called = false;
    const made: Outcome = (error, socket) => {
      // As the listener of a connection it is called without arguments, once that is connected.
      if (called || (!error && !socket)) return;
      called = true;
      countConnecting(this, name, -1);
      if (socket && !error) adopt(this, socket, { agent: this, name, options, request });
      callback(error, socket);
      if (!socket || error) fillPlace(this, name);
    };
    let socket: Duplex | null | undefined;
    try {
      socket = this.createConnection(options, made);
    } catch (error) {
      called = true;
      countConnecting(this, name, -1);
      throw error;
    }
    if (socket) made(null, socket);
  }

  /** Forgets a socket; its place goes to a request that waits. */
  removeSocket(socket: Duplex, options: ConnectionOptions): void {
    const name = (socket as PooledSocket)[kMembership]?.name ?? this.getName(options);
    if (!drop(this.sockets, name, socket) && !drop(this.freeSockets, name, socket)) return;
    this.totalSocketCount--;
    fillPlace(this, name);
  }

  /** Takes back a request that waits: it has been destroyed. */
  _forget(request: PooledRequest): void {
    if (request._queued === null) return;
    request._queued = null;
    for (const [name, waiting] of Object.entries(this.requests))
      if (waiting.includes(request)) drop(this.requests, name, request);
  }

  /** A socket has served its request: the next one gets it, or it is kept, or destroyed. */
  _release(socket: PooledSocket, { name, request }: Membership): void {
    if (!socket.writable || socket.destroyed) {
      socket.destroy();
      return;
    }
    const next = takeWaiting(this, name);
    if (next !== undefined) {
      handOver(this, socket, next);
      return;
    }
    const timeout = idleTimeout(this, request);
    if (timeout === undefined || !mayKeep(this, name, request) || !this.keepSocketAlive(socket)) {
      socket.destroy();
      return;
    }
    setTimeoutOf(socket, timeout);
    drop(this.sockets, name, socket);
    (this.freeSockets[name] ??= []).push(socket as Socket);
  }
}

function handOver(agent: Agent, socket: PooledSocket, request: PooledRequest): void {
  const membership = socket[kMembership];
  if (membership !== undefined) membership.request = request;
  request.reusedSocket = true;
  setTimeoutOf(socket, request.timeout ?? agent.options.timeout ?? 0);
  request.onSocket(socket);
}

function connect(agent: Agent, request: PooledRequest, options: ConnectionOptions): void {
  agent.createSocket(request, options, (error, socket) => request.onSocket(socket ?? null, error));
}

function connectOptions(agent: Agent, request: PooledRequest, given: ConnectionOptions): ConnectOptions {
  const options = merged(given, agent.options);
  if (options.socketPath) options.path = options.socketPath;
  // For subclasses that speak TLS.
  options.servername ??= serverName(request.getHeader('host') ?? options.host);
  options._agentKey = agent.getName(options);
  options.encoding = null;
  // It is for the request: the socket may outlive it.
  options.signal = undefined;
  if (request.timeout !== undefined) options.timeout = request.timeout;
  if (agent.keepAlive) {
    options.keepAlive = true;
    options.keepAliveInitialDelay = agent.keepAliveMsecs;
  }
  return options;
}

function adopt(agent: Agent, socket: PooledSocket, membership: Membership): void {
  socket[kMembership] = membership;
  (agent.sockets[membership.name] ??= []).push(socket as Socket);
  agent.totalSocketCount++;
  for (const [event, listener] of LISTENERS) socket.on(event, listener);
}

/** The kept socket that `scheduling` chooses; those that are dying stay where they are until their 'close'. */
function takeKept(agent: Agent, name: string): PooledSocket | undefined {
  const kept = agent.freeSockets[name];
  if (kept === undefined) return undefined;
  const at = agent.scheduling === 'fifo' ? kept.findIndex(isUsable) : kept.findLastIndex(isUsable);
  if (at === -1) return undefined;
  const socket = kept[at]!;
  if (kept.length === 1) delete agent.freeSockets[name];
  else kept.splice(at, 1);
  return socket;
}

function takeWaiting(agent: Agent, name: string): PooledRequest | undefined {
  const waiting = agent.requests[name];
  if (waiting === undefined) return undefined;
  const request = waiting.shift();
  if (waiting.length === 0) delete agent.requests[name];
  return request;
}

/** Whether another socket may be opened for an origin. */
function mayConnect(agent: Agent, name: string): boolean {
  let connecting = 0;
  for (const count of agent._connecting.values()) connecting += count;
  if (agent.totalSocketCount + connecting >= agent.maxTotalSockets) return false;
  const open = (agent.sockets[name]?.length ?? 0) + (agent.freeSockets[name]?.length ?? 0);
  return open + (agent._connecting.get(name) ?? 0) < agent.maxSockets;
}

/** Whether a socket of an origin may be kept for later. */
function mayKeep(agent: Agent, name: string, request: PooledRequest): boolean {
  if (!agent.keepAlive && !request._asksKeepAlive) return false;
  if ((agent.freeSockets[name]?.length ?? 0) >= agent.maxFreeSockets) return false;
  // Another origin waits for a place.
  return agent.totalSocketCount < agent.maxTotalSockets || Object.keys(agent.requests).length === 0;
}

/** A socket of an origin is gone: a request that waits gets a new one in its place. */
function fillPlace(agent: Agent, name: string): void {
  for (const origin of [name, ...Object.keys(agent.requests)]) {
    if (agent.requests[origin] === undefined || !mayConnect(agent, origin)) continue;
    const request = takeWaiting(agent, origin)!;
    connect(agent, request, request._queued!);
    return;
  }
}

function countConnecting(agent: Agent, name: string, change: 1 | -1): void {
  const count = (agent._connecting.get(name) ?? 0) + change;
  if (count === 0) agent._connecting.delete(name);
  else agent._connecting.set(name, count);
}

/** Milliseconds for which a socket is kept, 0 for ever; undefined if the server would close it too soon. */
function idleTimeout(agent: Agent, request: PooledRequest): number | undefined {
  const timeout = agent.options.timeout ?? 0;
  if (timeout === 0) return 0;
  const offered = keptByServer(request.res?.rawHeaders);
  if (offered === undefined) return timeout;
  // A second before the server closes the connection nothing should be sent on it any more.
  const rest = offered - 1000;
  return rest > 0 ? Math.min(timeout, rest) : undefined;
}

/** Whether these options decide on the name of an origin. */
function namesOrigin({ host, port, localAddress, family, socketPath }: ConnectionOptions): boolean {
  return Boolean(host || port || localAddress || family || socketPath);
}

function merged(options: ConnectionOptions, ofAgent: ConnectionOptions): ConnectOptions {
  return Object.assign(Object.create(null), options, ofAgent);
}

/** The name in a Host header; empty for an IP address, which TLS does not name. */
function serverName(host: unknown): string {
  if (typeof host !== 'string') return '';
  const name = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : (host.split(':', 1)[0] ?? '');
  return isIP(name) === 0 ? name : '';
}

/** Milliseconds that the server keeps the connection for, if it says so: `Keep-Alive: timeout=5`. */
function keptByServer(rawHeaders: readonly string[] = []): number | undefined {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length !== 10 || name.toLowerCase() !== 'keep-alive') continue;
    const seconds = /^timeout=(\d+)/.exec(rawHeaders[i + 1]!)?.[1];
    return seconds === undefined ? undefined : Number(seconds) * 1000;
  }
  return undefined;
}

function setTimeoutOf(socket: PooledSocket, msecs: number): void {
  if (msecs !== (socket.timeout ?? 0)) socket.setTimeout?.(msecs);
}

function isUsable(socket: Duplex): boolean {
  return !socket.destroyed && socket.writable;
}

/** Takes one out of a list, and the list away when it is empty. @returns whether it was there */
function drop(lists: Lists<unknown>, name: string, one: unknown): boolean {
  const list = lists[name];
  const at = list?.indexOf(one) ?? -1;
  if (list === undefined || at === -1) return false;
  if (list.length === 1) delete lists[name];
  else list.splice(at, 1);
  return true;
}

function onFree(this: Agent, socket: PooledSocket): void {
  const membership = socket[kMembership];
  if (membership !== undefined) this._release(socket, membership);
}

/** What an agent listens to on its sockets. */
const LISTENERS: readonly (readonly [event: string, listener: (this: PooledSocket) => void])[] = [
  [
    'free',
    function () {
      const { agent, options } = this[kMembership]!;
      agent.emit('free', this, options);
    },
  ],
  [
    'close',
    function () {
      const { agent, options } = this[kMembership]!;
      agent.removeSocket(this, options);
    },
  ],
  [
    'timeout',
    function () {
      const { agent, name } = this[kMembership]!;
      // While it is in use the request decides.
      if (agent.freeSockets[name]?.includes(this as Socket)) this.destroy();
    },
  ],
  [
    'agentRemove',
    function () {
      const { agent, options } = this[kMembership]!;
      for (const [event, listener] of LISTENERS) this.removeListener(event, listener);
      agent.removeSocket(this, options);
      this[kMembership] = undefined;
    },
  ],
  // An error of a kept socket concerns nobody: its 'close' follows.
  ['error', () => {}],
];

let current = new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 });

/** The agent of requests that name none: `http.globalAgent`. */
export function globalAgent(): Agent {
  return current;
}

/** Sets `http.globalAgent`. */
export function setGlobalAgent(agent: Agent): void {
  current = agent;
}
