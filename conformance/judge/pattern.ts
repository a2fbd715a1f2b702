/** A trace followed along a pattern: accepted, or the first line that does not belong and what belonged there. */

import type { Pattern } from '../plan.js';
import type { LineJudge, PatternLine } from './lines.js';
import { type Next, next, type Residual, Residuals, required } from './residuals.js';

/** More ways than this to read a trace (columns that share many lines) are not followed. */
const MAX_WAYS = 20_000;

export interface Followed {
  accepted: boolean;
  /** For each line that could be followed, the pattern line that took it. */
  taken: PatternLine[];
  /** What could have come next, in all ways to read the trace so far. */
  expected: Next[];
  /** The trace could have ended here. */
  complete: boolean;
  /** What is left of the pattern there, in the reading that needs the least. */
  rest: Residual;
  residuals: Residuals;
}

/** A residual that is reached after some lines, and how. */
interface Way {
  residual: Residual;
  line?: PatternLine;
  before?: Way;
}

export function follow(pattern: Pattern, judge: LineJudge): Followed {
  const residuals = new Residuals();
  let ways: Way[] = [{ residual: residuals.of(pattern) }];
  let index = 0;
  for (; index < judge.lines.length; index++) {
    const further = advance(ways, residuals, (line) => judge.fits(line, index));
    if (further.length === 0) break;
    ways = further;
  }
  const ended = index === judge.lines.length;
  const complete = ways.some((way) => way.residual.complete);
  const best = ways.reduce((a, b) => (demand(b) < demand(a) ? b : a));
  return {
    accepted: ended && complete,
    taken: path(best),
    expected: merge(ways.flatMap((way) => next(way.residual))),
    complete,
    rest: best.residual,
    residuals,
  };
}

function advance(ways: Way[], residuals: Residuals, fits: (line: PatternLine) => boolean): Way[] {
  const reached = new Map<Residual, Way>();
  for (const way of ways) {
    for (const { line, rest } of residuals.take(way.residual, fits)) {
      if (!reached.has(rest)) reached.set(rest, { residual: rest, line, before: way });
    }
  }
  if (reached.size > MAX_WAYS) throw new Error('the trace pattern is too ambiguous: its columns share too many lines');
  return [...reached.values()];
}

function demand(way: Way): number {
  return required(way.residual).length;
}

function path(end: Way): PatternLine[] {
  const lines: PatternLine[] = [];
  for (let way: Way | undefined = end; way?.line; way = way.before) lines.push(way.line);
  return lines.reverse();
}

function merge(all: Next[]): Next[] {
  const merged = new Map<PatternLine, Next>();
  for (const { line, required: needed } of all) {
    merged.set(line, { line, required: needed || (merged.get(line)?.required ?? false) });
  }
  return [...merged.values()];
}
