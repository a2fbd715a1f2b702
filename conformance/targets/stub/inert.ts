/** What the stub is made of: things that are there and do nothing. */

/** Does nothing and returns undefined, whatever it is called with. */
export function inert(): undefined {
  return undefined;
}

/** A class that takes any arguments and whose methods do nothing. */
export type InertClass = new (...args: unknown[]) => object;

/** Makes a class with inert methods of these names, on the prototype as documented classes have them. */
export function inertClass(name: string, methods: readonly string[], parent: InertClass = Object): InertClass {
  const made = class extends parent {};
  Object.defineProperty(made, 'name', { value: name });
  for (const method of methods)
    Object.defineProperty(made.prototype, method, { value: inert, writable: true, configurable: true });
  return made;
}

const EMITTER = ['on', 'once', 'off', 'emit', 'addListener', 'prependListener', 'removeListener', 'removeAllListeners'];

/** Names of the methods of an event emitter, followed by these. */
export function emitterMethods(...methods: string[]): string[] {
  return [...EMITTER, 'listenerCount', 'listeners', 'eventNames', 'setMaxListeners', 'getMaxListeners', ...methods];
}

/** Names of the methods of a readable stream, followed by these. */
export function readableMethods(...methods: string[]): string[] {
  return emitterMethods(
    'read',
    'pause',
    'resume',
    'pipe',
    'unpipe',
    'setEncoding',
    'destroy',
    'setTimeout',
    ...methods,
  );
}

/** Names of the methods of an outgoing message, followed by these. */
export function outgoingMethods(...methods: string[]): string[] {
  const headers = ['setHeader', 'getHeader', 'getHeaders', 'getHeaderNames', 'hasHeader', 'removeHeader'];
  const writing = ['write', 'end', 'cork', 'uncork', 'pipe', 'destroy', 'setTimeout', 'addTrailers', 'flushHeaders'];
  return emitterMethods(...headers, ...writing, ...methods);
}
