/**
 * Theory of operation
 *
 * A parser is a value that bytes are pushed into and events are pulled out of; it knows no socket. Its phases:
 *
 *     start ──(a usual head, at once)──► framing ──(nothing)──────────────────────┐
 *       │                                 ▲  ├────► length ──► complete ──────────┤
 *       └──► fields ──(octet by octet)────┘  ├────► chunk ◄──► chunkData          ├──► start, closed or switched
 *                                            │        └──(last chunk, trailers)───┤
 *                                            └────► untilClose ──(end)────────────┘
 *
 * `head` comes before the framing is decided, so that the owner may say what the bytes alone cannot: that a response
 * answers HEAD (`skipBody`), or that the connection changes protocols (`switchProtocols`). RFC 9112 §6.3. Behind a
 * message that does not persist nothing but empty lines may come: `closed`. A fault leads to `failed`, for good.
 *
 * The owner pauses by not pulling: what was pushed waits. Nothing of it is copied; content is handed out as slices.
 */
import { Buffer } from 'node:buffer';
import { type Framing, isInterim, persists, requestFraming, responseFraming } from './framing.js';
import { Head, upgrades } from './head.js';
import { CONNECT } from './methods.js';
import type { SyntaxOptions } from './options.js';
import { ParseError } from './parse-error.js';
import { NOT_SCANNED, scanRequest, scanResponse } from './scan-head.js';
import { STATE, SyntaxReader } from './syntax-reader.js';

/**
 * What a parser has to tell.
 *
 * - `head`: start line and fields are in `head`;
 * - `body`: some content is in `body`;
 * - `complete`: the message has ended; trailers, if any, are in `trailers`. When `head.upgrade` is set, the bytes that
 *   follow are not HTTP/1 if the owner agrees: see `rest`;
 * - `error`: `error` says which; nothing comes after it.
 */
export type ParserEvent = 'head' | 'body' | 'complete' | 'error';

type Phase =
  | 'start'
  | 'fields'
  | 'framing'
  | 'length'
  | 'chunk'
  | 'chunkData'
  | 'untilClose'
  | 'complete'
  | 'switched'
  | 'closed'
  | 'failed';

export interface ParserOptions {
  /**
   * Octets of target or reason phrase, field names and values from which on a head (or trailers) is refused with
   * HPE_HEADER_OVERFLOW. Default: 16,384.
   */
  maxHeaderSize?: number;
  /** Fields that are listed; further ones are heeded, but left out of the list (some 30 more may slip in). 0: all. */
  maxFields?: number;
  /** As `insecureHTTPParser`: lets pass what RFC 9112 forbids and others have been seen to send. Default: false. */
  lenient?: boolean;
}

const NOTHING: Buffer = Buffer.alloc(0);

/** Messages of one direction of a connection, requests or responses, one after the other. */
export class MessageParser {
  /** Of the message being read. Used again for the next: take what you need before you go on. */
  readonly head = new Head();
  /** With the event `body`: content, sharing memory with what was pushed. */
  body = NOTHING;
  /** With the event `complete`: the trailer fields, like `head.rawHeaders`. */
  trailers: string[] = [];
  /** With the event `error`. */
  error: ParseError | undefined;

  readonly #options: SyntaxOptions;
  #phase: Phase = 'start';
  #bytes = NOTHING;
  #at = 0;
  /** Octets that remain of the content, or of the chunk. */
  #left = 0;
  #skipsBody = false;
  #ended = false;
  /** For what the short way is too short for: chunked content, heads in pieces, faults. Many connections need none. */
  #reader: SyntaxReader | undefined;

  constructor(
    kind: 'request' | 'response',
    { maxHeaderSize = 16_384, maxFields = 0, lenient = false }: ParserOptions = {},
  ) {
    this.#options = { isRequest: kind === 'request', lenient, maxHeaderSize, maxFields };
  }

  /** Adds bytes that have arrived. They must not change before they have been pulled, nor slices while in use. */
  push(bytes: Buffer): void {
    this.#bytes = this.#at < this.#bytes.length ? Buffer.concat([this.rest(), bytes]) : bytes;
    this.#at = 0;
  }

  /** The other side has ended: content of unknown length is complete, any other unfinished message is an error. */
  end(): void {
    this.#ended = true;
  }

  /** With the event `head` only: there is no content, since the response answers HEAD. RFC 9112 §6.3, rule 1 */
  skipBody(): void {
    this.#skipsBody = true;
  }

  /** With the event `head` only: no content, and another protocol behind the head. RFC 9112 §6.3, rule 2 */
  switchProtocols(): void {
    this.#skipsBody = true;
    this.head.upgrade = true;
  }

  /** Takes away the bytes that have not been looked at: those of the next protocol, say. */
  rest(): Buffer {
    const rest = this.#bytes.subarray(this.#at);
    this.#bytes = NOTHING;
    this.#at = 0;
    return rest;
  }

  /** Whether another message may follow this one, as far as is known. RFC 9112 §9.3 */
  get keepAlive(): boolean {
    const { head } = this;
    if (!persists(head)) return false;
    return this.#options.isRequest || this.#framing !== 'until-close' || isInterim(head.statusCode);
  }

  /** Whether nothing of another message has come: not one octet, leaving empty lines aside. */
  get idle(): boolean {
    if (this.#phase === 'fields') return this.#reader!.idle;
    return (this.#phase === 'start' || this.#phase === 'closed') && this.#at === this.#bytes.length;
  }

  /** The next event; undefined when more bytes are needed. */
  next(): ParserEvent | undefined {
    const event = this.#read();
    if (event !== undefined) return event;
    this.#release();
    return this.#ended ? this.#readEnd() : undefined;
  }

  #read(): ParserEvent | undefined {
    switch (this.#phase) {
      case 'start':
        return this.#readStart();
      case 'framing':
        return this.#beginContent();
      case 'length':
      case 'chunkData':
        return this.#readContent();
      case 'untilClose':
        return this.#readRest();
      case 'complete':
        return this.#complete();
      case 'fields':
      case 'chunk':
      case 'closed':
        return this.#readSyntax();
      case 'switched':
        return undefined;
      case 'failed':
        return this.rest().length > 0 ? 'error' : undefined;
    }
  }

  /** Lets go of what has been read, so that a connection at rest holds no memory but its own. */
  #release(): void {
    this.body = NOTHING;
    if (this.#at < this.#bytes.length) return;
    this.#bytes = NOTHING;
    this.#at = 0;
  }

  #readStart(): ParserEvent | undefined {
    if (this.#at === this.#bytes.length) return undefined;
    const scan = this.#options.isRequest ? scanRequest : scanResponse;
    const end = scan(this.#bytes, this.#at, this.head, this.#options);
    if (end >= 0) {
      this.#at = end;
      return this.#endOfHead();
    }
    const reader = this.#readerAt(this.#options.isRequest ? STATE.requestLine : STATE.statusLine);
    if (end !== NOT_SCANNED) this.#at = reader.beginScanned(this.#bytes, ~end);
    this.#phase = 'fields';
    return this.#readSyntax();
  }

  #readerAt(state: number): SyntaxReader {
    this.#reader ??= new SyntaxReader(this.head, this.#options);
    this.#reader.state = state;
    return this.#reader;
  }

  #readSyntax(): ParserEvent | undefined {
    const reader = this.#reader!;
    this.#at = reader.read(this.#bytes, this.#at);
    switch (reader.stop) {
      case undefined:
        return undefined;
      case 'error':
        return this.#fail(reader.error!);
      case 'chunk':
        return this.#beginChunk(reader);
      case 'fields':
        return this.#phase === 'fields' ? this.#endOfHead() : this.#complete();
    }
  }

  #endOfHead(): ParserEvent {
    this.head.upgrade = upgrades(this.head, this.#options.isRequest);
    this.#skipsBody = false;
    this.trailers = [];
    this.#phase = 'framing';
    return 'head';
  }

  get #framing(): Framing {
    const { head } = this;
    if (this.#skipsBody || head.method === CONNECT) return 'none';
    return this.#options.isRequest ? requestFraming(head) : responseFraming(head);
  }

  #beginContent(): ParserEvent | undefined {
    switch (this.#framing) {
      case 'none':
        return this.#complete();
      case 'length':
        this.#phase = 'length';
        this.#left = this.head.contentLength;
        return this.#readContent();
      case 'chunked':
        this.#phase = 'chunk';
        this.#readerAt(STATE.chunk).beginChunk();
        return this.#readSyntax();
      case 'until-close':
        return this.#beginUntilClose();
    }
  }

  /** RFC 9112 §6.3, rule 4: only a response may have codings of which the last is not chunked. */
  #beginUntilClose(): ParserEvent | undefined {
    if (this.#options.isRequest && !this.#options.lenient) {
      const reason = 'Request has invalid `Transfer-Encoding`';
      return this.#fail(new ParseError('HPE_INVALID_TRANSFER_ENCODING', reason, this.#at));
    }
    this.#phase = 'untilClose';
    return this.#readRest();
  }

  #readContent(): ParserEvent | undefined {
    const available = this.#bytes.length - this.#at;
    if (available === 0) return undefined;
    const length = Math.min(available, this.#left);
    this.body = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    this.#left -= length;
    if (this.#left === 0) this.#phase = this.#phase === 'length' ? 'complete' : 'chunk';
    return 'body';
  }

  #readRest(): ParserEvent | undefined {
    this.body = this.rest();
    return this.body.length > 0 ? 'body' : undefined;
  }

  #beginChunk(reader: SyntaxReader): ParserEvent | undefined {
    const size = reader.chunkSize;
    reader.beginChunk();
    if (size > 0) {
      this.#phase = 'chunkData';
      this.#left = size;
      return this.#readContent();
    }
    this.trailers = reader.beginFields();
    reader.state = STATE.field;
    return this.#readSyntax();
  }

  #complete(): ParserEvent {
    const { head } = this;
    if (head.upgrade || this.#options.lenient || this.keepAlive) this.#phase = 'start';
    else {
      this.#phase = 'closed';
      this.#readerAt(STATE.closed);
    }
    if (!head.upgrade && head.statusCode === 101) this.#phase = 'switched';
    return 'complete';
  }

  #readEnd(): ParserEvent | undefined {
    switch (this.#phase) {
      case 'untilClose':
        return this.#complete();
      case 'failed':
        return undefined;
    }
    if (this.idle) return undefined;
    return this.#fail(new ParseError('HPE_INVALID_EOF_STATE', 'Invalid EOF state', 0));
  }

  #fail(error: ParseError): ParserEvent {
    this.error = error;
    this.#phase = 'failed';
    this.rest();
    return 'error';
  }
}
