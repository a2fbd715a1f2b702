/** How much of a class instance must be recorded so that a matcher can be compared with it. */
import type { Matcher, MatcherTag, Shape, Tagged } from '../plan.js';

export function shapeOf(matcher: Matcher): Shape {
  if (matcher === null || typeof matcher !== 'object') return true;
  if (Array.isArray(matcher)) return items(matcher);
  if (isTagged(matcher)) return shapeOfTag(matcher);
  return named(Object.entries(matcher));
}

function isTagged(matcher: object): matcher is Tagged | MatcherTag {
  return '$' in matcher;
}

function shapeOfTag(tag: Tagged | MatcherTag): Shape {
  switch (tag.$) {
    case 'partial':
      return named(Object.entries(tag.props));
    case 'instance':
      return tag.props ? named(Object.entries(tag.props)) : true;
    case 'error':
      return Object.keys(tag.props).length > 0 ? named(Object.entries(tag.props)) : true;
    case 'object':
      return named(tag.entries.flatMap(([key, value]) => (typeof key === 'string' ? [[key, value]] : [])));
    case 'url':
      return { href: true };
    case 'one-of':
      return tag.choices.map(shapeOf).reduce(union, true);
    case 'not':
      return shapeOf(tag.matcher);
    case 'contains':
    case 'unordered':
      return items(tag.items);
    default:
      return true;
  }
}

function named(entries: [string, Matcher][]): Shape {
  if (entries.length === 0) return true;
  return Object.fromEntries(entries.map(([key, matcher]) => [key, shapeOf(matcher)]));
}

/** Any item may be compared with any of the matchers. */
function items(matchers: readonly Matcher[]): Shape {
  const all = matchers.map(shapeOf).reduce(union, true);
  return all === true ? true : { '*': all };
}

/** All that either asks for. */
export function union(a: Shape, b: Shape): Shape {
  if (a === true) return b;
  if (b === true) return a;
  const merged: { [key: string]: Shape } = { ...a };
  for (const [key, shape] of Object.entries(b))
    merged[key] = Object.hasOwn(merged, key) ? union(merged[key]!, shape) : shape;
  return merged;
}

/** One shape for each argument. */
export function unionAll(a: readonly Shape[], b: readonly Shape[]): Shape[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => union(a[i] ?? true, b[i] ?? true));
}
