import { fieldSize, type HeaderField } from './header-field.js';
import type { Literal } from './representation.js';

/**
 * How to write a field that is in no table.
 *
 * @param field - not `sensitive`: such a field is never indexed, whatever the policy
 * @param maxTableSize - octets the dynamic table may have at present
 */
export type IndexingPolicy = (field: HeaderField, maxTableSize: number) => Literal;

/** Credentials: an attacker who can add fields must not find them out by a table's hits. §7.1.3 */
const SECRET = new Set(['authorization', 'proxy-authorization']);

/** A cookie shorter than this could be guessed. §7.1.3 */
const SHORT_COOKIE = 20;

/** Values that seldom come twice on a connection, and would push out those that do. */
const FLEETING = new Set([
  ':path',
  'age',
  'content-length',
  'content-range',
  'etag',
  'if-modified-since',
  'if-none-match',
  'location',
  'range',
  'set-cookie',
]);

/** Secrets never, fleeting and very large fields not, all others indexed. */
export const defaultIndexing: IndexingPolicy = ({ name, value }, maxTableSize) => {
  if (SECRET.has(name) || (name === 'cookie' && value.length < SHORT_COOKIE)) return 'NEVER_INDEXED';
  if (FLEETING.has(name) || fieldSize(name, value) > maxTableSize * 0.75) return 'WITHOUT_INDEXING';
  return 'INCREMENTAL_INDEXING';
};

/** Every field the same way. */
export function always(literal: Literal): IndexingPolicy {
  return () => literal;
}

/** Fields of these names never indexed, the others as another policy says. */
export function neverIndexing(names: Iterable<string>, others: IndexingPolicy = defaultIndexing): IndexingPolicy {
  const never = new Set(names);
  return (field, maxTableSize) => (never.has(field.name) ? 'NEVER_INDEXED' : others(field, maxTableSize));
}
