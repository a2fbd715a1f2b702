/**
 * What came after the first divergence, laid beside what was expected: which lines are missing, which are not expected,
 * where the two meet again.
 */

import type { LineJudge, PatternLine } from './lines.js';
import { next, type Required, type Residual, type Residuals, required } from './residuals.js';

export type Edit =
  | { kind: 'same'; line: PatternLine; index: number }
  /** The right label with the wrong data or at the wrong time. */
  | { kind: 'differs'; line: PatternLine; index: number }
  | { kind: 'missing'; missing: Required }
  | { kind: 'unexpected'; index: number };

/** How far to look ahead for a line that is expected. */
const LOOK_AHEAD = 50;

/**
 * Finds the way back at each divergence by the shorter of two detours: leaving out expected lines, or passing over
 * lines that happened.
 *
 * @param from - index of the first line that is not yet accounted for
 */
export function align(residuals: Residuals, rest: Residual, judge: LineJudge, from: number): Edit[] {
  const edits: Edit[] = [];
  let residual = rest;
  let index = from;
  while (index < judge.lines.length) {
    const detour = shortest(residuals, residual, judge, index);
    edits.push(...detour.edits);
    residual = detour.rest;
    index += detour.lines;
  }
  return [...edits, ...required(residual).map((missing) => ({ kind: 'missing', missing }) as const)];
}

interface Detour {
  edits: Edit[];
  rest: Residual;
  /** How many lines of the trace it accounts for. */
  lines: number;
}

function shortest(residuals: Residuals, residual: Residual, judge: LineJudge, index: number): Detour {
  const leap = residuals.leap(residual, (line) => judge.fits(line, index));
  const leftOut = leap?.dropped.length ?? Infinity;
  const passedOver = leftOut === 0 ? Infinity : distance(residual, judge, index);
  const { label } = judge.lines[index]!;
  const alike = residuals.leap(residual, (line) => line.label === label);
  if (alike?.dropped.length === 0 && Math.min(leftOut, passedOver) > 1)
    return { edits: [{ kind: 'differs', line: alike.line, index }], rest: alike.rest, lines: 1 };
  if (leap && leftOut <= passedOver) {
    const dropped = leap.dropped.map((missing) => ({ kind: 'missing', missing }) as const);
    return { edits: [...dropped, { kind: 'same', line: leap.line, index }], rest: leap.rest, lines: 1 };
  }
  const lines = passedOver === Infinity ? 1 : passedOver;
  const edits = Array.from({ length: lines }, (_, i) => ({ kind: 'unexpected', index: index + i }) as const);
  return { edits, rest: residual, lines };
}

/** How many lines happen before one that may come next. */
function distance(residual: Residual, judge: LineJudge, index: number): number {
  const expected = next(residual);
  const end = Math.min(judge.lines.length, index + LOOK_AHEAD);
  for (let i = index + 1; i < end; i++) if (expected.some(({ line }) => judge.fits(line, i))) return i - index;
  return Infinity;
}
