/** What verdicts are called, how they count, and what they mean to those who read a report. */

import { FAILING, type Result, VERDICTS, type Verdict } from './model.js';

export const LABELS: Readonly<Record<Verdict, string>> = {
  pass: 'Passed',
  fail: 'Failed',
  crash: 'Crashed',
  timeout: 'Timed out',
  blocked: 'Blocked',
  'not-applicable': 'Not applicable',
  disputed: 'Disputed',
  error: 'Harness error',
};

export const MEANINGS: Readonly<Record<Verdict, string>> = {
  pass: 'Does what the documentation says',
  fail: 'Does something else than the documentation says',
  crash: 'Broke the process it ran in',
  timeout: 'Did not come to an end in time',
  blocked: 'Depends on a vector that failed, so it says nothing new',
  'not-applicable': 'Needs a version or a capability that the target lacks',
  disputed: 'The documentation and Node disagree; never counted for or against',
  error: 'The harness itself broke; never counted for or against',
};

export type Counts = Record<Verdict, number>;

export function count(results: readonly Result[]): Counts {
  const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Counts;
  for (const { verdict } of results) counts[verdict]++;
  return counts;
}

/** How many count against the implementation. */
export function failing(counts: Counts): number {
  return FAILING.reduce((sum, verdict) => sum + counts[verdict], 0);
}

export interface Share {
  passed: number;
  /** Vectors that speak for or against the implementation: all but not-applicable, disputed and error. */
  decided: number;
  /** Rounded down to one decimal, so that 100 means all; undefined when nothing was decided. */
  percent: string | undefined;
}

export function share(counts: Counts): Share {
  const passed = counts.pass;
  const decided = passed + failing(counts) + counts.blocked;
  if (decided === 0) return { passed, decided, percent: undefined };
  const percent = passed === decided ? '100' : (Math.floor((passed / decided) * 1000) / 10).toFixed(1);
  return { passed, decided, percent };
}

export interface Section {
  module: string;
  section: string;
  results: Result[];
  counts: Counts;
}

export interface Module {
  module: string;
  counts: Counts;
  sections: Section[];
}

/** Modules and their sections in the order in which the results name them first. */
export function group(results: readonly Result[]): Module[] {
  const modules = new Map<string, Map<string, Result[]>>();
  for (const result of results) {
    const sections = modules.get(result.module) ?? new Map<string, Result[]>();
    modules.set(result.module, sections);
    const members = sections.get(result.section);
    if (members) members.push(result);
    else sections.set(result.section, [result]);
  }
  return [...modules].map(([module, sections]) => ({
    module,
    counts: count([...sections.values()].flat()),
    sections: [...sections].map(([section, members]) => ({
      module,
      section,
      results: members,
      counts: count(members),
    })),
  }));
}

/** What a result is to a tool that knows four outcomes only (JUnit's). */
export type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

const OUTCOMES: Readonly<Record<Verdict, Outcome>> = {
  pass: 'passed',
  disputed: 'passed',
  fail: 'failure',
  timeout: 'failure',
  crash: 'error',
  error: 'error',
  blocked: 'skipped',
  'not-applicable': 'skipped',
};

/** Whether the result is a failure that the expectations file names. */
export function isExpected({ verdict, expected }: Result): boolean {
  return expected?.verdict === verdict && FAILING.includes(verdict);
}

/** Whether a result is better than the expectations file says: the file is out of date. */
export function isSurprise({ verdict, expected }: Result): boolean {
  return expected !== undefined && OUTCOMES[expected.verdict] !== 'passed' && OUTCOMES[verdict] === 'passed';
}

export function outcome(result: Result): Outcome {
  if (isExpected(result)) return 'skipped';
  if (isSurprise(result)) return 'failure';
  return OUTCOMES[result.verdict];
}

/** The one line that says why a result is not a plain pass; empty when nothing is known. */
export function explain(result: Result): string {
  const { verdict, expected, reason, shows, blockedBy } = result;
  if (expected && isExpected(result)) return `Expected ${verdict}: ${expected.reason}`;
  if (expected && isSurprise(result))
    return `Expected ${expected.verdict} (${expected.reason}), yet ${LABELS[verdict].toLowerCase()}: the expectations file is out of date`;
  if (verdict === 'disputed' && shows)
    return `Shows what ${shows === 'node' ? 'Node does' : 'the documentation says'}${reason ? `. ${reason}` : ''}`;
  if (verdict === 'blocked' && !reason && blockedBy?.length) return `Blocked by ${blockedBy.join(', ')}`;
  return reason ?? '';
}
