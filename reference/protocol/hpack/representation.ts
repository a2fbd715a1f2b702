/** How the first octet of each representation begins, and how many bits it leaves. RFC 7541 §6 */
export const Representation = {
  /** §6.1 */
  INDEXED: { pattern: 0x80, prefix: 7 },
  /** §6.2.1 */
  INCREMENTAL_INDEXING: { pattern: 0x40, prefix: 6 },
  /** §6.2.2 */
  WITHOUT_INDEXING: { pattern: 0x00, prefix: 4 },
  /** §6.2.3 */
  NEVER_INDEXED: { pattern: 0x10, prefix: 4 },
  /** §6.3 */
  SIZE_UPDATE: { pattern: 0x20, prefix: 5 },
} as const;

/** A representation of a field that is not in a table as a whole. §6.2 */
export type Literal = 'INCREMENTAL_INDEXING' | 'WITHOUT_INDEXING' | 'NEVER_INDEXED';

/** SETTINGS_HEADER_TABLE_SIZE until changed. RFC 9113 §6.5.2 */
export const DEFAULT_TABLE_SIZE = 4096;
