/** Integers with an N-bit prefix. RFC 7541 §5.1 */
import type { Buffer } from 'node:buffer';
import { HpackError } from './hpack-error.js';

/** Octets of the longest integer written or read: prefix and five groups of seven bits. */
export const MAX_INTEGER_LENGTH = 6;

/** Values beyond are decoding errors, as no table or string can be that large. */
const MAX_INTEGER = 0xffff_ffff;

/**
 * Writes an integer.
 *
 * @param pattern - the bits above the prefix in the first octet
 * @param prefix - bits of the prefix, 1 to 8
 * @param value - 0 to 2^32-1
 * @returns the offset behind the integer
 */
export function writeInteger(target: Buffer, offset: number, pattern: number, prefix: number, value: number): number {
  const max = (1 << prefix) - 1;
  if (value < max) {
    target[offset] = pattern | value;
    return offset + 1;
  }
  target[offset] = pattern | max;
  let at = offset + 1;
  let rest = value - max;
  while (rest >= 0x80) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  target[at] = rest;
  return at + 1;
}

/** A position in a field block, moved on by what is read. */
export interface Cursor {
  readonly block: Buffer;
  at: number;
}

/**
 * Reads an integer and moves the cursor behind it.
 *
 * @param prefix - bits of the prefix, 1 to 8
 * @throws HpackError when the block ends within the integer, or it is longer or larger than any that is sensible
 */
export function readInteger(cursor: Cursor, prefix: number): number {
  const { block } = cursor;
  const max = (1 << prefix) - 1;
  const start = cursor.at;
  if (start >= block.length) throw truncated();
  const first = block[start]! & max;
  cursor.at = start + 1;
  return first < max ? first : readContinued(cursor, max);
}

function readContinued(cursor: Cursor, max: number): number {
  const { block } = cursor;
  let value = max;
  // A product, not a shift: the fifth group reaches beyond 32 bits.
  for (let factor = 1, at = cursor.at; factor <= 2 ** 28; factor *= 0x80) {
    if (at >= block.length) throw truncated();
    const octet = block[at++]!;
    value += (octet & 0x7f) * factor;
    if (octet < 0x80) {
      if (value > MAX_INTEGER) break;
      cursor.at = at;
      return value;
    }
  }
  throw new HpackError('RFC 7541 §5.1', 'integer too large');
}

function truncated(): HpackError {
  return new HpackError('RFC 7541 §5.1', 'the block ends within an integer');
}
