/** What a value looks like, as JSON: the executor's half of every comparison. */
import { createHash } from 'node:crypto';
import { LONG, type Seen, type Shape } from '../plan.js';

const MAX_DEPTH = 12;
const MAX_ITEMS = 5_000;

/**
 * Describes a value. Plain objects and arrays are described whole; of a class instance only the properties that the
 * shape names are read, so that observing a socket touches nothing that nobody asked about.
 */
export function seen(value: unknown, shape: Shape = true): Seen {
  return describe(value, shape, []);
}

/** An error that is not the implementation's own value, in the same shape. */
export function seenError(error: unknown): Seen {
  return describe(error, { code: true }, []);
}

function describe(value: unknown, shape: Shape, parents: object[]): Seen {
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'boolean':
      return value;
    case 'number':
      return number(value);
    case 'undefined':
      return { $: 'undefined' };
    case 'bigint':
      return { $: 'bigint', value: String(value) };
    case 'symbol':
      return { $: 'symbol', description: value.description ?? '' };
    case 'function':
      return { $: 'function', name: value.name };
  }
  if (value === null) return null;
  const target = value as object;
  if (parents.includes(target) || parents.length > MAX_DEPTH) return { $: 'circular' };
  return object(target, shape, [...parents, target]);
}

function object(value: object, shape: Shape, parents: object[]): Seen {
  if (Array.isArray(value)) {
    return value.slice(0, MAX_ITEMS).map((item, i) => describe(item, of(shape, String(i)), parents));
  }
  if (value instanceof Error) return error(value, shape, parents);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return bytes(value);
  if (value instanceof Date) return { $: 'date', iso: Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString() };
  if (value instanceof Map) {
    return {
      $: 'map',
      entries: [...value].map(([k, v]) => [describe(k, true, parents), describe(v, true, parents)]),
    };
  }
  if (value instanceof Set) return { $: 'set', items: [...value].map((item) => describe(item, true, parents)) };
  const proto = Object.getPrototypeOf(value);
  if (proto === Object.prototype) return plain(value, shape, parents);
  if (proto === null) {
    return { $: 'object', class: null, classes: [], props: own(value, shape, parents) };
  }
  const classes = chain(value);
  return { $: 'object', class: classes[0] ?? null, classes, props: named(value, shape, parents) };
}

function plain(value: object, shape: Shape, parents: object[]): Seen {
  const props = own(value, shape, parents);
  return '$' in props ? { $: 'plain', entries: Object.entries(props) } : props;
}

function own(value: object, shape: Shape, parents: object[]): { [key: string]: Seen } {
  const props: { [key: string]: Seen } = {};
  for (const key of Object.keys(value).slice(0, MAX_ITEMS)) {
    set(props, key, describe(read(value, key), of(shape, key), parents));
  }
  return props;
}

function named(value: object, shape: Shape, parents: object[]): { [key: string]: Seen } {
  const props: { [key: string]: Seen } = {};
  if (shape === true) return props;
  for (const [key, inner] of Object.entries(shape)) {
    if (key !== '*' && key in value) set(props, key, describe(read(value, key), inner, parents));
  }
  return props;
}

function error(value: Error, shape: Shape, parents: object[]): Seen {
  const { name, code, message, ...props } = named(value, shape, parents);
  const described: Seen = {
    $: 'error',
    name: String(read(value, 'name')),
    message: String(read(value, 'message')),
    classes: chain(value),
    props,
  };
  const actualCode = read(value, 'code');
  if (actualCode !== undefined) described.code = describe(actualCode, true, parents);
  return described;
}

/** A key such as `__proto__` must become a property like any other. */
function set(props: { [key: string]: Seen }, key: string, value: Seen): void {
  Object.defineProperty(props, key, { value, enumerable: true, configurable: true, writable: true });
}

function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch (thrown) {
    return thrown;
  }
}

function of(shape: Shape, key: string): Shape {
  return shape === true ? true : (shape[key] ?? shape['*'] ?? true);
}

function chain(value: object): string[] {
  const classes: string[] = [];
  for (let proto = Object.getPrototypeOf(value); proto && proto !== Object.prototype; ) {
    const name = Object.hasOwn(proto, 'constructor') ? proto.constructor?.name : undefined;
    if (name) classes.push(String(name));
    proto = Object.getPrototypeOf(proto);
  }
  return classes;
}

function number(value: number): Seen {
  if (Number.isNaN(value)) return { $: 'nan' };
  if (value === Number.POSITIVE_INFINITY) return { $: 'infinity' };
  if (value === Number.NEGATIVE_INFINITY) return { $: 'infinity', negative: true };
  return value;
}

function text(value: string): Seen {
  if (value.length <= LONG) return value;
  return { $: 'long', head: value.slice(0, 64), length: value.length, sha256: sha256(value) };
}

function bytes(value: ArrayBufferView | ArrayBuffer): Seen {
  const view =
    value instanceof ArrayBuffer ? Buffer.from(value) : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const name = value.constructor?.name ?? 'Uint8Array';
  if (view.length <= LONG) return { $: 'bytes', class: name, base64: view.toString('base64'), length: view.length };
  const head = view.subarray(0, 64).toString('base64');
  return { $: 'bytes', class: name, base64: head, length: view.length, sha256: sha256(view) };
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
