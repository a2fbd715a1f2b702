/** What Node's parser calls its errors. */
export type ParseErrorCode =
  | 'HPE_INVALID_METHOD'
  | 'HPE_INVALID_URL'
  | 'HPE_INVALID_CONSTANT'
  | 'HPE_INVALID_VERSION'
  | 'HPE_INVALID_STATUS'
  | 'HPE_INVALID_HEADER_TOKEN'
  | 'HPE_INVALID_CONTENT_LENGTH'
  | 'HPE_UNEXPECTED_CONTENT_LENGTH'
  | 'HPE_INVALID_TRANSFER_ENCODING'
  | 'HPE_INVALID_CHUNK_SIZE'
  | 'HPE_INVALID_EOF_STATE'
  | 'HPE_UNEXPECTED_SPACE'
  | 'HPE_STRICT'
  | 'HPE_CR_EXPECTED'
  | 'HPE_LF_EXPECTED'
  | 'HPE_CLOSED_CONNECTION'
  | 'HPE_HEADER_OVERFLOW'
  | 'HPE_CHUNK_EXTENSIONS_OVERFLOW'
  | 'HPE_PAUSED_H2_UPGRADE';

/**
 * Why bytes are not a message. A value, not an exception: the owner makes Node's error of it (`rawPacket` is the chunk
 * that was pushed last) or answers and forgets it.
 */
export class ParseError {
  constructor(
    readonly code: ParseErrorCode,
    /** For people, in Node's words; Node's `message` is `Parse Error: ${reason}`. */
    readonly reason: string,
    /** How many bytes of the last chunk had been dealt with. */
    readonly bytesParsed: number,
  ) {}

  toString(): string {
    return `${this.code} at ${this.bytesParsed}: ${this.reason}`;
  }
}
