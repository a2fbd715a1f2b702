// Rules for header fields that hold wherever headers are set or received.

import { isFieldValue, isToken } from '../protocol/http1/grammar.js';
import { invalidChar, invalidHeaderValue, invalidHttpToken } from './errors.js';

/** The most names that are remembered in lower case. Names from the network must not fill the memory. */
const REMEMBERED_NAMES = 1024;

/** Tokens that were met before. Names recur: each is checked and put in lower case once. */
const lowerCased = new Map<string, string>();

/** `name` in lower case. */
export function lowerCase(name: string): string {
  const known = lowerCased.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  if (lowerCased.size < REMEMBERED_NAMES && name.length <= 64 && isToken(name)) lowerCased.set(name, lower);
  return lower;
}

/** `name` in lower case, checked as by `validateHeaderName()`. @throws ERR_INVALID_HTTP_TOKEN */
export function headerKey(name: string): string {
  const known = lowerCased.get(name);
  if (known !== undefined) return known;
  validateHeaderName(name);
  return lowerCase(name);
}

/**
 * Checks a header's name as `setHeader()` does. Section `httpvalidateheadernamename-label`.
 *
 * @param label - what the name is called in the error; `Header name` when it is empty
 * @throws ERR_INVALID_HTTP_TOKEN when `name` is no token
 */
export function validateHeaderName(name: unknown, label?: string): asserts name is string {
  if (typeof name !== 'string' || !isToken(name)) throw invalidHttpToken(label || 'Header name', name);
}

/**
 * Checks a header's value as `setHeader()` does. Section `httpvalidateheadervaluename-value`.
 *
 * @param name - of the header, for the error
 * @throws ERR_HTTP_INVALID_HEADER_VALUE when `value` is undefined; ERR_INVALID_CHAR when its text holds illegal
 * characters
 */
export function validateHeaderValue(name: unknown, value: unknown): void {
  if (value === undefined) throw invalidHeaderValue(value, name);
  // A template, unlike String(), throws for symbols: they have no text that could be sent.
  if (!isFieldValue(typeof value === 'string' ? value : `${value as string}`))
    throw invalidChar('header content', name);
}

/** How a field that came more than once is put together. Section `messageheaders` */
export type Duplicates = 'discard' | 'array' | 'semicolon' | 'comma';

const DUPLICATES = new Map<string, Duplicates>([
  ['set-cookie', 'array'],
  ['cookie', 'semicolon'],
]);

for (const name of [
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
]) {
  DUPLICATES.set(name, 'discard');
}

/** How duplicates of `name`, in lower case, are put together. Section `messageheaders` */
export function duplicatesOf(name: string): Duplicates {
  return DUPLICATES.get(name) ?? 'comma';
}

/** The names of `uniqueHeaders` in lower case, however they are nested. */
export function uniqueHeaderNames(
  names: readonly (string | readonly string[])[] | undefined,
): ReadonlySet<string> | null {
  if (!Array.isArray(names)) return null;
  return new Set(names.flat().map((name: string) => name.toLowerCase()));
}
