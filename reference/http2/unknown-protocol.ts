import type { EventEmitter } from 'node:events';
import type { TLSSocket } from 'node:tls';

/** Milliseconds that 'unknownProtocol' listeners have before the socket is destroyed. */
const DEFAULT_TIMEOUT = 10_000;

/**
 * Leaves a client that did not negotiate HTTP/2 to the listeners of 'unknownProtocol', or else sends it away. Section event-unknownprotocol.
 *
 * @param msecs - after so many milliseconds the socket is destroyed
 */
export function unknownProtocol(server: EventEmitter, socket: TLSSocket, msecs = DEFAULT_TIMEOUT): void {
  const timer = setTimeout(() => socket.destroy(), msecs).unref();
  socket.once('close', () => clearTimeout(timer));
  if (server.emit('unknownProtocol', socket)) return;
  socket.on('error', () => {});
  const body = 'Unknown ALPN Protocol, expected `h2` to be available.\nThis request cannot be answered.\n';
  socket.end(`HTTP/1.0 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
}
