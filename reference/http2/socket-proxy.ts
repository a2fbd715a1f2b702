import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { http2Error } from '../common/http2-errors.js';

/** Whatever would read, write or end the socket behind the session's back; setEncoding would change what it reads. */
const FORBIDDEN = new Set<PropertyKey>(['destroy', 'emit', 'end', 'pause', 'read', 'resume', 'write', 'setEncoding']);

interface ProxiedSession extends EventEmitter {
  setTimeout(msecs: number, callback?: () => void): unknown;
}

/**
 * The socket of a session, without what would harm the session. Section http2sessionsocket.
 *
 * @param socketOf - the socket, or undefined when the session has none any more
 */
export function proxySocket(session: ProxiedSession, socketOf: () => Duplex | undefined): Duplex {
  const target = (): object => {
    const socket = socketOf();
    if (!socket) throw http2Error('ERR_HTTP2_SOCKET_UNBOUND');
    return socket;
  };
  const first = target() as Duplex;
  return new Proxy(first, {
    get(_, property) {
      if (FORBIDDEN.has(property)) return forbid(property);
      if (property === 'setTimeout') return session.setTimeout.bind(session);
      const socket = target();
      const value: unknown = Reflect.get(socket, property, socket);
      return typeof value === 'function' ? value.bind(socket) : value;
    },
    set(_, property, value) {
      if (property === 'setTimeout') {
        session.setTimeout = value;
        return true;
      }
      if (FORBIDDEN.has(property)) throw http2Error('ERR_HTTP2_NO_SOCKET_MANIPULATION');
      const socket = target();
      return Reflect.set(socket, property, value, socket);
    },
    getPrototypeOf: () => Reflect.getPrototypeOf(target()),
    has: (_, property) => Reflect.has(target(), property),
  });
}

/** Reading the property is harmless on some; calling it is not. */
function forbid(_property: PropertyKey): () => never {
  throw http2Error('ERR_HTTP2_NO_SOCKET_MANIPULATION');
}
