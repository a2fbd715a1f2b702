/** Failures and traces as plain text, for formats that hold text only. */

import type { Failure, TraceRow } from '../model.js';
import { cut, visible } from '../text.js';

const LONGEST_VALUE = 2000;
const MOST_ROWS = 200;

export function failureLines({ at, what, expected, actual }: Failure): string[] {
  return [`${at}  ${value(what)}`, `  expected: ${value(expected)}`, `  actual:   ${value(actual)}`];
}

/**
 * The trace like a unified diff: `-` was expected and is missing, `+` came and was not
 * expected, `!` is an expectation that failed there. Of a long trace only
 * what surrounds the first divergence.
 */
export function traceLines(rows: readonly TraceRow[]): string[] {
  const first = Math.max(
    0,
    rows.findIndex(({ mark }) => mark === 'diverges'),
  );
  const start = Math.max(0, Math.min(first - MOST_ROWS / 2, rows.length - MOST_ROWS));
  const shown = rows.slice(start, start + MOST_ROWS);
  const after = rows.length - start - shown.length;
  return [
    ...(start > 0 ? [`  … ${start} earlier rows`] : []),
    ...shown.flatMap(rowLines),
    ...(after > 0 ? [`  … ${after} later rows`] : []),
  ];
}

function rowLines({ mark, expected, actual }: TraceRow): string[] {
  if (mark === 'info' && expected !== undefined) return [`! ${value(expected)}, saw ${value(actual ?? 'nothing')}`];
  if (mark === 'same' || mark === 'info') return [`  ${value(actual ?? expected ?? '')}`];
  const here = mark === 'diverges' ? '   <- diverges here' : '';
  const lines: string[] = [];
  if (expected !== undefined) lines.push(`- ${value(expected)}`);
  if (actual !== undefined) lines.push(`+ ${value(actual)}`);
  if (lines.length > 0) lines[0] += here;
  return lines;
}

function value(text: string): string {
  return cut(visible(text), LONGEST_VALUE).replaceAll('\n', '\n    ');
}
