/**
 * Flow control: who may send how much. RFC 9113 §5.2, §6.9
 *
 * Windows for sending are plain numbers of octets that may become negative (§6.9.2). A window for receiving also knows
 * what has been read, as that is what credit is given for.
 */
import { MAX_31_BIT } from './frame.js';

/** Octets of the connection's windows at the start, whatever SETTINGS say. §6.9.2 */
export const DEFAULT_WINDOW_SIZE = 65_535;

/** Whether credit would carry a window beyond 2^31-1. §6.9.1 */
export function overflows(window: number, increment: number): boolean {
  return window + increment > MAX_31_BIT;
}

/** What the other side may send, on a stream or on the connection. */
export class ReceiveWindow {
  /** Octets the window has when everything has been read and credited. */
  size: number;
  /** Octets the other side may still send. */
  available: number;
  /** Octets that were read and not yet credited. */
  consumed = 0;

  constructor(size: number) {
    this.size = size;
    this.available = size;
  }

  /** Octets received and not yet credited. */
  get received(): number {
    return Math.max(0, this.size - this.available);
  }

  /** Takes octets that have arrived off the window; false when there were more than it allowed. §6.9.1 */
  receive(octets: number): boolean {
    this.available -= octets;
    return this.available >= 0;
  }

  /**
   * Octets that have been read.
   *
   * @returns whether it is time for credit: half the window has been used, which means few frames, and no stall
   */
  consume(octets: number): boolean {
    this.consumed += octets;
    return this.consumed > 0 && this.consumed >= this.size >>> 1;
  }

  /** @returns the credit for all that has been read: what to say in WINDOW_UPDATE, or 0 */
  credit(): number {
    const credit = Math.max(0, this.consumed);
    if (credit === 0) return 0;
    this.consumed = 0;
    this.available += credit;
    return credit;
  }

  /** Another size: the initial window size has changed (§6.9.2). No frame tells of it but SETTINGS. */
  shift(by: number): void {
    this.size += by;
    this.available += by;
  }

  /**
   * Another size, to be told by WINDOW_UPDATE: growth at once, a smaller size by less credit later on.
   *
   * @returns the increment to send, or 0
   */
  resize(size: number): number {
    const growth = size - this.size;
    this.size = size;
    if (growth <= 0) {
      this.consumed += growth;
      return 0;
    }
    this.available += growth;
    return growth;
  }
}
