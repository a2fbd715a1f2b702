/** Reading, writing and calling by path. */
import type { Expression, Path, PathStep } from '../plan.js';
import type { Scope } from './scope.js';

type Bag = Record<PropertyKey, unknown>;

export function evaluate(path: Path, scope: Scope): unknown {
  return walk(path, path.steps, scope);
}

/** The object that holds what the path names, and the key it has there; a bare name has no holder. */
export function locate(path: Path, scope: Scope): { holder: Bag | undefined; key: PropertyKey } {
  const last = path.steps.at(-1);
  if (!last) return { holder: undefined, key: path.root };
  if ('call' in last) throw new TypeError(`${path.text} is the result of a call`);
  return { holder: walk(path, path.steps.slice(0, -1), scope) as Bag, key: keyOf(last, scope) };
}

export function call(path: Path, args: unknown[], construct: boolean, scope: Scope): unknown {
  const { holder, key } = locate(path, scope);
  const fn = holder === undefined ? scope.get(path.root) : holder[key];
  if (typeof fn !== 'function') throw new TypeError(`${path.text} is not a function but ${describe(fn)}`);
  if (construct) return Reflect.construct(fn, args);
  return Reflect.apply(fn, path.root === 'super' ? scope.get('this') : holder, args);
}

export function assign(path: Path, value: unknown, scope: Scope): void {
  const { holder, key } = locate(path, scope);
  if (!holder) throw new TypeError(`${path.text} is a name, not a property`);
  holder[key] = value;
}

export function remove(path: Path, scope: Scope): void {
  const { holder, key } = locate(path, scope);
  if (holder) delete holder[key];
}

export function evaluateExpression(expression: Expression, scope: Scope): unknown {
  switch (expression.op) {
    case 'typeof':
      return typeof evaluate(expression.left, scope);
    case 'instanceof':
      return (evaluate(expression.left, scope) as object) instanceof (evaluate(expression.right!, scope) as () => void);
    case 'is':
      return Object.is(evaluate(expression.left, scope), evaluate(expression.right!, scope));
    case 'in':
      return expression.key! in (evaluate(expression.left, scope) as object);
    default:
      return evaluate(expression.left, scope);
  }
}

function walk(path: Path, steps: PathStep[], scope: Scope): unknown {
  let holder: unknown;
  let value = scope.get(path.root);
  for (const step of steps) {
    if (value === undefined || value === null) {
      throw new TypeError(`${path.text}: cannot read ${print(step)} of ${value}`);
    }
    if ('call' in step) {
      if (typeof value !== 'function') throw new TypeError(`${path.text}: ${describe(value)} is not a function`);
      value = Reflect.apply(value, holder, step.args?.map((arg) => evaluate(arg, scope)) ?? []);
      holder = undefined;
    } else {
      holder = value;
      value = (value as Bag)[keyOf(step, scope)];
    }
  }
  return value;
}

function keyOf(step: Exclude<PathStep, { call: true }>, scope: Scope): PropertyKey {
  return 'key' in step ? step.key : (evaluate(step.computed, scope) as PropertyKey);
}

function print(step: PathStep): string {
  return 'key' in step ? `"${step.key}"` : 'call' in step ? 'the result of a call' : `[${step.computed.text}]`;
}

function describe(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
