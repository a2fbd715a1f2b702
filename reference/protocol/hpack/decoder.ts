import { Buffer } from 'node:buffer';
import { DynamicTable } from './dynamic-table.js';
import { fieldSize, type HeaderField } from './header-field.js';
import { HpackError } from './hpack-error.js';
import { readHuffman } from './huffman.js';
import { type Cursor, readInteger } from './integer.js';
import { DEFAULT_TABLE_SIZE, Representation } from './representation.js';
import { STATIC_LENGTH, STATIC_TABLE } from './static-table.js';

export interface DecoderOptions {
  /**
   * This side's SETTINGS_HEADER_TABLE_SIZE before the first block, octets. Default 4096, which in HTTP/2 holds until
   * the other side acknowledges another: see `limitTableSize`.
   */
  maxTableSize?: number;
  /** Octets of a field list, as SETTINGS_MAX_HEADER_LIST_SIZE counts them. Default: no limit. */
  maxHeaderListSize?: number;
  /** Fields in a list. Default: no limit. */
  maxFieldCount?: number;
}

/** What a field block held. */
export interface FieldList {
  /** In the order of the block; those from the one that exceeds a limit on are left out. */
  readonly fields: readonly HeaderField[];
  /** Octets of the whole list, left out fields included. RFC 9113 §6.5.2 */
  readonly size: number;
  /** The limit that the list exceeds. The decoder remains in step: what to do about the message is the caller's. */
  readonly exceeds: 'size' | 'count' | undefined;
}

/** Decodes the field blocks of one direction of a connection, in the order in which they come. RFC 7541 */
export class Decoder {
  /** Octets of a field list; holds from the next block on. */
  maxHeaderListSize: number;
  /** Changes with the tables: as long as it does not, the same block has the same fields. */
  version = 0;
  readonly #table: DynamicTable;
  readonly #maxFieldCount: number;
  /** The largest size the other side may choose. */
  #limit: number;
  /** The next block must begin with a size update no larger than this: the table had to shrink. §4.2 */
  #requiredSize: number | undefined;

  constructor(options: DecoderOptions = {}) {
    this.#limit = options.maxTableSize ?? DEFAULT_TABLE_SIZE;
    this.maxHeaderListSize = options.maxHeaderListSize ?? Infinity;
    this.#maxFieldCount = options.maxFieldCount ?? Infinity;
    this.#table = new DynamicTable(this.#limit);
  }

  /** The dynamic table's entries, newest first. */
  get dynamicTable(): readonly HeaderField[] {
    return [...this.#table];
  }

  /** Octets in the dynamic table. §4.1 */
  get tableSize(): number {
    return this.#table.size;
  }

  /** Octets the dynamic table may have: what the other side has chosen. */
  get maxTableSize(): number {
    return this.#table.maxSize;
  }

  /** Changes this side's SETTINGS_HEADER_TABLE_SIZE, octets. To be called when SETTINGS have been acknowledged. §4.2 */
  limitTableSize(limit: number): void {
    this.#limit = limit;
    this.version++;
    if (limit < this.#table.maxSize) this.#requiredSize = Math.min(this.#requiredSize ?? limit, limit);
  }

  /**
   * The fields of a block.
   *
   * @throws HpackError when the block breaks a rule; the decoder is of no use from then on
   */
  decode(block: Uint8Array): FieldList {
    const cursor = { block: asBuffer(block), at: 0 };
    this.#readSizeUpdates(cursor);
    const fields: HeaderField[] = [];
    let size = 0;
    let exceeds: FieldList['exceeds'];
    while (cursor.at < block.length) {
      const field = this.#readField(cursor);
      size += fieldSize(field.name, field.value);
      if (exceeds !== undefined) continue;
      if (size > this.maxHeaderListSize) exceeds = 'size';
      else if (fields.length === this.#maxFieldCount) exceeds = 'count';
      else fields.push(field);
    }
    return { fields, size, exceeds };
  }

  /** §4.2, §6.3: at the beginning of a block, and only there. */
  #readSizeUpdates(cursor: Cursor): void {
    const { block } = cursor;
    while (cursor.at < block.length && isSizeUpdate(block[cursor.at]!)) {
      const size = readInteger(cursor, Representation.SIZE_UPDATE.prefix);
      if (size > this.#limit) {
        throw new HpackError('RFC 7541 §6.3', `size update to ${size}, at most ${this.#limit} is allowed`);
      }
      if (this.#requiredSize !== undefined && size <= this.#requiredSize) this.#requiredSize = undefined;
      this.#table.resize(size);
      this.version++;
    }
    if (this.#requiredSize !== undefined) {
      throw new HpackError('RFC 7541 §4.2', `no size update to ${this.#requiredSize} or less`);
    }
  }

  /** §6.1, §6.2 */
  #readField(cursor: Cursor): HeaderField {
    const first = cursor.block[cursor.at]!;
    if ((first & 0x80) !== 0) return this.#entry(readInteger(cursor, Representation.INDEXED.prefix));
    if ((first & 0x40) !== 0) {
      const field = this.#readLiteral(cursor, Representation.INCREMENTAL_INDEXING.prefix, false);
      this.#table.add(field);
      this.version++;
      return field;
    }
    if (isSizeUpdate(first)) throw new HpackError('RFC 7541 §4.2', 'size update behind a field');
    return this.#readLiteral(cursor, Representation.WITHOUT_INDEXING.prefix, (first & 0x10) !== 0);
  }

  #readLiteral(cursor: Cursor, prefix: number, sensitive: boolean): HeaderField {
    const nameIndex = readInteger(cursor, prefix);
    const name = nameIndex === 0 ? readString(cursor) : this.#entry(nameIndex).name;
    return { name, value: readString(cursor), sensitive };
  }

  /** §2.3.3 */
  #entry(index: number): HeaderField {
    if (index === 0) throw new HpackError('RFC 7541 §6.1', 'index 0');
    const field = index <= STATIC_LENGTH ? STATIC_TABLE[index - 1] : this.#table.at(index - STATIC_LENGTH - 1);
    if (field === undefined) throw new HpackError('RFC 7541 §2.3.3', `index ${index} is beyond the tables`);
    return field;
  }
}

function isSizeUpdate(first: number): boolean {
  return (first & 0xe0) === Representation.SIZE_UPDATE.pattern;
}

/** §5.2 */
function readString(cursor: Cursor): string {
  const { block } = cursor;
  const huffman = cursor.at < block.length && (block[cursor.at]! & 0x80) !== 0;
  const length = readInteger(cursor, 7);
  const start = cursor.at;
  const end = start + length;
  if (end > block.length) throw new HpackError('RFC 7541 §5.2', 'the block ends within a string');
  cursor.at = end;
  return huffman ? readHuffman(block, start, end) : block.toString('latin1', start, end);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
