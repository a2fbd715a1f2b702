/**
 * What happened, one lane for each object, on a time axis. Bursts are spread until their labels can be read and long
 * silences are cut short, so positions keep the order and the labels keep the times.
 */

import type { TraceRow } from '../../model.js';
import { duration } from '../../text.js';

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
  /** Events of a long trace that are not drawn. */
  left: number;
}

const CHARACTER = 6.7;
const LEAST_GAP = 14;
const MOST_GAP = 120;
const MOST_LABEL = 28;
const MOST_EVENTS = 300;

/** Pixels for so many ms of silence: as they are up to a point. */
const PER_MS = 6;

export function layout(rows: readonly TraceRow[]): Lanes {
  const all = rows.filter((row): row is Happened => row.t !== undefined && row.actual !== undefined);
  const lines = around(all);
  const names: string[] = [];
  const events: LaneEvent[] = [];
  const ticks: Lanes['ticks'] = [];
  const gaps: Lanes['gaps'] = [];
  /** Where the latest label of each lane ends. */
  const ends: number[] = [];
  let x = 0;
  let before = lines[0]?.t ?? 0;
  let tickEnd = Number.NEGATIVE_INFINITY;
  for (const { t, object, label, text, mark } of lines.map(read)) {
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
    events.push({ lane, x, t, label, text, mark });
    before = t;
  }
  const width = Math.max(0, tickEnd, ...ends);
  return { names, events, ticks, gaps, width, left: all.length - lines.length };
}

type Happened = TraceRow & { t: number; actual: string };

/** As many events as can be drawn, those around the first divergence. */
function around(lines: readonly Happened[]): readonly Happened[] {
  const at = lines.findIndex(({ mark }) => mark === 'diverges');
  const start = Math.max(0, Math.min(at - MOST_EVENTS / 2, lines.length - MOST_EVENTS));
  return lines.slice(start, start + MOST_EVENTS);
}

/** `res data: Buffer "x"` happened to `res`; `written()`, `note: x` and failed expectations are lanes of their own. */
function read({ t, expected, actual, mark }: Happened): Omit<LaneEvent, 'lane' | 'x'> & { object: string } {
  if (mark === 'info' && expected !== undefined) {
    const label = expected.replace(/^check /, '').replace(/: .*/s, '');
    return { t, object: 'failed', label: short(label), text: `${expected}, saw ${actual}`, mark: 'unexpected' };
  }
  const [, object = actual, rest = ''] = /^([^\s:]+):?\s*(.*)$/s.exec(actual) ?? [];
  const event = object === 'note' ? rest : /^[^\s:]*/.exec(rest)![0];
  return { t, object, label: object.endsWith('()') ? 'called' : short(event), text: actual, mark };
}

function short(label: string): string {
  return label.length <= MOST_LABEL ? label : `${label.slice(0, MOST_LABEL - 1)}…`;
}
