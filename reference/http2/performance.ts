/**
 * How long sessions and streams took, and what they moved. Section collecting-http2-performance-metrics
 *
 * Only the runtime itself can hand entries of the type 'http2' to a PerformanceObserver: `node:perf_hooks` has no way to
 * publish entries of other types than marks and measures. The same entries go to the diagnostics channel
 * `http2.performance` instead. Nothing is measured as long as nobody has subscribed to it.
 */
import { channel } from 'node:diagnostics_channel';

const entries = channel('http2.performance');

/** What the properties of all entries are. Times in milliseconds, as of `performance.now()`. */
interface Entry {
  entryType: 'http2';
  startTime: number;
  duration: number;
}

export interface StreamEntry extends Entry {
  name: 'Http2Stream';
  id: number;
  /** Octets of content. */
  bytesRead: number;
  bytesWritten: number;
  /** Milliseconds from the start, 0 for what never came. */
  timeToFirstHeader: number;
  timeToFirstByte: number;
  timeToFirstByteSent: number;
}

export interface SessionEntry extends Entry {
  name: 'Http2Session';
  type: 'server' | 'client';
  bytesRead: number;
  bytesWritten: number;
  framesReceived: number;
  framesSent: number;
  maxConcurrentStreams: number;
  /** Milliseconds; only where a PING has been sent. */
  pingRTT?: number;
  streamAverageDuration: number;
  streamCount: number;
}

/** Whether anybody wants to know. */
export function isObserved(): boolean {
  return entries.hasSubscribers;
}

/** The measurements of a stream. */
export class StreamTimes {
  readonly #start = performance.now();
  #header = 0;
  #received = 0;
  #sent = 0;
  bytesRead = 0;
  bytesWritten = 0;

  headers(): void {
    this.#header ||= performance.now() - this.#start;
  }

  received(octets: number): void {
    this.#received ||= performance.now() - this.#start;
    this.bytesRead += octets;
  }

  sent(octets: number): void {
    this.#sent ||= performance.now() - this.#start;
    this.bytesWritten += octets;
  }

  /** @returns milliseconds that the stream took */
  publish(id: number): number {
    const duration = performance.now() - this.#start;
    const entry: StreamEntry = {
      name: 'Http2Stream',
      entryType: 'http2',
      startTime: this.#start,
      duration,
      id,
      bytesRead: this.bytesRead,
      bytesWritten: this.bytesWritten,
      timeToFirstHeader: this.#header,
      timeToFirstByte: this.#received,
      timeToFirstByteSent: this.#sent,
    };
    entries.publish(entry);
    return duration;
  }
}

/** The measurements of a session. */
export class SessionTimes {
  readonly #start = performance.now();
  #streams = 0;
  #durations = 0;
  /** Milliseconds that the last PING took. */
  pingRTT: number | undefined;

  /** @param duration - milliseconds */
  stream(duration: number): void {
    this.#streams++;
    this.#durations += duration;
  }

  publish(
    numbers: Pick<
      SessionEntry,
      'type' | 'bytesRead' | 'bytesWritten' | 'framesReceived' | 'framesSent' | 'maxConcurrentStreams'
    >,
  ): void {
    const entry: SessionEntry = {
      name: 'Http2Session',
      entryType: 'http2',
      startTime: this.#start,
      duration: performance.now() - this.#start,
      ...numbers,
      ...(this.pingRTT !== undefined && { pingRTT: this.pingRTT }),
      streamAverageDuration: this.#streams === 0 ? 0 : this.#durations / this.#streams,
      streamCount: this.#streams,
    };
    entries.publish(entry);
  }
}
