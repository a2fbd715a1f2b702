// Classes that may be called without `new`, as Node's may: `http.Server()`, and what older code does to inherit,
// `http.ServerResponse.call(this, request)`.

type Class = abstract new (...args: never[]) => object;

const callables = new WeakMap<object, object>();

/**
 * The class as a function. Called on an object of its own kind it gives that object the properties of a new instance;
 * called on anything else it makes one. So the class must not keep private fields, nor `this` in a closure.
 */
export function callable<C extends Class>(TheClass: C): C {
  function construct(this: unknown, ...args: unknown[]): unknown {
    if (new.target) return Reflect.construct(TheClass, args, new.target);
    const made = Reflect.construct(TheClass, args);
    if (!(this instanceof TheClass)) return made;
    return void Object.defineProperties(this, Object.getOwnPropertyDescriptors(made));
  }
  const own = Object.getOwnPropertyDescriptors(TheClass) as PropertyDescriptorMap;
  Object.defineProperties(construct, own);
  const parent = Object.getPrototypeOf(TheClass) as object;
  Object.setPrototypeOf(construct, callables.get(parent) ?? parent);
  Object.defineProperty(TheClass.prototype, 'constructor', { value: construct, writable: true, configurable: true });
  callables.set(TheClass, construct);
  return construct as unknown as C;
}
