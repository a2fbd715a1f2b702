/** What both directions of a connection share: see connection.ts. */
import type { Buffer } from 'node:buffer';
import { Decoder } from '../hpack/decoder.js';
import { Encoder } from '../hpack/encoder.js';
import type { HeaderField } from '../hpack/header-field.js';
import { defaultIndexing, type IndexingPolicy } from '../hpack/indexing.js';
import { ErrorCode, type ErrorCodeName } from './errorcode.js';
import { DEFAULT_WINDOW_SIZE, ReceiveWindow } from './flow-control.js';
import { Flag, FrameType, type Setting } from './frame.js';
import { FrameError } from './frame-error.js';
import { DEFAULT_LIMITS, type LimitOptions, MAX_IDLE_FRAMES } from './limits.js';
import { Output } from './output.js';
import { SettingId } from './settings.js';
import { PendingSettings, SettingValues } from './settings-sync.js';
import { Closure, type StreamEntry, StreamTable } from './stream-entry.js';
import { nextState, StreamEvent, StreamState } from './stream-states.js';

export type Role = 'client' | 'server';

/** What a block of fields is. A pushed stream's answer is a response too. */
export type BlockKind = 'request' | 'informational' | 'response' | 'trailers';

/** A block of fields as it came. */
export interface FieldBlock {
  readonly fields: readonly HeaderField[];
  /** Room for whatever the handler makes of the fields: the same block may come again, as the same object. */
  derived: unknown;
}

/** Whoever uses a connection is told by these calls, all of them made within `receive` or a method of the connection. */
export interface ConnectionHandler<T> {
  /** A whole block of fields, of a message that is not malformed. @param flags - of the HEADERS frame */
  headers(stream: StreamEntry<T>, block: FieldBlock, kind: BlockKind, flags: number): void;
  /** The other side has promised a stream. RFC 9113 §8.4 */
  promise(parent: StreamEntry<T>, promised: StreamEntry<T>, block: FieldBlock, flags: number): void;
  /** Content. Credit is given for what is handed to `consume`. */
  data(stream: StreamEntry<T>, data: Buffer): void;
  /** The other side has ended its half of the stream. */
  end(stream: StreamEntry<T>): void;
  /** Content that had to wait has been sent. */
  drained(stream: StreamEntry<T>): void;
  /** Both sides have ended the stream. */
  finished(stream: StreamEntry<T>): void;
  /** The stream was reset, by the other side or for what the other side did. @param fault - the rule that was broken */
  reset(stream: StreamEntry<T>, code: number, fault: string | undefined): void;
  settings(): void;
  /** @param entries - of the SETTINGS that hold from now on */
  settingsAcknowledged(entries: readonly Setting[]): void;
  ping(opaqueData: Buffer): void;
  pong(opaqueData: Buffer): void;
  goaway(lastStreamId: number, code: number, debugData: Buffer): void;
  altsvc(value: string, origin: string, streamId: number): void;
  origin(origins: readonly string[]): void;
  /** The other side has broken the protocol or a limit. GOAWAY has been written; nothing more is read. */
  failed(error: FrameError): void;
}

export interface ConnectionOptions {
  role: Role;
  /** Limits of this side; those left out have their defaults. */
  limits?: Partial<LimitOptions>;
  /** Octets that the table for compressing fields may have at most. Default 4096. */
  maxDeflateTableSize?: number | undefined;
  /** Streams of this side at a time until the other side says how many. Default 100. */
  peerMaxConcurrentStreams?: number | undefined;
  /** Octets of padding for a frame. @param length - of its payload @param room - octets there may be at most */
  padding?: ((length: number, room: number) => number) | undefined;
  /** Octets of a list of fields received, until SETTINGS say otherwise. Default 65535. */
  maxHeaderListSize?: number | undefined;
}

export class ConnectionCore<T> {
  readonly role: Role;
  readonly limits: LimitOptions;
  readonly padding: ((length: number, room: number) => number) | undefined;
  readonly output = new Output();
  readonly streams = new StreamTable<T>();
  /** Settings of this side that are in effect. */
  readonly local = new SettingValues();
  readonly remote = new SettingValues();
  readonly pending = new PendingSettings();
  readonly encoder: Encoder;
  readonly decoder: Decoder;
  readonly receiveWindow = new ReceiveWindow(DEFAULT_WINDOW_SIZE);
  /** Credit is to be given: for the connection, for streams. */
  #creditDue = false;
  #streamsDue: StreamEntry<T>[] = [];
  sendWindow = DEFAULT_WINDOW_SIZE;
  peerMaxConcurrentStreams: number;
  /** SETTINGS have been received. */
  settled = false;
  /** Open streams by who began them; reserved ones do not count. §5.1.2 */
  activeHere = 0;
  activeThere = 0;
  /** The most streams that were open at a time. */
  peakStreams = 0;
  nextStreamId: number;
  /** The highest stream the other side has begun. */
  lastRemoteStreamId = 0;
  /** The last stream that GOAWAY names, once it has been sent or received. */
  goawaySent: number | undefined = undefined;
  goawayReceived: number | undefined = undefined;
  /** Octets of content that wait for credit. */
  queuedOctets = 0;
  /** Frames in a row that were legal and of no use. */
  idleFrames = 0;
  invalidFrames = 0;
  rejectedStreams = 0;
  error: FrameError | undefined = undefined;

  constructor(
    readonly handler: ConnectionHandler<T>,
    options: ConnectionOptions,
  ) {
    this.role = options.role;
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.padding = options.padding;
    this.nextStreamId = options.role === 'client' ? 1 : 2;
    this.peerMaxConcurrentStreams = options.peerMaxConcurrentStreams ?? 100;
    this.remote.apply([[SettingId.MAX_CONCURRENT_STREAMS, this.peerMaxConcurrentStreams]]);
    this.local.maxHeaderListSize = options.maxHeaderListSize ?? 65_535;
    this.encoder = new Encoder({ maxTableSize: options.maxDeflateTableSize ?? 4096, indexing });
    this.decoder = new Decoder({
      maxHeaderListSize: this.local.maxHeaderListSize,
      maxFieldCount: this.limits.maxHeaderListPairs,
    });
  }

  /** Octets that the connection takes, by and large. */
  get memory(): number {
    const tables = this.encoder.tableSize + this.decoder.tableSize;
    return this.streams.size * 1024 + tables + this.queuedOctets + this.output.length + this.pending.length * 64;
  }

  isHere(streamId: number): boolean {
    return (streamId & 1) === (this.role === 'client' ? 1 : 0);
  }

  /** Whether nothing has been sent or received on the stream yet. */
  isIdle(streamId: number): boolean {
    return this.isHere(streamId) ? streamId >= this.nextStreamId : streamId > this.lastRemoteStreamId;
  }

  /** Follows the table of states. Streams that close are taken out; @returns false when the event must not happen */
  move(stream: StreamEntry<T>, event: StreamEvent): boolean {
    const before = stream.state;
    const after = nextState(before, event);
    if (after === 0) return false;
    if (after === before) return true;
    stream.state = after;
    if (after === StreamState.CLOSED) this.#close(stream, before, event);
    else if (isActive(after) && !isActive(before)) this.#opened(stream.id);
    return true;
  }

  #opened(id: number): void {
    if (this.isHere(id)) this.activeHere++;
    else this.activeThere++;
    const active = this.activeHere + this.activeThere;
    if (active > this.peakStreams) this.peakStreams = active;
  }

  #close(stream: StreamEntry<T>, before: StreamState, event: StreamEvent): void {
    if (isActive(before)) {
      if (this.isHere(stream.id)) this.activeHere--;
      else this.activeThere--;
    }
    this.dropQueued(stream);
    let closure: Closure = Closure.FINISHED;
    if (event === StreamEvent.SEND_RST_STREAM) closure = Closure.RESET_HERE;
    else if (event === StreamEvent.RECEIVE_RST_STREAM) closure = Closure.RESET_THERE;
    this.streams.close(stream.id, closure);
  }

  /** Forgets content that will not be sent any more. */
  dropQueued(stream: StreamEntry<T>): void {
    const { queued } = stream;
    if (queued === undefined) return;
    stream.queued = undefined;
    this.queuedOctets += queued.offset;
    for (let i = queued.index; i < queued.chunks.length; i++) this.queuedOctets -= queued.chunks[i]!.length;
  }

  /** Resets a stream; what is queued for it is lost. Nothing is sent for one that is idle or closed. */
  sendReset(stream: StreamEntry<T>, code: number): void {
    if (stream.state === StreamState.CLOSED || stream.state === StreamState.IDLE) return;
    this.move(stream, StreamEvent.SEND_RST_STREAM);
    this.output.uint32(FrameType.RST_STREAM, Flag.NONE, stream.id, code);
  }

  /** A stream error (§5.4.2): resets the stream and tells its owner. */
  streamError(stream: StreamEntry<T>, code: number, fault: string): void {
    this.sendReset(stream, code);
    if (this.countInvalid()) this.handler.reset(stream, code, fault);
  }

  /** @returns false when that was one too many, and the connection has failed */
  countInvalid(): boolean {
    if (++this.invalidFrames <= this.limits.maxInvalidFrames) return true;
    this.calm(TOO_MANY_INVALID);
    return false;
  }

  /** Refuses a stream of the other side before anybody here has heard of it. */
  refuse(streamId: number, code: number): void {
    this.output.uint32(FrameType.RST_STREAM, Flag.NONE, streamId, code);
    this.streams.close(streamId, Closure.RESET_HERE);
    if (++this.rejectedStreams > this.limits.maxRejectedStreams) {
      this.calm('too many streams refused');
    }
  }

  /** A connection error (§5.4.1): GOAWAY, and the end. */
  fail(error: FrameError): void {
    if (this.error) return;
    this.error = error;
    this.goawaySent = this.lastRemoteStreamId;
    this.output.uint32(FrameType.GOAWAY, Flag.NONE, 0, this.lastRemoteStreamId, ErrorCode[error.code]);
    this.handler.failed(error);
  }

  connectionError(code: ErrorCodeName, section: string, message: string): void {
    this.fail(new FrameError(code, 'connection', `RFC 9113 ${section}`, message));
  }

  protocolError(section: string, message: string): void {
    this.connectionError('PROTOCOL_ERROR', section, message);
  }

  /** The other side does too much of what costs it little. */
  calm(message: string): void {
    this.connectionError('ENHANCE_YOUR_CALM', '§10.5', message);
  }

  /** A frame that cannot be decoded. */
  fault(error: FrameError): void {
    if (error.scope === 'connection') {
      this.fail(error);
      return;
    }
    const id = error.header!.streamId;
    if (error.scope === 'frame') return;
    const stream = this.streams.get(id);
    if (stream) {
      this.streamError(stream, ErrorCode[error.code], error.message);
      return;
    }
    // No stream is there to be reset. §5.4 lets a stream error be treated as a connection error.
    this.fail(error);
  }

  /** A frame that is legal and of no use. @returns false when that was one too many, and the connection has failed */
  countIdle(): boolean {
    if (++this.idleFrames <= MAX_IDLE_FRAMES) return true;
    this.calm('too many frames of no use');
    return false;
  }

  /** Octets have been read: the other side is to be told so by `giveCredit`, when it is time to. */
  consume(stream: StreamEntry<T> | undefined, octets: number): void {
    if (this.receiveWindow.consume(octets)) this.#creditDue = true;
    if (stream?.receiveWindow?.consume(octets)) this.#streamsDue.push(stream);
  }

  /**
   * Tells the other side that octets have been read. Not before all that has arrived has been dealt with: it can then
   * send the more at a time.
   */
  giveCredit(): void {
    if (this.error) return;
    const streams = this.#streamsDue.length > 0;
    // The connection's goes along with that of a stream.
    if (this.#creditDue || streams) this.#update(0, this.receiveWindow);
    this.#creditDue = false;
    if (!streams) return;
    for (const stream of this.#streamsDue) if (!stream.remoteClosed) this.#update(stream.id, stream.receiveWindow!);
    this.#streamsDue = [];
  }

  #update(streamId: number, window: ReceiveWindow): void {
    const increment = window.credit();
    if (increment > 0) this.output.uint32(FrameType.WINDOW_UPDATE, Flag.NONE, streamId, increment);
  }
}

/** Of the secrets, authorization and short cookies are never indexed; the others are only kept out of the table. */
const indexing: IndexingPolicy = (field, maxTableSize) =>
  field.name === 'proxy-authorization' ? 'WITHOUT_INDEXING' : defaultIndexing(field, maxTableSize);

/** The message of the error that ends a connection with too many malformed messages. */
export const TOO_MANY_INVALID = 'too many invalid frames';

function isActive(state: StreamState): boolean {
  return (
    state === StreamState.OPEN || state === StreamState.HALF_CLOSED_LOCAL || state === StreamState.HALF_CLOSED_REMOTE
  );
}
