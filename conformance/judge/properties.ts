/** The properties of whatever was seen, in one shape for all the ways objects are recorded. */

import type { Seen } from '../plan.js';
import { isTag } from './tags.js';

export interface Properties {
  /** An instance (errors too) is compared by the properties that a matcher names, others by all they have. */
  of: 'plain' | 'null-prototype' | 'instance';
  /** Those that a matcher of all properties has to name. Symbols need not be: `[description]` counts only where named. */
  keys: string[];
  get(key: string): Seen | undefined;
}

/** @returns null for what is compared as a whole: primitives, arrays, functions, bytes, dates, maps, sets. */
export function propertiesOf(seen: Seen | undefined): Properties | null {
  if (seen === undefined || seen === null || typeof seen !== 'object' || Array.isArray(seen)) return null;
  if (!isTag(seen)) return properties('plain', Object.entries(seen));
  switch (seen.$) {
    case 'plain':
      return properties('plain', seen.entries, isSymbol);
    case 'object':
      return properties(seen.class === null ? 'null-prototype' : 'instance', Object.entries(seen.props), isSymbol);
    case 'error': {
      const { name, message, code } = seen;
      const own: [string, Seen][] = [
        ['name', name],
        ['message', message],
      ];
      if (code !== undefined) own.push(['code', code]);
      return properties('instance', [...Object.entries(seen.props), ...own]);
    }
    default:
      return null;
  }
}

function isSymbol(key: string): boolean {
  return /^\[.+\]$/.test(key);
}

function properties(
  of: Properties['of'],
  entries: [string, Seen][],
  optional: (key: string) => boolean = () => false,
): Properties {
  const values = new Map(entries);
  return { of, keys: [...values.keys()].filter((key) => !optional(key)), get: (key) => values.get(key) };
}
