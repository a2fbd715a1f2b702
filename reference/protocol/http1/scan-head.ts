/** The short way for a whole head: a usual start line, then fields up to the empty line. See `scan-fields.ts`. */
import type { Buffer } from 'node:buffer';
import type { Head } from './head.js';
import type { SyntaxOptions } from './options.js';
import { endOfFields, scanFields, takeFields } from './scan-fields.js';

const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const SLASH = 0x2f;
const DEL = 0x7f;
const ZERO = 0x30;

/** ` HTTP/1.1` and CRLF behind a target; `HTTP/1.1 200` before a reason. */
const VERSION_LENGTH = 8;
const REQUEST_LINE_END = 1 + VERSION_LENGTH + 2;
const STATUS_LENGTH = VERSION_LENGTH + 4;

/** The reader is to have the whole head. */
export const NOT_SCANNED = -1;

/**
 * Reads a request's head; returns where it ends. Otherwise NOT_SCANNED; or, when the start line alone could be read and
 * is in `head`, the complement (`~`) of where that ends: the reader is to have the fields.
 */
export function scanRequest(bytes: Buffer, at: number, head: Head, options: SyntaxOptions): number {
  const method = scanMethod(bytes, at);
  if (method === undefined) return NOT_SCANNED;
  const target = at + method.length + 1;
  const targetEnd = scanTarget(bytes, target);
  const lineEnd = targetEnd + REQUEST_LINE_END;
  if (targetEnd < 0 || lineEnd >= bytes.length || bytes[targetEnd] !== SP) return NOT_SCANNED;
  if (bytes[lineEnd - 2] !== CR || bytes[lineEnd - 1] !== LF) return -1;
  const minor = scanVersion(bytes, targetEnd + 1);
  if (minor < 0) return -1;
  head.reset();
  head.method = method;
  head.versionMinor = minor;
  return scanRest(bytes, at, target, targetEnd, lineEnd, head, options);
}

/** Reads a response's head, likewise. */
export function scanResponse(bytes: Buffer, at: number, head: Head, options: SyntaxOptions): number {
  const reason = at + STATUS_LENGTH + 1;
  if (reason >= bytes.length || bytes[at + VERSION_LENGTH] !== SP || bytes[reason - 1] !== SP) return -1;
  const minor = scanVersion(bytes, at);
  const status = scanStatus(bytes, reason - 4);
  const reasonEnd = scanReason(bytes, reason);
  if (minor < 0 || status < 0 || bytes[reasonEnd] !== CR || bytes[reasonEnd + 1] !== LF) return -1;
  head.reset();
  head.statusCode = status;
  head.versionMinor = minor;
  return scanRest(bytes, at, reason, reasonEnd, reasonEnd + 2, head, options);
}

/** Target or reason, fields and the empty line. Returns as `scanRequest()` does. */
function scanRest(
  bytes: Buffer,
  at: number,
  start: number,
  end: number,
  lineEnd: number,
  head: Head,
  options: SyntaxOptions,
): number {
  const count = scanFields(bytes, lineEnd);
  const fieldsEnd = endOfFields(count);
  const isWhole = bytes[fieldsEnd] === CR && bytes[fieldsEnd + 1] === LF;
  if (isLarge(fieldsEnd - at, count, options)) return NOT_SCANNED;
  const text = bytes.toString('latin1', at, isWhole ? fieldsEnd : lineEnd);
  const part = text.slice(start - at, end - at);
  if (options.isRequest) head.target = part;
  else head.reason = part;
  if (!isWhole) return ~lineEnd;
  const list = new Array<string>(count * 2);
  if (takeFields(bytes, text, at, count, head, list, 0) < count) return NOT_SCANNED;
  head.rawHeaders = list;
  return fieldsEnd + 2;
}

/** Methods worth the short way, by their first four octets. */
const METHODS = new Map(
  ['GET ', 'POST ', 'PUT ', 'HEAD ', 'PATCH ', 'DELETE ', 'OPTIONS '].map((text) => [
    [...text.slice(0, 4)].reduce((word, character) => (word << 8) | character.charCodeAt(0), 0),
    text,
  ]),
);

function scanMethod(bytes: Buffer, at: number): string | undefined {
  if (at + 8 > bytes.length) return undefined;
  const word = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  if (word === GET) return 'GET';
  const text = METHODS.get(word);
  if (text === undefined) return undefined;
  for (let i = 4; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return undefined;
  return text.slice(0, -1);
}

/** `GET `, so often the one. */
const GET = 0x47455420;

/** The end of an origin-form; -1 for others. */
function scanTarget(bytes: Buffer, at: number): number {
  if (bytes[at] !== SLASH) return -1;
  const end = bytes.length;
  let i = at;
  for (; i < end; i++) {
    const octet = bytes[i]!;
    if (octet <= SP || octet >= DEL) break;
  }
  return i;
}

/** The minor version of `HTTP/1.0` or `HTTP/1.1`; -1 for others. */
function scanVersion(bytes: Buffer, at: number): number {
  // H T T P / 1 .
  if (bytes[at] !== 0x48 || bytes[at + 1] !== 0x54 || bytes[at + 2] !== 0x54 || bytes[at + 3] !== 0x50) return -1;
  if (bytes[at + 4] !== SLASH || bytes[at + 5] !== ZERO + 1 || bytes[at + 6] !== 0x2e) return -1;
  const minor = bytes[at + 7]! - ZERO;
  return minor === 0 || minor === 1 ? minor : -1;
}

function scanStatus(bytes: Buffer, at: number): number {
  let status = 0;
  for (let i = at; i < at + 3; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return -1;
    status = status * 10 + digit;
  }
  return status;
}

function scanReason(bytes: Buffer, at: number): number {
  const end = bytes.length - 1;
  let i = at;
  while (i < end && bytes[i] !== CR && bytes[i] !== LF) i++;
  return i;
}

/** Whether limits might be exceeded, which the reader counts exactly. */
function isLarge(size: number, count: number, { maxHeaderSize, maxFields }: SyntaxOptions): boolean {
  return size >= maxHeaderSize || (maxFields > 0 && count > maxFields);
}
