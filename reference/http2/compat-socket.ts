import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { http2Error } from '../common/http2-errors.js';
import type { ServerHttp2Stream } from './server-stream.js';
import { type Http2Session, kCore } from './session.js';

const OF_STREAM = new Set<PropertyKey>(['destroyed', 'readable', 'writable', 'destroy', 'emit', 'end', 'on', 'once']);
const FORBIDDEN = new Set<PropertyKey>(['pause', 'read', 'resume', 'write']);

const kProxy = Symbol('proxy');

type ProxiedStream = ServerHttp2Stream & { [kProxy]?: Duplex };

/**
 * What stands for the socket of a request or a response: part stream, part session, otherwise the session's socket;
 * when the session is gone, the stream. Sections requestsocket, responsesocket
 *
 * @throws ERR_HTTP2_NO_SOCKET_MANIPULATION, where it is used, for whatever would read or write the connection
 */
export function compatSocket(stream: ProxiedStream): Duplex {
  stream[kProxy] ??= proxyOf(stream);
  return stream[kProxy];
}

function proxyOf(stream: ServerHttp2Stream): Duplex {
  const session = stream.session as Http2Session | undefined;
  // Remembered, so that a request tells where it came from after its session is gone.
  const socket: Duplex = session?.[kCore].socket ?? stream;
  return new Proxy(socket, {
    get(_, property) {
      if (FORBIDDEN.has(property)) throw http2Error('ERR_HTTP2_NO_SOCKET_MANIPULATION');
      return boundTo(receiverOf(property, stream, session, socket), property);
    },
    set(_, property, value) {
      if (FORBIDDEN.has(property)) throw http2Error('ERR_HTTP2_NO_SOCKET_MANIPULATION');
      const receiver = receiverOf(property, stream, session, socket);
      return Reflect.set(receiver, property, value, receiver);
    },
  });
}

function receiverOf(
  property: PropertyKey,
  stream: ServerHttp2Stream,
  session: EventEmitter | undefined,
  socket: Duplex,
): EventEmitter {
  if (OF_STREAM.has(property)) return stream;
  return property === 'setTimeout' ? (session ?? stream) : socket;
}

function boundTo(receiver: EventEmitter, property: PropertyKey): unknown {
  const value: unknown = Reflect.get(receiver, property, receiver);
  return typeof value === 'function' ? value.bind(receiver) : value;
}
