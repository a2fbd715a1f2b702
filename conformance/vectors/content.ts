/** What a node holds, checked: each reader reports a fault and returns undefined where the content is of another kind. */
import type { Draft } from './draft.js';
import { enumerate, meant } from './faults.js';
import { isName } from './path.js';
import { type Entry, kindOf, type MapNode, type Node, type ScalarNode } from './yaml.js';

/** Where faults go. */
export interface Reporter {
  fault(place: { at: number } | number, message: string): void;
}

/** `what` says what is expected: `a number of milliseconds`. */
export function wrong(reporter: Reporter, node: Node, what: string): undefined {
  reporter.fault(node, `expected ${what}, found ${kindOf(node)}`);
}

export function asText(reporter: Reporter, node: Node, what: string): ScalarNode | undefined {
  if (node.kind === 'scalar' && node.tags.length === 0 && node.value !== null) return node;
  return wrong(reporter, node, what);
}

export function asNumber(
  reporter: Reporter,
  node: Node,
  what: string,
  least = -Infinity,
  most = Infinity,
): number | undefined {
  if (node.kind !== 'scalar' || node.tags.length > 0 || typeof node.value !== 'number')
    return wrong(reporter, node, what);
  if (node.value >= least && node.value <= most) return node.value;
  reporter.fault(node, `expected ${what}, from ${least} to ${most}, found ${node.text}`);
  return undefined;
}

export function asCount(
  reporter: Reporter,
  node: Node,
  what: string,
  least: number,
  most = 1_000_000,
): number | undefined {
  const number = asNumber(reporter, node, what, least, most);
  if (number === undefined || Number.isInteger(number)) return number;
  return wrong(reporter, node, `${what} (a whole number)`);
}

export function asTrue(reporter: Reporter, node: Node, what: string): boolean {
  if (node.kind === 'scalar' && node.tags.length === 0 && typeof node.value === 'boolean') return node.value;
  wrong(reporter, node, what);
  return false;
}

export function asList(reporter: Reporter, node: Node, what: string): Node[] | undefined {
  if (node.kind === 'seq' && node.tags.length === 0) return node.items;
  return wrong(reporter, node, what);
}

export function asMap(reporter: Reporter, node: Node, what: string): MapNode | undefined {
  if (node.kind === 'map' && node.tags.length === 0) return node;
  return wrong(reporter, node, what);
}

/** The entries of a map that may have these keys only. */
export function asFields<K extends string>(
  reporter: Reporter,
  node: Node,
  what: string,
  keys: readonly K[],
): Partial<Record<K, Entry>> | undefined {
  const map = asMap(reporter, node, what);
  return map && pick(reporter, map.entries, what, keys);
}

export function pick<K extends string>(
  reporter: Reporter,
  entries: readonly Entry[],
  what: string,
  keys: readonly K[],
): Partial<Record<K, Entry>> {
  const fields: Partial<Record<K, Entry>> = {};
  for (const entry of entries) {
    const key = entry.key.text as K;
    if (keys.includes(key)) fields[key] = entry;
    else unknownKey(reporter, entry.key, what, keys);
  }
  return fields;
}

export function unknownKey(reporter: Reporter, key: ScalarNode, what: string, keys: readonly string[]): void {
  const hint = meant(key.text, keys);
  const list = hint === '' && keys.length > 0 && keys.length <= 12 ? `: it takes ${enumerate(keys)}` : hint;
  reporter.fault(key, `unknown key "${key.text}" in ${what}${list}`);
}

/** A name that may be bound. */
export function asName(reporter: Reporter, node: Node, what: string): string | undefined {
  const text = asText(reporter, node, what);
  if (text === undefined) return undefined;
  if (isName(text.text)) return text.text;
  reporter.fault(
    node,
    `${JSON.stringify(text.text)} cannot be a name: expected ${what}, of letters, digits, _, $ and -`,
  );
  return undefined;
}

/** Names to be bound, each bound. */
export function bindNames(draft: Draft, node: Node, what: string): string[] {
  const names: string[] = [];
  for (const item of asList(draft, node, what) ?? []) {
    const name = asName(draft, item, 'a name');
    if (name === undefined) continue;
    draft.bind(name, item.at, true);
    names.push(name);
  }
  return names;
}
