// Clients of a secure server that do not speak HTTP/2, for `allowHTTP1`. Section alpn-negotiation.

import type { EventEmitter } from 'node:events';
import type { TLSSocket } from 'node:tls';
import type { IncomingMessage } from '../http/incoming-message.js';
import { Server } from '../http/server.js';
import type { ServerResponse } from '../http/server-response.js';

export interface Http1Options {
  /** Classes of HTTP/1 requests and responses. */
  Http1IncomingMessage?: typeof IncomingMessage | undefined;
  Http1ServerResponse?: typeof ServerResponse | undefined;
}

/** Events of HTTP/1 that the server of HTTP/2 emits in place of this one. */
const HANDED_ON = new Set<string | symbol>([
  'checkContinue',
  'checkExpectation',
  'clientError',
  'connect',
  'dropRequest',
  'request',
  'timeout',
  'upgrade',
]);

/** Speaks HTTP/1 for another server: it does not listen, and its events are that server's. */
export class Http1Fallback extends Server {
  readonly #outer: EventEmitter;

  constructor(outer: EventEmitter, { Http1IncomingMessage, Http1ServerResponse }: Http1Options) {
    super({
      ...(Http1IncomingMessage && { IncomingMessage: Http1IncomingMessage }),
      ...(Http1ServerResponse && { ServerResponse: Http1ServerResponse }),
    });
    this.#outer = outer;
    outer.once('close', () => this._connectionsList.close());
  }

  /** Takes a connection over. */
  serve(socket: TLSSocket): void {
    super.emit('connection', socket);
  }

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (HANDED_ON.has(event)) return this.#outer.emit(event, ...args);
    return super.emit(event, ...args);
  }

  override listenerCount(event: string | symbol): number {
    return HANDED_ON.has(event) ? this.#outer.listenerCount(event) : super.listenerCount(event);
  }
}
