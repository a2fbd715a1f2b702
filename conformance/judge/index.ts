/** Judges one performance of a vector. The judge sees the recording, never the implementation. */

import type { Failure, TraceRow } from '../../reports/model.js';
import type { Recording, Vector } from '../plan.js';
import { type Fault, findFaults } from './faults.js';
import { traceRows } from './render.js';
import { readTrace } from './trace.js';

export { type Context, type Mismatch, match } from './match.js';
export { renderTrace } from './render.js';

export interface Judgement {
  verdict: 'pass' | 'fail' | 'crash' | 'timeout' | 'disputed' | 'error';
  /** For `disputed`: which of the two outcomes was seen. */
  shows?: 'documented' | 'node';
  /** The fault in one line; for `disputed` why it is. */
  reason?: string;
  failures: Failure[];
  /** Expected and actual trace side by side; for all but `pass`. */
  trace?: TraceRow[];
}

/** One variant of a vector held against the recording. */
interface Assessment {
  faults: Fault[];
  rows(): TraceRow[];
}

/** @returns the verdict; a fault of the harness or of the vector itself is the verdict `error`, nothing is thrown. */
export function judge(vector: Vector, recording: Recording): Judgement {
  try {
    if (recording.crash || recording.end === 'crash') return crashed(vector, recording);
    const documented = assess(vector, recording);
    if (recording.end === 'deadline') return withTrace(timedOut(documented, recording), documented);
    if (vector.disputed) return disputed(vector, vector.disputed, documented, recording);
    return documented.faults.length === 0 ? { verdict: 'pass', failures: [] } : failed(documented);
  } catch (error) {
    return { verdict: 'error', reason: `the judge failed: ${(error as Error).message}`, failures: [] };
  }
}

function assess(vector: Vector, recording: Recording): Assessment {
  const trace = readTrace(vector, recording);
  const faults = findFaults(vector, recording, trace);
  return { faults, rows: () => traceRows(vector, recording, trace, faults) };
}

function withTrace(judgement: Judgement, { rows }: Assessment): Judgement {
  const trace = rows();
  return trace.length > 0 ? { ...judgement, trace } : judgement;
}

function failuresOf({ faults }: Assessment): Failure[] {
  return faults.map(({ failure }) => failure);
}

function failed(assessment: Assessment): Judgement {
  const reason = assessment.faults[0]!.reason;
  return withTrace({ verdict: 'fail', reason, failures: failuresOf(assessment) }, assessment);
}

function disputed(
  vector: Vector,
  { why, node }: NonNullable<Vector['disputed']>,
  documented: Assessment,
  recording: Recording,
): Judgement {
  const variants: [NonNullable<Judgement['shows']>, () => Assessment][] = [
    ['documented', () => documented],
    ['node', () => assess({ ...vector, ...node }, recording)],
  ];
  for (const [shows, variant] of variants) {
    const assessment = variant();
    if (assessment.faults.length > 0) continue;
    return withTrace({ verdict: 'disputed', shows, reason: why, failures: [] }, assessment);
  }
  const judgement = failed(documented);
  return { ...judgement, reason: `neither as documented nor as Node does: ${judgement.reason}` };
}

function timedOut(assessment: Assessment, { stuck, peers }: Recording): Judgement {
  const waits = [
    ...(stuck ? [stuck.n === 0 ? stuck.text : `at "${stuck.text}"`] : []),
    ...peers.flatMap(({ name, stuck: at }) => (at ? [`${name} at "${at.text}"`] : [])),
  ];
  const [first] = assessment.faults;
  const cause = first && (first.t < Infinity || waits.length === 0) ? `; ${first.reason}` : '';
  const reason = `timed out ${waits.join(', ')}`.trimEnd() + cause;
  return { verdict: 'timeout', reason, failures: failuresOf(assessment) };
}

const CRASHES = {
  exit: 'the process exited',
  uncaught: 'uncaught error',
  rejection: 'unhandled rejection',
  flood: 'output without end',
  hang: 'the process hung',
  import: 'not to be imported',
  start: 'not performed',
};

/** What a broken process still recorded is judged by what is there: what is missing is missing for the crash. */
function crashed(vector: Vector, recording: Recording): Judgement {
  const { kind, message } = recording.crash ?? { kind: 'exit', message: '' };
  const reason = message ? `${CRASHES[kind]}: ${message}` : CRASHES[kind];
  // No runtime and no peer to perform with: nothing the implementation has done.
  if (kind === 'start') return { verdict: 'error', reason, failures: [] };
  const assessment = assess(vector, recording);
  const failures = assessment.faults.filter(({ t }) => t < Infinity).map(({ failure }) => failure);
  const judgement: Judgement = { verdict: kind === 'hang' ? 'timeout' : 'crash', reason, failures };
  return recording.lines.length > 0 ? withTrace(judgement, assessment) : judgement;
}
