import { DynamicTable } from './dynamic-table.js';
import type { HeaderField } from './header-field.js';

/** The entries of one name in a dynamic table, by their numbers. */
export interface DynamicName {
  /** The newest entry that has the name. */
  newest: number;
  /** The newest entry with each value. */
  readonly values: Map<string, number>;
}

/** A dynamic table in which an encoder finds names and fields without searching. */
export class EncoderTable extends DynamicTable {
  readonly #names = new Map<string, DynamicName>();

  find(name: string): DynamicName | undefined {
    return this.#names.get(name);
  }

  override add(field: HeaderField): boolean {
    if (!super.add(field)) return false;
    const number = this.newest;
    const known = this.#names.get(field.name);
    if (known) {
      known.newest = number;
      known.values.set(field.value, number);
    } else {
      this.#names.set(field.name, { newest: number, values: new Map([[field.value, number]]) });
    }
    return true;
  }

  protected override evicted({ name, value }: HeaderField, number: number): void {
    const known = this.#names.get(name)!;
    // The oldest entry of all: if it is the newest of its name, it is the only one.
    if (known.newest === number) this.#names.delete(name);
    else if (known.values.get(value) === number) known.values.delete(value);
  }
}
