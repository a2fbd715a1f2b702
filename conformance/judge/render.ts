/** Expected and actual trace side by side: as rows for reports, as text for the terminal. */

import type { TraceRow } from '../../reports/model.js';
import type { Line, Recording, Vector } from '../plan.js';
import type { Edit } from './align.js';
import type { Fault } from './faults.js';
import { showPatternLine, showTraceLine, type TraceLine } from './lines.js';
import type { Required } from './residuals.js';
import { cutEnd } from './show.js';
import { type TraceReading, traceLines } from './trace.js';

/** Rows kept on either side of the first divergence. */
const KEPT = 200;

type Mark = TraceRow['mark'];

/** A row, and the recorded line that it shows. */
interface Placed {
  row: TraceRow;
  line?: Line;
}

/**
 * @param reading - null when the vector says nothing about its trace: then what happened is shown for information
 * @param faults - those that have a line in the recording appear among the rows as `info`, where they were seen
 */
export function traceRows(
  vector: Vector,
  recording: Recording,
  reading: TraceReading | null,
  faults: Fault[],
): TraceRow[] {
  const placed = reading
    ? readingRows(reading)
    : traceLines(vector, recording).map((line) => ({ row: actualRow(line, 'info'), line }));
  return thin(withFaults(placed, recording.lines, faults).map(({ row }) => row));
}

function readingRows({ edits, lines }: TraceReading): Placed[] {
  const lineAt = (index: number) => lines[index]!;
  const first = edits.findIndex(({ kind }) => kind !== 'same');
  if (first === -1) return edits.flatMap((edit) => editRows(edit, lineAt));
  const [diverging, following, ...others] = edits.slice(first);
  // One line in place of another: both in the one row that diverges.
  const replaced = following && replacement(diverging!, following);
  const rest = replaced || !following ? others : [following, ...others];
  return [
    ...edits.slice(0, first).flatMap((edit) => editRows(edit, lineAt)),
    ...editRows(replaced ?? diverging!, lineAt, 'diverges'),
    ...rest.flatMap((edit) => editRows(edit, lineAt)),
  ];
}

interface Replaced {
  kind: 'replaced';
  missing: Required;
  index: number;
}

function replacement(edit: Edit, following: Edit): Replaced | null {
  if (edit.kind === 'missing' && following.kind === 'unexpected')
    return { kind: 'replaced', missing: edit.missing, index: following.index };
  if (edit.kind === 'unexpected' && following.kind === 'missing')
    return { kind: 'replaced', missing: following.missing, index: edit.index };
  return null;
}

function editRows(edit: Edit | Replaced, lineAt: (index: number) => TraceLine, mark?: 'diverges'): Placed[] {
  switch (edit.kind) {
    case 'same':
      return [placeActual(lineAt(edit.index), 'same', showPatternLine(edit.line))];
    case 'missing':
      return [{ row: { expected: missingText(edit.missing), mark: mark ?? 'missing' } }];
    case 'unexpected':
      return [placeActual(lineAt(edit.index), mark ?? 'unexpected')];
    case 'replaced':
      return [placeActual(lineAt(edit.index), mark ?? 'unexpected', missingText(edit.missing))];
    case 'differs': {
      const expected = showPatternLine(edit.line);
      if (mark) return [placeActual(lineAt(edit.index), mark, expected)];
      return [{ row: { expected, mark: 'missing' } }, placeActual(lineAt(edit.index), 'unexpected')];
    }
  }
}

function missingText({ line, count }: Required): string {
  return showPatternLine(line, count > 1 ? `x ${count}` : '');
}

function placeActual(line: TraceLine, mark: Mark, expected?: string): Placed {
  return { row: actualRow(line, mark, expected), line };
}

function actualRow(line: TraceLine, mark: Mark, expected?: string): TraceRow {
  return { t: line.t, ...(expected === undefined ? {} : { expected }), actual: showTraceLine(line), mark };
}

/** Puts what checks and calls saw wrongly between the lines of the trace, in the order in which it was recorded. */
function withFaults(placed: Placed[], lines: Line[], faults: Fault[]): Placed[] {
  const order = new Map(lines.map((line, i) => [line, i]));
  const waiting = faults
    .flatMap((fault) => {
      const at = fault.line && order.get(fault.line);
      return at === undefined ? [] : [{ at, row: infoRow(fault) }];
    })
    .sort((a, b) => a.at - b.at);
  const all: Placed[] = [];
  for (const entry of placed) {
    const at = entry.line ? order.get(entry.line)! : -1;
    while (waiting.length > 0 && waiting[0]!.at < at) all.push({ row: waiting.shift()!.row });
    all.push(entry);
  }
  return [...all, ...waiting.map(({ row }) => ({ row }))];
}

function infoRow({ failure, t }: Fault): TraceRow {
  return { t, expected: `${failure.what}: ${failure.expected}`, actual: failure.actual, mark: 'info' };
}

/** Leaves out what is far from the first divergence. */
function thin(rows: TraceRow[]): TraceRow[] {
  const first = rows.findIndex(({ mark }) => mark === 'diverges');
  const middle = first === -1 ? rows.length : first;
  const from = Math.max(0, middle - KEPT);
  const to = middle + KEPT;
  const leftOut = (count: number): TraceRow[] => (count > 0 ? [{ actual: `… ${count} more rows`, mark: 'info' }] : []);
  return [...leftOut(from), ...rows.slice(from, to), ...leftOut(rows.length - to)];
}

const SIGNS: { [mark in Mark]: string } = { same: ' ', diverges: '>', missing: '-', unexpected: '+', info: 'i' };

/**
 * Two columns for the terminal. The mark before a row says: `>` the first difference, `-` missing, `+` not expected,
 * `i` for information.
 *
 * @param width - of a line, in characters; what is longer is cut
 */
export function renderTrace(rows: TraceRow[], width = 100): string {
  const widest = Math.max('expected'.length, ...rows.map(({ expected = '' }) => expected.length));
  // Sign and time take 10 characters, the rule between the columns 3.
  const left = Math.min(widest, Math.floor((width - 13) / 2));
  const right = width - 13 - left;
  const line = (sign: string, time: string, expected: string, actual: string) =>
    `${sign} ${time.padStart(7)} ${cutEnd(expected, left).padEnd(left)} | ${cutEnd(actual, right)}`.trimEnd();
  const body = rows.map(({ t, expected = '', actual = '', mark }) =>
    line(SIGNS[mark], t === undefined ? '' : `${Math.round(t)}ms`, expected, actual),
  );
  return [line(' ', '', 'expected', 'actual'), ...body].join('\n');
}
