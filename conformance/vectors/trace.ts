/** What is watched, and what the trace must look like. */
import type { Matcher, Observation, Pattern, Shape } from '../plan.js';
import { asFields, asList, asMap, asText, wrong } from './content.js';
import type { Draft } from './draft.js';
import { Slip } from './faults.js';
import { type Label, parseCounted, parseDuration, parseLabel } from './label.js';
import { isName } from './path.js';
import { shapeOf, union, unionAll } from './shape.js';
import { toMatcher } from './tags.js';
import type { MapNode, Node, ScalarNode } from './yaml.js';

/** An object and the events that count. */
export interface Watch {
  name: string;
  at: number;
  events: { event: string; at: number; bind: string[] }[];
}

// ------------------------------------------------------------------------------------------------------------ watch

export function readWatch(draft: Draft, node: Node): Watch[] {
  return (asMap(draft, node, 'a map of names and their events')?.entries ?? []).map(({ key, value }) => {
    if (!isName(key.text))
      draft.fault(key, `"${key.text}" is no name: an object that is watched needs a name of its own; bind it with let`);
    const items = asList(draft, value, 'a list of events') ?? [];
    return { name: key.text, at: key.at, events: items.flatMap((item) => readEvent(draft, item)) };
  });
}

/** `close`, `response(res)`. */
function readEvent(draft: Draft, node: Node): Watch['events'] {
  const text = asText(draft, node, 'an event, such as close or response(res)');
  if (!text) return [];
  // `connect(res, socket)` without quotes falls apart at the comma: its first part is reported, and stands for the event.
  if (/^[\w$-]+\)$/.test(text.text)) return [];
  const event = /^([\w$:.-]+)(?:\((.*?)(\))?)?$/.exec(text.text);
  if (!event) {
    draft.fault(text, `"${text.text}" is no event: write "close", or "response(res)" to bind its arguments`);
    return [];
  }
  if (event[2] !== undefined && event[3] === undefined)
    draft.fault(text, `"${text.text}" is cut off by the comma, which ends an item of a list: put the whole in quotes`);
  const bind = event[2] === undefined ? [] : event[2].split(',').map((name) => name.trim());
  for (const name of bind) {
    if (isName(name)) draft.bind(name, text.at, true);
    else draft.fault(text, `"${name}" cannot be a name`);
  }
  return [{ event: event[1]!, at: text.at, bind }];
}

// ------------------------------------------------------------------------------------------------------------ trace

/** The trace: lines, and columns that may interleave, in order. */
export function readTrace(draft: Draft, node: Node): Pattern {
  const items = asList(draft, node, 'a list of lines') ?? [];
  return { p: 'seq', items: items.flatMap((item) => readLine(draft, item)) };
}

function readLine(draft: Draft, node: Node): Pattern[] {
  if (node.kind === 'scalar' && node.tags.length === 0 && node.value !== null)
    return line(draft, node, node, undefined, {});
  const map = asMap(draft, node, 'a line of the trace');
  const [entry, ...more] = map?.entries ?? [];
  if (!map || !entry) return [];
  if (map.entries.some(({ key }) => key.text === 'event')) return readTimed(draft, map);
  if (more.length > 0) {
    draft.fault(more[0]!.key, `a second line in one item: "${more[0]!.key.text}" needs its own "-"`);
    return [];
  }
  if (entry.key.text === 'any-order') return readColumns(draft, entry.value);
  return line(draft, map, entry.key, argumentsOf(draft, entry.value), {});
}

/** The first argument; a list: all arguments. */
function argumentsOf(draft: Draft, node: Node): Matcher[] {
  const list = node.kind === 'seq' && node.tags.length === 0;
  return list ? node.items.map((item) => toMatcher(draft, item)) : [toMatcher(draft, node)];
}

interface Window {
  after?: number;
  before?: number;
  since?: string;
}

function line(draft: Draft, node: Node, text: ScalarNode, data: Matcher[] | undefined, window: Window): Pattern[] {
  const counted = draft.parse(text, 0, () => parseCounted(text.text));
  if (!counted) return [];
  const { label, times } = counted;
  draft.lines.push({ label, at: text.at, data: data ?? [], min: times.min });
  const place = draft.source.line(node.at);
  return [{ p: 'line', label: label.text, ...(data ? { data } : {}), ...times, ...window, line: place }];
}

/** `{ event, after, before, since, with }`. */
function readTimed(draft: Draft, node: MapNode): Pattern[] {
  const fields = asFields(draft, node, 'a line of the trace', ['event', 'after', 'before', 'since', 'with']);
  const text = fields?.event && asText(draft, fields.event.value, 'a label');
  if (!fields || !text) return [];
  const window: Window = {};
  if (fields.after) window.after = readDuration(draft, fields.after.value) ?? 0;
  if (fields.before) window.before = readDuration(draft, fields.before.value) ?? 0;
  if (fields.since) {
    const since = readSince(draft, fields.since.value);
    if (since) window.since = since.text;
  }
  if (window.after !== undefined && window.before !== undefined && window.after >= window.before)
    draft.fault(fields.before!.value, `the window is empty: after ${window.after} ms and before ${window.before} ms`);
  return line(draft, node, text, fields.with && argumentsOf(draft, fields.with.value), window);
}

function readSince(draft: Draft, node: Node): Label | undefined {
  const text = asText(draft, node, 'a label');
  const label = text && draft.parse(text, 0, () => parseLabel(text.text));
  if (label) draft.sinces.push({ label, at: node.at });
  return label;
}

/** Milliseconds of `90ms`, `2s`. */
export function readDuration(draft: Draft, node: Node): number | undefined {
  const text = asText(draft, node, 'a time such as 90ms or 2s');
  return (
    text &&
    draft.parse(text, 0, () => {
      const ms = parseDuration(text.text);
      if (ms === undefined) throw new Slip(`expected a time such as 90ms or 2s, found ${JSON.stringify(text.text)}`);
      return ms;
    })
  );
}

function readColumns(draft: Draft, node: Node): Pattern[] {
  const columns = (asList(draft, node, 'a list of columns') ?? []).flatMap((column): Pattern[] => {
    if (column.kind !== 'seq' || column.tags.length > 0)
      return wrong(draft, column, 'a column (a list of lines)') ?? [];
    return [readTrace(draft, column)];
  });
  if (columns.length === 1) draft.fault(node, 'one column alone has nothing to interleave with');
  return [{ p: 'any-order', columns }];
}

// ------------------------------------------------------------------------------------------------------- consequences

/** How often each label must have happened at least. */
export function leastCounts(draft: Draft): { [label: string]: number } {
  const counts: { [label: string]: number } = {};
  for (const { label, min } of draft.lines) if (min > 0) counts[label.text] = (counts[label.text] ?? 0) + min;
  return counts;
}

/** Shapes of the arguments of each label. */
function shapesOf(draft: Draft): Map<string, Shape[]> {
  const shapes = new Map<string, Shape[]>();
  for (const { label, data } of draft.lines) {
    shapes.set(label.text, unionAll(shapes.get(label.text) ?? [], data.map(shapeOf)));
  }
  return shapes;
}

/** Tells callbacks and notes what to record of their arguments, and says what to observe. */
export function observations(draft: Draft, watches: readonly Watch[]): Observation[] {
  const shapes = shapesOf(draft);
  for (const tag of draft.callbacks) {
    const wanted = shapes.get(`${tag.name}()`);
    if (wanted?.some((shape) => shape !== true)) tag.shapes = wanted;
  }
  const note = shapes.get('note')?.[0] ?? true;
  if (note !== true) {
    for (const item of draft.notes.flatMap(({ items }) => items)) {
      const wanted = note[item.key];
      if (wanted !== undefined && wanted !== true) item.shape = union(item.shape ?? true, wanted);
    }
  }
  const observed = new Map<string, Observation>();
  for (const { name, events } of watches) {
    const observation: Observation = { name, events: [] };
    observed.set(name, observation);
    for (const { event, bind } of events) {
      const entry = { event, traced: true, shapes: shapes.get(`${name} ${event}`) ?? [] };
      observation.events.push(bind.length > 0 ? { ...entry, bind } : entry);
    }
  }
  for (const { label } of draft.awaited) awaitEvent(draft, observed, label);
  return [...observed.values()];
}

/** An event that somebody waits for is observed, but is no line of the trace unless it is watched. */
function awaitEvent(draft: Draft, observed: Map<string, Observation>, text: string): void {
  const { kind, name, event } = parseLabel(text);
  if (kind !== 'event' || draft.peers.has(name)) return;
  const observation = observed.get(name) ?? { name, events: [] };
  observed.set(name, observation);
  if (!observation.events.some((entry) => entry.event === event))
    observation.events.push({ event, traced: false, shapes: [] });
}
