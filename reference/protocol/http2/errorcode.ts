/** Error codes of RST_STREAM and GOAWAY. RFC 9113 §7. */
export const ErrorCode = {
  NO_ERROR: 0x0,
  PROTOCOL_ERROR: 0x1,
  INTERNAL_ERROR: 0x2,
  FLOW_CONTROL_ERROR: 0x3,
  SETTINGS_TIMEOUT: 0x4,
  STREAM_CLOSED: 0x5,
  FRAME_SIZE_ERROR: 0x6,
  REFUSED_STREAM: 0x7,
  CANCEL: 0x8,
  COMPRESSION_ERROR: 0x9,
  CONNECT_ERROR: 0xa,
  ENHANCE_YOUR_CALM: 0xb,
  INADEQUATE_SECURITY: 0xc,
  HTTP_1_1_REQUIRED: 0xd,
} as const;

export type ErrorCodeName = keyof typeof ErrorCode;

/** The number of a code the RFC defines. Codes on the wire may be any 32-bit number. */
export type ErrorCode = (typeof ErrorCode)[ErrorCodeName];

const NAMES = Object.keys(ErrorCode) as ErrorCodeName[];

/** The RFC's name of a code, or undefined for a code it does not define (to be treated as INTERNAL_ERROR, §7). */
export function errorCodeName(code: number): ErrorCodeName | undefined {
  return NAMES[code];
}

/** Whether the text is the RFC's name of an error code. */
export function isErrorCodeName(name: string): name is ErrorCodeName {
  return Object.hasOwn(ErrorCode, name);
}
