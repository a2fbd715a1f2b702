// What can be measured: the one shape that the runner knows. Whoever has something to measure exports a list of these,
// and `scenarios.ts` names it.

import type { Program } from './program.js';

/** The reference; the same Node's own module; or canned bytes from node:net, which no server can outdo. */
export type Subject = 'reference' | 'node' | 'limit';

/** Where a subject is to be found: what `import()` takes, and undefined for the limit. */
export function moduleOf(subject: Subject, module: 'http' | 'http2'): string | undefined {
  if (subject === 'limit') return undefined;
  return subject === 'node' ? `node:${module}` : new URL(`../${module}/index.js`, import.meta.url).href;
}

/** A figure that a scenario gives for each subject. */
export interface Metric {
  readonly unit: string;
  /** Which way is better; a figure `atMost` so great is fine whatever the other's is, and is not compared. */
  readonly better: 'higher' | 'lower';
  readonly atMost?: number;
}

/** Figures of one measurement, by the names of the scenario's metrics. */
export type Sample = Readonly<Record<string, number>>;

export interface Scenario {
  /** What `--scenario` matches: `http/server/hello`. */
  readonly name: string;
  readonly module: 'http' | 'http2';
  /** By name, the one that matters most first. */
  readonly metrics: Readonly<Record<string, Metric>>;
  /** Whether the limit can be measured beside reference and Node. */
  readonly hasLimit?: boolean;
  /** Pairs that are enough, for what takes long and hardly varies. */
  readonly maxPairs?: number;
  /** Whether a subject that was started can be measured but once. */
  readonly once?: boolean;
  /** Starts a subject, and lets it warm up. What it starts is stopped for it. */
  start(subject: Subject, conditions: Conditions): Promise<Measure>;
}

/** Measures for `Conditions.seconds`, and leaves the subject at rest: it is another's turn. */
export type Measure = () => Promise<Sample>;

export interface Conditions {
  /** Seconds that are measured at a time, and those before the first time: code is being compiled. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** What scenarios that count, rather than run for some time, multiply their counts by: 1, or less for a quick run. */
  readonly scale: number;
  /**
   * Starts a process: on the core for what is measured, or on those for all else, where cores can be had.
   *
   * @param script - it gets `task` from `child.ts`
   * @param flags - for Node
   */
  launch(role: 'measured' | 'load', script: URL, task: object, flags?: readonly string[]): Program;
}
