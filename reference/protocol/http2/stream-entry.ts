import type { ReceiveWindow } from './flow-control.js';
import { StreamState } from './stream-states.js';

/** Which block of fields may come next on a stream. RFC 9113 §8.1 */
export const MessagePhase = {
  /** The head of the message, or an informational response. */
  HEAD: 0,
  /** Content; then perhaps trailers. */
  BODY: 1,
  /** Nothing more. */
  DONE: 2,
} as const;

export type MessagePhase = (typeof MessagePhase)[keyof typeof MessagePhase];

/** Content that waits for credit, or for the connection to take more. */
export interface QueuedData {
  chunks: readonly Uint8Array[];
  /** The chunk that is being sent, and octets of it that have been. */
  index: number;
  offset: number;
}

/** What a connection knows about a stream. */
export class StreamEntry<T> {
  state: StreamState = StreamState.IDLE;
  /** Whatever the user of the connection wants to find again. */
  owner: T | undefined = undefined;
  /** Octets that may be sent; negative after the other side has lowered its initial window size. §6.9.2 */
  sendWindow: number;
  /** Made when the first DATA comes: most requests have none. */
  receiveWindow: ReceiveWindow | undefined = undefined;
  queued: QueuedData | undefined = undefined;
  phase: MessagePhase = MessagePhase.HEAD;
  /** The content-length announced by the other side, or -1. */
  contentLength = -1;
  /** Octets of content received. */
  received = 0;
  /** The message that is awaited has no content whatever its content-length: it answers HEAD. */
  answersHead = false;
  weight = 16;
  /** The stream that this one depends on, 0 for none. */
  parent = 0;

  constructor(
    readonly id: number,
    sendWindow: number,
  ) {
    this.sendWindow = sendWindow;
  }

  get localClosed(): boolean {
    return this.state === StreamState.HALF_CLOSED_LOCAL || this.state === StreamState.CLOSED;
  }

  get remoteClosed(): boolean {
    return this.state === StreamState.HALF_CLOSED_REMOTE || this.state === StreamState.CLOSED;
  }
}

/** Why a stream is closed, which decides about frames that still come for it. §5.1 */
export const Closure = { UNKNOWN: 0, FINISHED: 1, RESET_HERE: 2, RESET_THERE: 3 } as const;

export type Closure = (typeof Closure)[keyof typeof Closure];

/** Closed streams that are remembered. */
const REMEMBERED = 256;

const LEAST_SLOTS = 32;
const MOST_SLOTS = 4096;

/**
 * The streams of a connection that are not closed, and the last ones that are.
 *
 * Numbers are given out in order, so that those of open streams are close together: they stand in slots by their
 * number, and only where two share a slot, in a Map. (A Map for all of them would be made anew all the time, and its
 * dead predecessors, once old, would keep the streams alive that were open then.)
 */
export class StreamTable<T> {
  #slots: (StreamEntry<T> | undefined)[] = new Array(LEAST_SLOTS).fill(undefined);
  readonly #others = new Map<number, StreamEntry<T>>();
  #size = 0;
  readonly #closedIds = new Int32Array(REMEMBERED);
  readonly #closures = new Uint8Array(REMEMBERED);

  get size(): number {
    return this.#size;
  }

  get(id: number): StreamEntry<T> | undefined {
    const entry = this.#slots[(id >>> 1) & (this.#slots.length - 1)];
    if (entry !== undefined && entry.id === id) return entry;
    return this.#others.size === 0 ? undefined : this.#others.get(id);
  }

  add(entry: StreamEntry<T>): void {
    if (++this.#size > this.#slots.length / 2 && this.#slots.length < MOST_SLOTS) this.#grow();
    this.#place(entry);
  }

  #place(entry: StreamEntry<T>): void {
    const slot = (entry.id >>> 1) & (this.#slots.length - 1);
    if (this.#slots[slot] === undefined) this.#slots[slot] = entry;
    else this.#others.set(entry.id, entry);
  }

  #grow(): void {
    const entries = [...this.values()];
    this.#others.clear();
    this.#slots = new Array(this.#slots.length * 2).fill(undefined);
    for (const entry of entries) this.#place(entry);
  }

  /** Takes a stream out, and remembers why it is closed. */
  close(id: number, closure: Closure): void {
    const slot = (id >>> 1) & (this.#slots.length - 1);
    if (this.#slots[slot]?.id === id) {
      this.#slots[slot] = undefined;
      this.#size--;
    } else if (this.#others.delete(id)) {
      this.#size--;
    }
    const remembered = (id >>> 1) & (REMEMBERED - 1);
    this.#closedIds[remembered] = id;
    this.#closures[remembered] = closure;
  }

  closure(id: number): Closure {
    const slot = (id >>> 1) & (REMEMBERED - 1);
    return this.#closedIds[slot] === id ? (this.#closures[slot] as Closure) : Closure.UNKNOWN;
  }

  *values(): Generator<StreamEntry<T>, void, void> {
    for (const entry of this.#slots) if (entry !== undefined) yield entry;
    yield* this.#others.values();
  }
}
