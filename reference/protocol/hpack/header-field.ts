/**
 * A name and a value; in strings each character is one octet (latin1). RFC 7541 §1.3
 *
 * Fields that a decoder returns may be entries of its tables: treat them as immutable.
 */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
  /** Never indexed: no hop may ever put the field into a table. §6.2.3, §7.1.3 */
  readonly sensitive?: boolean | undefined;
}

/** Octets that an entry counts for beside its name and value. §4.1 */
export const ENTRY_OVERHEAD = 32;

/** The size of a field, in a table (§4.1) and in a header list (RFC 9113 §6.5.2, SETTINGS_MAX_HEADER_LIST_SIZE). */
export function fieldSize(name: string, value: string): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}
