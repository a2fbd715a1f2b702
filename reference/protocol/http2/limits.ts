/**
 * How much misbehaviour a connection bears. RFC 9113 §10.5
 *
 * Frames that cost the sender little and the receiver much come in floods: they are legal one by one. What counts is
 * how many come without anything useful between them.
 */

/** Limits, as the options of sessions name them. */
export interface LimitOptions {
  /** Fields in a list. Default 128. */
  maxHeaderListPairs: number;
  /** Entries of one SETTINGS frame. Default 32. */
  maxSettings: number;
  /** Messages that break the rules before the connection ends. Default 1000. */
  maxInvalidFrames: number;
  /** Streams refused before the connection ends. Default 100. */
  maxRejectedStreams: number;
  /** RST_STREAM that may come at once, and per second on the average. Default 1000 and 33. (CVE-2023-44487) */
  streamResetBurst: number;
  streamResetRate: number;
  /** Streams the other side may have promised at a time. Default 200. */
  maxReservedStreams: number;
  /** Octets a connection may take, beyond which streams are refused. Default 10^7. */
  maxMemory: number;
  /** Octets of a field block to be sent, before it is compressed. Default: no limit. */
  maxSendHeaderBlockLength: number;
}

export const DEFAULT_LIMITS: Readonly<LimitOptions> = {
  maxHeaderListPairs: 128,
  maxSettings: 32,
  maxInvalidFrames: 1000,
  maxRejectedStreams: 100,
  streamResetBurst: 1000,
  streamResetRate: 33,
  maxReservedStreams: 200,
  maxMemory: 10_000_000,
  maxSendHeaderBlockLength: Infinity,
};

/** Acknowledgements that wait because the other side does not read. (CVE-2019-9512, CVE-2019-9515) */
export const MAX_QUEUED_ACKNOWLEDGEMENTS = 1000;

/** Frames without content in a row: empty DATA and HEADERS, PRIORITY, WINDOW_UPDATE. (CVE-2019-9513, CVE-2019-9518) */
export const MAX_IDLE_FRAMES = 10_000;

/** CONTINUATION frames behind one HEADERS, if the list could not be legal with more. (CVE-2024-27316) */
export const MAX_CONTINUATIONS = 8;

/** A bucket of tokens: so many at once, so many a second on the average. */
export class RateLimit {
  #tokens: number;
  #last: number | undefined;
  readonly #burst: number;
  readonly #rate: number;

  /** @param rate - tokens a second */
  constructor(burst: number, rate: number) {
    this.#burst = burst;
    this.#rate = rate;
    this.#tokens = burst;
  }

  /**
   * Takes a token.
   *
   * @param now - seconds, of any clock that does not go back
   * @returns whether there was one
   */
  take(now: number): boolean {
    const elapsed = now - (this.#last ?? now);
    this.#last = now;
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsed * this.#rate);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
