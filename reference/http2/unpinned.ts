import { Buffer } from 'node:buffer';

/** Octets of memory that content may keep although it needs less. */
const PINNED = 16_384;

/**
 * Content that may wait long to be read, without what it came in: a few octets of each packet would keep all of the
 * packets in memory, beyond what any window bounds.
 */
export function unpinned(data: Buffer): Buffer {
  const { byteLength } = data.buffer;
  if (byteLength <= PINNED || data.length > byteLength / 8) return data;
  // Memory of its own: that of a pool is as large.
  const copy = Buffer.allocUnsafeSlow(data.length);
  copy.set(data);
  return copy;
}
