/** The static table. RFC 7541 §2.3.1, Appendix A */
import type { HeaderField } from './header-field.js';

// biome-ignore format: index order, as in the appendix
const ENTRIES: readonly (readonly [name: string, value?: string])[] = [
  [':authority'],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  [':status', '200'],
  [':status', '204'],
  [':status', '206'],
  [':status', '304'],
  [':status', '400'],
  [':status', '404'],
  [':status', '500'],
  ['accept-charset'],
  ['accept-encoding', 'gzip, deflate'],
  ['accept-language'],
  ['accept-ranges'],
  ['accept'],
  ['access-control-allow-origin'],
  ['age'],
  ['allow'],
  ['authorization'],
  ['cache-control'],
  ['content-disposition'],
  ['content-encoding'],
  ['content-language'],
  ['content-length'],
  ['content-location'],
  ['content-range'],
  ['content-type'],
  ['cookie'],
  ['date'],
  ['etag'],
  ['expect'],
  ['expires'],
  ['from'],
  ['host'],
  ['if-match'],
  ['if-modified-since'],
  ['if-none-match'],
  ['if-range'],
  ['if-unmodified-since'],
  ['last-modified'],
  ['link'],
  ['location'],
  ['max-forwards'],
  ['proxy-authenticate'],
  ['proxy-authorization'],
  ['range'],
  ['referer'],
  ['refresh'],
  ['retry-after'],
  ['server'],
  ['set-cookie'],
  ['strict-transport-security'],
  ['transfer-encoding'],
  ['user-agent'],
  ['vary'],
  ['via'],
  ['www-authenticate'],
];

/** Number of entries; the dynamic table's indices begin behind it. §2.3.3 */
export const STATIC_LENGTH = ENTRIES.length;

/** Entry i stands at i - 1: indices begin with 1. */
export const STATIC_TABLE: readonly HeaderField[] = ENTRIES.map(([name, value = '']) =>
  Object.freeze({ name, value, sensitive: false }),
);

/** The entries of one name. */
export interface StaticName {
  /** The lowest index that has the name. */
  readonly index: number;
  /** Indices by value. */
  readonly values: ReadonlyMap<string, number>;
}

/** Entries by name. */
export const STATIC_NAMES: ReadonlyMap<string, StaticName> = indexByName();

function indexByName(): Map<string, StaticName> {
  const names = new Map<string, { index: number; values: Map<string, number> }>();
  STATIC_TABLE.forEach(({ name, value }, i) => {
    const known = names.get(name);
    if (known) known.values.set(value, i + 1);
    else names.set(name, { index: i + 1, values: new Map([[value, i + 1]]) });
  });
  return names;
}
