// The head of an outgoing message: start line, fields, and the fields that say how the message is framed and whether
// the connection lives on. This is where that is decided.

import { trailerInvalid } from '../common/errors.js';
import { headerKey, validateHeaderValue } from '../common/headers.js';
import { dateLine } from './date.js';

/** A field as `setHeader()` got it. */
export interface HeaderField {
  /** As it was written. */
  name: string;
  value: unknown;
}

/** Fields by lower-case name, in the order in which they were set. */
export type HeaderFields = Map<string, HeaderField>;

/** Fields that nobody has checked: an object, names and values in turn, or pairs of them. */
export type UncheckedFields = Record<string, unknown> | readonly unknown[];

/** What a message says about its framing before its head is made. */
export interface Framing {
  /** Whether the connection may be used again after this message. */
  readonly shouldKeepAlive: boolean;
  /** Whether a body of unknown length is sent in chunks. */
  readonly useChunkedEncodingByDefault: boolean;
  /** Whether the body is sent in chunks, whatever the fields say. */
  readonly chunkedEncoding: boolean;
  /** Whether a Date field is made where there is none. */
  readonly sendDate: boolean;
  /** Set for a client's request that has an Agent: the Agent decides whether the connection is kept. */
  readonly agent?: unknown;
  /** The server's last response on this connection. */
  readonly maxRequestsOnConnectionReached: boolean;
  /** Whether there is a body: none for HEAD, 204 and 304. */
  readonly _hasBody: boolean;
  /** Whether the connection ends with the message. */
  readonly _last: boolean;
  /** Length of the body in bytes where it is known. */
  readonly _contentLength: number | null;
  /** Which of the fields that are made by default were removed on purpose. */
  readonly _removed: number;
  /** Milliseconds for Keep-Alive, 0 for no such field. */
  readonly _keepAliveTimeout: number;
  /** For Keep-Alive, 0 for no limit. */
  readonly _maxRequestsPerSocket: number;
  /** Fields whose items are joined into one line, by lower-case name. */
  readonly _uniqueHeaders: ReadonlySet<string> | null;
  /** What `setHeader()` has collected. */
  readonly _fields: HeaderFields | null;
}

/** Flags of `Framing._removed`. */
export const REMOVED_CONNECTION = 1;
export const REMOVED_CONTENT_LENGTH = 2;
export const REMOVED_TRANSFER_ENCODING = 4;

/** A head, ready to be sent, and what follows from it for the message. */
export interface RenderedHead {
  /** With the empty line that ends it; each character is one octet. */
  text: string;
  /** Whether there is an Expect field: the head then goes out by itself. */
  expect: boolean;
  shouldKeepAlive: boolean;
  chunkedEncoding: boolean;
  /** Whether the connection ends with the message. */
  last: boolean;
  /** Bytes. */
  contentLength: number | null;
}

const CLOSE = /(?:^|\W)close(?:$|\W)/i;
const CHUNKED = /(?:^|\W)chunked(?:$|\W)/i;

/** The fields of a head as they are written, and what was noticed about them. */
class FieldLines {
  text = '';
  /** The value of the Connection field that counts, if there is one. */
  connection = false;
  close = false;
  contentLength = false;
  transferEncoding = false;
  chunked = false;
  date = false;
  expect = false;
  trailer = false;
  keepAlive = false;
  length: number | null = null;

  /** Adds the lines of one field: one line for each item of an array, or one for all where they must be joined. */
  add(key: string, name: string, value: unknown, unique: ReadonlySet<string> | null): void {
    if (!Array.isArray(value)) this.#line(key, name, value);
    else if (value.length > 1 && (key === 'cookie' || unique?.has(key))) this.#line(key, name, value.join('; '));
    else for (const item of value) this.#line(key, name, item);
  }

  #line(key: string, name: string, value: unknown): void {
    this.text += `${name}: ${value as string}\r\n`;
    switch (key) {
      case 'connection':
        this.connection = true;
        if (CLOSE.test(value as string)) this.close = true;
        break;
      case 'content-length':
        this.contentLength = true;
        this.length = Number(value);
        break;
      case 'transfer-encoding':
        this.transferEncoding = true;
        if (CHUNKED.test(value as string)) this.chunked = true;
        break;
      case 'date':
        this.date = true;
        break;
      case 'expect':
        this.expect = true;
        break;
      case 'trailer':
        this.trailer = true;
        break;
      case 'keep-alive':
        this.keepAlive = true;
        break;
    }
  }
}

/** Adds a field that nobody has looked at yet. */
function addChecked(lines: FieldLines, name: unknown, value: unknown, unique: ReadonlySet<string> | null): void {
  const key = headerKey(name as string);
  if (Array.isArray(value)) for (const item of value) validateHeaderValue(name, item);
  else validateHeaderValue(name, value);
  lines.add(key, name as string, value, unique);
}

function addFields(lines: FieldLines, fields: HeaderFields, unique: ReadonlySet<string> | null): void {
  for (const [key, { name, value }] of fields) lines.add(key, name, value, unique);
}

function addUnchecked(lines: FieldLines, fields: UncheckedFields, unique: ReadonlySet<string> | null): void {
  if (!Array.isArray(fields)) {
    for (const name of Object.keys(fields)) addChecked(lines, name, (fields as Record<string, unknown>)[name], unique);
  } else if (Array.isArray(fields[0])) {
    for (const [name, value] of fields as [unknown, unknown][]) addChecked(lines, name, value, unique);
  } else {
    for (let i = 0; i + 1 < fields.length; i += 2) addChecked(lines, fields[i], fields[i + 1], unique);
  }
}

const NO_LINES = new FieldLines();

/**
 * Makes the head of a message, and decides its framing (RFC 9112 §6) and the fate of its connection (RFC 9112 §9).
 *
 * @param startLine - with its line end
 * @param fields - what `setHeader()` has collected, or fields that are yet to be checked
 * @param status - of a response; 204 and 304 have no transfer coding, whatever their fields say
 * @throws the errors of validateHeaderName() and validateHeaderValue(), for fields that `setHeader()` has not checked;
 * ERR_HTTP_TRAILER_INVALID for a Trailer field without the chunked coding
 */
export function renderHead(
  message: Framing,
  startLine: string,
  fields: HeaderFields | UncheckedFields | null,
  status?: number,
): RenderedHead {
  let lines = NO_LINES;
  if (fields !== null) {
    lines = new FieldLines();
    if (fields === message._fields) addFields(lines, message._fields, message._uniqueHeaders);
    else addUnchecked(lines, fields as UncheckedFields, message._uniqueHeaders);
  }
  const head: RenderedHead = {
    text: startLine + lines.text,
    expect: lines.expect,
    shouldKeepAlive: message.shouldKeepAlive || (lines.connection && !lines.close),
    chunkedEncoding: message.chunkedEncoding || lines.chunked,
    last: message._last || lines.close,
    contentLength: lines.contentLength ? lines.length : message._contentLength,
  };
  // A coding that the fields ask for would break the framing of what has no content: the connection goes instead.
  if ((status === 204 || status === 304) && head.chunkedEncoding) {
    head.chunkedEncoding = false;
    head.shouldKeepAlive = false;
  }
  if (message.sendDate && !lines.date) head.text += dateLine();
  head.text += connectionLines(message, lines, head);
  head.text += framingLine(message, lines, head);
  if (lines.trailer && !head.chunkedEncoding) throw trailerInvalid();
  head.text += '\r\n';
  return head;
}

/** The Connection and Keep-Alive fields that are made where there is no Connection field. RFC 9112 §9.3 */
function connectionLines(message: Framing, lines: FieldLines, head: RenderedHead): string {
  if (lines.connection) return '';
  if ((message._removed & REMOVED_CONNECTION) !== 0) {
    head.last = !head.shouldKeepAlive;
    return '';
  }
  const delimited = lines.contentLength || message.useChunkedEncodingByDefault || Boolean(message.agent);
  if (head.shouldKeepAlive && delimited) {
    if (message.maxRequestsOnConnectionReached) return 'Connection: close\r\n';
    return lines.keepAlive || message._keepAliveTimeout === 0 ? 'Connection: keep-alive\r\n' : keepAliveLines(message);
  }
  head.last = true;
  return 'Connection: close\r\n';
}

let rememberedTimeout = 0;
let rememberedLimit = 0;
let rememberedLines = '';

/** `Connection: keep-alive` with its Keep-Alive field: made once for each server's settings, as a rule. */
function keepAliveLines(message: Framing): string {
  const { _keepAliveTimeout: timeout, _maxRequestsPerSocket: limit } = message;
  if (timeout !== rememberedTimeout || limit !== rememberedLimit) {
    rememberedTimeout = timeout;
    rememberedLimit = limit;
    const max = limit > 0 ? `, max=${limit}` : '';
    rememberedLines = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(timeout / 1000)}${max}\r\n`;
  }
  return rememberedLines;
}

/** The field that says where the message ends, if no field does. RFC 9112 §6.3 */
function framingLine(message: Framing, lines: FieldLines, head: RenderedHead): string {
  if (lines.contentLength || lines.transferEncoding) return '';
  if (!message._hasBody) {
    head.chunkedEncoding = false;
  } else if (!message.useChunkedEncodingByDefault) {
    head.last = true;
  } else if (
    !lines.trailer &&
    (message._removed & REMOVED_CONTENT_LENGTH) === 0 &&
    typeof head.contentLength === 'number'
  ) {
    return `Content-Length: ${head.contentLength}\r\n`;
  } else if ((message._removed & REMOVED_TRANSFER_ENCODING) === 0) {
    head.chunkedEncoding = true;
    return 'Transfer-Encoding: chunked\r\n';
  } else {
    head.last = true;
  }
  return '';
}
