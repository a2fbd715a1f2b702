import type { StreamEntry } from '../protocol/http2/stream-entry.js';
import type { OutgoingHeaders } from './headers.js';
import type { SessionLink, StreamOwner } from './internals.js';
import { isObserved, StreamTimes } from './performance.js';

/** What a stream keeps to itself: little, as many may be open. */
export const kState = Symbol('state');

/** Whether trailers follow the content: they have been asked for; 'wantTrailers' has been emitted. */
export const Trailers = { NONE: 0, WANTED: 1, READY: 2 } as const;

export type Trailers = (typeof Trailers)[keyof typeof Trailers];

export type StreamCallback = (error?: Error | null) => void;

export class StreamInternals {
  link: SessionLink | undefined;
  /** Undefined as long as the stream has no number. */
  entry: StreamEntry<StreamOwner> | undefined;
  /** The code that the stream was closed with. */
  rstCode: number | undefined = undefined;
  aborted = false;
  endAfterHeaders = false;
  /** END_STREAM has been sent, or is not to be sent by ending the writable side. */
  localEnded = false;
  trailers: Trailers = Trailers.NONE;
  /** Octets handed to the readable side for which no credit has been given. */
  uncredited = 0;
  /** Called when what is being written has been sent. */
  written: StreamCallback | undefined = undefined;
  sentHeaders: OutgoingHeaders | undefined = undefined;
  sentInfoHeaders: OutgoingHeaders[] | undefined = undefined;
  sentTrailers: OutgoingHeaders | undefined = undefined;
  timer: NodeJS.Timeout | undefined = undefined;
  /** Measurements, where somebody has asked for them. */
  readonly times: StreamTimes | undefined;

  constructor(link: SessionLink, entry: StreamEntry<StreamOwner> | undefined) {
    this.link = link;
    this.entry = entry;
    this.times = isObserved() ? new StreamTimes() : undefined;
  }

  get id(): number | undefined {
    return this.entry?.id;
  }

  /** Closed on the wire, or about to be. */
  get closed(): boolean {
    return this.rstCode !== undefined;
  }
}
