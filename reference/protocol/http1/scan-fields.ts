/**
 * The short way: field lines that lie in one piece and are as they usually are, recognized at a glance and taken all at
 * once. Whatever is unusual, cut short or at fault is left to `SyntaxReader`; what both can read they read the same.
 */
import type { Buffer } from 'node:buffer';
import { TCHAR } from './grammar.js';
import { connectionFlags, type FieldKind, Flag, fieldKind, type Head, NO_LENGTH } from './head.js';

const HTAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const COLON = 0x3a;
const DEL = 0x7f;

/** Few enough digits for a safe integer. */
const LENGTH = /^\d{1,15}$/;

/** Where fields begin and end, four offsets for each: name, end of the name, value, end of the value. */
const MAX_FIELDS = 512;
const marks = new Int32Array(MAX_FIELDS * 4 + 1);

/** How many lines are marked. */
export let markedFields = 0;

/** Marks complete field lines; returns how many there are, up to the first line that is something else. */
export function scanFields(bytes: Buffer, at: number): number {
  return (markedFields = markFields(bytes, at));
}

function markFields(bytes: Buffer, at: number): number {
  // The last octet is kept back, so that the one behind a CR may be looked at.
  const end = bytes.length - 1;
  let i = at;
  for (let mark = 0; mark < MAX_FIELDS * 4; mark += 4) {
    marks[mark] = i;
    while (i < end && TCHAR[bytes[i]!] === 1) i++;
    if (i >= end || bytes[i] !== COLON || i === marks[mark]) return mark >> 2;
    marks[mark + 1] = i++;
    while (i < end && (bytes[i] === SP || bytes[i] === HTAB)) i++;
    marks[mark + 2] = i;
    for (; i < end; i++) {
      const octet = bytes[i]!;
      if ((octet < SP && octet !== HTAB) || octet === DEL) break;
    }
    if (i >= end || bytes[i] !== CR || bytes[i + 1] !== LF) return mark >> 2;
    marks[mark + 3] = i;
    i += 2;
  }
  marks[MAX_FIELDS * 4] = i;
  return MAX_FIELDS;
}

/** Where the first so many marked lines end. */
export function endOfFields(count: number): number {
  return marks[count * 4]!;
}

/** Octets of the names and values of the first so many marked lines. */
export function sizeOfFields(count: number): number {
  let size = 0;
  for (let mark = 0; mark < count * 4; mark += 4) {
    size += marks[mark + 1]! - marks[mark]! + marks[mark + 3]! - marks[mark + 2]!;
  }
  return size;
}

/**
 * Makes strings of marked lines, putting them into a list, and sees what they mean for the head. Returns how many it has
 * taken: up to the first that had better be read octet by octet.
 *
 * @param text - the octets from `at` on
 * @param length - of the list; what is behind is overwritten
 */
export function takeFields(
  bytes: Buffer,
  text: string,
  at: number,
  count: number,
  head: Head,
  list: string[],
  length: number,
): number {
  for (let index = 0; index < count; index++) {
    const mark = index * 4;
    const nameStart = marks[mark]!;
    const nameEnd = marks[mark + 1]!;
    const start = marks[mark + 2]!;
    let end = marks[mark + 3]!;
    while (end > start && bytes[end - 1] === SP) end--;
    if (end > start && bytes[end - 1] === HTAB) return index;
    const value = text.slice(start - at, end - at);
    const kind = fieldKind(bytes, nameStart, nameEnd);
    if (kind !== undefined && !takeMeaning(kind, value, head)) return index;
    list[length + index * 2] = text.slice(nameStart - at, nameEnd - at);
    list[length + index * 2 + 1] = value;
  }
  return count;
}

/** False, and nothing done, for what RFC 9112 §6.3 has a word about: anything but one length or one transfer coding. */
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
      if (head.contentLength !== NO_LENGTH || head.has(Flag.TRANSFER_ENCODING) || !LENGTH.test(value)) return false;
      head.contentLength = Number(value);
      return true;
    case 'transfer-encoding':
      if (head.contentLength !== NO_LENGTH || head.has(Flag.TRANSFER_ENCODING)) return false;
      if (value.toLowerCase() !== 'chunked') return false;
      head.flags |= Flag.TRANSFER_ENCODING | Flag.CHUNKED;
      return true;
  }
}
