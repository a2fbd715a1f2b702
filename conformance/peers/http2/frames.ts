/** The frames that arrive on a connection, field blocks put together and decoded. */
import { Decoder } from '../../../reference/protocol/hpack/decoder.js';
import { DEFAULT_TABLE_SIZE } from '../../../reference/protocol/hpack/representation.js';
import { decodeFrame } from '../../../reference/protocol/http2/decode-frame.js';
import { FieldBlockJoiner } from '../../../reference/protocol/http2/field-block.js';
import type { Frame, RawFrame } from '../../../reference/protocol/http2/frame.js';
import { FrameError } from '../../../reference/protocol/http2/frame-error.js';
import { FrameReader } from '../../../reference/protocol/http2/frame-reader.js';
import { type Block, ReceivedFrame, toBlock } from './received-frame.js';

export class IncomingFrames {
  /** Why nothing can be read: the other side does not speak HTTP/2. */
  failure: string | undefined;

  readonly #reader: FrameReader;
  readonly #joiner = new FieldBlockJoiner();
  readonly #decoder = new Decoder();
  /** The frame that began the block that is being put together. */
  #first: RawFrame | undefined;
  #count = 0;

  /** @param preface - the other side is a client, whose preface comes first */
  constructor(preface: boolean) {
    this.#reader = new FrameReader({ preface });
  }

  /** This side has announced SETTINGS_HEADER_TABLE_SIZE: blocks may use as much from now on. */
  allowTableSize(size: number): void {
    this.#decoder.limitTableSize(Math.max(size, DEFAULT_TABLE_SIZE));
  }

  /** Every frame that the bytes complete. */
  *read(bytes: Buffer): Generator<ReceivedFrame, void, void> {
    // As a frame it would announce more than 4 MiB, and be waited for in vain.
    if (this.#count === 0 && bytes.toString('latin1', 0, 7) === 'HTTP/1.') this.failure = 'an HTTP/1 response';
    if (this.failure !== undefined) return;
    this.#reader.push(bytes);
    for (const raw of this.#reader.frames()) {
      if (raw instanceof FrameError) {
        this.failure = raw.message;
        return;
      }
      const received = this.#receive(raw);
      if (received) yield received;
    }
  }

  #receive(raw: RawFrame): ReceivedFrame | undefined {
    const misplaced = this.#joiner.check(raw);
    const decoded = decodeFrame(raw);
    if (decoded instanceof FrameError) return this.#broken(raw, undefined, decoded);
    if (misplaced) return this.#broken(raw, decoded, misplaced);
    const first = decoded.type === 'CONTINUATION' ? this.#first! : raw;
    this.#first = first;
    const frame = this.#joiner.join(decoded);
    if (frame === undefined) return undefined;
    if (frame instanceof FrameError) return this.#broken(first, undefined, frame);
    return new ReceivedFrame(first, this.#count++, frame, this.#decodeBlock(frame));
  }

  #broken(raw: RawFrame, frame: Frame | undefined, error: FrameError): ReceivedFrame {
    return new ReceivedFrame(raw, this.#count++, frame, { error: String(error) });
  }

  #decodeBlock(frame: Frame): { block?: Block; continuations?: number; error?: string } {
    if (frame.type !== 'HEADERS' && frame.type !== 'PUSH_PROMISE') return {};
    const continuations = 'continuations' in frame ? Number(frame.continuations) : 0;
    try {
      return { block: toBlock(this.#decoder.decode(frame.fragment).fields), continuations };
    } catch (error) {
      return { continuations, error: String(error) };
    }
  }
}
