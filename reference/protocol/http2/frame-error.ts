import type { ErrorCodeName } from './errorcode.js';
import type { FrameHeader } from './frame.js';

/**
 * What a receiver must do about a faulty frame. RFC 9113 §5.4.
 *
 * - `connection`: a connection error (GOAWAY);
 * - `stream`: a stream error (RST_STREAM);
 * - `frame`: the frame is to be ignored, as ALTSVC and ORIGIN demand.
 */
export type ErrorScope = 'connection' | 'stream' | 'frame';

/**
 * A rule of the RFC that a received frame breaks. A value, not an exception: a harness shows it, a connection answers
 * it, and a flood of faulty frames costs no stack traces.
 */
export class FrameError {
  constructor(
    /** The error code to answer with. */
    readonly code: ErrorCodeName,
    readonly scope: ErrorScope,
    /** Where the rule stands: `RFC 9113 §6.1`. */
    readonly section: string,
    /** What is wrong, for people. */
    readonly message: string,
    /** The frame at fault; undefined where the bytes never became one (a wrong connection preface). */
    readonly header?: FrameHeader,
  ) {}

  toString(): string {
    return `${this.code} (${this.section}): ${this.message}`;
  }
}
