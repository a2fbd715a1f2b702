// Every error that the reference throws or emits, with the code and the words that Node gives it.

import { format, inspect } from 'node:util';

/** An error that carries one of Node's codes. */
export type CodedError<E extends Error = Error> = E & { code: string };

type ErrorClass<E extends Error> = new (message: string) => E;

/**
 * Makes an error as Node does: its stack begins with `Name [CODE]: message`, its `name` stays that of its class.
 *
 * @param caller - the stack begins where this function was called
 */
export function coded<E extends Error>(
  Class: ErrorClass<E>,
  code: string,
  message: string,
  caller: (...args: never[]) => unknown,
): CodedError<E> {
  const error = new Class(message) as CodedError<E>;
  const shown = `${error.name} [${code}]`;
  Object.defineProperty(error, 'name', { value: shown, configurable: true });
  Error.captureStackTrace(error, caller);
  // The first line of the stack is made when the stack is first read, from the name of that moment.
  void error.stack;
  delete (error as Partial<Error>).name;
  Object.defineProperty(error, 'toString', {
    value: () => `${shown}: ${message}`,
    configurable: true,
    writable: true,
  });
  error.code = code;
  return error;
}

/** Says what was given where something else was expected: `undefined`, `an instance of Foo`, `type number (1)`. */
function received(value: unknown): string {
  if (value === null || value === undefined) return `${value}`;
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'object') {
    const name = value.constructor?.name;
    return name ? `an instance of ${name}` : inspect(value, { depth: -1 });
  }
  return `type ${typeof value} (${typeof value === 'string' ? quoted(value) : inspect(value)})`;
}

/** The beginning of a text, in quotes. */
function quoted(text: string): string {
  const shown = text.length > 28 ? `${text.slice(0, 25)}...` : text;
  return shown.includes("'") ? JSON.stringify(shown) : `'${shown}'`;
}

/** `"name" argument`, or `"options.name" property` where the name has a dot in it. */
function subject(name: string): string {
  if (name.endsWith(' argument')) return name;
  return `"${name}" ${name.includes('.') ? 'property' : 'argument'}`;
}

/** Digits in groups of three, as Node shows large integers: `9_007_199_254_740_992`. */
function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, '_');
}

function shownNumber(value: unknown): string {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > 2 ** 32) return grouped(String(value));
  if (typeof value === 'bigint')
    return `${value > 2n ** 32n || value < -(2n ** 32n) ? grouped(String(value)) : value}n`;
  return inspect(value);
}

/**
 * @param name - of the argument, or of the property of an options object when it has a dot in it
 * @param expected - completes "must be": `of type string`, `an instance of Headers or Map`
 */
export function invalidArgType(name: string, expected: string, actual: unknown): CodedError<TypeError> {
  const message = `The ${subject(name)} must be ${expected}. Received ${received(actual)}`;
  return coded(TypeError, 'ERR_INVALID_ARG_TYPE', message, invalidArgType);
}

/** @param reason - completes "The argument 'name' ", such as `is invalid` or `must be one of: 'fifo', 'lifo'` */
export function invalidArgValue(name: string, actual: unknown, reason = 'is invalid'): CodedError<TypeError> {
  const kind = name.includes('.') ? 'property' : 'argument';
  const shown = inspect(actual);
  const message = `The ${kind} '${name}' ${reason}. Received ${shown.length > 128 ? `${shown.slice(0, 128)}...` : shown}`;
  return coded(TypeError, 'ERR_INVALID_ARG_VALUE', message, invalidArgValue);
}

/** @param range - completes "It must be": `an integer`, `>= 0 && <= 65535` */
export function outOfRange(name: string, range: string, actual: unknown): CodedError<RangeError> {
  const message = `The value of "${name}" is out of range. It must be ${range}. Received ${shownNumber(actual)}`;
  return coded(RangeError, 'ERR_OUT_OF_RANGE', message, outOfRange);
}

/** A name that is no token. @param label - what the name is of: `Header name`, `Method` */
export function invalidHttpToken(label: string, name: unknown): CodedError<TypeError> {
  return coded(
    TypeError,
    'ERR_INVALID_HTTP_TOKEN',
    format('%s must be a valid HTTP token ["%s"]', label, name),
    invalidHttpToken,
  );
}

/** A header whose value is undefined. */
export function invalidHeaderValue(value: unknown, name: unknown): CodedError<TypeError> {
  const message = format('Invalid value "%s" for header "%s"', value, name);
  return coded(TypeError, 'ERR_HTTP_INVALID_HEADER_VALUE', message, invalidHeaderValue);
}

/** Characters that may not stand there. @param what - `header content`, `statusMessage` @param field - its name */
export function invalidChar(what: string, field?: unknown): CodedError<TypeError> {
  const message = `Invalid character in ${what}${field === undefined ? '' : format(' ["%s"]', field)}`;
  return coded(TypeError, 'ERR_INVALID_CHAR', message, invalidChar);
}

/** @param action - `set`, `append`, `remove`, `write` or `render` */
export function headersSent(action: string): CodedError {
  const message = `Cannot ${action} headers after they are sent to the client`;
  return coded(Error, 'ERR_HTTP_HEADERS_SENT', message, headersSent);
}

/** A status outside [100, 999]. */
export function invalidStatusCode(status: unknown): CodedError<RangeError> {
  const shown = typeof status === 'object' && status !== null ? inspect(status) : String(status);
  return coded(RangeError, 'ERR_HTTP_INVALID_STATUS_CODE', `Invalid status code: ${shown}`, invalidStatusCode);
}

/** The body is not as long as its Content-Length. Both in bytes. */
export function contentLengthMismatch(body: number, contentLength: number | null): CodedError {
  const message = `Response body's content-length of ${body} byte(s) does not match the content-length of ${contentLength} byte(s) set in header`;
  return coded(Error, 'ERR_HTTP_CONTENT_LENGTH_MISMATCH', message, contentLengthMismatch);
}

/** Content for a message that has none: HEAD, 204, 304. */
export function bodyNotAllowed(): CodedError {
  const message = 'Adding content for this request method or response status is not allowed.';
  return coded(Error, 'ERR_HTTP_BODY_NOT_ALLOWED', message, bodyNotAllowed);
}

/** A trailer where the transfer coding is not chunked. */
export function trailerInvalid(): CodedError {
  const message = 'Trailers are invalid with this transfer encoding';
  return coded(Error, 'ERR_HTTP_TRAILER_INVALID', message, trailerInvalid);
}

/** A socket that was assigned to a response already. */
export function socketAssigned(): CodedError {
  return coded(Error, 'ERR_HTTP_SOCKET_ASSIGNED', 'ServerResponse has an already assigned socket', socketAssigned);
}

/** `headersTimeout` or `requestTimeout` is over. */
export function requestTimeout(): CodedError {
  return coded(Error, 'ERR_HTTP_REQUEST_TIMEOUT', 'Request timeout', requestTimeout);
}

/** An encoding that is given for a socket on which the protocol is spoken. */
export function socketEncoding(): CodedError {
  const message = 'Changing the socket encoding is not allowed per RFC7230 Section 3.';
  return coded(Error, 'ERR_HTTP_SOCKET_ENCODING', message, socketEncoding);
}

/** A protocol that the agent does not speak. @param protocol - as in URLs, `https:` */
export function invalidProtocol(protocol: string, expected: string): CodedError<TypeError> {
  const message = `Protocol "${protocol}" not supported. Expected "${expected}"`;
  return coded(TypeError, 'ERR_INVALID_PROTOCOL', message, invalidProtocol);
}

/** Characters that a URL holds as escapes only. @param what - `Request path` */
export function unescapedCharacters(what: string): CodedError<TypeError> {
  return coded(TypeError, 'ERR_UNESCAPED_CHARACTERS', `${what} contains unescaped characters`, unescapedCharacters);
}

/** What an AbortSignal ends things with. @param cause - the reason of the signal */
export function abortError(cause: unknown): CodedError {
  const error = new Error('The operation was aborted', cause === undefined ? undefined : { cause });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}

/** A method that a subclass has to have. */
export function methodNotImplemented(name: string): CodedError {
  const message = `The ${name} method is not implemented`;
  return coded(Error, 'ERR_METHOD_NOT_IMPLEMENTED', message, methodNotImplemented);
}

/** `pipe()` of something that cannot be read. */
export function cannotPipe(): CodedError {
  return coded(Error, 'ERR_STREAM_CANNOT_PIPE', 'Cannot pipe, not readable', cannotPipe);
}

/** A chunk that is null. */
export function nullValues(): CodedError<TypeError> {
  return coded(TypeError, 'ERR_STREAM_NULL_VALUES', 'May not write null values to stream', nullValues);
}

/** `write()` after `end()`. */
export function writeAfterEnd(): CodedError {
  return coded(Error, 'ERR_STREAM_WRITE_AFTER_END', 'write after end', writeAfterEnd);
}

/** A call on a stream that is finished. @param method - `end`, `write` */
export function alreadyFinished(method: string): CodedError {
  const message = `Cannot call ${method} after a stream was finished`;
  return coded(Error, 'ERR_STREAM_ALREADY_FINISHED', message, alreadyFinished);
}

/** A call on a stream that is destroyed. @param method - `end`, `write` */
export function streamDestroyed(method: string): CodedError {
  const message = `Cannot call ${method} after a stream was destroyed`;
  return coded(Error, 'ERR_STREAM_DESTROYED', message, streamDestroyed);
}

/** The other side has gone. Node gives this error no code in its stack. @param message - `aborted`, `socket hang up` */
export function connectionReset(message: string): CodedError {
  return Object.assign(new Error(message), { code: 'ECONNRESET' });
}

/** Bytes that are no message: what a parser of HTTP/1 says of them. */
export interface HttpParseError extends Error {
  /** How many bytes of `rawPacket` may have been parsed correctly. */
  bytesParsed: number;
  /** `HPE_…` */
  code: string;
  reason: string;
  /** The bytes that were being parsed. */
  rawPacket?: Uint8Array;
}

/**
 * Section `event-clienterror`. Node gives this error no code in its stack.
 *
 * @param rawPacket - undefined when no bytes are at fault, but that none follow
 */
export function parseError(
  { code, reason, bytesParsed }: { code: string; reason: string; bytesParsed: number },
  rawPacket: Uint8Array | undefined,
): HttpParseError {
  const message = rawPacket === undefined ? 'Parse Error' : `Parse Error: ${reason}`;
  const error = Object.assign(new Error(message), { bytesParsed, code, reason });
  return rawPacket === undefined ? error : Object.assign(error, { rawPacket });
}
