import { Buffer } from 'node:buffer';
import { EncoderTable } from './encoder-table.js';
import type { HeaderField } from './header-field.js';
import { huffmanLength, writeHuffman } from './huffman.js';
import { defaultIndexing, type IndexingPolicy } from './indexing.js';
import { MAX_INTEGER_LENGTH, writeInteger } from './integer.js';
import { DEFAULT_TABLE_SIZE, type Literal, Representation } from './representation.js';
import { STATIC_LENGTH, STATIC_NAMES } from './static-table.js';

export interface EncoderOptions {
  /** Octets the dynamic table may have, if the other side allows as many. Default 4096. */
  maxTableSize?: number;
  /** What goes into the dynamic table. */
  indexing?: IndexingPolicy;
  /** Strings in the Huffman code: where that is `shorter` (default), `always` or `never`. */
  huffman?: 'shorter' | 'always' | 'never';
}

/** Octets of the buffer that blocks are written into. */
const BUFFER_LENGTH = 1024;

/** Encodes the field blocks of one direction of a connection, in the order in which they are sent. RFC 7541 */
export class Encoder {
  readonly #table = new EncoderTable(DEFAULT_TABLE_SIZE);
  readonly #indexing: IndexingPolicy;
  readonly #huffman: 'shorter' | 'always' | 'never';
  #maxTableSize: number;
  /** The other side's SETTINGS_HEADER_TABLE_SIZE. */
  #limit = DEFAULT_TABLE_SIZE;
  /** The least size since the last block when the next must tell of changes. */
  #leastSize: number | undefined;
  #buffer = Buffer.allocUnsafeSlow(BUFFER_LENGTH);
  #at = 0;

  constructor({ maxTableSize = DEFAULT_TABLE_SIZE, indexing, huffman = 'shorter' }: EncoderOptions = {}) {
    this.#indexing = indexing ?? defaultIndexing;
    this.#huffman = huffman;
    this.#maxTableSize = maxTableSize;
    this.#resize();
  }

  /** The dynamic table's entries, newest first. */
  get dynamicTable(): readonly HeaderField[] {
    return [...this.#table];
  }

  /** Octets in the dynamic table. §4.1 */
  get tableSize(): number {
    return this.#table.size;
  }

  /** Octets the dynamic table may have: what was asked for, or what the other side allows. */
  get maxTableSize(): number {
    return this.#table.maxSize;
  }

  set maxTableSize(size: number) {
    this.#maxTableSize = size;
    this.#resize();
  }

  /** Heeds the other side's SETTINGS_HEADER_TABLE_SIZE, octets. To be called before SETTINGS are acknowledged. §4.2 */
  limitTableSize(limit: number): void {
    this.#limit = limit;
    this.#resize();
  }

  /**
   * A field block of these fields. Size updates that are due come first. Names must be lower case already; characters
   * beyond latin1 lose their higher bits. When `fields` throws, the encoder is of no use any more.
   */
  encode(fields: Iterable<HeaderField>): Buffer {
    this.#at = 0;
    this.#writeSizeUpdates();
    for (const field of fields) this.#writeField(field);
    return this.#take();
  }

  /** What has been written: a copy, or the buffer itself when it has become too large to be kept. */
  #take(): Buffer {
    const block = this.#buffer.subarray(0, this.#at);
    if (this.#buffer.length <= 16 * BUFFER_LENGTH) return Buffer.from(block);
    this.#buffer = Buffer.allocUnsafeSlow(BUFFER_LENGTH);
    return block;
  }

  #resize(): void {
    const size = Math.min(this.#maxTableSize, this.#limit);
    if (size === this.#table.maxSize) return;
    this.#table.resize(size);
    this.#leastSize = Math.min(this.#leastSize ?? size, size);
  }

  /** The least size of all since the last block, then the present one. §4.2, §6.3 */
  #writeSizeUpdates(): void {
    if (this.#leastSize === undefined) return;
    const { pattern, prefix } = Representation.SIZE_UPDATE;
    const size = this.#table.maxSize;
    if (this.#leastSize < size) this.#writeInteger(pattern, prefix, this.#leastSize);
    this.#writeInteger(pattern, prefix, size);
    this.#leastSize = undefined;
  }

  #writeField(field: HeaderField): void {
    const { name, value } = field;
    const inStatic = STATIC_NAMES.get(name);
    const inDynamic = this.#table.find(name);
    if (!field.sensitive) {
      const index = inStatic?.values.get(value) ?? this.#index(inDynamic?.values.get(value));
      if (index !== undefined) {
        this.#writeInteger(Representation.INDEXED.pattern, Representation.INDEXED.prefix, index);
        return;
      }
    }
    const literal = field.sensitive ? 'NEVER_INDEXED' : this.#indexing(field, this.#table.maxSize);
    this.#writeLiteral(literal, inStatic?.index ?? this.#index(inDynamic?.newest), field);
  }

  /** The index of the dynamic table's entry with this number. §2.3.3 */
  #index(number: number | undefined): number | undefined {
    return number === undefined ? undefined : STATIC_LENGTH + 1 + this.#table.newest - number;
  }

  /** §6.2 */
  #writeLiteral(literal: Literal, nameIndex: number | undefined, field: HeaderField): void {
    const { pattern, prefix } = Representation[literal];
    this.#writeInteger(pattern, prefix, nameIndex ?? 0);
    if (nameIndex === undefined) this.#writeString(field.name);
    this.#writeString(field.value);
    if (literal === 'INCREMENTAL_INDEXING') this.#table.add({ name: field.name, value: field.value });
  }

  /** §5.2 */
  #writeString(text: string): void {
    const coded = this.#huffman === 'never' ? 0 : huffmanLength(text);
    if (this.#huffman === 'always' || (this.#huffman === 'shorter' && coded < text.length)) {
      this.#writeInteger(0x80, 7, coded);
      this.#reserve(coded);
      this.#at = writeHuffman(this.#buffer, this.#at, text);
    } else {
      this.#writeInteger(0x00, 7, text.length);
      this.#reserve(text.length);
      this.#at += this.#buffer.write(text, this.#at, 'latin1');
    }
  }

  #writeInteger(pattern: number, prefix: number, value: number): void {
    this.#reserve(MAX_INTEGER_LENGTH);
    this.#at = writeInteger(this.#buffer, this.#at, pattern, prefix, value);
  }

  #reserve(length: number): void {
    const needed = this.#at + length;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(needed)));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}
