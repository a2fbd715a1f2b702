import type { EventEmitter } from 'node:events';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { http2Error, protocolViolation } from '../common/http2-errors.js';
import { Connection } from '../protocol/http2/connection.js';
import {
  type BlockKind,
  type ConnectionHandler,
  type ConnectionOptions,
  type FieldBlock,
  TOO_MANY_INVALID,
} from '../protocol/http2/connection-core.js';
import { ErrorCode, type ErrorCodeName } from '../protocol/http2/errorcode.js';
import type { Setting } from '../protocol/http2/frame.js';
import type { FrameError } from '../protocol/http2/frame-error.js';
import type { StreamEntry } from '../protocol/http2/stream-entry.js';
import {
  kData,
  kDrained,
  kEnd,
  kFinish,
  kHeaders,
  kReset,
  kSessionLost,
  type SessionLink,
  StreamList,
  type StreamOwner,
} from './internals.js';
import { isObserved, SessionTimes } from './performance.js';

type Entry = StreamEntry<StreamOwner>;

/** What a session has its core tell it, beside the events that the core emits itself. */
export interface SessionHooks {
  /** A block of fields for a stream that has no owner yet: a request. */
  request(entry: Entry, block: FieldBlock, flags: number): void;
  promise(parent: Entry, promised: Entry, block: FieldBlock, flags: number): void;
  settings(): void;
  settingsAcknowledged(entries: readonly Setting[]): void;
  pong(payload: Buffer): void;
  goaway(lastStreamId: number, code: number, debugData: Buffer): void;
  origin(origins: readonly string[]): void;
  /** A stream is gone, so another may begin. */
  streamClosed(): void;
  /** The session is destroyed. */
  lost(error: Error | undefined): void;
}

/** nghttp2's numbers and words for errors of the protocol: what `ERR_HTTP2_ERROR` shows. */
const VIOLATIONS: { readonly [code in ErrorCodeName]?: readonly [errno: number, message: string] } = {
  PROTOCOL_ERROR: [-505, 'Protocol error'],
  STREAM_CLOSED: [-510, 'Stream was already closed or invalid'],
  FRAME_SIZE_ERROR: [-522, 'The length of the frame is invalid'],
  COMPRESSION_ERROR: [-523, 'Header compression/decompression error'],
  FLOW_CONTROL_ERROR: [-524, 'Flow control error'],
  ENHANCE_YOUR_CALM: [-904, 'Flooding was detected in this HTTP/2 session, and it must be closed'],
};

const NOTHING = Buffer.alloc(0);

/** Joins a session's socket, its connection and its streams. */
export class SessionCore implements SessionLink, ConnectionHandler<StreamOwner> {
  connection: Connection<StreamOwner> | undefined;
  socket: Duplex | undefined;
  readonly isServer: boolean;
  closed = false;
  destroyed = false;
  readonly times = isObserved() ? new SessionTimes() : undefined;
  bytesRead = 0;
  bytesWritten = 0;
  /** Streams that are not destroyed, with a number or without. */
  readonly streams = new StreamList();
  #finishing: StreamOwner[] = [];
  #finishScheduled = false;
  #flushScheduled = false;
  #receiving = false;
  /** What the socket reads at a time comes in records, one after the other: what answers them need not be as many. */
  #encrypted = false;
  /** The socket takes no more at present. */
  #congested = false;
  /** Called back when the socket has taken what it is given next, and what it has been given. */
  #awaiting: (() => void)[] = [];
  #given: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #error: Error | undefined;
  #destroyCode: number | undefined;

  constructor(
    readonly session: EventEmitter,
    private readonly hooks: SessionHooks,
    private readonly options: ConnectionOptions,
  ) {
    this.isServer = options.role === 'server';
  }

  /** Takes over a socket that is connected. */
  attach(socket: Duplex): Connection<StreamOwner> {
    this.socket = socket;
    this.connection = new Connection<StreamOwner>(this, this.options);
    // Frames are gathered here; waiting for more of them is of no use.
    if (socket instanceof Socket) socket.setNoDelay(true);
    this.#encrypted = socket instanceof TLSSocket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('drain', () => this.#drained());
    socket.on('end', () => this.#ended());
    return this.connection;
  }

  /** Watches a socket for its end. */
  watch(socket: Duplex): void {
    this.socket = socket;
    socket.on('error', (error: Error) => {
      this.#error ??= error;
      this.destroy(error, 0);
    });
    socket.on('close', () => this.#socketClosed());
  }

  #receive(chunk: Buffer): void {
    if (this.destroyed) return;
    this.bytesRead += chunk.length;
    this.touch();
    this.#receiving = true;
    this.connection!.receive(chunk, performance.now() / 1000);
    if (this.connection!.outputLength > 0) this.flushSoon();
    this.#receiving = false;
  }

  /** The other side sends no more: nothing can be answered that is still under way. */
  #ended(): void {
    if (this.destroyed) return;
    this.destroy(undefined, 0);
  }

  // Sending

  flushSoon(): void {
    if (this.#flushScheduled || this.connection === undefined) return;
    this.#flushScheduled = true;
    if (this.#receiving && this.#encrypted) setImmediate(flushLater, this);
    else process.nextTick(flushLater, this);
  }

  flush(): void {
    this.#flushScheduled = false;
    const { socket, connection } = this;
    if (!socket || !connection || this.#congested || socket.destroyed) return;
    while (connection.outputLength > 0) {
      this.#write(socket, connection.takeOutput());
      if (this.#congested) return;
      connection.resume();
      // Those who have been called back have written more: others have their turn first.
      if (this.#flushScheduled) return;
    }
  }

  #write(socket: Duplex, pieces: Buffer[]): void {
    if (socket.writableEnded || socket.destroyed) return;
    const several = pieces.length > 1;
    if (several) socket.cork();
    for (const piece of pieces) {
      this.bytesWritten += piece.length;
      socket.write(piece);
    }
    if (several) socket.uncork();
    this.#give();
    // Otherwise it has taken all of it at once, and 'drain' follows for nothing.
    if (socket.writableLength > 0) this.#waitForSocket(socket);
    else this.#callBack();
  }

  #waitForSocket(socket: Duplex): void {
    this.#congested = socket.writableNeedDrain;
    // There is no 'drain' after so little.
    if (this.#congested || this.#given.length === 0) return;
    const given = this.#given;
    this.#given = [];
    socket.write(NOTHING, () => callAll(given));
  }

  #give(): void {
    if (this.#awaiting.length === 0) return;
    this.#given = this.#given.length === 0 ? this.#awaiting : this.#given.concat(this.#awaiting);
    this.#awaiting = [];
  }

  /** The socket has taken all that it has been given. */
  #callBack(): void {
    if (this.#given.length === 0) return;
    const given = this.#given;
    this.#given = [];
    callAll(given);
  }

  whenTaken(callback: () => void): void {
    this.#awaiting.push(callback);
  }

  #drained(): void {
    this.#congested = false;
    this.#callBack();
    if (this.destroyed) return;
    this.touch();
    this.connection?.resume();
    this.flush();
  }

  // Streams

  finishSoon(stream: StreamOwner): void {
    this.#finishing.push(stream);
    if (this.#finishScheduled) return;
    this.#finishScheduled = true;
    process.nextTick(finishLater, this);
  }

  finish(): void {
    this.#finishScheduled = false;
    const finishing = this.#finishing;
    this.#finishing = [];
    for (const stream of finishing) if (!stream[kFinish]()) this.#waitToFinish(stream);
  }

  /** Its writable side is ended on the wire; 'finish' follows in this turn. */
  #waitToFinish(stream: StreamOwner): void {
    const duplex = stream as StreamOwner & Duplex;
    if (duplex.writableEnded) this.finishSoon(stream);
    else duplex.once('finish', () => this.finishSoon(stream));
  }

  forget(stream: StreamOwner, entry: Entry | undefined): void {
    this.streams.delete(stream);
    if (entry) entry.owner = undefined;
    if (this.destroyed) return;
    this.hooks.streamClosed();
    if (this.closed && this.streams.size === 0) this.destroy(undefined, 0);
  }

  // What the connection tells

  headers(entry: Entry, block: FieldBlock, kind: BlockKind, flags: number): void {
    if (entry.owner !== undefined) entry.owner[kHeaders](block, kind, flags);
    else if (kind === 'request') this.hooks.request(entry, block, flags);
  }

  promise(parent: Entry, promised: Entry, block: FieldBlock, flags: number): void {
    this.hooks.promise(parent, promised, block, flags);
  }

  data(entry: Entry, data: Buffer): void {
    if (entry.owner) entry.owner[kData](data);
    else this.connection!.consume(entry, data.length);
  }

  end(entry: Entry): void {
    entry.owner?.[kEnd]();
  }

  drained(entry: Entry): void {
    entry.owner?.[kDrained]();
  }

  finished(entry: Entry): void {
    if (entry.owner) this.finishSoon(entry.owner);
  }

  reset(entry: Entry, code: number, fault: string | undefined): void {
    entry.owner?.[kReset](code, fault === undefined);
  }

  settings(): void {
    this.hooks.settings();
  }

  settingsAcknowledged(entries: readonly Setting[]): void {
    this.hooks.settingsAcknowledged(entries);
  }

  ping(payload: Buffer): void {
    this.session.emit('ping', payload);
  }

  pong(payload: Buffer): void {
    this.hooks.pong(payload);
  }

  goaway(lastStreamId: number, code: number, debugData: Buffer): void {
    this.hooks.goaway(lastStreamId, code, debugData);
  }

  altsvc(value: string, origin: string, streamId: number): void {
    this.session.emit('altsvc', value, origin, streamId);
  }

  origin(origins: readonly string[]): void {
    this.hooks.origin(origins);
  }

  failed(fault: FrameError): void {
    const [errno, message] = VIOLATIONS[fault.code] ?? [-505, 'Protocol error'];
    const error =
      fault.message === TOO_MANY_INVALID
        ? http2Error('ERR_HTTP2_TOO_MANY_INVALID_FRAMES')
        : Object.assign(protocolViolation(message, errno), { cause: fault.toString() });
    this.destroy(error, ErrorCode[fault.code]);
  }

  measured(duration: number): void {
    this.times?.stream(duration);
  }

  #publishTimes(): void {
    if (!this.times || !this.connection) return;
    const { framesReceived, framesSent, peakStreams } = this.connection.statistics;
    const { bytesRead, bytesWritten } = this;
    const type = this.isServer ? 'server' : 'client';
    this.times.publish({
      type,
      bytesRead,
      bytesWritten,
      framesReceived,
      framesSent,
      maxConcurrentStreams: peakStreams,
    });
  }

  // Time

  touch(): void {
    this.#timer?.refresh();
  }

  setTimeout(msecs: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (msecs > 0 && !this.destroyed) {
      // Once; activity sets it going again.
      this.#timer = setTimeout(() => this.session.emit('timeout'), msecs).unref();
    }
  }

  // The end

  /** No new streams; destroyed when the last has ended. */
  close(): void {
    if (this.closed || this.destroyed) return;
    this.closed = true;
    if (this.connection) {
      this.connection.goaway(0, this.connection.lastRemoteStreamId);
      this.connection.refuseStreams();
      this.flushSoon();
    }
    if (this.streams.size === 0) setImmediate(() => this.destroy(undefined, 0));
  }

  /**
   * Ends everything.
   *
   * @param code - for GOAWAY, which has been sent already when the connection has failed
   */
  destroy(error: Error | undefined, code: number, streamCode = code): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.closed = true;
    clearTimeout(this.#timer);
    this.#error ??= error;
    this.#destroyCode = streamCode;
    const { socket, connection } = this;
    if (connection && socket && !socket.destroyed) connection.goaway(code, connection.lastRemoteStreamId);
    for (const stream of this.streams.list()) stream[kSessionLost](error, streamCode);
    this.#endSocket();
    this.hooks.lost(error);
    this.#publishTimes();
  }

  #endSocket(): void {
    const { socket } = this;
    if (!socket || socket.destroyed) {
      process.nextTick(() => this.#emitClose());
      return;
    }
    this.#congested = false;
    this.flush();
    if (socket instanceof Socket) {
      socket.end();
      // What has been written is on its way by then, or the other side does not read.
      setImmediate(() => socket.destroy());
    } else {
      // Other streams may take being destroyed for a failure.
      socket.resume();
      socket.end(() => this.#emitClose());
    }
  }

  #socketClosed(): void {
    this.#give();
    this.#callBack();
    if (!this.destroyed) this.destroy(undefined, 0);
    else this.#emitClose();
  }

  #closeEmitted = false;

  #emitClose(): void {
    if (this.#closeEmitted) return;
    this.#closeEmitted = true;
    if (this.#error) this.session.emit('error', this.#error);
    this.session.emit('close');
  }

  get destroyCode(): number | undefined {
    return this.#destroyCode;
  }

  get receiving(): boolean {
    return this.#receiving;
  }
}

function callAll(callbacks: readonly (() => void)[]): void {
  for (const callback of callbacks) callback();
}

function flushLater(core: SessionCore): void {
  core.flush();
}

function finishLater(core: SessionCore): void {
  core.finish();
}
