// Classes that may be called without `new`, as Node's may: `http.Server()`, and what older code does to inherit,
// `http.ServerResponse.call(this, request)`.

type Class = abstract new (...args: never[]) => object;

const callables = new WeakMap<object, object>();

/**
 * The class as a function. Called on an object of its own kind it gives that object the properties of a new instance;
 * called on anything else it makes one. So the class must not keep private fields, nor `this` in a closure.
 *
 * It is a proxy, since a function would make an object of its own for each `new`, and with it the engine forget what
 * instances look like: that makes them cost a hundred times as much.
 */
export function callable<C extends Class>(TheClass: C): C {
  const parent = Object.getPrototypeOf(TheClass) as object;
  const proxy: C = new Proxy(TheClass, {
    apply(_target, self: unknown, args: unknown[]) {
      const made = Reflect.construct(TheClass, args);
      if (!(self instanceof TheClass)) return made;
      return void Object.defineProperties(self, Object.getOwnPropertyDescriptors(made));
    },
    construct: (_target, args, newTarget) =>
      Reflect.construct(TheClass, args, newTarget === proxy ? TheClass : newTarget),
    getPrototypeOf: () => callables.get(parent) ?? parent,
  });
  Object.defineProperty(TheClass.prototype, 'constructor', { value: proxy, writable: true, configurable: true });
  callables.set(TheClass, proxy);
  return proxy;
}
