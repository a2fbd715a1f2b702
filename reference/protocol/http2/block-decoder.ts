import type { Buffer } from 'node:buffer';
import type { Decoder } from '../hpack/decoder.js';
import { HpackError } from '../hpack/hpack-error.js';
import type { FieldBlock } from './connection-core.js';
import type { MessageHead, MessageKind } from './field-rules.js';
import { FrameError } from './frame-error.js';

/** The fields of a block, and what they mean. */
export interface DecodedBlock extends FieldBlock {
  /** There are more fields, or more octets in them, than this side takes. */
  readonly exceeds: boolean;
  /** Read once for each kind of message. */
  heads: { [kind in MessageKind]?: MessageHead };
}

/** Blocks longer than this are seldom the same. */
const CACHED_BLOCK_LENGTH = 256;
const CACHED_BLOCKS = 256;

/**
 * Decodes blocks of fields, but not twice: the same octets are the same fields as long as the compression table has not
 * changed, and clients send the same few blocks all the time.
 */
export class BlockDecoder {
  readonly #decoder: Decoder;
  readonly #blocks = new Map<string, DecodedBlock>();
  /** The decoder's version for which the blocks were decoded. */
  #version = 0;

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /** Limits have changed. */
  forget(): void {
    this.#blocks.clear();
  }

  decode(fragment: Buffer): DecodedBlock | FrameError {
    if (fragment.length > CACHED_BLOCK_LENGTH) return this.#decodeAnew(fragment);
    const key = fragment.toString('latin1');
    const { version } = this.#decoder;
    if (version === this.#version) {
      const known = this.#blocks.get(key);
      if (known) return known;
    }
    const block = this.#decodeAnew(fragment);
    if (!(block instanceof FrameError) && this.#decoder.version === version) this.#keep(key, block, version);
    return block;
  }

  #keep(key: string, block: DecodedBlock, version: number): void {
    if (version !== this.#version || this.#blocks.size === CACHED_BLOCKS) this.#blocks.clear();
    this.#version = version;
    this.#blocks.set(key, block);
  }

  #decodeAnew(fragment: Buffer): DecodedBlock | FrameError {
    try {
      const { fields, size, exceeds } = this.#decoder.decode(fragment);
      const tooLarge = exceeds !== undefined || size > this.#decoder.maxHeaderListSize;
      return { fields, exceeds: tooLarge, heads: {}, derived: undefined };
    } catch (error) {
      if (!(error instanceof HpackError)) throw error;
      return new FrameError('COMPRESSION_ERROR', 'connection', error.section, error.message);
    }
  }
}
