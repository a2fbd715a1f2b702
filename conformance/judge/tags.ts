/** Telling `{ $: kind }` from plain maps, on either side of a comparison. */

import type { MatcherTag, Tagged } from '../plan.js';

/** What a matcher may be besides plain values. */
export type MatchingTag = Tagged | MatcherTag;

export function isTag<T>(value: T): value is Extract<T, { $: string }> {
  return value !== null && typeof value === 'object' && '$' in value && typeof value.$ === 'string';
}
