/** One line of the trace against one line of the pattern: label, data, time window. */

import type { Line, Pattern, Seen } from '../plan.js';
import { type Context, type Mismatch, match } from './match.js';
import { showMatcher, showSeen } from './show.js';
import { isTag } from './tags.js';

/** A line of the trace: an event, a callback's call or a note. */
export type TraceLine = Extract<Line, { label: string }>;
export type PatternLine = Extract<Pattern, { p: 'line' }>;

/** Why a line of the trace is not the one that the pattern asks for. */
export type Rejection =
  | { by: 'label' }
  | { by: 'data'; mismatch: Mismatch }
  /** `elapsed` null: `since` has not happened before. */
  | { by: 'window'; elapsed: number | null };

/** Compares the lines of one trace with pattern lines; each pair is compared once. */
export class LineJudge {
  readonly lines: readonly TraceLine[];
  readonly #context: Context;
  readonly #known = new Map<PatternLine, (Rejection | null)[]>();

  constructor(lines: readonly TraceLine[], context: Context) {
    this.lines = lines;
    this.#context = context;
  }

  /** @returns null when the trace's line `index` is what `wanted` asks for. */
  reject(wanted: PatternLine, index: number): Rejection | null {
    let known = this.#known.get(wanted);
    if (!known) this.#known.set(wanted, (known = []));
    const rejection = known[index];
    return rejection === undefined ? (known[index] = this.#compare(wanted, index)) : rejection;
  }

  fits(wanted: PatternLine, index: number): boolean {
    return this.reject(wanted, index) === null;
  }

  #compare(wanted: PatternLine, index: number): Rejection | null {
    const line = this.lines[index]!;
    if (line.label !== wanted.label) return { by: 'label' };
    for (const [i, matcher] of (wanted.data ?? []).entries()) {
      const seen: Seen = i < line.data.length ? line.data[i]! : { $: 'undefined' };
      const mismatch = match(matcher, seen, this.#context);
      const argument = wanted.data?.length === 1 ? '' : `[${i}]`;
      if (mismatch) return { by: 'data', mismatch: { ...mismatch, path: argument + mismatch.path } };
    }
    if (wanted.after === undefined && wanted.before === undefined) return null;
    const elapsed = this.#elapsed(wanted.since, index);
    const inTime = elapsed !== null && elapsed >= (wanted.after ?? 0) && elapsed <= (wanted.before ?? Infinity);
    return inTime ? null : { by: 'window', elapsed };
  }

  /** Milliseconds since the latest earlier line `since`, or since the vector's start. */
  #elapsed(since: string | undefined, index: number): number | null {
    const { t } = this.lines[index]!;
    if (since === undefined) return t;
    for (let i = index - 1; i >= 0; i--) if (this.lines[i]!.label === since) return t - this.lines[i]!.t;
    return null;
  }
}

/** @returns `res error {code: "ECONNRESET"}`, with how often and when where the pattern says so. */
export function showPatternLine(line: PatternLine, count = countText(line)): string {
  const data = (line.data ?? []).map((matcher) => showMatcher(matcher));
  return [line.label, data.join(', '), count, windowText(line)].filter((part) => part !== '').join(' ');
}

function countText({ min, max }: PatternLine): string {
  if (min === 1 && max === 1) return '';
  if (max === null) return min === 0 ? '*' : min === 1 ? '+' : `x ${min} or more`;
  if (min === max) return `x ${min}`;
  return min === 0 && max === 1 ? '?' : `x ${min} to ${max}`;
}

/** @returns `(after 90 ms, before 2000 ms since "srv connection")`, empty where the pattern sets no window. */
export function windowText({ after, before, since }: PatternLine): string {
  const bounds = [after === undefined ? '' : `after ${after} ms`, before === undefined ? '' : `before ${before} ms`];
  const text = bounds.filter((bound) => bound !== '').join(', ');
  if (text === '') return '';
  return since === undefined ? `(${text})` : `(${text} since "${since}")`;
}

/** @returns `res error Error {message: "aborted"}`; arguments that say nothing (a bare instance, a function) are left out. */
export function showTraceLine(line: TraceLine): string {
  const says = line.data.filter((seen) => !isBare(seen)).map((seen) => showSeen(seen));
  return [line.label, says.join(', ')].filter((part) => part !== '').join(' ');
}

function isBare(seen: Seen): boolean {
  if (!isTag(seen)) return false;
  return seen.$ === 'function' || (seen.$ === 'object' && Object.keys(seen.props).length === 0);
}
