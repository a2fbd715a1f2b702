/** Everything in a recording that is not as its vector says, the likeliest cause first. */

import type { Failure } from '../../reports/model.js';
import type { Line, PeerRecord, PeerScript, Recording, Vector } from '../plan.js';
import { type Expectation, peerExpectations, stepExpectations } from './expectations.js';
import type { Context } from './match.js';
import { nameError, showSeen } from './show.js';
import type { TraceReading } from './trace.js';
import { allPeerSteps, allSteps } from './walk.js';

export interface Fault {
  failure: Failure;
  /** The fault in one line. */
  reason: string;
  /** When it was seen, in milliseconds since the vector's start; Infinity for what is missing. */
  t: number;
  /** Among those of one moment, the lower comes first. */
  rank: number;
  /** The recorded line that shows it. */
  line?: Line;
}

/** What is missing is told in this order: what explains most comes first. */
const RANK = { seen: 0, failed: 1, stuck: 2, trace: 3, unreached: 4 };

/** @returns the faults by the time at which they were seen: what went wrong first most often made the rest go wrong. */
export function findFaults(vector: Vector, recording: Recording, trace: TraceReading | null): Fault[] {
  const context: Context = { exports: recording.exports };
  const steps = new Map([...allSteps(vector.steps)].map((step) => [step.n, step]));
  const faults = [
    ...broken(vector, recording, (n) => steps.get(n)),
    ...unmet(vector, stepExpectations(vector.steps, context), recording.lines, recording.stuck?.n),
    ...traceFault(vector, trace),
    ...executorStuck(vector, recording, steps.get(recording.stuck?.n ?? 0)?.line),
    ...vector.peers.flatMap((script) => peerFaults(vector, script, recording, context)),
  ];
  // Not a - b: two Infinities have no difference.
  return faults.sort((a, b) => (a.t === b.t ? a.rank - b.rank : a.t < b.t ? -1 : 1));
}

function location(vector: Vector, line: number | undefined): string {
  return `${vector.file}:${line ?? vector.line}`;
}

function broken(
  vector: Vector,
  recording: Recording,
  stepOf: (n: number) => { line: number; text: string } | undefined,
): Fault[] {
  return recording.lines.flatMap((line) => {
    if (line.k !== 'broken') return [];
    const step = stepOf(line.n);
    const what = step?.text ?? 'the vector';
    return [
      {
        failure: { at: location(vector, step?.line), what, expected: 'no error', actual: showSeen(line.error) },
        reason: `${what} threw ${nameError(line.error)}`,
        t: line.t,
        rank: RANK.seen,
        line,
      },
    ];
  });
}

/** @param stuckAt - the step whose expectation is reported as one that was waited for, not as one never reached */
function unmet(vector: Vector, expectations: Expectation[], lines: Line[], stuckAt: number | undefined): Fault[] {
  return expectations.flatMap((expectation) => {
    const answers = lines.filter(expectation.answers);
    if (answers.length === 0) return expectation.n === stuckAt ? [] : [unreached(vector, expectation)];
    for (const [i, line] of answers.entries()) {
      const complaint = expectation.judge(line);
      if (!complaint) continue;
      const times = answers.length > 1 ? ` (time ${i + 1} of ${answers.length})` : '';
      const what = `${expectation.what}${part(expectation.what, complaint.path)}`;
      const { expected, actual } = complaint;
      const reason = complaint.says ?? `${what}: expected ${expected}, got ${actual}`;
      const failure = { at: location(vector, expectation.line), what: what + times, expected, actual };
      return [{ failure, reason: reason + times, t: line.t, rank: RANK.seen, line }];
    }
    return [];
  });
}

/** The part of a value that differs: a check's path goes on with it, all else is told where. */
function part(what: string, path: string): string {
  if (path === '') return '';
  return /^check \S+$/.test(what) ? path : ` at ${path}`;
}

function unreached(vector: Vector, { line, what, wanted }: Expectation): Fault {
  return {
    failure: { at: location(vector, line), what, expected: wanted, actual: 'never reached' },
    reason: `${what} was never reached`,
    t: Infinity,
    rank: RANK.unreached,
  };
}

function traceFault(vector: Vector, trace: TraceReading | null): Fault[] {
  if (!trace?.divergence) return [];
  const { line, what, expected, actual, reason, t } = trace.divergence;
  const failure = { at: location(vector, line), what, expected, actual };
  return [{ failure, reason, t: t ?? Infinity, rank: RANK.trace }];
}

/** At the deadline only: else the executor came to its end. */
function executorStuck(vector: Vector, { end, stuck }: Recording, line: number | undefined): Fault[] {
  if (end !== 'deadline' || !stuck) return [];
  const actual = `still waiting at the deadline, ${vector.timeout} ms`;
  return [
    {
      failure: { at: location(vector, line), what: stuck.text, expected: 'to come to its end', actual },
      reason: stuck.n === 0 ? stuck.text : `at "${stuck.text}"`,
      t: Infinity,
      rank: RANK.stuck,
    },
  ];
}

function peerFaults(vector: Vector, script: PeerScript, recording: Recording, context: Context): Fault[] {
  const record = recording.peers.find(({ name }) => name === script.name);
  const steps = new Map([...allPeerSteps(script.script)].map((step) => [step.n, step]));
  const stuck = recording.end === 'deadline' ? record?.stuck : undefined;
  const at = record?.failed?.n ?? stuck?.n;
  const told = at === undefined ? [] : [standstill(vector, script, record, at, steps.get(at))];
  return [...told, ...unmet(vector, peerExpectations(script, context), record?.lines ?? [], at)];
}

/** The step at which a peer failed, or still waited when the vector ended. */
function standstill(
  vector: Vector,
  script: PeerScript,
  record: PeerRecord | undefined,
  n: number,
  step: { line: number; text: string } | undefined,
): Fault {
  const text = step?.text ?? record?.stuck?.text ?? 'its script';
  const at = location(vector, step?.line);
  const what = `${script.name}: ${text}`;
  const wanted = peerExpectations(script, { exports: {} }).find((expectation) => expectation.n === n)?.wanted;
  const expected = wanted ?? 'to come to its end';
  const message = record?.failed?.message;
  if (message !== undefined) {
    const reason = `${what}: ${message}`;
    return { failure: { at, what, expected, actual: message }, reason, t: Infinity, rank: RANK.failed };
  }
  const actual = `still waiting at the deadline, ${vector.timeout} ms`;
  return {
    failure: { at, what, expected, actual },
    reason: `${script.name} at "${text}"`,
    t: Infinity,
    rank: RANK.stuck,
  };
}
