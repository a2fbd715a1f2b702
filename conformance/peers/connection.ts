import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Transcript } from './transcript.js';

/** Unread bytes beyond which a connection stops reading: what floods a peer must not exhaust its memory. */
export const UNREAD_LIMIT = 64 * 1024 * 1024;

/** A socket, and with TLS the one beneath it. */
export interface Wire {
  socket: Socket;
  raw: Socket;
}

/** How the other side left. */
export interface Departure {
  /** `performance.now()` */
  at: number;
  how: 'end' | 'reset';
}

/** Errors that say: the other side is gone. */
const RESETS: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

const NOTHING = Buffer.alloc(0);

/** One connection of a peer: reads and writes bytes, notes what happens to it. Nothing it does throws. */
export class Connection {
  /** `performance.now()` at the end of the latest step on this connection. */
  stepEnd = performance.now();
  /** Takes what arrives. */
  onData: (chunk: Buffer) => void = () => {};

  readonly #socket: Socket;
  readonly #raw: Socket;
  readonly #observers = new Set<() => void>();
  #departure: Departure | undefined;
  #closedHere = false;
  #held = true;
  #paused = false;
  #full = false;

  constructor(
    wire: Wire,
    /** As the transcript shows it; the script may rename it. */
    public name: string,
    readonly transcript: Transcript,
  ) {
    this.#socket = wire.socket;
    this.#raw = wire.raw;
    this.#listen(wire.socket);
    if (wire.raw !== wire.socket) wire.raw.on('error', () => {});
    wire.socket.setNoDelay(true);
    transcript.add(this, 'open', describeTls(wire.socket));
  }

  /** The other side's end or reset. */
  get departure(): Departure | undefined {
    return this.#departure;
  }

  /** Why nothing more can arrive; undefined while something can. */
  get goneBecause(): string | undefined {
    if (this.#departure) return this.#departure.how === 'end' ? 'the connection ended' : 'the connection was reset';
    return this.#closedHere ? 'the peer closed the connection' : undefined;
  }

  get writable(): boolean {
    return this.#socket.writable && !this.#socket.destroyed;
  }

  get destroyed(): boolean {
    return this.#socket.destroyed;
  }

  /** Calls back after every arrival and every change of state. */
  subscribe(observer: () => void): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** @param flushed - called when the bytes have been handed to the system, or never will be */
  write(bytes: Buffer, flushed: () => void = () => {}): void {
    if (this.writable && bytes.length > 0) this.#socket.write(bytes, () => flushed());
    else flushed();
  }

  /** Half-closes. */
  end(): void {
    if (!this.writable) return;
    this.transcript.add(this, 'end', 'by the peer');
    this.#socket.end();
  }

  destroy(): void {
    if (this.#socket.destroyed) return;
    this.transcript.add(this, 'close', 'by the peer');
    this.#closedHere = true;
    this.#socket.destroy();
  }

  /** Closes with RST; a Unix socket, which knows none, is destroyed. */
  reset(): void {
    if (this.#socket.destroyed) return;
    this.transcript.add(this, 'reset', 'by the peer');
    this.#closedHere = true;
    try {
      this.#raw.resetAndDestroy();
    } catch {
      // ERR_INVALID_HANDLE_TYPE: not a TCP socket.
    }
    this.#socket.destroy();
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#flow();
  }

  /** Says how much is waiting to be read by the script. */
  unread(bytes: number): void {
    this.#full = bytes > UNREAD_LIMIT;
    this.#flow();
  }

  /** The script has no more to do with this connection: an end by the other side is answered by an end. */
  release(): void {
    this.#held = false;
    if (this.#departure && this.writable) this.#socket.end();
  }

  #flow(): void {
    if (this.#paused || this.#full) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  #listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => {
      this.onData(chunk);
      this.#notify();
    });
    socket.on('end', () => {
      const at = performance.now();
      this.#probe((alive) => {
        if (!alive) return;
        this.transcript.add(this, 'end');
        this.#depart('end', at);
        if (!this.#held) socket.end();
      });
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (RESETS.has(error.code)) this.transcript.add(this, 'reset');
      else this.transcript.add(this, 'error', error.message);
      this.#depart('reset');
    });
    socket.on('close', () => {
      if (!this.#closedHere) {
        this.transcript.add(this, 'close');
        this.#depart('end');
      }
      this.#notify();
    });
  }

  /**
   * A reset right behind data is told as an end. Writing nothing puts nothing on the wire, but fails (and is told as a
   * reset) when the connection has been reset. Over TLS there is no such way to ask.
   */
  #probe(answer: (alive: boolean) => void): void {
    const socket = this.#socket;
    // Behind bytes that nobody takes the answer would never come.
    const askable = this.#raw === socket && this.writable && socket.writableLength === 0;
    if (askable) socket.write(NOTHING, (error) => answer(!error));
    else answer(true);
  }

  #depart(how: 'end' | 'reset', at = performance.now()): void {
    this.#departure ??= { at, how };
    this.#notify();
  }

  #notify(): void {
    for (const observer of [...this.#observers]) observer();
  }
}

function describeTls(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  return [socket.getProtocol(), socket.alpnProtocol].filter(Boolean).join(' ');
}
