/** Plan values into JavaScript values. */
import { Buffer } from 'node:buffer';
import type { Fn, Path, Shape, Tagged, Value } from '../plan.js';
import { evaluate } from './path.js';
import type { Scope } from './scope.js';

/** What only the running vector can make. */
export interface Maker {
  fn(fn: Fn, scope: Scope): (...args: unknown[]) => unknown;
  callback(name: string, shapes: Shape[]): (...args: unknown[]) => void;
  file(name: string, base64: string): string;
  temp(name: string): string;
}

export function toValue(value: Value, scope: Scope, maker: Maker): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => toValue(item, scope, maker));
  if ('$' in value) return tagged(value as Tagged, scope, maker);
  return properties({}, Object.entries(value), scope, maker);
}

export function format(parts: (string | Path)[], scope: Scope): string {
  return parts.map((part) => (typeof part === 'string' ? part : String(evaluate(part, scope)))).join('');
}

function tagged(value: Tagged, scope: Scope, maker: Maker): unknown {
  switch (value.$) {
    case 'undefined':
      return undefined;
    case 'nan':
      return Number.NaN;
    case 'infinity':
      return value.negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    case 'bigint':
      return BigInt(value.value);
    case 'bytes':
      return view(Buffer.from(value.base64, 'base64'), value.view);
    case 'repeat':
      return repeat(value.text.repeat(value.times), value.view);
    case 'url':
      return new URL(value.href);
    case 'date':
      return new Date(value.iso);
    case 'map':
      return new Map(value.entries.map(([k, v]) => [toValue(k, scope, maker), toValue(v, scope, maker)]));
    case 'set':
      return new Set(value.items.map((item) => toValue(item, scope, maker)));
    case 'headers':
      return new Headers(value.entries);
    case 'object':
      return properties(value.proto === 'null' ? Object.create(null) : {}, value.entries, scope, maker);
    case 'error':
      return error(value, scope, maker);
    case 'ref':
      return evaluate(value.path, scope);
    case 'fmt':
      return format(value.parts, scope);
    case 'fn':
      return maker.fn(value, scope);
    case 'callback':
      return maker.callback(value.name, value.shapes ?? []);
    case 'file':
      return maker.file(value.name, value.base64);
    case 'temp':
      return maker.temp(value.name);
  }
}

function properties(target: object, entries: [string | Path, Value][], scope: Scope, maker: Maker): object {
  for (const [key, value] of entries) {
    const property = typeof key === 'string' ? key : (evaluate(key, scope) as PropertyKey);
    Object.defineProperty(target, property, {
      value: toValue(value, scope, maker),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return target;
}

function error(value: Extract<Tagged, { $: 'error' }>, scope: Scope, maker: Maker): Error {
  const classes: Record<string, ErrorConstructor> = { TypeError, RangeError, SyntaxError };
  const made = new (classes[value.name] ?? Error)(value.message);
  if (made.name !== value.name) made.name = value.name;
  return properties(made, Object.entries(value.props), scope, maker) as Error;
}

function view(bytes: Buffer, kind: 'Buffer' | 'Uint8Array' | 'DataView' | 'ArrayBuffer'): unknown {
  if (kind === 'Buffer') return bytes;
  const copy = Uint8Array.from(bytes);
  if (kind === 'Uint8Array') return copy;
  return kind === 'DataView' ? new DataView(copy.buffer) : copy.buffer;
}

function repeat(text: string, kind: 'string' | 'Buffer' | 'Uint8Array'): unknown {
  return kind === 'string' ? text : view(Buffer.from(text), kind);
}
