// The errors whose codes begin with ERR_HTTP2_, with the words that Node gives them.

import { type CodedError, coded } from './errors.js';

type Message = string | ((a: unknown, b: unknown) => string);

const ERRORS = {
  ERR_HTTP2_CONNECT_AUTHORITY: ':authority header is required for CONNECT requests',
  ERR_HTTP2_CONNECT_PATH: 'The :path header is forbidden for CONNECT requests',
  ERR_HTTP2_CONNECT_SCHEME: 'The :scheme header is forbidden for CONNECT requests',
  ERR_HTTP2_GOAWAY_SESSION: 'New streams cannot be created after receiving a GOAWAY',
  ERR_HTTP2_HEADERS_AFTER_RESPOND: 'Cannot specify additional headers after response initiated',
  ERR_HTTP2_HEADERS_SENT: 'Response has already been initiated.',
  ERR_HTTP2_INVALID_SESSION: 'The session has been destroyed',
  ERR_HTTP2_INVALID_STREAM: 'The stream has been destroyed',
  ERR_HTTP2_MAX_PENDING_SETTINGS_ACK: 'Maximum number of pending settings acknowledgements',
  ERR_HTTP2_NESTED_PUSH: 'A push stream cannot initiate another push stream.',
  ERR_HTTP2_NO_SOCKET_MANIPULATION: 'HTTP/2 sockets should not be directly manipulated (e.g. read and written)',
  ERR_HTTP2_OUT_OF_STREAMS: 'No stream ID is available because maximum stream ID has been reached',
  ERR_HTTP2_PAYLOAD_FORBIDDEN: (status) => `Responses with ${status} status must not have a payload`,
  ERR_HTTP2_PING_CANCEL: 'HTTP2 ping cancelled',
  ERR_HTTP2_PUSH_DISABLED: 'HTTP/2 client has disabled push streams',
  ERR_HTTP2_SEND_FILE: 'Directories cannot be sent',
  ERR_HTTP2_SEND_FILE_NOSEEK: 'Offset or length can only be specified for regular files',
  ERR_HTTP2_SESSION_ERROR: (code) => `Session closed with error code ${code}`,
  ERR_HTTP2_SETTINGS_CANCEL: 'HTTP2 session settings canceled',
  ERR_HTTP2_SOCKET_BOUND: 'The socket is already bound to an Http2Session',
  ERR_HTTP2_SOCKET_UNBOUND: 'The socket has been disconnected from the Http2Session',
  ERR_HTTP2_STATUS_101: 'HTTP status code 101 (Switching Protocols) is forbidden in HTTP/2',
  ERR_HTTP2_STREAM_CANCEL: (cause) =>
    `The pending stream has been canceled${cause instanceof Error ? ` (caused by: ${cause.message})` : ''}`,
  ERR_HTTP2_STREAM_ERROR: (name) => `Stream closed with error code ${name}`,
  ERR_HTTP2_STREAM_SELF_DEPENDENCY: 'A stream cannot depend on itself',
  ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS: 'Number of custom settings exceeds MAX_ADDITIONAL_SETTINGS',
  ERR_HTTP2_TOO_MANY_INVALID_FRAMES: 'Too many invalid HTTP/2 frames',
  ERR_HTTP2_TRAILERS_ALREADY_SENT: 'Trailing headers have already been sent',
  ERR_HTTP2_TRAILERS_NOT_READY: 'Trailing headers cannot be sent until after the wantTrailers event is emitted',
  ERR_HTTP2_UNSUPPORTED_PROTOCOL: (protocol) => `protocol "${protocol}" is unsupported.`,
} as const satisfies { [code: string]: Message };

const TYPE_ERRORS = {
  ERR_HTTP2_ALTSVC_INVALID_ORIGIN: 'HTTP/2 ALTSVC frames require a valid origin',
  ERR_HTTP2_ALTSVC_LENGTH: 'HTTP/2 ALTSVC frames are limited to 16382 bytes',
  ERR_HTTP2_HEADER_SINGLE_VALUE: (name) => `Header field "${name}" must only have a single value`,
  ERR_HTTP2_INVALID_CONNECTION_HEADERS: (name) => `HTTP/1 Connection specific headers are forbidden: "${name}"`,
  ERR_HTTP2_INVALID_HEADER_VALUE: (value, name) => `Invalid value "${value}" for header "${name}"`,
  ERR_HTTP2_INVALID_ORIGIN: 'HTTP/2 ORIGIN frames require a valid origin',
  ERR_HTTP2_INVALID_PSEUDOHEADER: (name) => `"${name}" is an invalid pseudoheader or is used incorrectly`,
  ERR_HTTP2_ORIGIN_LENGTH: 'HTTP/2 ORIGIN frames are limited to 16382 bytes',
  ERR_HTTP2_PSEUDOHEADER_NOT_ALLOWED: 'Cannot set HTTP/2 pseudo-headers',
} as const satisfies { [code: string]: Message };

const RANGE_ERRORS = {
  ERR_HTTP2_INFO_STATUS_NOT_ALLOWED: 'Informational status codes cannot be used',
  ERR_HTTP2_INVALID_INFO_STATUS: (status) => `Invalid informational status code: ${status}`,
  ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH: 'Packed settings length must be a multiple of six',
  ERR_HTTP2_PING_LENGTH: 'HTTP2 ping payload must be 8 bytes',
  ERR_HTTP2_STATUS_INVALID: (status) => `Invalid status code: ${status}`,
} as const satisfies { [code: string]: Message };

const words = (message: Message, a: unknown, b: unknown): string =>
  typeof message === 'string' ? message : message(a, b);

/** An operation at the wrong time, or what the other side has done: an Error. @param a - what the message names */
export function http2Error(code: keyof typeof ERRORS, a?: unknown): CodedError {
  return coded(Error, code, words(ERRORS[code], a, undefined), http2Error);
}

/** A wrong argument: a TypeError. @param a, b - what the message names */
export function http2TypeError(code: keyof typeof TYPE_ERRORS, a?: unknown, b?: unknown): CodedError<TypeError> {
  return coded(TypeError, code, words(TYPE_ERRORS[code], a, b), http2TypeError);
}

/** An argument out of range: a RangeError. @param a - what the message names */
export function http2RangeError(code: keyof typeof RANGE_ERRORS, a?: unknown): CodedError<RangeError> {
  return coded(RangeError, code, words(RANGE_ERRORS[code], a, undefined), http2RangeError);
}

/** A setting whose value is of a wrong type or out of range. @param limits - the range, where there is one */
export function invalidSettingValue(
  name: string,
  value: unknown,
  limits?: readonly [min: number, max: number],
): CodedError {
  const message = `Invalid value for setting "${name}": ${value}`;
  if (limits === undefined) return coded(TypeError, 'ERR_HTTP2_INVALID_SETTING_VALUE', message, invalidSettingValue);
  const error = coded(RangeError, 'ERR_HTTP2_INVALID_SETTING_VALUE', message, invalidSettingValue);
  return Object.assign(error, { actual: value, min: limits[0], max: limits[1] });
}

/** A violation of the protocol by the other side, or a limit that it exceeded. @param errno - nghttp2's number */
export function protocolViolation(message: string, errno: number): CodedError & { errno: number } {
  return Object.assign(coded(Error, 'ERR_HTTP2_ERROR', message, protocolViolation), { errno });
}
