/** `disputed`: the vector as documented, and what Node does, from one text with `{name}` in its expectations. */
import type { Observation, PeerScript, PeerStep, Shape, Step } from '../plan.js';
import { asFields, asMap, asText, type Reporter } from './content.js';
import { union, unionAll } from './shape.js';
import { type Cells, replace } from './table.js';
import { readVersions } from './versions.js';
import { type MapNode, type Node, valueAt } from './yaml.js';

export interface Dispute {
  why: string;
  /** The versions of Node that do otherwise. */
  bounds: { since?: string[]; until?: string[] };
  at: number;
  documented: MapNode;
  node: MapNode;
}

/** The two readings of a disputed vector; undefined where it is not disputed, or not well stated. */
export function readDispute(vector: MapNode, reporter: Reporter): Dispute | undefined {
  const entry = vector.entries.find(({ key }) => key.text === 'disputed');
  if (!entry) return undefined;
  const fields = asFields(reporter, entry.value, '"disputed"', ['why', 'since', 'until', 'documented', 'node']);
  if (!fields) return undefined;
  if (!fields.why)
    reporter.fault(entry.key, '"disputed" needs "why": what the documentation says, where, and what Node does');
  if (!fields.documented || !fields.node) {
    reporter.fault(entry.key, '"disputed" needs "documented" and "node": the two outcomes');
    return undefined;
  }
  const why = fields.why && asText(reporter, fields.why.value, 'text');
  const documented = cellsOf(fields.documented.value, reporter);
  const node = cellsOf(fields.node.value, reporter);
  for (const [name, value] of documented) {
    if (!node.has(name)) reporter.fault(value, `"${name}" is missing in "node"`);
  }
  for (const [name, value] of node) {
    if (!documented.has(name)) reporter.fault(value, `"${name}" is missing in "documented"`);
  }
  const body: MapNode = { ...vector, entries: vector.entries.filter((other) => other !== entry) };
  return {
    why: why?.text ?? '',
    bounds: {
      ...(fields.since ? { since: readVersions(reporter, fields.since.value) } : {}),
      ...(fields.until ? { until: readVersions(reporter, fields.until.value) } : {}),
    },
    at: entry.key.at,
    documented: reading(body, documented, reporter, true),
    node: reading(body, node, reporter, false),
  };
}

function cellsOf(node: Node, reporter: Reporter): Cells {
  const map = asMap(reporter, node, 'a map of names and expectations');
  return new Map((map?.entries ?? []).map(({ key, value }) => [key.text, value]));
}

function reading(body: MapNode, cells: Cells, reporter: Reporter, report: boolean): MapNode {
  const used = new Set<string>();
  const fault: Reporter['fault'] = (place, message) => reporter.fault(place, message);
  const replaced = replace(body, { cells, used, splice: true, fault });
  for (const [name, value] of cells) {
    if (report && !used.has(name))
      reporter.fault(value, `"${name}" is used nowhere: write {${name}} in an expectation`);
  }
  return replaced.kind === 'map' ? replaced : body;
}

/** The keys of a vector in which `{name}` may differ. */
export function onlyExpectationsDiffer(documented: MapNode, node: MapNode): string | undefined {
  for (const { key, value } of documented.entries) {
    if (key.text === 'trace' || key.text === 'do' || key.text === 'peer' || key.text === 'peers') continue;
    if (valueAt(node, key.text) !== value) return key.text;
  }
  return undefined;
}

// -------------------------------------------------------------------------------------------------------- same steps

/** What is performed, as text that is equal for equal performances: expectations, numbers and lines are left out. */
export function performance(parts: { steps: Step[]; peers: PeerScript[] }): string {
  return JSON.stringify([
    parts.steps.map(bareStep),
    parts.peers.map((peer) => ({ ...peer, script: peer.script.map(barePeerStep) })),
  ]);
}

/** Left out of what is performed, at any depth. */
const EXPECTED: ReadonlySet<string> = new Set(['line', 'shape', 'shapes']);

function bareStep(step: Step): unknown {
  const bare: { [key: string]: unknown } = { ...step, n: 0 };
  for (const key of ['throws', 'rejects', 'returns']) if (key in bare) bare[key] = true;
  if (step.op === 'check') bare.items = step.items.map(({ expression }) => expression.text);
  return pruned(bare);
}

function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (isStep(item) ? bareStep(item) : prune(item)));
  return value === null || typeof value !== 'object' ? value : pruned(value);
}

function pruned(value: object): object {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (EXPECTED.has(key) ? [] : [[key, prune(inner)]])),
  );
}

function isStep(value: unknown): value is Step {
  return value !== null && typeof value === 'object' && 'n' in value && 'op' in value && 'line' in value;
}

function barePeerStep(step: PeerStep): unknown {
  switch (step.op) {
    case 'receive':
    case 'never':
      return [step.op, { ...step.what, matcher: null }];
    case 'next':
    case 'closed':
    case 'connections':
      return [step.op];
    case 'each-connection':
      return [step.op, step.do.map(barePeerStep)];
    case 'repeat':
      return [step.op, step.times, step.do.map(barePeerStep)];
    default: {
      const { n: _n, line: _line, text: _text, ...rest } = step;
      return rest;
    }
  }
}

// ------------------------------------------------------------------------------------------------------------ shapes

/** Makes both readings record what either asks for. */
export function shareShapes(
  a: { steps: Step[]; observe: Observation[] },
  b: { steps: Step[]; observe: Observation[] },
): void {
  share(a.steps, b.steps);
  for (const observation of a.observe) {
    const other = b.observe.find(({ name }) => name === observation.name);
    for (const event of observation.events) {
      const twin = other?.events.find((entry) => entry.event === event.event);
      if (twin) twin.shapes = event.shapes = unionAll(event.shapes, twin.shapes);
    }
  }
}

/** Walks two trees of the same make side by side. */
function share(a: unknown, b: unknown): void {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return;
  const [left, right] = [a as { [key: string]: unknown }, b as { [key: string]: unknown }];
  if (left.shape !== undefined || right.shape !== undefined) {
    left.shape = right.shape = union((left.shape ?? true) as Shape, (right.shape ?? true) as Shape);
  }
  if (left.$ === 'callback' && (left.shapes ?? right.shapes)) {
    left.shapes = right.shapes = unionAll((left.shapes ?? []) as Shape[], (right.shapes ?? []) as Shape[]);
  }
  for (const key of Object.keys(left)) {
    if (!['throws', 'rejects', 'returns', 'matcher', 'shape', 'shapes'].includes(key)) share(left[key], right[key]);
  }
}

/** The smaller count of each label: what happens in both readings. */
export function fewer(a: { [label: string]: number }, b: { [label: string]: number }): { [label: string]: number } {
  return Object.fromEntries(
    Object.entries(a).flatMap(([label, count]) =>
      Object.hasOwn(b, label) ? [[label, Math.min(count, b[label]!)]] : [],
    ),
  );
}
