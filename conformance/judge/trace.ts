/** The trace of a recording read along the vector's pattern: where they part, and how they lie side by side. */

import type { Line, Recording, Vector } from '../plan.js';
import { align, type Edit } from './align.js';
import { LineJudge, type PatternLine, showPatternLine, showTraceLine, type TraceLine, windowText } from './lines.js';
import { type Followed, follow } from './pattern.js';

export interface TraceReading {
  lines: TraceLine[];
  /** From the first line to the last, of both. */
  edits: Edit[];
  divergence: Divergence | null;
}

/** The first line that does not belong, or the end that came too early. */
export interface Divergence {
  what: string;
  expected: string;
  actual: string;
  /** The fault in one line. */
  reason: string;
  /** When the line came; undefined where nothing came. */
  t?: number;
  /** Line in the source file. */
  line?: number;
}

/** Alternatives named in a reason. */
const NAMED = 3;

/** @returns null when the vector says nothing about its trace. */
export function readTrace(vector: Vector, recording: Recording): TraceReading | null {
  if (!vector.trace) return null;
  const lines = traceLines(vector, recording);
  const judge = new LineJudge(lines, { exports: recording.exports });
  const followed = follow(vector.trace, judge);
  const same = followed.taken.map((line, index) => ({ kind: 'same', line, index }) as const);
  if (followed.accepted) return { lines, edits: same, divergence: null };
  const edits = [...same, ...align(followed.residuals, followed.rest, judge, same.length)];
  return { lines, edits, divergence: diverge(followed, judge) };
}

/** @returns the lines that count: events that are watched for the sake of a `wait` only do not. */
export function traceLines(vector: Vector, recording: Recording): TraceLine[] {
  const labels = (traced: boolean) =>
    vector.observe.flatMap(({ name, events }) =>
      events.filter((event) => event.traced === traced).map(({ event }) => `${name} ${event}`),
    );
  const traced = new Set(labels(true));
  const untraced = new Set(labels(false).filter((label) => !traced.has(label)));
  return recording.lines.filter((line: Line): line is TraceLine => 'label' in line && !untraced.has(line.label));
}

function diverge(followed: Followed, judge: LineJudge): Divergence {
  const index = followed.taken.length;
  const came = judge.lines[index];
  const wanted = followed.expected.filter(({ required }) => required).map(({ line }) => line);
  if (!came) {
    const labels = alternatives(wanted.map(({ label }) => `"${label}"`));
    return {
      what: 'trace',
      expected: alternatives(wanted.map((line) => showPatternLine(line))),
      actual: 'nothing more happened',
      reason: `trace: expected ${labels} but nothing more happened`,
      ...source(wanted[0]),
    };
  }
  const alike = followed.expected.find(({ line }) => line.label === came.label)?.line;
  return alike ? differing(alike, index, judge) : unexpected(wanted, came, followed.complete);
}

function unexpected(wanted: PatternLine[], came: TraceLine, complete: boolean): Divergence {
  const end = complete ? ['nothing more'] : [];
  const labels = alternatives([...wanted.map(({ label }) => `"${label}"`), ...end]);
  return {
    what: 'trace',
    expected: alternatives([...wanted.map((line) => showPatternLine(line)), ...end]),
    actual: showTraceLine(came),
    reason: `trace: expected ${labels} but saw "${came.label}"`,
    t: came.t,
    ...source(wanted[0]),
  };
}

/** The right label, with the wrong data or at the wrong time. */
function differing(wanted: PatternLine, index: number, judge: LineJudge): Divergence {
  const came = judge.lines[index]!;
  const rejection = judge.reject(wanted, index);
  const what = `trace: "${came.label}"`;
  const place = { t: came.t, ...source(wanted) };
  if (rejection?.by === 'data') {
    const { path, expected, actual } = rejection.mismatch;
    const part = path === '' ? what : `${what} at ${path}`;
    return { what: part, expected, actual, reason: `${part}: expected ${expected}, got ${actual}`, ...place };
  }
  const elapsed = rejection?.by === 'window' ? rejection.elapsed : null;
  const expected = windowText(wanted);
  const actual = elapsed === null ? `"${wanted.since}" had not happened` : `after ${Math.round(elapsed * 10) / 10} ms`;
  return { what, expected, actual, reason: `${what}: expected ${expected}, got ${actual}`, ...place };
}

function alternatives(texts: string[]): string {
  const distinct = [...new Set(texts)];
  const shown = distinct.slice(0, NAMED);
  if (distinct.length > NAMED) shown.push(`${distinct.length - NAMED} more`);
  return shown.join(' or ');
}

function source(line: PatternLine | undefined): { line?: number } {
  return line ? { line: line.line } : {};
}
