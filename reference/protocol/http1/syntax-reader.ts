/** Runs the table of `syntax.ts` over bytes, however they are cut, and makes heads, chunk sizes and trailers of them. */
import type { Buffer } from 'node:buffer';
import { connectionFlags, endsChunked, type FieldKind, Flag, fieldKindOf, type Head, NO_LENGTH } from './head.js';
import { beginsMethod, CONNECT, isMethod, METHODS_OF, PRI } from './methods.js';
import { listsField, type SyntaxOptions } from './options.js';
import { ParseError, type ParseErrorCode } from './parse-error.js';
import { endOfFields, markedFields, scanFields, sizeOfFields, takeFields } from './scan-fields.js';
import { ACTIONS, type Action, type State, SYNTAX } from './syntax.js';
import { TextSpan } from './text-span.js';
import { AGAIN, compile, FAIL, numbers, type TransitionTable } from './transition-table.js';

/** The greatest Content-Length that Node's parser takes: 2^64 - 1. */
const MAX_LENGTH = '18446744073709551615';

/** Hexadecimal digits of the greatest chunk. */
const MAX_SIZE_DIGITS = 16;

export const STATE = numbers(Object.keys(SYNTAX) as State[]);

let strictTable: TransitionTable | undefined;
let lenientTable: TransitionTable | undefined;

function tableFor(lenient: boolean): TransitionTable {
  if (lenient) return (lenientTable ??= compile(SYNTAX, ACTIONS, 'lenient'));
  return (strictTable ??= compile(SYNTAX, ACTIONS, 'strict'));
}

/** Where the reader has stopped: behind the fields, before the data of a chunk, at a fault, or nowhere yet. */
export type Stop = 'fields' | 'chunk' | 'error' | undefined;

/** What is done besides going to the next state, with the octet at hand. It may set another state, or fail. */
type Act = (bytes: Buffer, at: number) => void;

export class SyntaxReader implements Record<Action, Act> {
  readonly options: SyntaxOptions;
  readonly head: Head;
  /** A number of `STATE`. */
  state = 0;
  stop: Stop;
  error: ParseError | undefined;
  /** Octets of the chunk whose size line has been read. */
  chunkSize = 0;

  readonly #text: TextSpan;
  #fields: string[] = [];
  /** Fields of the section so far, listed or not. */
  #fieldCount = 0;
  /** Whether the section's lines may be taken at once; and octets that an action has taken so. */
  #mayTake = true;
  #taken = 0;
  /** As much of a method as has been read. */
  #method = '';
  /** The field being read. */
  #kind: FieldKind;
  #name = '';
  #value = '';
  /** Significant digits of a Content-Length, or of a chunk's size. */
  #digits = '';

  constructor(head: Head, options: SyntaxOptions) {
    this.head = head;
    this.options = options;
    this.#text = new TextSpan(options.maxHeaderSize);
  }

  /** Whether nothing has come but what may come before a message. */
  get idle(): boolean {
    return this.state === STATE.requestLine || this.state === STATE.statusLine;
  }

  /** Reads up to the next stop or to the end of the bytes; returns where it has come to. */
  read(bytes: Buffer, at: number): number {
    const { entries, failures } = tableFor(this.options.lenient);
    const end = bytes.length;
    let { state } = this;
    let i = at;
    this.stop = undefined;
    this.#text.resume(at);
    while (i < end) {
      const entry = entries[(state << 8) | bytes[i]!]!;
      if (entry < 0x100) {
        state = entry;
        i++;
        continue;
      }
      if ((entry & FAIL) !== 0) {
        const { code, reason, offset } = failures[entry & ~FAIL]!;
        this.#fail(code, reason, i, offset);
        return i;
      }
      this.state = entry & 0xff;
      const action = (entry & ~AGAIN) >> 8;
      if (action !== 0) ACTS[action - 1]!.call(this, bytes, i);
      if ((entry & AGAIN) === 0) i++;
      i += this.#taken;
      this.#taken = 0;
      if (this.stop !== undefined) return i;
      state = this.state;
    }
    this.state = state;
    this.#check(this.#text.suspend(bytes));
    return i;
  }

  #fail(code: ParseErrorCode, reason: string, at: number, offset: 0 | 1 = 0): void {
    const bytesParsed = at + offset;
    this.#check(this.#text.fault(at, bytesParsed) ?? new ParseError(code, reason, bytesParsed));
  }

  #check(error: ParseError | undefined): void {
    if (error === undefined) return;
    this.error = error;
    this.stop = 'error';
  }

  /** Begins a section of fields, the head's or trailers; returns the list that they will be in. */
  beginFields(): string[] {
    this.#fields = [];
    this.#text.resetHeaderSize();
    this.#fieldCount = 0;
    this.#mayTake = true;
    return this.#fields;
  }

  /**
   * Begins behind a start line that has been read into the head, with the field lines that are marked. Returns where to
   * read on.
   */
  beginScanned(bytes: Buffer, at: number): number {
    const { target, reason } = this.head;
    this.head.rawHeaders = this.beginFields();
    this.#text.add(target.length + reason.length);
    this.#takeMarked(bytes, at, markedFields);
    this.state = this.#taken > 0 ? STATE.field : STATE.firstField;
    const end = at + this.#taken;
    this.#taken = 0;
    return end;
  }

  /** Begins a chunk. */
  beginChunk(): void {
    this.chunkSize = 0;
    this.#digits = '';
    this.#text.resetExtensionsSize();
  }

  /** The text that ends before the octet. */
  #take(bytes: Buffer, at: number, bytesParsed: number): string {
    const text = this.#text.soFar(bytes, at);
    this.#check(this.#text.end(at, bytesParsed));
    return text;
  }

  // ── Actions of syntax.ts ───────────────────────────────────────────────────────────────────────────────────────────

  beginMessage(): void {
    this.head.reset();
    this.head.rawHeaders = this.beginFields();
  }

  mark(_bytes: Buffer, at: number): void {
    this.#text.begin('name', at);
  }

  method(bytes: Buffer, at: number): void {
    const method = this.#method;
    const longer = method + bytes.toString('latin1', at, at + 1);
    if (beginsMethod(longer)) {
      this.#method = longer;
      return;
    }
    this.#method = '';
    if (!isMethod(method)) this.#fail('HPE_INVALID_METHOD', 'Invalid method encountered', at);
    else if (!longer.endsWith(' ')) this.#fail('HPE_INVALID_METHOD', 'Expected space after method', at);
    this.head.method = method;
    this.state = method === CONNECT ? STATE.connectTarget : STATE.target;
  }

  endTarget(bytes: Buffer, at: number): void {
    this.head.target = this.#take(bytes, at, at);
  }

  endSimpleTarget(bytes: Buffer, at: number): void {
    this.endTarget(bytes, at);
    this.head.versionMajor = 0;
    this.head.versionMinor = 9;
  }

  http(_bytes: Buffer, at: number): void {
    this.#checkMethod(METHODS_OF.HTTP, 'Invalid method for HTTP/x.x request', at);
  }

  rtsp(_bytes: Buffer, at: number): void {
    this.#checkMethod(METHODS_OF.RTSP, 'Invalid method for RTSP/x.x request', at);
  }

  ice(_bytes: Buffer, at: number): void {
    this.#checkMethod(METHODS_OF.ICE, 'Expected SOURCE method for ICE/x.x request', at);
  }

  major(bytes: Buffer, at: number): void {
    this.head.versionMajor = digit(bytes, at);
  }

  minor(bytes: Buffer, at: number): void {
    this.head.versionMinor = digit(bytes, at);
    const version = `${this.head.versionMajor}.${this.head.versionMinor}`;
    if (!this.options.lenient && !VERSIONS.has(version)) {
      this.#fail('HPE_INVALID_VERSION', 'Invalid HTTP version', at, 1);
    }
    if (!this.options.isRequest) this.state = STATE.statusSpace;
    else if (this.head.method === PRI) this.state = STATE.preface;
  }

  status(bytes: Buffer, at: number): void {
    this.head.statusCode = this.head.statusCode * 10 + digit(bytes, at);
  }

  markReason(_bytes: Buffer, at: number): void {
    this.#text.begin('value', at);
  }

  endReason(bytes: Buffer, at: number): void {
    this.head.reason = this.#take(bytes, at, at + 1);
  }

  /** Before a field line: takes at once those that leave no question, up to the first that does. */
  fieldLines(bytes: Buffer, at: number): void {
    if (this.#mayTake) this.#takeMarked(bytes, at, scanFields(bytes, at));
  }

  #takeMarked(bytes: Buffer, at: number, marked: number): void {
    // Whether a line is complete the next one says, which may be folded.
    const count = marked > 0 && !beginsLine(bytes[endOfFields(marked)]) ? marked - 1 : marked;
    if (count === 0) return;
    const isListed = listsField(this.#fieldCount + count, this.options.maxFields);
    this.#mayTake = isListed && this.#text.fits(sizeOfFields(count));
    if (!this.#mayTake) return;
    const text = bytes.toString('latin1', at, endOfFields(count));
    const taken = takeFields(bytes, text, at, count, this.head, this.#fields, this.#fields.length);
    this.#mayTake = taken === count;
    this.#fieldCount += taken;
    this.#text.add(sizeOfFields(taken));
    this.#taken = endOfFields(taken) - at;
  }

  spaceInName(bytes: Buffer, at: number): void {
    const kind = fieldKindOf(this.#text.soFar(bytes, at));
    if (!FRAMING_KINDS.has(kind)) {
      this.#fail('HPE_INVALID_HEADER_TOKEN', 'Invalid header token', at);
    } else if (!this.options.lenient) {
      this.#check(this.#text.end(at, at + 1));
      if (this.error === undefined) this.#fail('HPE_INVALID_HEADER_TOKEN', 'Invalid header field char', at, 1);
    }
  }

  /** Content-Length and Transfer-Encoding exclude each other: RFC 9112 §6.3, rule 3, and smuggled requests. */
  endName(bytes: Buffer, at: number): void {
    const { head } = this;
    this.#name = this.#take(bytes, at, at + 1);
    this.#kind = fieldKindOf(this.#name.trimEnd());
    if (this.stop === 'error' || this.options.lenient) return;
    if (this.#kind === 'content-length' && head.has(Flag.TRANSFER_ENCODING)) {
      const reason = "Content-Length can't be present with Transfer-Encoding";
      this.#fail('HPE_INVALID_CONTENT_LENGTH', reason, at, 1);
    } else if (this.#kind === 'transfer-encoding' && head.contentLength !== NO_LENGTH) {
      const reason = "Transfer-Encoding can't be present with Content-Length";
      this.#fail('HPE_INVALID_TRANSFER_ENCODING', reason, at, 1);
    }
  }

  beginValue(_bytes: Buffer, at: number): void {
    this.#text.begin('value', at);
    if (this.#kind === 'content-length') {
      if (this.head.contentLength !== NO_LENGTH) {
        this.#fail('HPE_UNEXPECTED_CONTENT_LENGTH', 'Duplicate Content-Length', at);
      }
      this.head.contentLength = 0;
      this.#digits = '';
      this.state = STATE.lengthValue;
    } else if (this.#kind === 'transfer-encoding') {
      if (this.head.has(Flag.CHUNKED)) this.#codingBehindChunked(at);
      this.head.flags = (this.head.flags | Flag.TRANSFER_ENCODING) & ~Flag.CHUNKED;
      this.state = STATE.codingValue;
    } else if (this.#kind === 'upgrade') {
      this.head.flags |= Flag.UPGRADE;
    }
  }

  lengthDigit(bytes: Buffer, at: number): void {
    this.#addDigit(bytes, at);
    const { length } = this.#digits;
    if (length > MAX_LENGTH.length || (length === MAX_LENGTH.length && this.#digits > MAX_LENGTH)) {
      this.#fail('HPE_INVALID_CONTENT_LENGTH', 'Content-Length overflow', at + 1);
    }
    this.head.contentLength = Number(this.#digits);
  }

  comma(bytes: Buffer, at: number): void {
    if (endsChunked(this.#text.behindComma(bytes, at))) this.#codingBehindChunked(at);
  }

  endLine(bytes: Buffer, at: number): void {
    // Where a lenient parser takes LF for the end, Node's counts it only then as parsed.
    const line = this.#take(bytes, at, bytes[at] === LF ? at : at + 1);
    this.#value += line;
    if (this.#kind === 'connection' || this.#kind === 'proxy-connection') {
      this.head.flags |= connectionFlags(line);
      // Should another line follow, it has options too; but behind a known one it is just text.
      if (KNOWN_OPTION_LAST.test(line)) this.#kind = undefined;
    } else if (this.#kind === 'transfer-encoding' && endsChunked(line)) {
      this.head.flags |= Flag.CHUNKED;
    }
  }

  /** Another line of the same value. */
  fold(_bytes: Buffer, at: number): void {
    this.#text.begin('value', at);
    if (this.#kind === 'content-length') {
      this.#fail('HPE_UNEXPECTED_CONTENT_LENGTH', 'Duplicate Content-Length', at);
    } else if (this.#kind === 'transfer-encoding') {
      this.head.flags &= ~Flag.CHUNKED;
      this.#kind = undefined;
    }
  }

  emptyField(bytes: Buffer, at: number): void {
    if (this.#kind === 'content-length') this.#fail('HPE_INVALID_CONTENT_LENGTH', 'Empty Content-Length', at);
    else this.endField(bytes, at);
  }

  endField(bytes: Buffer, at: number): void {
    if (this.#kind === 'host') this.head.flags |= Flag.HOST;
    else if (this.#kind === 'expect') this.head.flags |= Flag.EXPECT;
    if (listsField(this.#fieldCount++, this.options.maxFields)) this.#fields.push(this.#name, trimEnd(this.#value));
    this.#value = '';
    this.fieldLines(bytes, at);
  }

  endFields(): void {
    this.stop = 'fields';
  }

  sizeDigit(bytes: Buffer, at: number): void {
    this.#addDigit(bytes, at);
    if (this.#digits.length > MAX_SIZE_DIGITS) this.#fail('HPE_INVALID_CHUNK_SIZE', 'Chunk size overflow', at, 1);
    this.chunkSize = Number.parseInt(this.#digits, 16);
  }

  markExtension(_bytes: Buffer, at: number): void {
    this.#text.begin('extension', at);
  }

  endExtension(_bytes: Buffer, at: number): void {
    this.#check(this.#text.end(at, at + 1));
  }

  endQuoted(_bytes: Buffer, at: number): void {
    this.#check(this.#text.end(at + 1, at + 1));
  }

  endSize(): void {
    this.stop = 'chunk';
  }

  #checkMethod(methods: ReadonlySet<string>, reason: string, at: number): void {
    if (!this.options.isRequest || methods.has(this.head.method)) return;
    this.#fail('HPE_INVALID_CONSTANT', reason, at, 1);
  }

  #codingBehindChunked(at: number): void {
    if (!this.options.isRequest || this.options.lenient) return;
    this.#fail('HPE_INVALID_TRANSFER_ENCODING', 'Invalid `Transfer-Encoding` header value', at, 1);
  }

  #addDigit(bytes: Buffer, at: number): void {
    if (this.#digits !== '0') this.#digits += bytes.toString('latin1', at, at + 1);
    else this.#digits = bytes.toString('latin1', at, at + 1);
  }
}

const ACTS: readonly Act[] = ACTIONS.map((name) => SyntaxReader.prototype[name]);

/** Versions that are taken where the parser is not lenient. */
const VERSIONS = new Set(['0.9', '1.0', '1.1', '2.0']);

/** Names that Node's parser looks at letter by letter, and treats apart when a space follows. */
const FRAMING_KINDS = new Set<FieldKind>([
  ...(['connection', 'proxy-connection', 'content-length', 'transfer-encoding', 'upgrade'] as const),
]);

const KNOWN_OPTION_LAST = /(?:^|,)[ \t]*(?:close|keep-alive|upgrade)[^,]*$/i;

const HTAB = 0x09;
const LF = 0x0a;
const SP = 0x20;

function beginsLine(octet: number | undefined): boolean {
  return octet !== undefined && octet !== SP && octet !== HTAB;
}

function digit(bytes: Buffer, at: number): number {
  return bytes[at]! - 0x30;
}

/** Without SP and HTAB behind it: before it they have been left out. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
  return text.slice(0, end);
}
