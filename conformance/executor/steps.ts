/** The verbs: what each kind of step does. A verb that has to wait returns a promise; all others run in the same tick. */
import { Buffer } from 'node:buffer';
import type { Shape, Step, StepBody } from '../plan.js';
import { defineClass } from './classes.js';
import { assign, call, evaluate, evaluateExpression, remove } from './path.js';
import type { Scope } from './scope.js';
import { seen } from './seen.js';
import type { Ended, Stage, StepOf } from './stage.js';

/** What the vector throws on purpose; passes through the harness untouched. */
export class Thrown {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

type Verb<Op extends StepBody['op']> = (step: StepOf<Op>, scope: Scope, stage: Stage) => Ended | void | Promise<Ended>;

const verbs: { [Op in StepBody['op']]: Verb<Op> } = {
  call: performCall,
  let(step, scope, stage) {
    for (const { name, value } of step.items) stage.bind(name, stage.value(value, scope), scope);
  },
  check(step, scope, stage) {
    step.items.forEach((item, i) => {
      stage.record({
        k: 'saw',
        n: step.n,
        item: i,
        value: seen(evaluateExpression(item.expression, scope), item.shape),
      });
    });
  },
  set(step, scope, stage) {
    for (const { path, value } of step.items) {
      const assigned = stage.value(value, scope);
      if (step.throws === undefined) assign(path, assigned, scope);
      else attempt(step.n, step.shape, stage, () => assign(path, assigned, scope));
    }
  },
  delete(step, scope) {
    remove(step.path, scope);
  },
  wait(step, _scope, stage) {
    const pending = step.labels.map(({ label, count }) => stage.use(label, count)).filter((wait) => wait !== undefined);
    if (pending.length > 0) return Promise.all(pending).then(() => undefined);
  },
  sleep(step) {
    return new Promise((resolve) => setTimeout(resolve, step.ms, undefined));
  },
  yield(step) {
    return new Promise((resolve) => {
      if (step.to === 'tick') process.nextTick(resolve, undefined);
      else if (step.to === 'immediate') setImmediate(resolve, undefined);
      else queueMicrotask(() => resolve(undefined));
    });
  },
  repeat: (step, scope, stage) => repeat(step, scope, stage, 0),
  note(step, scope, stage) {
    if ('message' in step) return stage.happen('note', 'note', [step.message]);
    const entries = step.items.map(
      ({ key, expression, shape }) => [key, seen(evaluateExpression(expression, scope), shape)] as const,
    );
    stage.happen('note', 'note', [Object.fromEntries(entries)]);
  },
  on(step, scope, stage) {
    const target = evaluate(step.path, scope) as Record<'on' | 'once', (event: string, listener: unknown) => void>;
    target[step.once ? 'once' : 'on'](step.event, stage.value(step.listener, scope));
  },
  listen: (step, scope, stage) => stage.listen(step, scope).then(() => undefined),
  consume: performConsume,
  iterate: performIterate,
  throw(step, scope, stage) {
    throw new Thrown(stage.value(step.value, scope));
  },
  return: (step, scope, stage) => ({ value: stage.value(step.value, scope) }),
  class(step, scope, stage) {
    stage.bind(step.name, defineClass(step, scope, stage), scope);
  },
};

export function performStep(step: Step, scope: Scope, stage: Stage): Ended | void | Promise<Ended> {
  const verb = verbs[step.op] as Verb<typeof step.op>;
  return verb(step as never, scope, stage);
}

function performCall(step: StepOf<'call'>, scope: Scope, stage: Stage): void | Promise<Ended> {
  const args = step.args.map((arg) => stage.value(arg, scope));
  const act = () => call(step.path, args, step.construct === true, scope);
  const settle = (result: unknown): undefined => {
    if (step.returns !== undefined) stage.record({ k: 'saw', n: step.n, item: 0, value: seen(result, step.shape) });
    if (step.bind !== undefined) stage.bind(step.bind, result, scope);
  };
  if (step.throws !== undefined) {
    const result = attempt(step.n, step.shape, stage, act);
    if (result && step.bind !== undefined) stage.bind(step.bind, result.value, scope);
    return;
  }
  if (!step.await) return settle(act());
  const promise = Promise.resolve(act());
  if (step.rejects === undefined) return promise.then(settle);
  return promise.then(
    (value): undefined => stage.record({ k: 'outcome', n: step.n, threw: null, returned: seen(value) }),
    (error): undefined => stage.record({ k: 'outcome', n: step.n, threw: seen(error, step.shape) }),
  );
}

/** Records whether the act threw. */
function attempt(
  n: number,
  shape: Shape | undefined,
  stage: Stage,
  act: () => unknown,
): { value: unknown } | undefined {
  let value: unknown;
  try {
    value = act();
  } catch (error) {
    stage.record({ k: 'outcome', n, threw: seen(error, shape) });
    return undefined;
  }
  stage.record({ k: 'outcome', n, threw: null, returned: seen(value) });
  return { value };
}

/** Stays in one tick for as long as the body does. */
function repeat(step: StepOf<'repeat'>, scope: Scope, stage: Stage, from: number): Ended | Promise<Ended> {
  for (let i = from; i < step.times; i++) {
    if (step.index !== undefined) stage.bind(step.index, i, scope);
    const ended = stage.perform(step.do, scope);
    if (ended instanceof Promise) return ended.then((value) => value ?? repeat(step, scope, stage, i + 1));
    if (ended) return ended;
  }
  return undefined;
}

interface Readable {
  on(event: string, listener: (chunk: never) => void): void;
  resume(): void;
}

function performConsume(step: StepOf<'consume'>, scope: Scope, stage: Stage): void | Promise<Ended> {
  const stream = evaluate(step.path, scope) as Readable;
  if (step.bind === undefined) {
    stream.resume();
    return;
  }
  const { bind, view } = step;
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let finished = false;
    const finish = () => {
      if (finished) return;
      finished = true;
      const bytes = Buffer.concat(chunks);
      stage.bind(bind, view === 'string' ? bytes.toString() : bytes, scope);
      resolve(undefined);
    };
    stream.on('data', (chunk: Uint8Array | string) => {
      chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    });
    for (const event of ['end', 'error', 'close']) stream.on(event, finish);
  });
}

async function performIterate(step: StepOf<'iterate'>, scope: Scope, stage: Stage): Promise<Ended> {
  let turns = 0;
  let harness: unknown;
  try {
    for await (const item of evaluate(step.path, scope) as AsyncIterable<unknown>) {
      stage.bind(step.as, item, scope);
      try {
        const ended = await stage.perform(step.do, scope);
        if (ended) return ended;
      } catch (error) {
        harness = error;
        break;
      }
      if (++turns === step.limit) break;
    }
  } catch (error) {
    if (step.rejects === undefined) throw error;
    stage.record({ k: 'outcome', n: step.n, threw: seen(error, step.shape) });
    return undefined;
  }
  if (harness !== undefined) throw harness;
  if (step.rejects !== undefined) stage.record({ k: 'outcome', n: step.n, threw: null });
  return undefined;
}
