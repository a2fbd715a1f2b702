/** The text that is being read: it may go on from one piece of bytes to the next, and only so much of it is allowed. */
import type { Buffer } from 'node:buffer';
import { ParseError } from './parse-error.js';

/**
 * What the text is: a target or a name; a reason or a value; or a part of a chunk extension. At a fault in the latter two
 * Node's parser counts what there was of them, and may find that too large first.
 */
export type TextKind = 'name' | 'value' | 'extension';

/** Octets of names and values beyond which the extensions of one chunk are refused. */
const MAX_EXTENSIONS = 16_384;

/** No text is being read. */
const NOWHERE = -1;

export class TextSpan {
  readonly #maxHeaderSize: number;
  #kind: TextKind = 'name';
  /** Where in the bytes the text began. */
  #mark = NOWHERE;
  /** What came before these bytes. */
  #before = '';
  #headerSize = 0;
  #extensionsSize = 0;

  constructor(maxHeaderSize: number) {
    this.#maxHeaderSize = maxHeaderSize;
  }

  /** Counts the header, or the extensions, from 0 again. */
  resetHeaderSize(): void {
    this.#headerSize = 0;
  }

  resetExtensionsSize(): void {
    this.#extensionsSize = 0;
  }

  /** Whether so many octets more would still be allowed in the header. */
  fits(size: number): boolean {
    return this.#headerSize + size < this.#maxHeaderSize;
  }

  /** Counts octets of the header that have been read elsewhere. */
  add(size: number): void {
    this.#headerSize += size;
  }

  begin(kind: TextKind, at: number): void {
    this.#kind = kind;
    this.#mark = at;
  }

  /** Goes on at the beginning of other bytes. */
  resume(at: number): void {
    if (this.#mark !== NOWHERE) this.#mark = at;
  }

  /** At the end of bytes: what there is of the text counts, and is kept. Returns the error when it is too much. */
  suspend(bytes: Buffer): ParseError | undefined {
    if (this.#mark === NOWHERE) return undefined;
    if (this.#kind !== 'extension') this.#before += bytes.toString('latin1', this.#mark);
    return this.#count(bytes.length, bytes.length);
  }

  /** What there is of the text before an octet. */
  soFar(bytes: Buffer, at: number): string {
    return this.#before + bytes.toString('latin1', this.#mark, at);
  }

  /** What there is of it behind the last comma, if there is one in these bytes. */
  behindComma(bytes: Buffer, at: number): string {
    const comma = at > this.#mark ? bytes.lastIndexOf(0x2c, at - 1) : NOWHERE;
    return comma < this.#mark ? this.soFar(bytes, at) : bytes.toString('latin1', comma + 1, at);
  }

  /** The text ends before an octet, and counts. Returns the error when it is too much. */
  end(at: number, bytesParsed: number): ParseError | undefined {
    const error = this.#count(at, bytesParsed);
    this.#mark = NOWHERE;
    this.#before = '';
    return error;
  }

  /** There is a fault at an octet. Returns the error that comes before it. */
  fault(at: number, bytesParsed: number): ParseError | undefined {
    return this.#mark === NOWHERE || this.#kind === 'name' ? undefined : this.#count(at, bytesParsed);
  }

  #count(at: number, bytesParsed: number): ParseError | undefined {
    const length = at - this.#mark;
    if (this.#kind === 'extension') {
      this.#extensionsSize += length;
      if (this.#extensionsSize <= MAX_EXTENSIONS) return undefined;
      return new ParseError('HPE_CHUNK_EXTENSIONS_OVERFLOW', 'Chunk extensions overflow', bytesParsed);
    }
    this.#headerSize += length;
    if (this.#headerSize < this.#maxHeaderSize) return undefined;
    return new ParseError('HPE_HEADER_OVERFLOW', 'Header overflow', bytesParsed);
  }
}
