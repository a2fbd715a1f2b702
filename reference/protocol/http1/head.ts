/** A message's head, and what its fields say about framing and connection. RFC 9112 §6, §7, §9; RFC 9110 §7.6.1 */
import { CONNECT } from './methods.js';

/** What the fields of a head, or of trailers, have said. Bits of `Head.flags`. */
export const Flag = {
  /** There is a Transfer-Encoding (with a value), whatever it says. */
  TRANSFER_ENCODING: 1,
  /** The last transfer coding is chunked. */
  CHUNKED: 2,
  /** Connection options. */
  CLOSE: 4,
  KEEP_ALIVE: 8,
  CONNECTION_UPGRADE: 16,
  /** There is an Upgrade (with a value). */
  UPGRADE: 32,
  /** There is a Host, an Expect: for owners that would rather not look for them. */
  HOST: 64,
  EXPECT: 128,
} as const;

/** No Content-Length. */
export const NO_LENGTH = -1;

/** A start line and its fields. The parser has one and uses it for each message anew. */
export class Head {
  /** Of a request: `GET`. */
  method = '';
  /** Of a request, as it was sent: `/path?query`, `*`, `host:port`, `http://…`. */
  target = '';
  /** Of a response: 0 to 999. */
  statusCode = 0;
  /** Of a response: the reason phrase. */
  reason = '';
  versionMajor = 1;
  versionMinor = 1;
  /** Name, value, name, value, … as they were sent, values without the whitespace around them. */
  rawHeaders: string[] = [];
  /** Octets; NO_LENGTH when there was no Content-Length. */
  contentLength = NO_LENGTH;
  /** See `Flag`. */
  flags = 0;
  /** The message asks for the connection to become something else. See `upgrades`. */
  upgrade = false;

  reset(): void {
    this.method = '';
    this.target = '';
    this.statusCode = 0;
    this.reason = '';
    this.versionMajor = 1;
    this.versionMinor = 1;
    this.rawHeaders = [];
    this.contentLength = NO_LENGTH;
    this.flags = 0;
    this.upgrade = false;
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }
}

/** Names of the fields that bear on how a message is read, or that every owner looks for. */
const KNOWN_NAMES = [
  'host',
  'expect',
  'upgrade',
  'connection',
  'content-length',
  'proxy-connection',
  'transfer-encoding',
] as const;

export type FieldKind = (typeof KNOWN_NAMES)[number] | undefined;

/** The known names, each at its length: no two are of the same. */
const NAMES_BY_LENGTH: FieldKind[] = Array.from({ length: 18 }, (_, length) =>
  KNOWN_NAMES.find((name) => name.length === length),
);

/** What kind of field it is, its name, in any case, being the octets from start to end. */
export function fieldKind(octets: Uint8Array, start: number, end: number): FieldKind {
  const known = end - start < 18 ? NAMES_BY_LENGTH[end - start] : undefined;
  if (known === undefined) return undefined;
  // Upper case differs by one bit, and what else does is not a tchar.
  for (let i = 0; i < known.length; i++) {
    if ((octets[start + i]! | 0x20) !== known.charCodeAt(i)) return undefined;
  }
  return known;
}

/** As `fieldKind`, of a name. */
export function fieldKindOf(name: string): FieldKind {
  const known = NAMES_BY_LENGTH[name.length];
  return known === name.toLowerCase() ? known : undefined;
}

/** The flags that a Connection field's value sets. RFC 9110 §7.6.1 */
export function connectionFlags(value: string): number {
  if (value === 'keep-alive') return Flag.KEEP_ALIVE;
  if (value === 'close') return Flag.CLOSE;
  let flags = 0;
  for (const option of value.split(',')) flags |= connectionOption(option);
  return flags;
}

/** Node's parser puts up with SP and HTAB before an option, behind it with SP alone. */
function connectionOption(text: string): number {
  switch (trimOption(text)) {
    case 'close':
      return Flag.CLOSE;
    case 'keep-alive':
      return Flag.KEEP_ALIVE;
    case 'upgrade':
      return Flag.CONNECTION_UPGRADE;
    default:
      return 0;
  }
}

/** Whether `chunked` is the last of the transfer codings: the only place for it. RFC 9112 §6.1 */
export function endsChunked(value: string): boolean {
  return trimOption(value.slice(value.lastIndexOf(',') + 1)) === 'chunked';
}

function trimOption(text: string): string {
  let start = 0;
  let end = text.length;
  while (text.charCodeAt(start) === 0x20 || text.charCodeAt(start) === 0x09) start++;
  while (end > start && text.charCodeAt(end - 1) === 0x20) end--;
  return text.slice(start, end).toLowerCase();
}

/** Whether the message turns the connection into something else: CONNECT, or both fields of an upgrade. RFC 9110 §7.8 */
export function upgrades(head: Head, isRequest: boolean): boolean {
  const both = Flag.UPGRADE | Flag.CONNECTION_UPGRADE;
  return head.method === CONNECT || ((head.flags & both) === both && (isRequest || head.statusCode === 101));
}
