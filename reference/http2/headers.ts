// Header objects to lists of fields, and back. Section headers-object.

import { invalidHttpToken } from '../common/errors.js';
import { http2TypeError } from '../common/http2-errors.js';
import type { HeaderField } from '../protocol/hpack/header-field.js';

/** A property with this name lists the headers that no hop may put into a compression table. */
export const sensitiveHeaders: unique symbol = Symbol('sensitiveHeaders');

export type OutgoingHeaderValue = number | string | readonly (number | string)[] | null | undefined;

/** Headers to send, by name in any case. */
export interface OutgoingHeaders {
  [name: string]: OutgoingHeaderValue;
  [sensitiveHeaders]?: readonly string[] | undefined;
}

/** Received headers by lower-case name. Without prototype. */
export interface IncomingHeaders {
  [name: string]: string | string[] | undefined;
  ':status'?: never;
  [sensitiveHeaders]?: string[];
}

/** What pseudo-header fields a block may have. RFC 9113 §8.3 */
export type HeadersKind = 'request' | 'response' | 'trailers';

const PSEUDO: { readonly [kind in HeadersKind]: ReadonlySet<string> } = {
  request: new Set([':method', ':authority', ':scheme', ':path', ':protocol']),
  response: new Set([':status']),
  trailers: new Set(),
};

/** Duplicates of these are dropped when they are received, and refused when they are to be sent. */
const SINGLE = new Set([
  ':status',
  ':method',
  ':authority',
  ':scheme',
  ':path',
  ':protocol',
  'access-control-allow-credentials',
  'access-control-max-age',
  'access-control-request-method',
  'age',
  'authorization',
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-md5',
  'content-range',
  'content-type',
  'date',
  'dnt',
  'etag',
  'expires',
  'from',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'range',
  'referer',
  'retry-after',
  'tk',
  'upgrade-insecure-requests',
  'user-agent',
  'x-content-type-options',
]);

/** Headers of a connection of HTTP/1. RFC 9113 §8.2.2 */
const CONNECTION_SPECIFIC = new Set([
  'connection',
  'upgrade',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
]);

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** What is known of a name, so that it is looked at but once. */
interface KnownName {
  readonly lower: string;
  readonly pseudo: boolean;
  readonly single: boolean;
}

const names = new Map<string, KnownName>();
const KNOWN_NAMES = 1000;

function knownName(name: string): KnownName {
  let known = names.get(name);
  if (known) return known;
  const lower = name.toLowerCase();
  const pseudo = lower.startsWith(':');
  if (!pseudo && !TOKEN.test(name)) throw invalidHttpToken('Header name', name);
  if (CONNECTION_SPECIFIC.has(lower)) throw http2TypeError('ERR_HTTP2_INVALID_CONNECTION_HEADERS', name);
  known = { lower, pseudo, single: SINGLE.has(lower) };
  if (names.size < KNOWN_NAMES) names.set(name, known);
  return known;
}

/**
 * Headers as fields: names in lower case, pseudo-header fields first, a field for each item of a list; names without
 * text and values null and undefined are left out.
 *
 * @throws ERR_INVALID_HTTP_TOKEN for a name that is none
 * @throws ERR_HTTP2_INVALID_PSEUDOHEADER, ERR_HTTP2_HEADER_SINGLE_VALUE, ERR_HTTP2_INVALID_CONNECTION_HEADERS
 */
export function toFields(headers: OutgoingHeaders, kind: HeadersKind): HeaderField[] {
  const pseudo: HeaderField[] = [];
  const fields: HeaderField[] = [];
  const sensitive = headers[sensitiveHeaders];
  const seen = new Set<string>();
  for (const key of Object.keys(headers)) {
    const value = headers[key];
    if (value === undefined || value === null || key === '') continue;
    const known = knownName(key);
    const { lower } = known;
    if (known.pseudo && !PSEUDO[kind].has(lower)) throw http2TypeError('ERR_HTTP2_INVALID_PSEUDOHEADER', key);
    if (lower === 'te' && value !== 'trailers') throw http2TypeError('ERR_HTTP2_INVALID_CONNECTION_HEADERS', key);
    const list = Array.isArray(value) ? value : undefined;
    if (known.single) {
      if (seen.has(lower) || (list && list.length > 1)) throw http2TypeError('ERR_HTTP2_HEADER_SINGLE_VALUE', lower);
      seen.add(lower);
    }
    const target = known.pseudo ? pseudo : fields;
    const secret = sensitive?.some((name) => name.toLowerCase() === lower) ?? false;
    if (list) for (const item of list) target.push({ name: lower, value: String(item), sensitive: secret });
    else target.push({ name: lower, value: String(value), sensitive: secret });
  }
  return pseudo.length === 0 ? fields : pseudo.concat(fields);
}

/** Received fields as headers, by the rules for duplicates. */
export function toHeaders(fields: readonly HeaderField[]): IncomingHeaders {
  const headers = { __proto__: null } as unknown as { [name: string]: string | number | string[] };
  const sensitive: string[] = [];
  for (const field of fields) {
    const { name, value } = field;
    const before = headers[name];
    if (field.sensitive) sensitive.push(name);
    if (name === 'set-cookie') {
      if (before === undefined) headers[name] = [value];
      else (before as string[]).push(value);
    } else if (before === undefined) headers[name] = name === ':status' ? Number(value) : value;
    else if (!SINGLE.has(name)) headers[name] = `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
  }
  const incoming = headers as unknown as IncomingHeaders;
  incoming[sensitiveHeaders] = sensitive;
  return incoming;
}

/** Names and values by turns, as they came. */
export function toRawHeaders(fields: readonly HeaderField[]): string[] {
  const raw: string[] = [];
  for (const { name, value } of fields) raw.push(name, value);
  return raw;
}

/** A copy of headers without prototype, to keep as what was sent. */
export function copyHeaders(headers: OutgoingHeaders): OutgoingHeaders {
  return { __proto__: null, ...headers } as unknown as OutgoingHeaders;
}

let dateSecond = 0;
let dateText = '';

/** The value of `date` now. RFC 9110 §5.6.7 */
export function httpDate(): string {
  const now = Date.now();
  const second = Math.floor(now / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = new Date(now).toUTCString();
  }
  return dateText;
}
