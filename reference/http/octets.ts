// Bodies as octets: Uint8Arrays, or strings each of whose characters is one octet, which join their message's head
// without copying.

import type { Octets } from '../protocol/http1/serializer.js';

/** Bytes: shorter pieces are copied into a string, since one write costs less than two. */
const SHORT = 4096;

/** The octets of a chunk. @param encoding - of a string; UTF-8 by default */
export function toOctets(chunk: string | Uint8Array, encoding?: BufferEncoding): Octets {
  if (typeof chunk !== 'string') return chunk.length <= SHORT ? latin1Of(chunk) : chunk;
  if (encoding === undefined || encoding === 'utf8' || encoding === 'utf-8') {
    // As many bytes as characters: all of them are ASCII.
    if (Buffer.byteLength(chunk) === chunk.length) return chunk;
  } else if (encoding === 'latin1' || encoding === 'binary' || encoding === 'ascii') {
    return chunk;
  }
  const bytes = Buffer.from(chunk, encoding);
  return bytes.length <= SHORT ? bytes.toString('latin1') : bytes;
}

function latin1Of(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.toString('latin1');
}
