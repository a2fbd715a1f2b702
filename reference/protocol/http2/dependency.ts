// Dependencies between streams. RFC 7540 §5.3, deprecated by RFC 9113 §5.3.2: kept for who asks, without effect on sending.

import type { Priority } from './frame.js';
import type { StreamEntry } from './stream-entry.js';

/** Makes a stream depend on another; when exclusive, the other's dependents become its own. RFC 7540 §5.3.1 */
export function depend<T>(
  streams: Iterable<StreamEntry<T>>,
  stream: StreamEntry<T>,
  { parent, weight, exclusive }: Priority,
): void {
  if (exclusive) for (const other of streams) if (other.parent === parent) other.parent = stream.id;
  stream.parent = parent;
  stream.weight = weight;
}

/** The weights of the streams that depend on this one, added up. */
export function dependentWeight<T>(streams: Iterable<StreamEntry<T>>, id: number): number {
  let sum = 0;
  for (const { parent, weight } of streams) if (parent === id) sum += weight;
  return sum;
}
