// What may be written to the body of an outgoing message.

import * as errors from '../common/errors.js';
import type { Octets } from '../protocol/http1/serializer.js';
import { type Framing, REMOVED_CONTENT_LENGTH } from './message-head.js';

/** A message, as far as it bears on what its body may be. */
export interface Body extends Framing {
  readonly strictContentLength: boolean;
  readonly _rejectNonStandardBodyWrites: boolean;
  /** Bytes of the body so far. Written. */
  _bytesWritten: number;
  hasHeader(name: string): boolean;
}

/** @throws ERR_STREAM_NULL_VALUES; ERR_INVALID_ARG_TYPE */
export function checkChunk(chunk: unknown): asserts chunk is string | Uint8Array {
  if (typeof chunk === 'string' || chunk instanceof Uint8Array) return;
  if (chunk === null) throw errors.nullValues();
  throw errors.invalidArgType('chunk', 'of type string or an instance of Buffer or Uint8Array', chunk);
}

/**
 * Lets a part of the body pass, the head having been made.
 *
 * @returns what is to be sent: nothing where there is no body
 * @throws ERR_HTTP_BODY_NOT_ALLOWED with `rejectNonStandardBodyWrites`; ERR_HTTP_CONTENT_LENGTH_MISMATCH with
 * `strictContentLength`
 */
export function admitPart(message: Body, data: Octets): Octets {
  if (!message._hasBody) {
    if (message._rejectNonStandardBodyWrites) throw errors.bodyNotAllowed();
    return '';
  }
  count(message, data.length, false);
  return data;
}

/** As `admitPart()`, for the last part; there may be none. */
export function admitLast(message: Body, data: Octets, given: boolean): Octets {
  if (given && !message._hasBody) return admitPart(message, data);
  if (message._hasBody) count(message, data.length, true);
  return data;
}

function count(message: Body, length: number, last: boolean): void {
  const total = message._bytesWritten + length;
  if (message.strictContentLength && isLengthKnown(message)) {
    const expected = message._contentLength!;
    if (last ? total !== expected : total > expected) throw errors.contentLengthMismatch(total, expected);
  }
  message._bytesWritten = total;
}

function isLengthKnown(message: Body): boolean {
  return (
    message._contentLength !== null &&
    (message._removed & REMOVED_CONTENT_LENGTH) === 0 &&
    !message.chunkedEncoding &&
    !message.hasHeader('transfer-encoding')
  );
}
