/**
 * The short way: a head that lies in one piece and is as heads usually are, recognized at a glance. Whatever is unusual,
 * cut short or at fault is left to `SyntaxReader`, which knows every case; what both can read they read the same.
 */
import type { Buffer } from 'node:buffer';
import { TCHAR } from './grammar.js';
import { connectionFlags, type FieldKind, Flag, fieldKind, type Head, NO_LENGTH } from './head.js';
import type { SyntaxOptions } from './syntax-reader.js';

const HTAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const SLASH = 0x2f;
const COLON = 0x3a;
const DEL = 0x7f;
const ZERO = 0x30;

/** Few enough digits for a safe integer. */
const LENGTH = /^\d{1,15}$/;

/** Where fields begin and end, four offsets for each: name, end of the name, value, end of the value. */
const MAX_FIELDS = 512;
const marks = new Int32Array(MAX_FIELDS * 4 + 1);

/** ` HTTP/1.1` and CRLF behind a target; `HTTP/1.1 200` before a reason. */
const VERSION_LENGTH = 8;
const REQUEST_LINE_END = 1 + VERSION_LENGTH + 2;
const STATUS_LENGTH = VERSION_LENGTH + 4;

/** Reads a request's head; returns where it ends, or -1 for the reader to have it. */
export function scanRequest(bytes: Buffer, at: number, head: Head, options: SyntaxOptions): number {
  const method = scanMethod(bytes, at);
  if (method === undefined) return -1;
  const target = at + method.length + 1;
  const targetEnd = scanTarget(bytes, target);
  const lineEnd = targetEnd + REQUEST_LINE_END;
  if (targetEnd < 0 || lineEnd >= bytes.length || bytes[targetEnd] !== SP) return -1;
  if (bytes[lineEnd - 2] !== CR || bytes[lineEnd - 1] !== LF) return -1;
  const minor = scanVersion(bytes, targetEnd + 1);
  const count = minor < 0 ? -1 : scanFields(bytes, lineEnd);
  if (count < 0 || isLarge(at, count, options)) return -1;
  const headEnd = marks[count * 4]!;
  const text = bytes.toString('latin1', at, headEnd);
  head.reset();
  if (!takeFields(bytes, text, at, count, head)) return -1;
  head.method = method;
  head.target = text.slice(target - at, targetEnd - at);
  head.versionMinor = minor;
  return headEnd;
}

/** Reads a response's head, likewise. */
export function scanResponse(bytes: Buffer, at: number, head: Head, options: SyntaxOptions): number {
  const reason = at + STATUS_LENGTH + 1;
  if (reason >= bytes.length || bytes[at + VERSION_LENGTH] !== SP || bytes[reason - 1] !== SP) return -1;
  const minor = scanVersion(bytes, at);
  const status = scanStatus(bytes, reason - 4);
  const reasonEnd = scanReason(bytes, reason);
  if (minor < 0 || status < 0 || bytes[reasonEnd] !== CR || bytes[reasonEnd + 1] !== LF) return -1;
  const count = scanFields(bytes, reasonEnd + 2);
  if (count < 0 || isLarge(at, count, options)) return -1;
  const headEnd = marks[count * 4]!;
  const text = bytes.toString('latin1', at, headEnd);
  head.reset();
  head.reason = text.slice(reason - at, reasonEnd - at);
  if (!takeFields(bytes, text, at, count, head)) return -1;
  head.statusCode = status;
  head.versionMinor = minor;
  return headEnd;
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

/** Marks every field up to the empty line, and where that ends; returns how many there are, or -1. */
function scanFields(bytes: Buffer, at: number): number {
  // Two octets are kept back, so that those behind a CR may be looked at.
  const end = bytes.length - 1;
  let i = at;
  for (let mark = 0; mark < MAX_FIELDS * 4; mark += 4) {
    marks[mark] = i;
    while (i < end && TCHAR[bytes[i]!] === 1) i++;
    if (i >= end) return -1;
    const isEmpty = i === marks[mark];
    if (bytes[i] !== COLON || isEmpty) {
      if (!isEmpty || bytes[i] !== CR || bytes[i + 1] !== LF) return -1;
      marks[mark] = i + 2;
      return mark >> 2;
    }
    marks[mark + 1] = i++;
    while (i < end && (bytes[i] === SP || bytes[i] === HTAB)) i++;
    marks[mark + 2] = i;
    for (; i < end; i++) {
      const octet = bytes[i]!;
      if ((octet < SP && octet !== HTAB) || octet === DEL) break;
    }
    if (i >= end || bytes[i] !== CR || bytes[i + 1] !== LF) return -1;
    marks[mark + 3] = i;
    i += 2;
  }
  return -1;
}

/** Whether limits might be exceeded, which the reader counts exactly. */
function isLarge(at: number, count: number, { maxHeaderSize, maxFields }: SyntaxOptions): boolean {
  return marks[count * 4]! - at >= maxHeaderSize || (maxFields > 0 && count > maxFields);
}

/** Makes strings of the marked fields and sees what they mean; false when they had better be read again. */
function takeFields(bytes: Buffer, text: string, at: number, count: number, head: Head): boolean {
  const list = new Array<string>(count * 2);
  for (let index = 0; index < count; index++) {
    const mark = index * 4;
    const nameStart = marks[mark]!;
    const nameEnd = marks[mark + 1]!;
    const start = marks[mark + 2]!;
    let end = marks[mark + 3]!;
    while (end > start && bytes[end - 1] === SP) end--;
    if (end > start && bytes[end - 1] === HTAB) return false;
    const value = text.slice(start - at, end - at);
    list[index * 2] = text.slice(nameStart - at, nameEnd - at);
    list[index * 2 + 1] = value;
    const kind = fieldKind(bytes, nameStart, nameEnd);
    if (kind !== undefined && !takeMeaning(kind, value, head)) return false;
  }
  head.rawHeaders = list;
  return true;
}

/** False for what RFC 9112 §6.3 has a word to say about: anything but one length, or one transfer coding. */
function takeMeaning(kind: NonNullable<FieldKind>, value: string, head: Head): boolean {
  switch (kind) {
    case 'host':
      head.flags |= Flag.HOST;
      return true;
    case 'expect':
      head.flags |= Flag.EXPECT;
      return true;
    case 'upgrade':
      if (value !== '') head.flags |= Flag.UPGRADE;
      return true;
    case 'connection':
    case 'proxy-connection':
      head.flags |= connectionFlags(value);
      return true;
    case 'content-length':
      if (head.contentLength !== NO_LENGTH || !LENGTH.test(value)) return false;
      head.contentLength = Number(value);
      return !head.has(Flag.TRANSFER_ENCODING);
    case 'transfer-encoding':
      if (value.toLowerCase() !== 'chunked' || head.has(Flag.TRANSFER_ENCODING)) return false;
      head.flags |= Flag.TRANSFER_ENCODING | Flag.CHUNKED;
      return head.contentLength === NO_LENGTH;
  }
}
