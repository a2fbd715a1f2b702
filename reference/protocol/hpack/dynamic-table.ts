import { fieldSize, type HeaderField } from './header-field.js';

/**
 * The dynamic table: first in, first out, in a ring. RFC 7541 §2.3.2, §4
 *
 * Each entry has a number that never changes, counted from 1; its index (§2.3.3) is how far it is from the newest.
 */
export class DynamicTable {
  /** Entry n stands at n & mask. */
  #ring: (HeaderField | undefined)[] = new Array(8).fill(undefined);
  #mask = 7;
  #newest = 0;
  #length = 0;
  #size = 0;
  #maxSize: number;

  /** @param maxSize - octets, as §4.1 counts them */
  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Number of entries. */
  get length(): number {
    return this.#length;
  }

  /** Octets. §4.1 */
  get size(): number {
    return this.#size;
  }

  get maxSize(): number {
    return this.#maxSize;
  }

  /** The number of the newest entry, which is how many there have ever been. */
  get newest(): number {
    return this.#newest;
  }

  /** The entry so far from the newest, 0 being the newest itself; undefined beyond the oldest. */
  at(distance: number): HeaderField | undefined {
    return distance < this.#length ? this.#ring[(this.#newest - distance) & this.#mask] : undefined;
  }

  /** Entries from the newest to the oldest, as their indices go. */
  *[Symbol.iterator](): Generator<HeaderField, void, void> {
    for (let distance = 0; distance < this.#length; distance++) yield this.at(distance)!;
  }

  /** Changes the size the table may have, and evicts what no longer fits. §4.3 */
  resize(maxSize: number): void {
    this.#maxSize = maxSize;
    this.#evictDownTo(maxSize);
  }

  /**
   * Adds an entry, after evicting what must go. One larger than the table empties it and is not added. §4.4
   *
   * @returns whether the entry is in the table
   */
  add(field: HeaderField): boolean {
    const size = fieldSize(field.name, field.value);
    this.#evictDownTo(this.#maxSize - size);
    if (size > this.#maxSize) return false;
    if (this.#length > this.#mask) this.#grow();
    this.#newest++;
    this.#ring[this.#newest & this.#mask] = field;
    this.#length++;
    this.#size += size;
    return true;
  }

  /** Told of each entry that goes: an encoder's table forgets where it was. */
  protected evicted(_field: HeaderField, _number: number): void {}

  #evictDownTo(size: number): void {
    while (this.#size > size && this.#length > 0) {
      const number = this.#newest - this.#length + 1;
      const field = this.#ring[number & this.#mask]!;
      this.#ring[number & this.#mask] = undefined;
      this.#length--;
      this.#size -= fieldSize(field.name, field.value);
      this.evicted(field, number);
    }
  }

  #grow(): void {
    const mask = this.#mask * 2 + 1;
    const ring: (HeaderField | undefined)[] = new Array(mask + 1).fill(undefined);
    for (let i = 0; i < this.#length; i++) {
      const number = this.#newest - i;
      ring[number & mask] = this.#ring[number & this.#mask];
    }
    this.#ring = ring;
    this.#mask = mask;
  }
}
