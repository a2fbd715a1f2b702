import { connect as connectNet, type NetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions as TlsConnectOptions } from 'node:tls';
import { http2Error } from '../common/http2-errors.js';
import { validateObject } from '../common/validate.js';
import { ClientHttp2Session } from './client-session.js';
import { type SessionOptions, validateSessionOptions } from './session-options.js';

/** Options of connect, those of `net.connect` and `tls.connect` among them. */
export interface ConnectOptions extends SessionOptions, Omit<TlsConnectOptions, 'socket'> {
  /** Default `https:`. */
  protocol?: 'http:' | 'https:' | undefined;
  /** Makes the connection itself: any Duplex. */
  createConnection?: ((authority: URL, options: ConnectOptions) => Duplex) | undefined;
}

type ConnectListener = (session: ClientHttp2Session, socket: Duplex) => void;

/**
 * A session with a server. Section http2connectauthority-options-listener.
 *
 * @param listener - called once, at 'connect'
 * @throws ERR_INVALID_URL, ERR_HTTP2_UNSUPPORTED_PROTOCOL, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE
 */
export function connect(
  authority: string | URL | { [part: string]: unknown },
  options?: ConnectOptions | ConnectListener,
  listener?: ConnectListener,
): ClientHttp2Session {
  if (typeof options === 'function') return connect(authority, undefined, options);
  if (options !== undefined) validateObject(options, 'options');
  const given: ConnectOptions = { ...options };
  validateSessionOptions(given);
  const url = (typeof authority === 'string' ? new URL(authority) : authority) as URL;
  validateObject(url, 'authority');
  const protocol = url.protocol || given.protocol || 'https:';
  const port = url.port ? Number(url.port) : protocol === 'http:' ? 80 : 443;
  const host = hostOf(url);
  const socket = open(url, given, protocol, host, port);
  const session = new ClientHttp2Session(given, authorityOf(url, host, port, protocol), protocol.slice(0, -1));
  session.watch(socket);
  if (listener) session.once('connect', listener);
  whenConnected(socket, protocol, () => session.connected(socket));
  return session;
}

/** Names of IPv6 addresses stand in brackets in URLs, not in sockets. */
function hostOf({ hostname, host }: Partial<URL>): string {
  const name = hostname ?? host ?? 'localhost';
  return name.startsWith('[') ? name.slice(1, -1) : name || 'localhost';
}

function authorityOf(url: URL, host: string, port: number, protocol: string): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return (protocol === 'http:' ? 80 : 443) === port && !url.port ? name : `${name}:${port}`;
}

function open(url: URL, options: ConnectOptions, protocol: string, host: string, port: number): Duplex {
  if (typeof options.createConnection === 'function') return options.createConnection(url, options);
  switch (protocol) {
    case 'http:':
      return connectNet({ port, host, ...options } as NetConnectOpts);
    case 'https:': {
      const servername = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
      return connectTls({ port, host, ...servername, ALPNProtocols: ['h2'], ...options });
    }
    default:
      throw http2Error('ERR_HTTP2_UNSUPPORTED_PROTOCOL', protocol);
  }
}

/** Calls back once bytes can be sent, but not before `connect` has returned. */
function whenConnected(socket: Duplex, protocol: string, done: () => void): void {
  const { connecting, secureConnecting } = socket as Duplex & { connecting?: boolean; secureConnecting?: boolean };
  const tls = protocol === 'https:' && 'encrypted' in socket;
  if (tls && (connecting || secureConnecting !== false)) socket.once('secureConnect', done);
  else if (connecting) socket.once('connect', done);
  else process.nextTick(done);
}
