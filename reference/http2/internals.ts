// What sessions and streams know of each other, out of the reach of programs.

import type { EventEmitter } from 'node:events';
import type { Connection } from '../protocol/http2/connection.js';
import type { BlockKind, FieldBlock } from '../protocol/http2/connection-core.js';
import type { StreamEntry } from '../protocol/http2/stream-entry.js';

/** Calls that a session makes on its streams. */
export const kHeaders = Symbol('headers');
export const kData = Symbol('data');
export const kEnd = Symbol('end');
export const kDrained = Symbol('drained');
export const kReset = Symbol('reset');
export const kFinish = Symbol('finish');
export const kSessionLost = Symbol('sessionLost');

export const kPrevious = Symbol('previous');
export const kNext = Symbol('next');

export interface StreamOwner {
  /** The streams before and behind this one in the list of its session's. */
  [kPrevious]: StreamOwner | undefined;
  [kNext]: StreamOwner | undefined;
  [kHeaders](block: FieldBlock, kind: BlockKind, flags: number): void;
  [kData](data: Buffer): void;
  [kEnd](): void;
  [kDrained](): void;
  /** The stream was reset on the wire. @param received - by the other side, not for what it did */
  [kReset](code: number, received: boolean): void;
  /** Both sides have ended. @returns false to be asked again */
  [kFinish](): boolean;
  /** The session is destroyed. */
  [kSessionLost](error: Error | undefined, code: number): void;
}

/**
 * The streams of a session that are not destroyed. A list rather than a Set, whose dead tables would keep streams alive
 * once they are old; for the same reason streams that leave forget their neighbours.
 */
export class StreamList {
  #first: StreamOwner | undefined;
  size = 0;

  add(stream: StreamOwner): void {
    stream[kNext] = this.#first;
    if (this.#first) this.#first[kPrevious] = stream;
    this.#first = stream;
    this.size++;
  }

  delete(stream: StreamOwner): void {
    const previous = stream[kPrevious];
    const next = stream[kNext];
    if (previous === undefined && this.#first !== stream) return;
    if (previous) previous[kNext] = next;
    else this.#first = next;
    if (next) next[kPrevious] = previous;
    stream[kPrevious] = undefined;
    stream[kNext] = undefined;
    this.size--;
  }

  /** The streams at this moment, those that came first in front. */
  list(): StreamOwner[] {
    const streams: StreamOwner[] = [];
    for (let stream = this.#first; stream; stream = stream[kNext]) streams.push(stream);
    return streams.reverse();
  }
}

/** What a stream needs of its session. */
export interface SessionLink {
  readonly session: EventEmitter;
  readonly isServer: boolean;
  /** Nothing more can be sent. */
  readonly destroyed: boolean;
  /** Undefined as long as the socket is connecting. */
  readonly connection: Connection<StreamOwner> | undefined;
  /** Streams that are not destroyed. */
  readonly streams: StreamList;
  /** Sends what has been written, once what runs now is over. */
  flushSoon(): void;
  /** Calls back when the socket has taken all that has been written until now. */
  whenTaken(callback: () => void): void;
  /** A stream took so long. @param duration - milliseconds */
  measured(duration: number): void;
  /** Something has happened: the session is not idle. */
  touch(): void;
  /** Has a stream that has ended on both sides asked whether it is finished. */
  finishSoon(stream: StreamOwner): void;
  /** A stream is destroyed. */
  forget(stream: StreamOwner, entry: StreamEntry<StreamOwner> | undefined): void;
}
