// Headers that a response of the compatibility API is given one by one: what is refused, and what is dropped.

import { invalidChar } from '../common/errors.js';
import { lowerCase, validateHeaderName } from '../common/headers.js';
import { http2TypeError } from '../common/http2-errors.js';
import { validateString } from '../common/validate.js';
import { isFieldValue } from '../protocol/http1/grammar.js';
import type { OutgoingHeaders, OutgoingHeaderValue } from './headers.js';

/** `name` in lower case. @throws ERR_INVALID_ARG_TYPE when it is no string */
export function headerKey(name: unknown): string {
  validateString(name, 'name');
  return lowerCase(name);
}

/**
 * Checks a header, or a trailer.
 *
 * @returns the name in lower case; undefined for `connection`, which has no place in HTTP/2 (RFC 9113 §8.2.2) and is
 *   dropped with a warning
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_HTTP_TOKEN, ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED for the name
 * @throws ERR_HTTP2_INVALID_HEADER_VALUE, ERR_INVALID_CHAR for the value
 */
export function checkedKey(name: unknown, value: unknown): string | undefined {
  const key = headerKey(name);
  if (value === undefined || value === null) throw http2TypeError('ERR_HTTP2_INVALID_HEADER_VALUE', value, name);
  if (key.charCodeAt(0) === 0x3a) throw http2TypeError('ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED');
  validateHeaderName(name);
  if (Array.isArray(value)) for (const item of value) validateText(name, item);
  else validateText(name, value);
  if (key !== 'connection') return key;
  warnOnce(
    'The provided connection header is not valid, the value will be dropped from the header and will never be in use.',
  );
  return undefined;
}

function validateText(name: unknown, value: unknown): void {
  // A template, unlike String(), throws for symbols: they have no text that could be sent.
  if (!isFieldValue(typeof value === 'string' ? value : `${value as string}`))
    throw invalidChar('header content', name);
}

/** Adds values to those that a header has. */
export function append(headers: OutgoingHeaders, key: string, value: OutgoingHeaderValue): void {
  const before = headers[key];
  if (before === undefined) headers[key] = value;
  else headers[key] = [before, value].flat() as (string | number)[];
}

/** Messages that this process has been warned with. */
const warned = new Set<string>();

/** An UnsupportedWarning, once in a process. */
export function warnOnce(message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  process.emitWarning(message, 'UnsupportedWarning');
}

/** What HTTP/2 has no room for. RFC 9113 §8.3.2 */
export function warnOfStatusMessage(): void {
  warnOnce('Status message is not supported by HTTP/2 (RFC7540 8.1.2.4)');
}
