/**
 * A field block that cannot be decoded. Encoder and decoder no longer agree about the dynamic table, so the connection
 * is lost: COMPRESSION_ERROR (RFC 9113 §4.3).
 */
export class HpackError extends Error {
  override readonly name = 'HpackError';
  readonly code = 'COMPRESSION_ERROR';

  constructor(
    /** Where the rule stands: `RFC 7541 §5.1`. */
    readonly section: string,
    message: string,
  ) {
    super(message);
  }
}
