/** Values in one line, for people: what was seen and what a matcher asks for. */

import type { Matcher, Path, Seen, SeenTag, Tagged } from '../plan.js';
import { isTag, type MatchingTag } from './tags.js';

/** Longest text of a whole value, in characters, unless a caller says otherwise. */
const LIMIT = 160;
/** Longest string or run of bytes shown whole. */
const STRING_LIMIT = 60;
const BYTES_LIMIT = 24;
const ITEMS_LIMIT = 16;

/** @returns `seen` in one line of at most `limit` characters. */
export function showSeen(seen: Seen, limit = LIMIT): string {
  return cutEnd(seenText(seen), limit);
}

/** @returns `matcher` in one line of at most `limit` characters. */
export function showMatcher(matcher: Matcher, limit = LIMIT): string {
  return cutEnd(matcherText(matcher), limit);
}

/** @returns the error as a person names it: `TypeError ERR_X`, with the message where it has no code. */
export function nameError(error: Seen): string {
  if (!isTag(error) || error.$ !== 'error') return showSeen(error);
  return typeof error.code === 'string' ? `${error.name} ${error.code}` : `${error.name} ${quote(error.message)}`;
}

/** @returns the error a matcher asks for, as a person names it; the whole matcher where it names no class and code. */
export function nameExpectedError(matcher: Matcher): string {
  const { name, code } = errorProps(matcher);
  const names = [name, code].filter((part) => typeof part === 'string');
  return names.length > 0 ? names.join(' ') : showMatcher(matcher);
}

function errorProps(matcher: Matcher): { [key: string]: Matcher } {
  if (matcher === null || typeof matcher !== 'object' || Array.isArray(matcher)) return {};
  if (!isTag(matcher)) return matcher;
  if (matcher.$ === 'instance') return { name: matcher.class, ...matcher.props };
  if (matcher.$ === 'error') return { ...matcher.props, name: matcher.name };
  return {};
}

/** @returns the text quoted; a long one with its middle left out and its length. */
export function quote(text: string): string {
  if (text.length <= STRING_LIMIT) return JSON.stringify(text);
  const half = STRING_LIMIT / 2;
  return `${JSON.stringify(`${text.slice(0, half)}…${text.slice(-half)}`)} (${text.length} chars)`;
}

/**
 * Two texts that differ, each quoted. Long ones are cut to the neighbourhood of the first difference, since the
 * beginning and end of both may look alike.
 */
export function contrast(expected: string, actual: string): { expected: string; actual: string } {
  if (Math.max(expected.length, actual.length) <= STRING_LIMIT)
    return { expected: quote(expected), actual: quote(actual) };
  let at = 0;
  while (at < expected.length && expected[at] === actual[at]) at++;
  const part = (text: string) => {
    const from = Math.max(0, at - 20);
    const to = at + 40;
    const inner = `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
    return `${JSON.stringify(inner)} (${text.length} chars, differing at ${at})`;
  };
  return { expected: part(expected), actual: part(actual) };
}

/** @returns `Buffer <00ff>`; a long one with its middle left out and its length. */
export function showBytes(view: string, bytes: Uint8Array, length = bytes.length): string {
  const hex = (from: number, to?: number) => Buffer.from(bytes.subarray(from, to)).toString('hex');
  if (length <= BYTES_LIMIT) return `${view} <${hex(0)}>`;
  const head = hex(0, BYTES_LIMIT / 2);
  const tail = bytes.length === length ? hex(length - BYTES_LIMIT / 2) : '';
  return `${view} <${head}…${tail}> (${length} bytes)`;
}

/** @returns the text with its end left out when longer than `limit`. */
export function cutEnd(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, Math.max(0, limit - 1))}…`;
}

function list(items: string[]): string {
  if (items.length <= ITEMS_LIMIT) return items.join(', ');
  return `${items.slice(0, ITEMS_LIMIT).join(', ')}, … ${items.length - ITEMS_LIMIT} more`;
}

function map(entries: [string, string][], more = false): string {
  const inner = entries.map(([key, value]) => `${keyText(key)}: ${value}`);
  return `{${list(more ? [...inner, '…'] : inner)}}`;
}

function keyText(key: string): string {
  return /^(:?[\w$-]+|\[.+\])$/.test(key) ? key : JSON.stringify(key);
}

function seenMap(props: { [key: string]: Seen }): [string, string][] {
  return Object.entries(props).map(([key, value]) => [key, seenText(value)]);
}

function matcherMap(props: { [key: string]: Matcher }): [string, string][] {
  return Object.entries(props).map(([key, value]) => [key, matcherText(value)]);
}

function named(name: string, entries: [string, string][]): string {
  return entries.length > 0 ? `${name} ${map(entries)}` : name;
}

function infinity(tag: { negative?: boolean }): string {
  return tag.negative ? '-Infinity' : 'Infinity';
}

function seenText(seen: Seen): string {
  if (typeof seen === 'string') return quote(seen);
  if (seen === null || typeof seen !== 'object') return String(seen);
  if (Array.isArray(seen)) return `[${list(seen.map(seenText))}]`;
  if (isTag(seen)) return seenTagText(seen);
  return map(seenMap(seen));
}

function seenTagText(tag: SeenTag): string {
  switch (tag.$) {
    case 'undefined':
      return 'undefined';
    case 'nan':
      return 'NaN';
    case 'infinity':
      return infinity(tag);
    case 'bigint':
      return `${tag.value}n`;
    case 'symbol':
      return `Symbol(${tag.description})`;
    case 'function':
      return tag.name ? `function ${tag.name}` : 'function';
    case 'bytes':
      return showBytes(tag.class, Buffer.from(tag.base64, 'base64'), tag.length);
    case 'long':
      return `${JSON.stringify(`${tag.head.slice(0, STRING_LIMIT)}…`)} (${tag.length} chars)`;
    case 'error':
      return named(tag.name, [
        ['message', quote(tag.message)],
        ...(tag.code === undefined ? [] : [['code', seenText(tag.code)] as [string, string]]),
        ...seenMap(tag.props),
      ]);
    case 'object':
      return tag.class === null ? `[null prototype] ${map(seenMap(tag.props))}` : named(tag.class, seenMap(tag.props));
    case 'date':
      return `Date ${tag.iso}`;
    case 'map':
      return `Map {${list(tag.entries.map(([key, value]) => `${seenText(key)} => ${seenText(value)}`))}}`;
    case 'set':
      return `Set {${list(tag.items.map(seenText))}}`;
    case 'circular':
      return '[circular]';
    case 'plain':
      return map(tag.entries.map(([key, value]) => [key, seenText(value)]));
  }
}

function matcherText(matcher: Matcher): string {
  if (typeof matcher === 'string') return quote(matcher);
  if (matcher === null || typeof matcher !== 'object') return String(matcher);
  if (Array.isArray(matcher)) return `[${list(matcher.map(matcherText))}]`;
  if (isTag(matcher)) return matcherTagText(matcher);
  return map(matcherMap(matcher));
}

function matcherTagText(tag: MatchingTag): string {
  switch (tag.$) {
    case 'any':
      return 'anything';
    case 'type':
      return ['null', 'undefined'].includes(tag.type) ? tag.type : `any ${tag.type}`;
    case 'match':
      return `/${tag.pattern}/${tag.flags}`;
    case 'compare':
      return boundsText(tag);
    case 'one-of':
      return tag.choices.map(matcherText).join(' or ');
    case 'not':
      return `not ${matcherText(tag.matcher)}`;
    case 'contains':
      return `containing ${list(tag.items.map(matcherText))}`;
    case 'partial':
      return map(matcherMap(tag.props), true);
    case 'unordered':
      return `[${list(tag.items.map(matcherText))}] in any order`;
    case 'length':
      return `of length ${matcherText(tag.matcher)}`;
    case 'instance':
      return named(`instance of ${tag.class}`, matcherMap(tag.props ?? {}));
    case 'absent':
      return 'absent';
    case 'function':
      return 'any function';
    case 'symbol':
      return `Symbol(${tag.description})`;
    default:
      return valueText(tag);
  }
}

function boundsText(tag: { gt?: number; gte?: number; lt?: number; lte?: number }): string {
  const bounds: [string, number | undefined][] = [
    ['>', tag.gt],
    ['>=', tag.gte],
    ['<', tag.lt],
    ['<=', tag.lte],
  ];
  return bounds.flatMap(([sign, bound]) => (bound === undefined ? [] : [`${sign} ${bound}`])).join(' and ');
}

function valueText(tag: Tagged): string {
  switch (tag.$) {
    case 'undefined':
      return 'undefined';
    case 'nan':
      return 'NaN';
    case 'infinity':
      return infinity(tag);
    case 'bigint':
      return `${tag.value}n`;
    case 'bytes':
      return showBytes(tag.view, Buffer.from(tag.base64, 'base64'));
    case 'repeat':
      return `${tag.view === 'string' ? '' : `${tag.view} of `}${quote(tag.text)} x ${tag.times}`;
    case 'url':
      return `URL ${tag.href}`;
    case 'date':
      return `Date ${tag.iso}`;
    case 'map':
      return `Map {${list(tag.entries.map(([key, value]) => `${matcherText(key)} => ${matcherText(value)}`))}}`;
    case 'set':
      return `Set {${list(tag.items.map(matcherText))}}`;
    case 'headers':
      return `Headers ${map(tag.entries.map(([key, value]) => [key, quote(value)]))}`;
    case 'object':
      return `${tag.proto === 'null' ? '[null prototype] ' : ''}${map(
        tag.entries.map(([key, value]) => [typeof key === 'string' ? key : `[${key.text}]`, matcherText(value)]),
      )}`;
    case 'error':
      return named(tag.name, [['message', quote(tag.message)], ...matcherMap(tag.props)]);
    case 'ref':
      return tag.path.text;
    case 'fmt':
      return JSON.stringify(
        tag.parts.map((part: string | Path) => (typeof part === 'string' ? part : `{${part.text}}`)).join(''),
      );
    case 'fn':
      return 'function';
    case 'callback':
      return `function ${tag.name}`;
    case 'file':
    case 'temp':
      return `path of ${tag.name}`;
  }
}
