/** Where a message's content ends, and whether another message may follow it. RFC 9112 §6.3, §9.3 */
import { Flag, type Head, NO_LENGTH } from './head.js';

/** How the content is delimited. */
export type Framing = 'none' | 'length' | 'chunked' | 'until-close';

/** 1xx responses without content, whatever their fields say: Node's parser heeds the length of other 1xx responses. */
const INFORMATIONAL = new Set([100, 101, 102, 103]);

/**
 * The framing of a request. One with transfer codings of which `chunked` is not the last has no end (RFC 9112 §6.3,
 * rule 4): no parser that keeps to the RFC reads it, unless it leaves with the upgrade that was asked for.
 */
export function requestFraming(head: Head): Framing {
  if (head.has(Flag.CHUNKED)) return 'chunked';
  const hasLength = head.contentLength > 0;
  if (head.has(Flag.TRANSFER_ENCODING)) return head.upgrade && !hasLength ? 'none' : 'until-close';
  return hasLength ? 'length' : 'none';
}

/** The framing of a response, provided that the request was neither HEAD nor CONNECT. */
export function responseFraming(head: Head): Framing {
  const { statusCode } = head;
  if (statusCode === 204 || statusCode === 304 || INFORMATIONAL.has(statusCode)) return 'none';
  if (head.has(Flag.CHUNKED)) return 'chunked';
  if (head.has(Flag.TRANSFER_ENCODING)) return 'until-close';
  if (head.contentLength !== NO_LENGTH) return head.contentLength > 0 ? 'length' : 'none';
  return isInterim(statusCode) ? 'none' : 'until-close';
}

/** Responses that come before the one that answers. RFC 9110 §15.2 */
export function isInterim(statusCode: number): boolean {
  return statusCode >= 100 && statusCode < 200;
}

/** Whether the connection persists behind the message, as far as its version and Connection say. RFC 9112 §9.3 */
export function persists(head: Head): boolean {
  if (head.versionMajor > 0 && head.versionMinor > 0) return !head.has(Flag.CLOSE);
  return head.has(Flag.KEEP_ALIVE);
}
