// What sessions and streams know of each other, out of the reach of programs.

import type { EventEmitter } from 'node:events';
import type { HeaderField } from '../protocol/hpack/header-field.js';
import type { Connection } from '../protocol/http2/connection.js';
import type { BlockKind } from '../protocol/http2/connection-core.js';
import type { StreamEntry } from '../protocol/http2/stream-entry.js';

/** Calls that a session makes on its streams. */
export const kHeaders = Symbol('headers');
export const kData = Symbol('data');
export const kEnd = Symbol('end');
export const kDrained = Symbol('drained');
export const kReset = Symbol('reset');
export const kFinish = Symbol('finish');
export const kSessionLost = Symbol('sessionLost');

export interface StreamOwner {
  [kHeaders](fields: readonly HeaderField[], kind: BlockKind, flags: number): void;
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

/** What a stream needs of its session. */
export interface SessionLink {
  readonly session: EventEmitter;
  readonly isServer: boolean;
  /** Undefined as long as the socket is connecting. */
  readonly connection: Connection<StreamOwner> | undefined;
  /** Sends what has been written, once what runs now is over. */
  flushSoon(): void;
  /** Something has happened: the session is not idle. */
  touch(): void;
  /** Has a stream that has ended on both sides asked whether it is finished. */
  finishSoon(stream: StreamOwner): void;
  /** A stream is destroyed. */
  forget(stream: StreamOwner, entry: StreamEntry<StreamOwner> | undefined): void;
}
