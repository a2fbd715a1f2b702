/** Subclasses as data. */
import type { Fn, Value } from '../plan.js';
import { evaluate } from './path.js';
import { Scope } from './scope.js';
import type { Stage, StepOf } from './stage.js';

type Class = new (...args: unknown[]) => object;
type Construct = NonNullable<StepOf<'class'>['construct']>;

/** The class that the step describes; its methods see `this`, and the base class's methods as `super`. */
export function defineClass(step: StepOf<'class'>, scope: Scope, stage: Stage): Class {
  const base = step.extends ? (evaluate(step.extends, scope) as Class) : undefined;
  const made = base ? derive(base, step.construct, scope, stage) : plain(step.construct, scope, stage);
  Object.defineProperty(made, 'name', { value: step.name });
  const methods = new Scope(scope);
  if (base) methods.bind('super', base.prototype);
  for (const { name, fn, ...kind } of step.methods) {
    const key = typeof name === 'string' ? name : (evaluate(name, scope) as PropertyKey);
    const value = stage.value(fn satisfies Fn as Value, methods) as () => unknown;
    const holder = kind.static ? made : made.prototype;
    Object.defineProperty(
      holder,
      key,
      kind.get ? { get: value, configurable: true } : { value, configurable: true, writable: true },
    );
  }
  return made;
}

function derive(base: Class, construct: Construct | undefined, scope: Scope, stage: Stage): Class {
  return class extends base {
    constructor(...args: unknown[]) {
      const local = new Scope(scope);
      bindParams(construct, args, local, stage);
      super(...(construct?.super ? construct.super.map((value) => stage.value(value, local)) : args));
      body(this, construct, local, stage);
    }
  };
}

function plain(construct: Construct | undefined, scope: Scope, stage: Stage): Class {
  return class {
    constructor(...args: unknown[]) {
      const local = new Scope(scope);
      bindParams(construct, args, local, stage);
      body(this, construct, local, stage);
    }
  };
}

function body(instance: object, construct: Construct | undefined, local: Scope, stage: Stage): void {
  local.bind('this', instance);
  if (construct) stage.perform(construct.do, local);
}

/** Binds arguments to parameters; with `rest` the last one takes what remains. */
export function bindParams(
  fn: { params: string[]; rest?: boolean } | undefined,
  args: unknown[],
  local: Scope,
  stage: Pick<Stage, 'bind'>,
): void {
  fn?.params.forEach((name, i) => {
    const last = fn.rest && i === fn.params.length - 1;
    stage.bind(name, last ? args.slice(i) : args[i], local);
  });
}
