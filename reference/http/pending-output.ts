// Bytes of an outgoing message that has no socket yet: it is not its turn, or the connection is still being made.

import type { Duplex } from 'node:stream';
import type { Octets } from '../protocol/http1/serializer.js';

/** Called when a chunk has been handed to the operating system, or could not be. */
export type WriteCallback = (error?: Error | null) => void;

export class PendingOutput {
  /** Bytes. */
  size = 0;
  readonly #writes: { data: Octets; callback: WriteCallback | undefined }[] = [];

  add(data: Octets, callback: WriteCallback | undefined): void {
    this.#writes.push({ data, callback });
    this.size += data.length;
  }

  /** Hands everything to the socket at once. @returns whether more may be written before 'drain' */
  flush(socket: Duplex): boolean {
    let ok = true;
    socket.cork();
    for (const { data, callback } of this.#writes) ok = writeOctets(socket, data, callback);
    socket.uncork();
    return ok;
  }
}

/** @returns whether more may be written before 'drain' */
export function writeOctets(socket: Duplex, data: Octets, callback: WriteCallback | undefined): boolean {
  return typeof data === 'string' ? socket.write(data, 'latin1', callback) : socket.write(data, callback);
}
