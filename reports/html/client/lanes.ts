/**
 * What happened, one lane for each object, on a time axis. Bursts are spread until their labels can be read and long
 * silences are cut short, so positions keep the order and the labels keep the times.
 */

import type { TraceRow } from '../../model.js';
import { cut, duration } from '../../text.js';

export interface LaneEvent {
  lane: number;
  x: number;
  t: number;
  label: string;
  /** The whole line. */
  text: string;
  mark: TraceRow['mark'];
}

export interface Lanes {
  names: string[];
  events: LaneEvent[];
  ticks: { x: number; label: string }[];
  /** Silences drawn shorter than they were. */
  gaps: { x: number; label: string }[];
  width: number;
}

const CHARACTER = 6.7;
const LEAST_GAP = 14;
const MOST_GAP = 120;
const MOST_LABEL = 28;
const MOST_EVENTS = 300;

/** Pixels for so many ms of silence: as they are up to a point. */
const PER_MS = 6;

export function layout(rows: readonly TraceRow[]): Lanes {
  const lines = rows
    .filter((row): row is TraceRow & { t: number; actual: string } => row.t !== undefined && row.actual !== undefined)
    .slice(0, MOST_EVENTS);
  const names: string[] = [];
  const events: LaneEvent[] = [];
  const ticks: Lanes['ticks'] = [];
  const gaps: Lanes['gaps'] = [];
  /** Where the latest label of each lane ends. */
  const ends: number[] = [];
  let x = 0;
  let before = 0;
  let tickEnd = Number.NEGATIVE_INFINITY;
  for (const { t, actual, mark } of lines) {
    const { object, label } = parts(actual);
    let lane = names.indexOf(object);
    if (lane < 0) lane = names.push(object) - 1;
    const silence = Math.max(0, t - before);
    const from = x;
    if (events.length > 0)
      x = Math.max(x + Math.min(MOST_GAP, Math.max(LEAST_GAP, silence * PER_MS)), (ends[lane] ?? 0) + 10);
    if (events.length > 0 && silence * PER_MS > MOST_GAP) gaps.push({ x: (from + x) / 2, label: duration(silence) });
    const time = duration(t);
    if (x >= tickEnd) {
      ticks.push({ x, label: time });
      tickEnd = x + time.length * CHARACTER + 12;
    }
    ends[lane] = x + 10 + label.length * CHARACTER;
    events.push({ lane, x, t, label, text: actual, mark });
    before = t;
  }
  const width = Math.max(0, tickEnd, ...ends);
  return { names, events, ticks, gaps, width };
}

/** `res data: Buffer "x"` happened to `res`; `written()` and `note: x` are lanes of their own. */
function parts(line: string): { object: string; label: string } {
  const [, object = line, rest = ''] = /^([^\s:]+):?\s*(.*)$/s.exec(line) ?? [];
  if (object === 'note') return { object, label: cut(rest, MOST_LABEL).replace(/ \(\d+ more.*/, '') };
  const event = /^[^\s:]*/.exec(rest)![0];
  return { object, label: object.endsWith('()') ? 'called' : event.slice(0, MOST_LABEL) };
}
