/** Text and bytes against what was recorded of them; beyond LONG that is a length and a hash. */

import { createHash } from 'node:crypto';
import type { SeenTag } from '../plan.js';

type SeenBytes = Extract<SeenTag, { $: 'bytes' }>;
type SeenText = string | Extract<SeenTag, { $: 'long' }>;

/** What a matcher asks for: a unit (text or bytes) so many times over. */
export interface Content {
  unit: string | Uint8Array;
  times: number;
}

/** Units are hashed in pieces of about this many, so that a long text is never held whole. */
const PIECE = 65_536;

function sha256({ unit, times }: Content): string {
  const hash = createHash('sha256');
  const bytes = typeof unit === 'string' ? Buffer.from(unit) : unit;
  if (bytes.length === 0) return hash.digest('hex');
  const together = Math.max(1, Math.min(times, Math.floor(PIECE / bytes.length)));
  const piece = Buffer.concat(Array.from({ length: together }, () => bytes));
  for (let left = times; left > 0; left -= together)
    hash.update(left >= together ? piece : piece.subarray(0, left * bytes.length));
  return hash.digest('hex');
}

/** True when the recorded text is the content (a text). */
export function sameText(content: Content & { unit: string }, seen: SeenText): boolean {
  if (content.unit.length * content.times !== seen.length) return false;
  if (typeof seen === 'string') return content.unit.repeat(content.times) === seen;
  return sha256(content) === seen.sha256;
}

/** True when the recorded bytes are the content; a text is taken as UTF-8. */
export function sameBytes(content: Content, seen: SeenBytes): boolean {
  const unit = typeof content.unit === 'string' ? Buffer.from(content.unit) : content.unit;
  if (unit.length * content.times !== seen.length) return false;
  if (seen.sha256 !== undefined) return sha256({ unit, times: content.times }) === seen.sha256;
  const bytes = Buffer.from(seen.base64, 'base64');
  return bytes.equals(Buffer.concat(Array.from({ length: content.times }, () => unit)));
}

/**
 * True when recorded text is the content, bytes: peers note as text what is text, whatever the vector compares it with.
 *
 * @param encoding - how the peer made text of the bytes
 */
export function sameBytesAsText(content: Content, seen: SeenText, encoding: 'utf8' | 'latin1'): boolean {
  if (typeof seen !== 'string') return sha256(content) === seen.sha256;
  const bytes = Buffer.from(seen, encoding);
  return sameBytes(content, { $: 'bytes', class: 'Buffer', base64: bytes.toString('base64'), length: bytes.length });
}
