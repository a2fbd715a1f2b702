import { Buffer } from 'node:buffer';
import { Flag, type Frame, FrameType, type HeadersFrame, type PushPromiseFrame, type RawFrame } from './frame.js';
import { FrameError } from './frame-error.js';

/** A frame that begins a field block. RFC 9113 §4.3 */
export type FieldBlockFrame = HeadersFrame | PushPromiseFrame;

export interface FieldBlockLimits {
  /** Octets of a whole block. */
  maxLength?: number;
  /** CONTINUATION frames behind one HEADERS or PUSH_PROMISE. */
  maxContinuations?: number;
}

/**
 * Puts field blocks together: HEADERS or PUSH_PROMISE and the CONTINUATION frames behind it become one frame with the
 * whole block as its fragment, END_HEADERS set, and `continuations` counted. Other frames go through untouched.
 */
export class FieldBlockJoiner {
  readonly #maxLength: number;
  readonly #maxContinuations: number;
  #first: FieldBlockFrame | undefined;
  #fragments: Buffer[] = [];
  #length = 0;

  constructor({ maxLength = Infinity, maxContinuations = Infinity }: FieldBlockLimits = {}) {
    this.#maxLength = maxLength;
    this.#maxContinuations = maxContinuations;
  }

  /** True between a frame without END_HEADERS and the frame that has it. */
  get open(): boolean {
    return this.#first !== undefined;
  }

  /**
   * Whether a frame may come now, to be asked before its payload is decoded: an open block takes CONTINUATION on the
   * same stream and nothing else, not even unknown types (§4.3, §5.5, §6.10).
   */
  check(raw: RawFrame): FrameError | undefined {
    const first = this.#first;
    if (first === undefined) {
      if (raw.type !== FrameType.CONTINUATION) return undefined;
      return new FrameError('PROTOCOL_ERROR', 'connection', 'RFC 9113 §6.10', 'CONTINUATION of nothing', raw);
    }
    if (raw.type === FrameType.CONTINUATION && raw.streamId === first.streamId) return undefined;
    const section = first.type === 'HEADERS' ? 'RFC 9113 §6.2' : 'RFC 9113 §6.6';
    const message = `${first.type} without END_HEADERS not followed by its CONTINUATION`;
    return new FrameError('PROTOCOL_ERROR', 'connection', section, message, raw);
  }

  /**
   * @param frame - a frame that `check` let pass
   * @returns the frame to go on with; undefined while a block is incomplete; an error when a limit is exceeded
   */
  join(frame: Frame): Frame | FrameError | undefined {
    if (frame.type === 'HEADERS' || frame.type === 'PUSH_PROMISE') {
      if ((frame.flags & Flag.END_HEADERS) === 0) this.#first = frame;
      else if (frame.fragment.length <= this.#maxLength) return frame;
    } else if (frame.type !== 'CONTINUATION' || this.#first === undefined) return frame;
    this.#fragments.push(frame.fragment);
    this.#length += frame.fragment.length;
    if (this.#length > this.#maxLength || this.#fragments.length - 1 > this.#maxContinuations) return tooLarge();
    return (frame.flags & Flag.END_HEADERS) === 0 ? undefined : this.#complete();
  }

  #complete(): Frame {
    const first = this.#first!;
    const fragment = Buffer.concat(this.#fragments, this.#length);
    const joined = {
      ...first,
      flags: first.flags | Flag.END_HEADERS,
      fragment,
      continuations: this.#fragments.length - 1,
    };
    this.#first = undefined;
    this.#fragments = [];
    this.#length = 0;
    return joined;
  }
}

/** What the block is too large for is a matter of the receiver's patience. §10.5.1 */
function tooLarge(): FrameError {
  return new FrameError('ENHANCE_YOUR_CALM', 'connection', 'RFC 9113 §10.5.1', 'field block too large');
}

/**
 * The frames that carry a field block: the given one with as much as fits, then CONTINUATION frames; END_HEADERS on
 * the last alone. §4.3
 *
 * @param frame - HEADERS or PUSH_PROMISE with the whole block as its fragment
 * @param maxFrameSize - the receiver's SETTINGS_MAX_FRAME_SIZE, octets
 */
export function splitFieldBlock(frame: FieldBlockFrame, maxFrameSize: number): Frame[] {
  const block = frame.fragment;
  const room = maxFrameSize - overhead(frame);
  if (block.length <= room) return [{ ...frame, flags: frame.flags | Flag.END_HEADERS }];
  const flags = frame.flags & ~Flag.END_HEADERS;
  const frames: Frame[] = [{ ...frame, flags, fragment: block.subarray(0, room) }];
  for (let at = room; at < block.length; at += maxFrameSize) {
    const last = at + maxFrameSize >= block.length;
    frames.push({
      type: 'CONTINUATION',
      flags: last ? Flag.END_HEADERS : Flag.NONE,
      streamId: frame.streamId,
      fragment: block.subarray(at, at + maxFrameSize),
    });
  }
  return frames;
}

/** Octets of payload that are not the fragment. */
function overhead(frame: FieldBlockFrame): number {
  const padding = frame.padLength === undefined ? 0 : 1 + frame.padLength;
  if (frame.type === 'PUSH_PROMISE') return padding + 4;
  return padding + (frame.priority ? 5 : 0);
}
