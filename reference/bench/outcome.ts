// What a run of the benchmark leaves behind, as JSON.

import type { Sample, Subject } from './scenario.js';
import type { Conclusion, Summary } from './statistics.js';

export interface Outcome {
  readonly date: string;
  readonly machine: Machine;
  /** Seconds that were measured for each figure. */
  readonly seconds: number;
  readonly scenarios: readonly ScenarioOutcome[];
}

export interface Machine {
  /** Of Node. */
  readonly version: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  /** Cores that processes were bound to: null for any. */
  readonly measuredOn: string | null;
  readonly loadOn: string | null;
}

export interface ScenarioOutcome {
  readonly name: string;
  readonly module: 'http' | 'http2';
  readonly metrics: readonly MetricOutcome[];
  /** In the order in which they were taken. */
  readonly rounds: readonly Round[];
  /** Why there is nothing more. */
  readonly error?: string;
}

/** One measurement of each subject, by turns. */
export type Round = Partial<Record<Subject, Sample>>;

export interface MetricOutcome {
  readonly name: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** Medians. */
  readonly reference: number;
  readonly node: number;
  readonly limit: number | null;
  /** Reference to Node, pair by pair; null for figures that are not compared. */
  readonly ratio: Summary | null;
  readonly conclusion: Conclusion;
}
