/** The shape of results: what a run leaves behind (`results.json`). Everything else in reports/ reads it. */

export const VERDICTS = ['pass', 'fail', 'crash', 'timeout', 'blocked', 'not-applicable', 'disputed', 'error'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Verdicts that count against an implementation. */
export const FAILING: readonly Verdict[] = ['fail', 'crash', 'timeout'];

export interface Results {
  /** Version of this shape. */
  format: 1;
  suite: { name: 'http-plumbline'; version: string };
  target: Target;
  /** ISO 8601. */
  startedAt: string;
  /** The command line that reproduces the run. */
  command: string;
  /** True when the run was interrupted; what had been obtained is here. */
  partial?: boolean;
  summary: Summary;
  results: Result[];
  /** What the documentation says, in its order: of a run of a part of the suite, the sections it is about. */
  documentation?: DocumentedSection[];
}

/** A heading of the documentation, and what stands under it. */
export interface DocumentedSection {
  module: string;
  /** Unique in the module. */
  anchor: string;
  /** As in the English documentation: `agent.destroy()`. */
  heading: string;
  /** 1 is the module's title. */
  level: number;
  requirements: DocumentedRequirement[];
}

export interface DocumentedRequirement {
  id: string;
  says: string;
  /** How many vectors of the suite cover it, whether or not they were run. */
  vectors: number;
  /** How many of them are disputed. */
  disputed: number;
  /** Why there can be no vector. */
  untestable?: string;
}

export interface Target {
  /** As given on the command line: `node@23.5.0`, `bun`, `stub`. */
  id: string;
  /** What it says of itself: `node`, `bun`, `deno`. */
  name: string;
  version: string;
  /** The version of Node it says to be compatible with. */
  node?: string;
  platform: string;
}

export interface Summary {
  pass: number;
  fail: number;
  crash: number;
  timeout: number;
  blocked: number;
  notApplicable: number;
  disputed: number;
  error: number;
  total: number;
  /** Wall-clock milliseconds of the run. */
  ms: number;
}

export interface Result {
  id: string;
  title: string;
  /** First part of the id: `http`, `http2`. */
  module: string;
  /** Anchor of the documentation's section. */
  section: string;
  /** Requirement ids, each with what it says. */
  covers: { id: string; says: string }[];
  /** Source, `http/agent.yaml:12`. */
  source: string;
  verdict: Verdict;
  ms: number;
  /** One line: why it did not pass; for `not-applicable` what is missing; for `disputed` why it is. */
  reason?: string;
  /** For `disputed`: which of the two outcomes was seen. */
  shows?: 'documented' | 'node';
  /** For `blocked`: the vectors that failed. */
  blockedBy?: string[];
  /** Said by the expectations file: the verdict is expected, and why. */
  expected?: { verdict: Verdict; reason: string };
  failures?: Failure[];
  /** Expected and actual trace side by side, the first divergence marked. */
  trace?: TraceRow[];
  transcript?: TranscriptLine[];
  /** Command that runs this vector alone. */
  reproduce?: string;
}

/** One expectation that did not hold. */
export interface Failure {
  /** `http/agent.yaml:31` */
  at: string;
  /** The step or pattern: `check agent.maxSockets`. */
  what: string;
  expected: string;
  actual: string;
}

export interface TraceRow {
  /** Milliseconds since the vector's start, of the actual line. */
  t?: number;
  expected?: string;
  actual?: string;
  /**
   * `diverges` marks the first row at which the traces differ. `info` is not compared: a line of a trace of which the
   * vector says nothing, or, with both sides, an expectation that failed at this moment.
   */
  mark: 'same' | 'diverges' | 'missing' | 'unexpected' | 'info';
}

export interface TranscriptLine {
  t: number;
  peer: string;
  connection: string;
  kind: string;
  text?: string;
}
