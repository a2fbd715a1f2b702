/** Strings in the Huffman code. RFC 7541 §5.2 */
import { Buffer } from 'node:buffer';
import { HpackError } from './hpack-error.js';
import { CODE_LENGTHS, CODES, MIN_CODE_LENGTH } from './huffman-code.js';
import { LAST_PADDING_STATE, TRANSITIONS } from './huffman-states.js';

/** Octets that a latin1 string takes in the Huffman code. */
export function huffmanLength(text: string): number {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits += CODE_LENGTHS[text.charCodeAt(i) & 0xff]!;
  return (bits + 7) >>> 3;
}

/**
 * Writes a latin1 string in the Huffman code, padded with ones.
 *
 * @param target - has room for `huffmanLength(text)` octets
 * @returns the offset behind the string
 */
export function writeHuffman(target: Buffer, offset: number, text: string): number {
  let at = offset;
  // The lowest `count` bits of `bits`, fewer than 16 between symbols, are still to be written.
  let bits = 0;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const symbol = text.charCodeAt(i) & 0xff;
    const code = CODES[symbol]!;
    let length = CODE_LENGTHS[symbol]!;
    // Long codes in parts, so that 32 bits suffice.
    while (length > 16) {
      length -= 8;
      bits = (bits << 8) | ((code >>> length) & 0xff);
      target[at++] = bits >>> count;
    }
    bits = (bits << length) | (code & ((1 << length) - 1));
    count += length;
    if (count >= 16) {
      count -= 16;
      target[at] = bits >>> (count + 8);
      target[at + 1] = bits >>> count;
      at += 2;
    }
  }
  if (count >= 8) {
    count -= 8;
    target[at++] = bits >>> count;
  }
  if (count > 0) target[at++] = (bits << (8 - count)) | (0xff >>> count);
  return at;
}

/** Where strings are put together. Larger ones have memory of their own, which does not outlive them. */
const SCRATCH = Buffer.allocUnsafeSlow(16_384);

/**
 * The latin1 string that octets from `start` to `end` hold in the Huffman code.
 *
 * @throws HpackError when EOS is among them, or the padding is wrong
 */
export function readHuffman(block: Buffer, start: number, end: number): string {
  // Each octet writes two symbols and keeps those it has, hence the one octet more.
  const longest = Math.ceil(((end - start) * 8) / MIN_CODE_LENGTH) + 1;
  const target = longest <= SCRATCH.length ? SCRATCH : Buffer.allocUnsafe(longest);
  let length = 0;
  let state = 0;
  let seen = 0;
  for (let at = start; at < end; at++) {
    const transition = TRANSITIONS[(state << 8) | block[at]!]!;
    state = transition & 0xff;
    target[length] = transition >>> 8;
    target[length + 1] = transition >>> 16;
    length += (transition >>> 24) & 3;
    seen |= transition;
  }
  if (seen < 0) throw new HpackError('RFC 7541 §5.2', 'EOS in a Huffman-coded string');
  if (state > LAST_PADDING_STATE) {
    throw new HpackError('RFC 7541 §5.2', 'Huffman-coded string not padded with the highest bits of EOS');
  }
  return target.toString('latin1', 0, length);
}
