/** What steps see of the vector that is being performed. */
import type { Step, StepBody, Value } from '../plan.js';
import type { Scope } from './scope.js';
import type { seen } from './seen.js';
import type { Happening } from './trace.js';

export interface Stage {
  value(value: Value, scope: Scope): unknown;
  bind(name: string, value: unknown, scope: Scope): void;
  record(line: Happening): undefined;
  happen(label: string, kind: 'note', data: ReturnType<typeof seen>[]): void;
  use(label: string, times: number): Promise<void> | undefined;
  perform(steps: Step[], scope: Scope): Ended | Promise<Ended>;
  listen(step: StepOf<'listen'>, scope: Scope): Promise<void>;
}

/** How a list of steps came to its end: with a `return`, or not. */
export type Ended = { value: unknown } | undefined;

export type StepOf<Op extends StepBody['op']> = Extract<Step, { op: Op }>;
