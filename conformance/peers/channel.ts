import type { PeerStep, Seen, WireFrame } from '../plan.js';
import type { Connection } from './connection.js';

/** Something to send, its references resolved. */
export type Outgoing = { bytes: Buffer } | { preface: true } | { frame: WireFrame };

/** Bytes for the wire, and how the transcript shows them. */
export interface Encoded {
  bytes: Buffer;
  shown: string[];
}

/** Steps that select something that has arrived. */
export type SelectingStep = Extract<PeerStep, { op: 'receive' | 'next' | 'handshake' }>;

/** What a protocol makes of a connection. */
export interface Channel {
  readonly connection: Connection;
  /**
   * Begins to look for what the step names.
   *
   * @returns a question to be asked after every arrival: what was found, undefined while it may still come
   * @throws Unmet (the question does so too) when it never will
   */
  select(step: SelectingStep): () => Seen | undefined;
  encode(parts: readonly Outgoing[]): Encoded;
  /** What was encoded last has been written. */
  written(): void;
  /** What has arrived since the latest selection, unread. */
  unread(): { bytes: number; text: string };
  /** HTTP/2: all frames so far of this type (and stream). Asked for at the vector's end only. */
  seen(type: string, stream: number | undefined): Seen[];
  /** HTTP/2: from here on, answers DATA with WINDOW_UPDATE; at once what has arrived already. */
  credit(): void;
}
