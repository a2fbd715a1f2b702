/** What peers saw, as JSON. The same encodings as the executor's. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { LONG, type Seen } from '../plan.js';

/** How much of a long value is kept, in characters or bytes. */
const HEAD = 64;

/** Name and value as on the wire. */
export type Field = [name: string, value: string];

export function textSeen(text: string): Seen {
  if (text.length <= LONG) return text;
  return { $: 'long', head: text.slice(0, HEAD), length: text.length, sha256: sha256(text) };
}

export function bytesSeen(bytes: Buffer): Seen {
  const { length } = bytes;
  if (length <= LONG) return { $: 'bytes', class: 'Buffer', base64: bytes.toString('base64'), length };
  const base64 = bytes.subarray(0, HEAD).toString('base64');
  return { $: 'bytes', class: 'Buffer', base64, length, sha256: sha256(bytes) };
}

/** Text where the bytes are UTF-8, bytes where they are not. */
export function bodySeen(body: Buffer): Seen {
  return isUtf8(body) ? textSeen(body.toString('utf8')) : bytesSeen(body);
}

export function fieldsSeen(fields: readonly Field[]): Seen {
  return fields.map(([name, value]) => [textSeen(name), textSeen(value)]);
}

/** By lower-cased name; a list where a name comes several times. */
export function headersSeen(fields: readonly Field[]): Seen {
  const byName = new Map<string, Seen[]>();
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    const values = byName.get(key);
    if (values) values.push(textSeen(value));
    else byName.set(key, [textSeen(value)]);
  }
  return mapSeen([...byName].map(([name, values]) => [name, values.length === 1 ? values[0]! : values]));
}

/** A plain map. A key `$` would make it look like a tag: such a map is written as its entries. */
export function mapSeen(entries: [string, Seen][]): Seen {
  if (entries.some(([key]) => key === '$')) return { $: 'plain', entries };
  // Unlike assignment, this makes `__proto__` a property like any other.
  return Object.fromEntries(entries);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
