import type { StreamEntry } from '../protocol/http2/stream-entry.js';
import type { OutgoingHeaders } from './headers.js';
import type { SessionLink, StreamOwner } from './internals.js';
import { isObserved, StreamTimes } from './performance.js';

/** What a stream keeps to itself. */
export const kState = Symbol('state');

export type StreamCallback = (error?: Error | null) => void;

export class StreamInternals {
  link: SessionLink | undefined;
  /** Undefined as long as the stream has no number. */
  entry: StreamEntry<StreamOwner> | undefined;
  id: number | undefined;
  rstCode: number | undefined = undefined;
  closed = false;
  aborted = false;
  endAfterHeaders = false;
  /** END_STREAM has been sent, or is not to be sent by ending the writable side. */
  localEnded = false;
  waitForTrailers = false;
  /** 'wantTrailers' has been emitted. */
  trailersReady = false;
  /** Octets handed to the readable side for which no credit has been given. */
  uncredited = 0;
  /** Called when what is being written has been sent. */
  written: StreamCallback | undefined = undefined;
  /** What was to be done before the stream had a number. */
  deferred: (() => void) | undefined = undefined;
  sentHeaders: OutgoingHeaders | undefined = undefined;
  sentInfoHeaders: OutgoingHeaders[] | undefined = undefined;
  sentTrailers: OutgoingHeaders | undefined = undefined;
  timer: NodeJS.Timeout | undefined = undefined;
  /** Measurements, where somebody has asked for them. */
  readonly times: StreamTimes | undefined;

  constructor(link: SessionLink, entry: StreamEntry<StreamOwner> | undefined) {
    this.link = link;
    this.entry = entry;
    this.id = entry?.id;
    this.times = isObserved() ? new StreamTimes() : undefined;
  }
}
