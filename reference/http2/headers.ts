// Header objects to lists of fields, and back. Section headers-object.

import { invalidChar, invalidHttpToken } from '../common/errors.js';
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
  /** The field that was made last: most headers have the same value time and again. */
  last: HeaderField;
}

/** What a value must not contain (section "Invalid character handling in header names and values"). */
const LINE_BREAK = /[\r\n]/;

const names = new Map<string, KnownName>();
const KNOWN_NAMES = 1000;

function knownName(name: string): KnownName {
  let known = names.get(name);
  if (known) return known;
  const lower = name.toLowerCase();
  const pseudo = lower.startsWith(':');
  if (!pseudo && !TOKEN.test(name)) throw invalidHttpToken('Header name', name);
  if (CONNECTION_SPECIFIC.has(lower)) throw http2TypeError('ERR_HTTP2_INVALID_CONNECTION_HEADERS', name);
  known = { lower, pseudo, single: SINGLE.has(lower), last: { name: lower, value: '', sensitive: false } };
  if (names.size < KNOWN_NAMES) names.set(name, known);
  return known;
}

/**
 * Headers as fields: names in lower case, pseudo-header fields first, a field for each item of a list; names without
 * text and values null and undefined are left out.
 *
 * @throws ERR_INVALID_HTTP_TOKEN for a name that is none
 * @throws ERR_INVALID_CHAR for a value with CR or LF
 * @throws ERR_HTTP2_INVALID_PSEUDOHEADER, ERR_HTTP2_HEADER_SINGLE_VALUE, ERR_HTTP2_INVALID_CONNECTION_HEADERS
 */
export function toFields(headers: OutgoingHeaders, kind: HeadersKind): HeaderField[] {
  const fields: HeaderField[] = [];
  const sensitive = headers[sensitiveHeaders];
  let pseudo = 0;
  for (const key of Object.keys(headers)) {
    const value = headers[key];
    if (value === undefined || value === null || key === '') continue;
    const known = knownName(key);
    const { lower } = known;
    if (lower === 'te' && value !== 'trailers') throw http2TypeError('ERR_HTTP2_INVALID_CONNECTION_HEADERS', key);
    if (known.single) assertSingle(fields, lower, value);
    if (known.pseudo) {
      if (!PSEUDO[kind].has(lower)) throw http2TypeError('ERR_HTTP2_INVALID_PSEUDOHEADER', key);
      fields.splice(pseudo++, 0, field(known, Array.isArray(value) ? value[0] : value, sensitive));
    } else if (Array.isArray(value)) {
      for (const item of value) fields.push(field(known, item, sensitive));
    } else {
      fields.push(field(known, value as string | number, sensitive));
    }
  }
  return fields;
}

function field(known: KnownName, value: string | number, sensitive: readonly string[] | undefined): HeaderField {
  const text = typeof value === 'string' ? value : String(value);
  if (known.last.value !== text && LINE_BREAK.test(text)) throw invalidChar('header content', known.lower);
  if (sensitive?.some((name) => name.toLowerCase() === known.lower)) {
    return { name: known.lower, value: text, sensitive: true };
  }
  if (known.last.value !== text) known.last = { name: known.lower, value: text, sensitive: false };
  return known.last;
}

/** A name can come twice in a list, or in another case. */
function assertSingle(fields: readonly HeaderField[], lower: string, value: OutgoingHeaderValue): void {
  const twice = fields.some(({ name }) => name === lower);
  if (twice || (Array.isArray(value) && value.length > 1)) {
    throw http2TypeError('ERR_HTTP2_HEADER_SINGLE_VALUE', lower);
  }
}

/** A block of fields, with room for what is made of it: it may come again. */
export interface ReceivedBlock {
  readonly fields: readonly HeaderField[];
  derived: unknown;
}

/** What a block was made into the last time. */
interface Derived {
  names: string[];
  values: (string | number | string[])[];
  raw: string[];
  sensitive: string[];
}

function derive(block: ReceivedBlock): Derived {
  const known = block.derived as Derived | undefined;
  if (known) return known;
  const { fields } = block;
  const headers = joined(fields);
  const sensitive = fields.filter((entry) => entry.sensitive).map(({ name }) => name);
  const raw: string[] = [];
  for (const { name, value } of fields) raw.push(name, value);
  const derived = { names: [...headers.keys()], values: [...headers.values()], raw, sensitive };
  block.derived = derived;
  return derived;
}

/** Received fields as headers, by the rules for duplicates. */
export function toHeaders(block: ReceivedBlock): IncomingHeaders {
  const { names, values, sensitive } = derive(block);
  // An ordinary object robbed of its prototype: cheaper to make and to read than one that was made without.
  const headers = Object.setPrototypeOf({}, null) as { [name: string]: unknown };
  for (let i = 0; i < names.length; i++) {
    const value = values[i]!;
    headers[names[i]!] = typeof value === 'object' ? value.slice() : value;
  }
  (headers as IncomingHeaders)[sensitiveHeaders] = sensitive.slice();
  return headers as IncomingHeaders;
}

function joined(fields: readonly HeaderField[]): Map<string, string | number | string[]> {
  const headers = new Map<string, string | number | string[]>();
  for (const { name, value } of fields) {
    const before = headers.get(name);
    if (before !== undefined && name === 'set-cookie') (before as string[]).push(value);
    else if (before === undefined) headers.set(name, first(name, value));
    else if (!SINGLE.has(name)) headers.set(name, `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
  }
  return headers;
}

function first(name: string, value: string): string | number | string[] {
  if (name === 'set-cookie') return [value];
  return name === ':status' ? Number(value) : value;
}

/** Names and values by turns, as they came. */
export function toRawHeaders(block: ReceivedBlock): string[] {
  return derive(block).raw.slice();
}

/** Makes objects that inherit nothing, yet are fast: those of `Object.create(null)` are dictionaries from the start. */
function Bare(): void {}
Bare.prototype = Object.create(null);
const BareHeaders = Bare as unknown as new () => OutgoingHeaders;

/** No headers yet. */
export function emptyHeaders(): OutgoingHeaders {
  return new BareHeaders();
}

/** A copy of headers, to keep as what was sent. */
export function copyHeaders(headers: OutgoingHeaders): OutgoingHeaders {
  return Object.assign(new BareHeaders(), headers);
}

/** Headers to show: without prototype. */
export function shownHeaders(headers: OutgoingHeaders): OutgoingHeaders {
  return Object.setPrototypeOf(headers, null) as OutgoingHeaders;
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
