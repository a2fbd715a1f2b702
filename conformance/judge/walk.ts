/** Every step of a vector and of its peers' scripts, however deep it stands. */

import type { Fn, PeerStep, Step, Value } from '../plan.js';

/** Steps in functions, classes, listeners and repetitions come after the step that holds them. */
export function* allSteps(steps: Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    for (const body of bodies(step)) yield* allSteps(body);
  }
}

export function* allPeerSteps(steps: PeerStep[]): Generator<PeerStep> {
  for (const step of steps) {
    yield step;
    if ('do' in step) yield* allPeerSteps(step.do);
  }
}

function* bodies(step: Step): Generator<Step[]> {
  switch (step.op) {
    case 'repeat':
    case 'iterate':
      yield step.do;
      break;
    case 'on':
      yield step.listener.do;
      break;
    case 'call':
      yield* functionBodies(step.args);
      break;
    case 'let':
    case 'set':
      for (const { value } of step.items) yield* functionBodies(value);
      break;
    case 'throw':
    case 'return':
      yield* functionBodies(step.value);
      break;
    case 'class':
      if (step.construct) {
        yield* functionBodies(step.construct.super ?? []);
        yield step.construct.do;
      }
      for (const { fn } of step.methods) yield fn.do;
  }
}

/** The bodies of the functions within a value; a function within a function is found in its steps. */
function* functionBodies(value: Value): Generator<Step[]> {
  if (value === null || typeof value !== 'object') return;
  if (isFn(value)) yield value.do;
  else for (const part of Object.values(value)) yield* functionBodies(part as Value);
}

function isFn(value: object): value is Fn {
  return '$' in value && value.$ === 'fn';
}
