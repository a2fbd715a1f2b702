/** What a parser has been told, in full. */
export interface SyntaxOptions {
  isRequest: boolean;
  /** As `insecureHTTPParser`. */
  lenient: boolean;
  /** Octets of target, reason, names and values from which on a head or trailers are refused. */
  maxHeaderSize: number;
  /** Fields of a section that are listed, about: see `listsField`. 0: all. */
  maxFields: number;
}

/** Node's parser hands fields over by so many, and the list takes them or leaves them as a whole. */
const FIELDS_AT_A_TIME = 31;

/** Whether a field, the index-th of its section, is listed: not once the list had its maximum when its batch began. */
export function listsField(index: number, maxFields: number): boolean {
  return maxFields === 0 || index - (index % FIELDS_AT_A_TIME) < maxFields;
}
